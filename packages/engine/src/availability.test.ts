import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Availability, availability } from './availability.ts';
import type { MessageKey, Said } from './copy/messages.ts';
import { dayText } from './day.ts';
import { POLICY_KINDS } from './policy.ts';
import type { ItemPosition, Lifecycle, PolicyKind } from './position.ts';
import type { SellingTerms } from './terms.ts';
import { MONDAY, oneItem, type Shop } from './testing/shop.ts';

const ASKED = 4;
const price = { amount: 2500, currency: 'USD' };

const LIFECYCLES = ['upcoming', 'active', 'discontinued'] as const;
const STOCK = { none: 0, some: 2, all: 4 } as const;
const SUPPLY = { none: 0, cancelled: 9, some: 1, enough: 9 } as const;
const CAP = { none: null, one: 1, zero: 0 } as const;
/** The longest wait is ten weeks; the supply leaves after two, or after fourteen. */
const WAIT = { within: '2026-03-16', beyond: '2026-06-08' } as const;
const LEAD_TIME_DAYS = 21;
const MADE_ON = '2026-03-23';

interface Case {
  lifecycle: Lifecycle;
  policy: PolicyKind;
  /** Orders are taken before the supplier's. */
  campaign: boolean;
  stock: keyof typeof STOCK;
  supply: keyof typeof SUPPLY;
  cap: keyof typeof CAP;
  wait: keyof typeof WAIT;
}

const keys = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

function* everyCase(): Generator<Case> {
  for (const lifecycle of LIFECYCLES)
    for (const policy of POLICY_KINDS)
      for (const campaign of policy === 'demand_validation' ? [false, true] : [false])
        for (const stock of keys(STOCK))
          for (const supply of keys(SUPPLY))
            for (const cap of keys(CAP))
              for (const wait of keys(WAIT)) yield { lifecycle, policy, campaign, stock, supply, cap, wait };
}

function ask(shop: Shop, quantity: number, position: ItemPosition = shop.item()): Availability {
  const positions = [structuredClone(position)];
  const { lifecycle, policy, launchDay, terms } = position;
  return availability(shop.world, positions, {
    channel: 0,
    quantity,
    legs: [{ item: 1, per: 1 }],
    country: 'US',
    own: { lifecycle, policy, launchDay, ...(terms === undefined ? {} : { terms }) },
    price,
  });
}

function shopOf({ lifecycle, policy, campaign, stock, supply, cap, wait }: Case): Shop {
  const stage = supply === 'cancelled' ? 'cancelled' : 'confirmed';
  const shop = oneItem({
    stock: STOCK[stock],
    supplies: supply === 'none' ? [] : [{ quantity: SUPPLY[supply], on: WAIT[wait], stage }],
    policy: { kind: policy, cap: CAP[cap], longestWaitDays: 70 },
    lifecycle,
    leadTimeDays: LEAD_TIME_DAYS,
  });
  if (campaign) shop.item().terms = { validation: { goal: 9, until: MONDAY + 9, open: true, supply: 1 } };
  return shop;
}

/** What a person with a pencil expects. */
function expected(one: Case): { state: Availability['state']; now: number; later: string[] } {
  const { lifecycle, policy } = one;
  const stock = Math.min(ASKED, STOCK[one.stock]);
  const beforeLaunch = policy === 'preorder' || policy === 'demand_validation';
  const here = lifecycle !== 'upcoming' || beforeLaunch ? stock : 0;
  const takesSupply =
    lifecycle === 'active' ? policy !== 'out_of_stock' : lifecycle === 'upcoming' && beforeLaunch;
  const usable = one.supply === 'cancelled' || one.wait === 'beyond' ? 0 : SUPPLY[one.supply];
  const fromSupply = takesSupply ? Math.min(ASKED - here, usable, CAP[one.cap] ?? ASKED) : 0;
  // What is made to order needs no supply, and no room under a cap on it.
  const made = lifecycle === 'active' && policy === 'made_to_order' ? ASKED - here - fromSupply : 0;
  const launched = lifecycle !== 'upcoming';
  const later = [launched ? 0 : here, fromSupply, made].map((units, index) => ({
    units,
    day: [dayText(MONDAY), WAIT[one.wait], MADE_ON][index]!,
  }));
  const told = later.filter(({ units }) => units > 0).map(({ units, day }) => `${units} by ${day}`);
  const now = launched ? here : 0;
  const state = (): Availability['state'] => {
    if (now === ASKED) return 'in_stock';
    if (lifecycle === 'discontinued') return 'discontinued';
    if (lifecycle === 'upcoming' && policy === 'drop') return 'drop';
    if (told.length === 0) return 'out_of_stock';
    if (policy === 'preorder' || (policy === 'demand_validation' && !one.campaign))
      return lifecycle === 'upcoming' ? 'preorder' : 'backorder';
    return policy === 'out_of_stock' ? 'out_of_stock' : policy;
  };
  return { state: state(), now, later: told };
}

