import { describe, expect, test } from 'vitest';
import { dayNumber, MONDAY_TO_FRIDAY } from './day.ts';
import { MONDAY, oneItem, Shop } from './testing/shop.ts';

// Today is Monday 2 March 2026; every day works, and supply is promised for the very day it is expected, unless told.
const TODAY = '2026-03-02';

describe('asking for units', () => {
  test('seven asked and five on hand is five now and two on the date of the supply', () => {
    const shop = oneItem({ stock: 5, supplies: [{ quantity: 10, on: '2026-03-14' }] });
    expect(shop.place({ quantity: 7 }).kind).toBe('placed');
    expect(shop.backing(1)).toEqual(['5 at place-0', '2 on PO-1']);
    expect(shop.promised(1)).toEqual([`5 by ${TODAY}`, '2 by 2026-03-14']);
    expect(shop.item()).toMatchObject({
      backordered: 2,
      stock: [{ reserved: 5 }],
      supplies: [{ pegged: 2 }],
    });
  });

  test('of two purchase orders, the second covers what the first cannot', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 10, on: '2026-03-20' },
        { quantity: 3, on: '2026-03-10' },
      ],
    });
    shop.place({ quantity: 5 });
    expect(shop.backing(1)).toEqual(['3 on PO-2', '2 on PO-1']);
    expect(shop.promised(1)).toEqual(['3 by 2026-03-10', '2 by 2026-03-20']);
  });

  test('the queue ahead eats the first shipment', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 5, on: '2026-03-10' },
        { quantity: 5, on: '2026-03-20' },
      ],
    });
    shop.place({ quantity: 4 });
    shop.place({ quantity: 3 });
    expect(shop.promised(2)).toEqual(['1 by 2026-03-10', '2 by 2026-03-20']);
  });

  test.each([
    ['a draft purchase order', { quantity: 9, on: '2026-03-10', stage: 'draft' as const }],
    ['a purchase order without a date', { quantity: 9, on: null }],
    ['a cancelled purchase order', { quantity: 9, on: '2026-03-10', stage: 'cancelled' as const }],
  ])('%s promises nothing', (_, supply) => {
    const shop = oneItem({ stock: 2, supplies: [supply] });
    expect(shop.place({ quantity: 3 })).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 3, available: 2, by: MONDAY }],
    });
  });

  test('a unit in hand goes before a supply that would leave sooner', () => {
    const late = dayNumber('2026-03-20');
    const shop = oneItem(
      { stock: 2, supplies: [{ quantity: 5, on: '2026-03-05' }] },
      { locations: [{ shipDay: late }] },
    );
    shop.place({ quantity: 3 });
    expect(shop.backing(1)).toEqual(['2 at place-0', '1 on PO-1']);
    shop.replan();
    expect(shop.backing(1)).toEqual(['2 at place-0', '1 on PO-1']);
  });

  test('the reasons say what backs each unit and how its date came to be', () => {
    const shop = oneItem({
      stock: 1,
      supplies: [{ quantity: 5, on: '2026-03-10' }],
      policy: {
        bufferDays: { placed: 0, confirmed: 4, in_production: 0, in_transit: 0, arrived: 0 },
        receivingDays: 1,
      },
    });
    shop.place({ quantity: 2 });
    expect(shop.promises.get('1:1')![0]!.reasons).toEqual([
      { code: 'reserved_from_stock', quantity: 1, location: 'place-0', shipBy: TODAY },
      {
        code: 'pegged_to_supply',
        quantity: 1,
        supply: 'purchase_order',
        purchaseOrder: 'PO-1',
        line: 1,
        stage: 'confirmed',
        expectedOn: '2026-03-10',
        bufferDays: 4,
        buffer: 'prior',
        serviceLevel: 0.9,
        receivingDays: 1,
        handlingDays: 0,
        shipBy: '2026-03-15',
      },
    ]);
  });
});

