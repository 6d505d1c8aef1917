import { describe, expect, test } from 'vitest';
import { dayNumber } from './day.ts';
import { defaultPolicy } from './policy.ts';
import { type Ranked, rankOf } from './ranking.ts';

const policy = { ...defaultPolicy('backorder'), classes: ['vip', 'trade'] };
const line = (over: Partial<Ranked>): Ranked => ({ class: null, promised: null, placedAt: 0, ...over });
const march = (day: number) => dayNumber(`2026-03-${String(day).padStart(2, '0')}`);

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

  test('the worst rank is still an exact number', () => {
    const worst = rankOf(line({ placedAt: Number.MAX_SAFE_INTEGER, promised: 1e9 }), {
      ...policy,
      classes: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    });
    expect(Number.isSafeInteger(worst)).toBe(true);
  });
});