const laterOf = (answer: Availability) =>
  answer.later.map((one) => `${one.quantity} by ${dayText(one.shipBy)}`);

describe('every combination of lifecycle, policy, stock, supply, cap and wait', () => {
  const all = [...everyCase()];

  test('has a state, and it is the one that a pencil comes to', () => {
    expect(all).toHaveLength(3 * 7 * 3 * 4 * 3 * 2);
    const wrong = all.flatMap((one) => {
      const answer = ask(shopOf(one), ASKED);
      const seen = { state: answer.state, now: answer.now, later: laterOf(answer) };
      const wanted = expected(one);
      return JSON.stringify(seen) === JSON.stringify(wanted) ? [] : [{ one, seen, wanted }];
    });
    expect(wrong).toEqual([]);
  });

  test('is listed, with its state', async () => {
    const lines: string[] = [];
    let group = '';
    for (const one of all) {
      const answer = ask(shopOf(one), ASKED);
      const campaign = one.campaign ? ', a campaign under way' : '';
      const of = `${one.lifecycle} item, policy ${one.policy}${campaign}; ${ASKED} are asked for`;
      if (of !== group) lines.push(...(group === '' ? [] : ['']), of);
      group = of;
      const here = `${STOCK[one.stock]} in stock`.padEnd(11);
      const coming = (
        one.supply === 'none'
          ? 'none coming'
          : `${SUPPLY[one.supply]} ${one.supply === 'cancelled' ? 'cancelled' : 'coming'}`
      ).padEnd(12);
      const cap = (CAP[one.cap] === null ? 'no cap' : `cap ${CAP[one.cap]}`).padEnd(6);
      const told = [
        answer.now > 0 ? `${answer.now} now` : '',
        ...laterOf(answer),
        answer.missing > 0 ? `${answer.missing} not` : '',
      ];
      lines.push(
        `  ${here}  ${coming}  ${cap}  ${one.wait.padEnd(6)}  ${answer.state.padEnd(17)}  ${told.filter(Boolean).join(', ')}`,
      );
    }
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('testing/availability.table.txt');
  });

  test('is said in the words of its own state, with a charge that comes to what is sold', () => {
    for (const one of all) {
      const answer = ask(shopOf(one), ASKED);
      expect(answer.said.state).toBe(answer.state);
      const { dueNow, authorised, atShipment, invoiced } = answer.charge;
      expect(dueNow + authorised + atShipment + invoiced).toBe((ASKED - answer.missing) * price.amount);
      expect(answer.now + answer.later.reduce((units, { quantity }) => units + quantity, 0)).toBe(
        ASKED - answer.missing,
      );
    }
  });
});

test('five are here and two come: the shopper chooses whether they ship together', () => {
  const shop = oneItem({ stock: 5, supplies: [{ quantity: 9, on: '2026-03-14' }] });
  const answer = ask(shop, 7);
  expect(answer).toMatchObject({
    state: 'backorder',
    now: 5,
    missing: 0,
    ways: ['apart', 'together'],
    action: 'buy',
  });
  expect(answer.said).toMatchObject({
    key: 'mixed',
    values: { parts: { now: 5, later: [{ quantity: 2, shipBy: '2026-03-14' }] } },
  });
  expect(ask(shop, 5).ways).toEqual([]);
});

test('what a channel may promise at most clips what its shoppers are told', () => {
  const shop = oneItem(
    { supplies: [{ quantity: 9, on: '2026-04-15' }] },
    { channels: [{ maximumPromiseDays: 30 }] },
  );
  expect(ask(shop, 1)).toMatchObject({ state: 'out_of_stock', action: 'notify_me' });
});

test('a launch date that passes does not make a preorder an item that is out', () => {
  const shop = oneItem({
    lifecycle: 'upcoming',
    policy: { kind: 'preorder' },
    supplies: [{ quantity: 5, on: '2026-04-01' }],
  });
  const position = { ...shop.item(), launchDay: MONDAY - 3 };
  expect(ask(shop, 2, position)).toMatchObject({ state: 'preorder', now: 0 });
});