describe('a request that cannot be promised whole', () => {
  const scarce = () => oneItem({ stock: 2, supplies: [{ quantity: 3, on: '2026-03-10' }] });

  test('is refused, and told what could be had and when', () => {
    const shop = scarce();
    expect(shop.place({ quantity: 8 })).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 8, available: 5, by: dayNumber('2026-03-10') }],
    });
    expect(shop.item()).toMatchObject({
      backordered: 0,
      lines: [],
      stock: [{ reserved: 0 }],
      supplies: [{ pegged: 0 }],
    });
  });

  test('takes what can be had where it allows it, and nothing of it waits', () => {
    const shop = scarce();
    const outcome = shop.place({ quantity: 8, allowPartial: true });
    expect(outcome).toMatchObject({ kind: 'placed', lines: [{ ordered: 5, refused: 3 }] });
    expect(shop.backing(1)).toEqual(['2 at place-0', '3 on PO-1']);
  });

  test('is refused although it allows parts where there is nothing at all', () => {
    const shop = oneItem({});
    expect(shop.place({ quantity: 1, allowPartial: true })).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 1, available: 0, by: null }],
    });
  });

  test('takes stock alone where it accepts no backorder', () => {
    const shop = scarce();
    expect(shop.place({ quantity: 3, acceptBackorder: false })).toMatchObject({
      kind: 'refused',
      lines: [{ available: 2, by: MONDAY }],
    });
    shop.place({ quantity: 3, acceptBackorder: false, allowPartial: true });
    expect(shop.backing(2)).toEqual(['2 at place-0']);
  });

  test('leaves the lines that could have been promised as free as they were', () => {
    const shop = new Shop({ items: [{ stock: 5 }, { stock: 1 }] });
    const outcome = shop.place({
      lines: [
        { item: 1, quantity: 5 },
        { item: 2, quantity: 2 },
      ],
    });
    expect(outcome).toEqual({ kind: 'refused', lines: [{ line: 2, asked: 2, available: 1, by: MONDAY }] });
    expect(shop.place({ quantity: 5 }).kind).toBe('placed');
  });

  test('keeps a refused line of an order that allows parts, with nothing in it', () => {
    const shop = new Shop({ items: [{ stock: 5 }, {}] });
    const outcome = shop.place({
      allowPartial: true,
      lines: [
        { item: 1, quantity: 5 },
        { item: 2, quantity: 2 },
      ],
    });
    expect(outcome).toMatchObject({
      kind: 'placed',
      lines: [
        { line: 1, ordered: 5, refused: 0 },
        { line: 2, ordered: 0, refused: 2, legs: [] },
      ],
    });
  });

  test('two lines of one item share what there is', () => {
    const shop = oneItem({ stock: 5 });
    const lines = [{ quantity: 3 }, { quantity: 3 }];
    expect(shop.place({ lines })).toMatchObject({
      kind: 'refused',
      lines: [{ line: 2, asked: 3, available: 2 }],
    });
    expect(shop.place({ lines, allowPartial: true }).kind).toBe('placed');
    expect([shop.backing(2, 1), shop.backing(2, 2)]).toEqual([['3 at place-0'], ['2 at place-0']]);
  });
});

describe('the limits of a request', () => {
  const queue = { stock: 2, supplies: [{ quantity: 50, on: '2026-03-20' }] };

  test('the longest wait of the policy', () => {
    const shop = oneItem({ ...queue, policy: { longestWaitDays: 17 } });
    expect(shop.place({ quantity: 3 })).toMatchObject({ kind: 'refused', lines: [{ available: 2 }] });
    shop.passDays(1);
    expect(shop.place({ quantity: 3 }).kind).toBe('placed');
  });

  test("the channel's own longest wait", () => {
    const shop = oneItem(queue, { channels: [{}, { maximumPromiseDays: 10 }] });
    expect(shop.place({ quantity: 3, channel: 1 }).kind).toBe('refused');
    expect(shop.place({ quantity: 3, channel: 0 }).kind).toBe('placed');
  });

  test('the wait does not bind stock that leaves after a long weekend', () => {
    const shop = oneItem(
      { stock: 1, policy: { longestWaitDays: 3 } },
      { locations: [{ shipDay: MONDAY + 5 }] },
    );
    expect(shop.place({ quantity: 1 }).kind).toBe('placed');
  });

  test('the cap, over all lines of the item', () => {
    const shop = oneItem({ ...queue, policy: { cap: 5 } });
    expect(shop.place({ quantity: 6 }).kind).toBe('placed'); // 2 of them from stock
    expect(shop.place({ quantity: 3 })).toMatchObject({ kind: 'refused', lines: [{ available: 1 }] });
    expect(shop.place({ lines: [{ quantity: 1 }, { quantity: 1 }] })).toMatchObject({
      kind: 'refused',
      lines: [{ line: 2, available: 0, by: null }],
    });
    expect(shop.place({ quantity: 1 }).kind).toBe('placed');
    expect(shop.item().backordered).toBe(5);
  });

  test('the cap does not stand before stock that leaves later than the supply', () => {
    const shop = oneItem(
      { stock: 4, supplies: [{ quantity: 9, on: '2026-03-04' }], policy: { cap: 1, longestWaitDays: 5 } },
      { locations: [{ shipDay: MONDAY + 9 }] },
    );
    shop.place({ quantity: 5 });
    expect(shop.backing(1)).toEqual(['1 on PO-1', '4 at place-0']);
  });

  test('carts count against the cap and the maximum like orders (RULES 10)', () => {
    const capped = oneItem({ ...queue, policy: { cap: 5 } });
    capped.hold('cart', 5); // 2 from stock, 3 from supply
    expect(capped.place({ quantity: 3 })).toMatchObject({ kind: 'refused', lines: [{ available: 2 }] });
    const limited = oneItem({ ...queue, limits: [{ channel: 0, maximum: 6 }] });
    limited.hold('cart', 5);
    expect(limited.place({ quantity: 2 })).toMatchObject({ kind: 'refused', lines: [{ available: 1 }] });
    expect(limited.hold('other', 2)).toMatchObject({ kind: 'refused', lines: [{ available: 1 }] });
    expect(limited.place({ lines: [{ quantity: 6, hold: 'cart' }] }).kind).toBe('placed');
  });

  test('drafts aside, nothing is sold beyond supply that is promised already', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-20' }] });
    shop.place({ quantity: 3 });
    expect(shop.place({ quantity: 1 })).toMatchObject({
      kind: 'refused',
      lines: [{ available: 0, by: null }],
    });
  });
});

