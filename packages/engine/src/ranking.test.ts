import { describe, expect, test } from 'vitest';
import { dayNumber } from './day.ts';
import { defaultPolicy } from './policy.ts';
import type { Policy } from './position.ts';
import { RANKING_RULES, type Ranked, rankOf } from './ranking.ts';

const policy = { ...defaultPolicy('backorder'), classes: ['vip', 'trade'] };
const line = (over: Partial<Ranked>): Ranked => ({ class: null, promised: null, placedAt: 0, ...over });
const march = (day: number) => dayNumber(`2026-03-${String(day).padStart(2, '0')}`);

/** Every selection of rules in every order. */
function ordersOf<T>(rules: readonly T[]): T[][] {
  return rules.flatMap((rule) => [
    [rule],
    ...ordersOf(rules.filter((other) => other !== rule)).map((rest) => [rule, ...rest]),
  ]);
}

describe('the queue', () => {
  test.each<[string, Partial<Ranked>, Partial<Ranked>]>([
    [
      'a better class goes first',
      { class: 'vip', promised: march(20) },
      { class: 'trade', promised: march(2) },
    ],
    ['a named class goes before none', { class: 'trade' }, { class: null }],
    ['a class that the policy does not name is none', { class: 'trade' }, { class: 'press' }],
    ['an earlier promise goes first', { promised: march(3), placedAt: 9e12 }, { promised: march(4) }],
    ['a promise goes before none (RULES 4)', { promised: march(30), placedAt: 9e12 }, { promised: null }],
    [
      'late news ranks by when it was placed, among lines without a promise (RULES 4)',
      { placedAt: 1000 },
      { placedAt: 2000 },
    ],
  ])('%s', (_, first, second) => {
    expect(rankOf(line(first), policy)).toBeLessThan(rankOf(line(second), policy));
  });

  test('orders of one second are equal, and go by their number', () => {
    expect(rankOf(line({ placedAt: 1500 }), policy)).toBe(rankOf(line({ placedAt: 1001 }), policy));
  });

  test('a brand may put its rules in another order', () => {
    const byTime = { ...policy, ranking: ['order_time' as const, 'class' as const] };
    expect(rankOf(line({ placedAt: 1000 }), byTime)).toBeLessThan(
      rankOf(line({ placedAt: 2000, class: 'vip' }), byTime),
    );
  });

  test.each<[string, Policy['ranking'], Partial<Ranked>, Partial<Ranked>]>([
    ['the dearer goes first', ['value', 'order_time'], { value: 9_000, placedAt: 9e12 }, { value: 4_000 }],
    [
      'lines of about the same value go by time',
      ['value', 'order_time'],
      { value: 10_000, placedAt: 1_000 },
      { value: 10_100, placedAt: 2_000 },
    ],
    ['what is worth something goes before what is worth nothing', ['value'], { value: 2 }, { value: 0 }],
    [
      'an order that leaves in one parcel goes first',
      ['ship_complete', 'order_time'],
      { shipComplete: true, placedAt: 9e12 },
      { shipComplete: false },
    ],
    [
      'with all rules, time still tells the minutes apart',
      ['class', 'promise_date', 'ship_complete', 'value', 'order_time'],
      { placedAt: Date.parse('2026-03-02T09:00:59Z') },
      { placedAt: Date.parse('2026-03-02T09:01:00Z') },
    ],
    [
      'without value, the seconds',
      ['class', 'promise_date', 'ship_complete', 'order_time'],
      { placedAt: Date.parse('2026-03-02T09:00:00Z') },
      { placedAt: Date.parse('2026-03-02T09:00:01Z') },
    ],
  ])('%s', (_, ranking, first, second) => {
    const own = { ...policy, ranking };
    expect(rankOf(line(first), own)).toBeLessThan(rankOf(line(second), own));
  });

  test('whatever the rules and their order, every rank is an exact number that is not negative', () => {
    const lines = [
      line({ placedAt: Number.MAX_SAFE_INTEGER, promised: 1e9, value: 1e15 }),
      line({ placedAt: -1, promised: -1, value: -1, class: 'press', shipComplete: true }),
    ];
    for (const ranking of ordersOf(RANKING_RULES))
      for (const one of lines) {
        const rank = rankOf(one, { ...policy, ranking, classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] });
        expect(Number.isSafeInteger(rank) && rank >= 0).toBe(true);
      }
  });

  test('the three rules of before rank as they did, so that no queue had to be ranked again', () => {
    const one = line({ class: 'trade', promised: march(3), placedAt: Date.parse('2026-03-02T09:00:00Z') });
    expect(rankOf(one, policy)).toBe(
      (65_536 + march(3)) * 2 ** 34 + Date.parse('2026-03-02T09:00:00Z') / 1000,
    );
  });

  test('the worst rank is still an exact number', () => {
    const worst = rankOf(line({ placedAt: Number.MAX_SAFE_INTEGER, promised: 1e9 }), {
      ...policy,
      classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    });
    expect(Number.isSafeInteger(worst)).toBe(true);
  });
});