describe('terms of an item', () => {
  const upcoming = (terms: SellingTerms) => {
    const shop = oneItem({
      lifecycle: 'upcoming',
      policy: { kind: 'preorder' },
      supplies: [{ quantity: 50, on: '2026-04-01' }],
    });
    shop.item().terms = terms;
    return shop;
  };

  test('a preorder sells the batches that are released, carts counted', () => {
    const shop = upcoming({
      preorder: {
        batches: [
          { quantity: 5, opensOn: null },
          { quantity: 10, opensOn: MONDAY + 7 },
        ],
      },
    });
    expect(ask(shop, 8)).toMatchObject({ state: 'preorder', missing: 3, action: 'choose_fewer' });
    shop.hold('cart', 2);
    expect(ask(shop, 8).missing).toBe(5);
    shop.passDays(7);
    expect(ask(shop, 8).missing).toBe(0);
  });

  test('a receipt before the launch releases no more of a batch', () => {
    const shop = upcoming({ preorder: { batches: [{ quantity: 5, opensOn: null }] } });
    shop.place({ quantity: 5 });
    shop.receive(1, 5);
    expect(ask(shop, 1)).toMatchObject({ state: 'out_of_stock', said: { key: 'not_yet' } });
  });

  test('a maker who can make so many a week takes longer for more', () => {
    const shop = oneItem({ policy: { kind: 'made_to_order' }, leadTimeDays: 14 });
    shop.item().terms = { production: { unitsPerWeek: 4 } };
    expect(laterOf(ask(shop, 4))).toEqual(['4 by 2026-03-16']);
    expect(laterOf(ask(shop, 9))).toEqual(['9 by 2026-03-30']);
    shop.place({ quantity: 3 });
    expect(laterOf(ask(shop, 1))).toEqual(['1 by 2026-03-16']);
    expect(laterOf(ask(shop, 2))).toEqual(['2 by 2026-03-23']);
    expect(ask(shop, 500)).toMatchObject({ state: 'made_to_order', action: 'choose_fewer' });
  });

  test('larger orders take their own lead time', () => {
    const shop = oneItem({ policy: { kind: 'made_to_order' }, leadTimeDays: 7 });
    shop.item().terms = { production: { leadTimes: [{ from: 10, days: 30 }] } };
    expect(laterOf(ask(shop, 9))).toEqual(['9 by 2026-03-09']);
    expect(laterOf(ask(shop, 10))).toEqual(['10 by 2026-04-01']);
  });

  test('while a drop is under way nobody buys who was not offered', () => {
    const shop = oneItem({ stock: 5, policy: { kind: 'drop' } });
    shop.item().terms = { drop: { open: true } };
    expect(ask(shop, 1)).toMatchObject({
      state: 'drop',
      now: 0,
      action: 'join_waitlist',
      said: { key: 'waitlist' },
    });
    expect(shop.place({ quantity: 1 })).toMatchObject({ kind: 'refused' });
    shop.item().terms = { drop: { open: false } };
    expect(ask(shop, 1).state).toBe('in_stock');
  });

  test('demand validation says its goal and its day, and takes no order after it', () => {
    const shop = oneItem({
      lifecycle: 'upcoming',
      policy: { kind: 'demand_validation' },
      supplies: [{ quantity: 100, on: '2026-05-01', kind: 'production' }],
    });
    shop.item().terms = { validation: { goal: 100, until: MONDAY + 10, open: true, supply: 1 } };
    expect(ask(shop, 2)).toMatchObject({
      state: 'demand_validation',
      said: { key: 'dated', values: { goal: { units: 100 }, until: { day: '2026-03-12' } } },
    });
    shop.passDays(11);
    expect(ask(shop, 2).state).toBe('out_of_stock');
  });
});

test('no wait can be told in another’s words: there is no type by which it could', () => {
  expectTypeOf<Said<'preorder'>>().not.toExtend<Said<'backorder'>>();
  expectTypeOf<Said<'backorder'>>().not.toExtend<Said<'preorder'>>();
  expectTypeOf<Said<'drop'>>().not.toExtend<Said<'made_to_order'>>();
  expectTypeOf<MessageKey<'backorder'>>().toEqualTypeOf<'dated' | 'mixed' | 'short'>();
  // @ts-expect-error a backorder has no message of that name
  const key: MessageKey<'backorder'> = 'parts';
  // @ts-expect-error and no other state's
  const state: Said<'backorder'>['state'] = 'preorder';
  expect([key, state]).toHaveLength(2);
});