describe('what a policy and a lifecycle allow', () => {
  const supplied = { stock: 2, supplies: [{ quantity: 9, on: '2026-03-10' }] };

  test('a discontinued item sells its stock and takes no new backorders (RULES 19)', () => {
    const shop = oneItem({ ...supplied, lifecycle: 'discontinued' });
    expect(shop.place({ quantity: 3 })).toMatchObject({ kind: 'refused', lines: [{ available: 2 }] });
    expect(shop.place({ quantity: 2 }).kind).toBe('placed');
  });

  test('and keeps the pegs it has', () => {
    const shop = oneItem(supplied);
    shop.place({ quantity: 5 });
    shop.item().lifecycle = 'discontinued';
    shop.replan();
    expect(shop.backing(1)).toEqual(['2 at place-0', '3 on PO-1']);
  });

  test('an item that may go out of stock takes no backorders', () => {
    const shop = oneItem({ ...supplied, policy: { kind: 'out_of_stock' } });
    expect(shop.place({ quantity: 3 })).toMatchObject({ kind: 'refused', lines: [{ available: 2 }] });
  });

  test('an upcoming item is sold only as a preorder', () => {
    expect(oneItem({ ...supplied, lifecycle: 'upcoming' }).place({ quantity: 1 })).toMatchObject({
      lines: [{ available: 0, by: null }],
    });
    const preorder = oneItem({ ...supplied, lifecycle: 'upcoming', policy: { kind: 'preorder' } });
    expect(preorder.place({ quantity: 5 }).kind).toBe('placed');
  });

  test('made to order: what is not there is made, just for the order', () => {
    const shop = oneItem({ stock: 1, leadTimeDays: 21, policy: { kind: 'made_to_order', cap: 0 } });
    expect(shop.place({ quantity: 3 }).kind).toBe('placed');
    expect(shop.item().supplies).toMatchObject([
      { kind: 'production', stage: 'placed', open: 2, pegged: 2, expected: dayNumber('2026-03-23') },
    ]);
    expect(shop.promised(1)).toEqual([`1 by ${TODAY}`, '2 by 2026-03-23']);
    expect(shop.place({ quantity: 2 }).kind).toBe('placed');
    expect(shop.item().supplies).toMatchObject([{ open: 2 }, { open: 2 }]);
  });

  test('two made-to-order lines of one item each get their own work', () => {
    const shop = oneItem({
      supplies: [{ quantity: 1, on: '2026-03-30' }],
      leadTimeDays: 7,
      policy: { kind: 'made_to_order' },
    });
    shop.place({ lines: [{ quantity: 2 }, { quantity: 3 }] });
    expect(shop.promised(1, 1)).toEqual(['1 by 2026-03-09', '1 by 2026-03-30']);
    expect(shop.promised(1, 2)).toEqual(['3 by 2026-03-09']);
  });

  test('made to order still ends at the channel’s maximum and at the day the customer cancels after', () => {
    const item = { leadTimeDays: 7, policy: { kind: 'made_to_order' as const }, limits: [{ maximum: 4 }] };
    const day = dayNumber('2026-03-09');
    expect(oneItem(item).place({ quantity: 5 })).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 5, available: 4, by: day }],
    });
    expect(oneItem(item).place({ lines: [{ quantity: 1, cancelAfter: '2026-03-08' }] })).toMatchObject({
      kind: 'refused',
      lines: [{ available: 0, by: null }],
    });
  });

  test('made to order without a lead time, or for who will not wait, is sold from stock', () => {
    const item = { stock: 1, policy: { kind: 'made_to_order' as const } };
    expect(oneItem(item).place({ quantity: 2 })).toMatchObject({ lines: [{ available: 1 }] });
    expect(
      oneItem({ ...item, leadTimeDays: 7 }).place({ quantity: 2, acceptBackorder: false }),
    ).toMatchObject({
      lines: [{ available: 1 }],
    });
  });
});

describe('an order that a channel has already sold', () => {
  test('is recorded as it is: what nothing backs waits, without a date', () => {
    const shop = oneItem({ stock: 2, supplies: [{ quantity: 1, on: '2026-03-10' }] });
    expect(shop.place({ quantity: 5, mode: 'placed' }).kind).toBe('placed');
    expect(shop.backing(1)).toEqual(['2 at place-0', '1 on PO-1', '2 waiting']);
    expect(shop.promised(1)).toEqual([`2 by ${TODAY}`, '1 by 2026-03-10']);
    expect(shop.item().backordered).toBe(3);
  });

  test('heeds neither cap nor wait nor what it says of backorders', () => {
    const shop = oneItem({
      supplies: [{ quantity: 9, on: '2026-12-24' }],
      policy: { cap: 0, longestWaitDays: 1 },
    });
    shop.place({ quantity: 3, mode: 'placed', acceptBackorder: false });
    expect(shop.backing(1)).toEqual(['3 on PO-1']);
  });

  test('that arrives late ranks by when it was placed, behind all who have a promise (RULES 4)', () => {
    const shop = oneItem({ supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 1, mode: 'placed' });
    shop.place({ quantity: 1, mode: 'placed', placedAt: 0 });
    expect(shop.item().lines.map((line) => line.order)).toEqual([1, 3, 2]);
    shop.supply({ id: 2, quantity: 1, on: '2026-03-20' });
    expect([1, 2, 3].map((order) => shop.backing(order))).toEqual([
      ['2 on PO-1'],
      ['1 waiting'],
      ['1 on PO-2'],
    ]);
  });

  test('knows what was shipped and cancelled before Kept knew it', () => {
    const shop = oneItem({ stock: 9 });
    shop.place({ mode: 'placed', lines: [{ quantity: 7, shipped: 3, cancelled: 1 }] });
    expect(shop.backing(1)).toEqual(['3 at place-0']);
    expect(shop.promised(1)).toEqual([`3 by ${TODAY}`]);
    shop.ship(1, 3);
    expect(shop.history(1)).toEqual(['first']);
  });
});

describe('ship complete', () => {
  const two = () => new Shop({ items: [{ stock: 5 }, { supplies: [{ quantity: 5, on: '2026-03-14' }] }] });

  test('all lines leave on the day of the latest', () => {
    const shop = two();
    shop.place({
      shipComplete: true,
      lines: [
        { item: 1, quantity: 1 },
        { item: 2, quantity: 1 },
      ],
    });
    expect([shop.promised(1, 1), shop.promised(1, 2)]).toEqual([['1 by 2026-03-14'], ['1 by 2026-03-14']]);
    expect(shop.promises.get('1:1')![0]!.reasons[0]).toEqual({ code: 'ships_complete' });
  });

  test('when one part moves, the date of all does, and the other parts keep their units (RULES 11)', () => {
    const shop = two();
    shop.place({
      shipComplete: true,
      lines: [
        { item: 1, quantity: 1 },
        { item: 2, quantity: 1 },
      ],
    });
    shop.supply({ id: 1, on: '2026-03-25' }, 2);
    expect([shop.promised(1, 1), shop.promised(1, 2)]).toEqual([['1 by 2026-03-25'], ['1 by 2026-03-25']]);
    expect(shop.backing(1, 1)).toEqual(['1 at place-0']);
  });

  test('a channel’s order has no date while one of its units waits', () => {
    const shop = two();
    shop.place({
      mode: 'placed',
      shipComplete: true,
      lines: [
        { item: 1, quantity: 1 },
        { item: 2, quantity: 6 },
      ],
    });
    expect([shop.promised(1, 1), shop.promised(1, 2)]).toEqual([[], []]);
    shop.supply({ id: 2, quantity: 1, on: '2026-03-20' }, 2);
    expect([shop.promised(1, 1), shop.promised(1, 2)]).toEqual([['1 by 2026-03-20'], ['6 by 2026-03-20']]);
  });
});

describe('a kit', () => {
  // One of item 1 and two of item 2.
  const kit = [
    [1, 1],
    [2, 2],
  ] as const;

  test('is promised whole, on its last component’s date', () => {
    const shop = new Shop({
      items: [{ stock: 9 }, { stock: 1, supplies: [{ quantity: 9, on: '2026-03-14' }] }],
    });
    shop.place({ lines: [{ kit, quantity: 2 }] });
    expect([shop.backing(1, 1, 1), shop.backing(1, 1, 2)]).toEqual([
      ['2 at place-0'],
      ['1 at place-0', '3 on PO-1'],
    ]);
    expect(shop.promised(1)).toEqual(['2 by 2026-03-14']);
  });

  test('is refused whole for one short component, and told how many kits could be had', () => {
    const shop = new Shop({ items: [{ stock: 9 }, { stock: 3 }] });
    expect(shop.place({ lines: [{ kit, quantity: 2 }] })).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 2, available: 1, by: MONDAY }],
    });
    expect(shop.item(1).stock[0]!.reserved).toBe(0);
    shop.place({ lines: [{ kit, quantity: 2 }], allowPartial: true });
    expect([shop.backing(2, 1, 1), shop.backing(2, 1, 2)]).toEqual([['1 at place-0'], ['2 at place-0']]);
  });

  test('that a channel sold waits for the component that is short, and is promised when it comes', () => {
    const shop = new Shop({ items: [{ stock: 9 }, { stock: 1 }] });
    shop.place({ mode: 'placed', lines: [{ kit, quantity: 1 }] });
    expect(shop.promised(1)).toEqual([]);
    shop.supply({ id: 1, quantity: 1, on: '2026-03-20' }, 2);
    expect(shop.promised(1)).toEqual(['1 by 2026-03-20']);
  });

  test('slips when a component slips; the other keeps its units (RULES 11)', () => {
    const shop = new Shop({ items: [{ stock: 9 }, { supplies: [{ quantity: 9, on: '2026-03-14' }] }] });
    shop.place({ lines: [{ kit, quantity: 2 }] });
    shop.supply({ id: 1, on: '2026-03-30' }, 2);
    expect(shop.promised(1)).toEqual(['2 by 2026-03-30']);
    expect(shop.backing(1, 1, 1)).toEqual(['2 at place-0']);
  });

  test('cancels and ships in all its components', () => {
    const shop = new Shop({ items: [{ stock: 9 }, { stock: 9 }] });
    shop.place({ lines: [{ kit, quantity: 4 }] });
    shop.cancel(1, 1);
    shop.ship(1, 2);
    expect([shop.backing(1, 1, 1), shop.backing(1, 1, 2)]).toEqual([['1 at place-0'], ['2 at place-0']]);
    expect([shop.item(1).stock[0]!.sellable, shop.item(2).stock[0]!.sellable]).toEqual([7, 5]);
  });
});

describe('not before, and cancel after (RULES 12)', () => {
  test('a future order takes the latest supply that keeps its day, not stock that could leave today', () => {
    const shop = oneItem({
      stock: 5,
      supplies: [
        { quantity: 5, on: '2026-03-10' },
        { quantity: 2, on: '2026-03-18' },
        { quantity: 5, on: '2026-03-25' },
      ],
    });
    shop.place({ lines: [{ quantity: 4, notBefore: '2026-03-20' }] });
    expect(shop.backing(1)).toEqual(['2 on PO-2', '2 on PO-1']);
    expect(shop.promised(1)).toEqual(['4 by 2026-03-20']);
  });

  test('a later supply serves it where the earlier ones do not reach', () => {
    const shop = oneItem({ stock: 1, supplies: [{ quantity: 5, on: '2026-03-25' }] });
    shop.place({ lines: [{ quantity: 3, notBefore: '2026-03-20' }] });
    expect(shop.promised(1)).toEqual(['1 by 2026-03-20', '2 by 2026-03-25']);
  });

  test('when a better supply appears, it is again the latest that keeps the day', () => {
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-03-25' }] });
    shop.place({ lines: [{ quantity: 3, notBefore: '2026-03-20' }] });
    shop.stock({ sellable: 5 });
    expect(shop.backing(1)).toEqual(['3 at place-0']);
    const two = oneItem({ supplies: [{ quantity: 5, on: '2026-03-25' }] });
    two.place({ lines: [{ quantity: 3, notBefore: '2026-03-20' }] });
    two.place({ quantity: 2 });
    two.cancel(2, 2);
    two.supply({ id: 2, quantity: 2, on: '2026-03-19' });
    expect(two.backing(1)).toEqual(['2 on PO-2', '1 on PO-1']);
  });

  test('the wait is counted from the day it may leave', () => {
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-06-20' }], policy: { longestWaitDays: 30 } });
    expect(shop.place({ quantity: 1 }).kind).toBe('refused');
    expect(shop.place({ lines: [{ quantity: 1, notBefore: '2026-06-01' }] }).kind).toBe('placed');
  });

  test('nothing after the cancel-after day is of use', () => {
    const shop = oneItem({ stock: 1, supplies: [{ quantity: 5, on: '2026-03-25' }] });
    const lines = [{ quantity: 2, cancelAfter: '2026-03-24' }];
    expect(shop.place({ lines })).toMatchObject({ kind: 'refused', lines: [{ available: 1, by: MONDAY }] });
    shop.place({ lines, allowPartial: true });
    expect(shop.backing(2)).toEqual(['1 at place-0']);
    shop.place({ lines, mode: 'placed' });
    expect(shop.backing(3)).toEqual(['2 waiting']);
  });

  test('stock that leaves only after the cancel-after day is of no use either', () => {
    const shop = oneItem({ stock: 5 }, { locations: [{ shipDay: MONDAY + 7 }] });
    const lines = [{ quantity: 2, cancelAfter: '2026-03-05' }];
    expect(shop.place({ lines, allowPartial: true })).toMatchObject({
      kind: 'refused',
      lines: [{ available: 0 }],
    });
  });
});

describe('channels and their locations', () => {
  test('two channels, one pool: nothing sells twice', () => {
    const shop = oneItem({ stock: 3 }, { channels: [{}, {}] });
    shop.place({ quantity: 2, channel: 0 });
    expect(shop.place({ quantity: 2, channel: 1 })).toMatchObject({
      kind: 'refused',
      lines: [{ available: 1 }],
    });
  });

  test('a channel sees only its own locations', () => {
    const shop = oneItem(
      { stock: [3, 4], supplies: [{ quantity: 9, on: '2026-03-10', place: 0 }] },
      { locations: [{}, {}], channels: [{}, {}], sees: [[0], [1]] },
    );
    expect(shop.place({ quantity: 5, channel: 1 })).toMatchObject({ lines: [{ available: 4 }] });
    expect(shop.place({ quantity: 5, channel: 0 }).kind).toBe('placed');
  });

  test('delivery is counted from where the units lie', () => {
    const shop = oneItem({ stock: [1, 1] }, { locations: [{ country: 'US' }, { country: 'DE' }] });
    shop.place({ quantity: 1, country: 'DE' });
    expect(shop.promises.get('1:1')![0]!.promise.parts).toEqual([
      { quantity: 1, shipBy: MONDAY, deliverBy: MONDAY + 5 },
    ]);
  });

  test('what leaves on a weekend leaves on Monday', () => {
    const shop = oneItem(
      { supplies: [{ quantity: 1, on: '2026-03-07' }] },
      { locations: [{ calendar: MONDAY_TO_FRIDAY }] },
    );
    shop.place({ quantity: 1 });
    expect(shop.promised(1)).toEqual(['1 by 2026-03-09']);
  });
});

describe("a channel's limits (RULES 16)", () => {
  const channels = { channels: [{}, {}] };

  test.each<[string, { stock: number; buffer: number; asked: number }, string[] | number]>([
    ['a buffer is left on the shelf', { stock: 5, buffer: 2, asked: 3 }, ['3 at place-0']],
    ['what is beyond it is refused, and what can be had is told', { stock: 5, buffer: 2, asked: 4 }, 3],
    ['a buffer larger than the stock leaves nothing', { stock: 1, buffer: 4, asked: 1 }, 0],
  ])('%s', (_, { stock, buffer, asked }, expected) => {
    const shop = oneItem({ stock, limits: [{ channel: 0, buffer }] }, channels);
    if (typeof expected === 'number') {
      const refused = shop.place({ channel: 0, quantity: asked });
      expect(refused).toMatchObject({ kind: 'refused', lines: [{ available: expected }] });
    } else {
      shop.place({ channel: 0, quantity: asked });
      expect(shop.backing(1)).toEqual(expected);
    }
  });

  test('a buffer is kept of what is here first: supply behind it may be promised whole', () => {
    const shop = oneItem(
      { stock: 5, supplies: [{ quantity: 4, on: '2026-03-14' }], limits: [{ channel: 0, buffer: 2 }] },
      channels,
    );
    shop.place({ channel: 0, quantity: 7 });
    expect(shop.backing(1)).toEqual(['3 at place-0', '4 on PO-1']);
  });

  test('a buffer is one channel’s own, and no order that it sold all the same waits for it', () => {
    const shop = oneItem({ stock: 5, limits: [{ channel: 0, buffer: 2 }] }, channels);
    shop.place({ channel: 1, quantity: 1 });
    shop.place({ channel: 0, quantity: 4, mode: 'placed' });
    expect(shop.backing(2)).toEqual(['4 at place-0']);
  });

  test('protected units are for nobody else', () => {
    const shop = oneItem({ stock: 5, limits: [{ channel: 0, protected: 3 }] }, channels);
    expect(shop.place({ quantity: 3, channel: 1 })).toMatchObject({ lines: [{ available: 2 }] });
    expect(shop.place({ quantity: 5, channel: 0 }).kind).toBe('placed');
  });

  test('the protection shrinks one for one as the channel commits its units', () => {
    const shop = oneItem({ stock: 6, limits: [{ channel: 0, protected: 3 }] }, channels);
    shop.place({ quantity: 2, channel: 0 });
    // 4 are left, and 1 of them is still protected.
    expect(shop.place({ quantity: 4, channel: 1 })).toMatchObject({ lines: [{ available: 3 }] });
    shop.cancel(1, 1);
    expect(shop.place({ quantity: 4, channel: 1 })).toMatchObject({ lines: [{ available: 3 }] });
    shop.place({ quantity: 4, channel: 0 });
    expect(shop.place({ quantity: 1, channel: 1 }).kind).toBe('placed');
  });

  test('protection covers supply where stock does not reach', () => {
    const shop = oneItem(
      {
        stock: 1,
        supplies: [{ quantity: 5, on: '2026-03-10' }],
        limits: [{ channel: 0, protected: 3 }],
      },
      channels,
    );
    expect(shop.place({ quantity: 4, channel: 1 })).toMatchObject({ lines: [{ available: 3 }] });
    shop.place({ quantity: 3, channel: 1 });
    expect(shop.backing(2)).toEqual(['3 on PO-1']);
  });

  test('a channel’s order beyond what is left for it waits, although protected units are there', () => {
    const shop = oneItem({ stock: 3, limits: [{ channel: 0, protected: 3 }] }, channels);
    shop.place({ quantity: 1, channel: 1, mode: 'placed' });
    expect(shop.backing(1)).toEqual(['1 waiting']);
  });

  test('new protection takes nothing from who has it', () => {
    const shop = oneItem({ stock: 3, limits: [{ channel: 0 }] }, channels);
    shop.place({ quantity: 3, channel: 1 });
    shop.item().limits[0]!.protected = 3;
    shop.replan();
    shop.reschedule(1, '2026-03-05');
    expect(shop.backing(1)).toEqual(['3 at place-0']);
  });

  test('the maximum counts open and shipped units', () => {
    const shop = oneItem({ stock: 9, limits: [{ channel: 1, maximum: 4 }] }, channels);
    shop.place({ quantity: 3, channel: 1 });
    shop.ship(1, 3);
    expect(shop.place({ quantity: 2, channel: 1 })).toMatchObject({ lines: [{ available: 1 }] });
    expect(shop.place({ lines: [{ quantity: 1 }, { quantity: 1 }], channel: 1 }).kind).toBe('refused');
    expect(shop.place({ quantity: 6, channel: 0 }).kind).toBe('placed');
  });

  test('a cancelled unit no longer counts', () => {
    const shop = oneItem({ stock: 9, limits: [{ channel: 0, maximum: 4 }] });
    shop.place({ quantity: 4 });
    shop.cancel(1, 2);
    expect(shop.place({ quantity: 2 }).kind).toBe('placed');
  });

  test('a channel’s order beyond its maximum is recorded all the same', () => {
    const shop = oneItem({ stock: 9, limits: [{ channel: 0, maximum: 1 }] });
    shop.place({ quantity: 3, mode: 'placed' });
    expect(shop.backing(1)).toEqual(['3 at place-0']);
    expect(shop.item().limits[0]!.committed).toBe(3);
  });
});

describe('carts (RULES 10)', () => {
  test('what a cart keeps is not for others', () => {
    const shop = oneItem({ stock: 5 });
    expect(shop.hold('cart', 4)).toMatchObject({ kind: 'held' });
    expect(shop.place({ quantity: 2 })).toMatchObject({ lines: [{ available: 1 }] });
    expect(shop.hold('other', 2)).toEqual({
      kind: 'refused',
      lines: [{ line: 0, asked: 2, available: 1, by: MONDAY }],
    });
  });

  test('an order that names its cart gets just those units', () => {
    const shop = oneItem({ stock: 4, supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.hold('cart', 4);
    shop.place({ lines: [{ quantity: 5, hold: 'cart' }] });
    expect(shop.backing(1)).toEqual(['4 at place-0', '1 on PO-1']);
    expect(shop.item()).toMatchObject({ holds: [], stock: [{ held: 0, reserved: 4 }] });
  });

  test('a refused order leaves its cart as it was', () => {
    const shop = oneItem({ stock: 4 });
    shop.hold('cart', 3);
    expect(shop.place({ lines: [{ quantity: 5, hold: 'cart' }] })).toMatchObject({
      lines: [{ available: 4 }],
    });
    expect(shop.item()).toMatchObject({ holds: [{ id: 'cart' }], stock: [{ held: 3 }] });
  });

  test('what the order does not need goes to the queue', () => {
    const shop = oneItem({ stock: 4 });
    shop.hold('cart', 4);
    shop.place({ quantity: 2, mode: 'placed' });
    expect(shop.backing(1)).toEqual(['2 waiting']);
    shop.place({ lines: [{ quantity: 3, hold: 'cart' }] });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 at place-0', '1 waiting'], ['3 at place-0']]);
  });

  test('two lines may share a cart', () => {
    const shop = oneItem({ stock: 4 });
    shop.hold('cart', 4);
    shop.place({
      lines: [
        { quantity: 1, hold: 'cart' },
        { quantity: 3, hold: 'cart' },
      ],
    });
    expect([shop.backing(1, 1), shop.backing(1, 2)]).toEqual([['1 at place-0'], ['3 at place-0']]);
  });

  test('a cart that ends frees its units for the queue', () => {
    const shop = oneItem({ stock: 2 });
    shop.hold('cart', 2);
    shop.place({ quantity: 1, mode: 'placed' });
    shop.release('cart');
    expect(shop.backing(1)).toEqual(['1 at place-0']);
    shop.release('cart'); // the same fact twice changes nothing
  });

  test('carts give way before lines do, the latest first', () => {
    const shop = oneItem({ stock: 6 });
    shop.place({ quantity: 2 });
    shop.hold('first', 2);
    shop.hold('second', 2);
    shop.stock({ sellable: -3 });
    expect(shop.backing(1)).toEqual(['2 at place-0']);
    expect(shop.item().holds).toMatchObject([{ id: 'first', commitments: [{ quantity: 1 }] }]);
  });

  test('a cart on a supply that lost its date holds nothing', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }] });
    shop.hold('cart', 3);
    shop.supply({ id: 1, on: null });
    expect(shop.item().holds).toEqual([]);
    expect(shop.place({ lines: [{ quantity: 1, hold: 'cart' }] }).kind).toBe('refused');
  });

  test('a cart keeps its units when they arrive', () => {
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.hold('cart', 3);
    shop.place({ quantity: 4, mode: 'placed' });
    shop.receive(1, 5);
    expect(shop.item()).toMatchObject({
      stock: [{ sellable: 5, held: 3, reserved: 2 }],
      supplies: [{ held: 0 }],
    });
    shop.place({ lines: [{ quantity: 3, hold: 'cart' }] });
    expect(shop.promised(2)).toEqual([`3 by ${TODAY}`]);
  });

  test('a cart does not carry an order beyond its reach', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }], policy: { longestWaitDays: 20 } });
    shop.hold('cart', 3);
    shop.supply({ id: 1, on: '2026-05-10' });
    expect(shop.place({ lines: [{ quantity: 1, hold: 'cart' }] })).toMatchObject({
      lines: [{ available: 0 }],
    });
    const stockOnly = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }] });
    stockOnly.hold('cart', 3);
    const order = { acceptBackorder: false, lines: [{ quantity: 1, hold: 'cart' }] };
    expect(stockOnly.place(order)).toMatchObject({ lines: [{ available: 0 }] });
  });
});
