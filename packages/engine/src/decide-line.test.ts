import { describe, expect, test } from 'vitest';
import { dayNumber } from './day.ts';
import { oneItem, Shop } from './testing/shop.ts';

// Today is Monday 2 March 2026; every day works, and supply is promised for the very day it is expected, unless told.
const TODAY = '2026-03-02';

describe('a cancellation', () => {
  test('gives its units to the next in rank, and never back to the line it came from', () => {
    const shop = oneItem({ stock: 3 });
    shop.place({ quantity: 3 });
    shop.place({ quantity: 2, mode: 'placed' });
    shop.place({ quantity: 2, mode: 'placed' });
    shop.cancel(1, 3);
    expect(shop.legs(1)).toEqual([]);
    expect([shop.backing(2), shop.backing(3)]).toEqual([['2 at place-0'], ['1 at place-0', '1 waiting']]);
  });

  test('of a part leaves the customer the best of what is left', () => {
    const shop = oneItem({ stock: 2, supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 5 });
    shop.cancel(1, 3);
    expect(shop.backing(1)).toEqual(['2 at place-0']);
    expect(shop.promised(1)).toEqual([`2 by ${TODAY}`]);
    expect(shop.history(1)).toEqual(['first', 'shrunk']);
    expect(shop.item()).toMatchObject({ backordered: 0, supplies: [{ pegged: 0 }] });
  });

  test('drops the units that wait first', () => {
    const shop = oneItem({ stock: 2 });
    shop.place({ quantity: 5, mode: 'placed' });
    shop.cancel(1, 3);
    expect(shop.backing(1)).toEqual(['2 at place-0']);
  });

  test('moves those behind to the earlier supply, and tells them nothing that policy does not', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 2, on: '2026-03-10' },
        { quantity: 2, on: '2026-03-20' },
      ],
    });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2 });
    shop.cancel(1, 2);
    expect(shop.backing(2)).toEqual(['2 on PO-1']);
    expect(shop.promised(2)).toEqual(['2 by 2026-03-20']);
  });
});

describe('units that are added (RULES 2)', () => {
  test('take what is free, and the promise grows', () => {
    const shop = oneItem({ stock: 2, supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 1 });
    expect(shop.add(1, 3, 'request')).toEqual({ kind: 'done' });
    expect(shop.backing(1)).toEqual(['2 at place-0', '2 on PO-1']);
    expect(shop.promised(1)).toEqual([`2 by ${TODAY}`, '2 by 2026-03-10']);
    expect(shop.history(1)).toEqual(['first', 'more']);
  });

  test('queue at the end, while the line keeps its place for the others', () => {
    const shop = oneItem({});
    shop.place({ quantity: 1, mode: 'placed' });
    shop.place({ quantity: 1, mode: 'placed' });
    shop.add(1, 2);
    shop.stock({ sellable: 2 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 at place-0', '2 waiting'], ['1 at place-0']]);
    shop.stock({ sellable: 1 });
    expect(shop.backing(1)).toEqual(['2 at place-0', '1 waiting']);
  });

  test('are refused as a request that cannot be promised, and told what could be', () => {
    const shop = oneItem({ stock: 1, supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 1 });
    expect(shop.add(1, 4, 'request')).toEqual({
      kind: 'refused',
      lines: [{ line: 1, asked: 4, available: 2, by: dayNumber('2026-03-10') }],
    });
    expect(shop.item()).toMatchObject({ backordered: 0, supplies: [{ pegged: 0 }] });
  });

  test('are the first to go when units are cancelled', () => {
    const shop = oneItem({});
    shop.place({ quantity: 2, mode: 'placed' });
    shop.place({ quantity: 1, mode: 'placed' });
    shop.add(1, 2);
    shop.cancel(1, 2);
    shop.stock({ sellable: 2 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 at place-0'], ['1 waiting']]);
  });
});

describe('a shipment', () => {
  test('comes off the line’s own reservations, and fulfils the promise without changing it', () => {
    const shop = oneItem({ stock: 5, supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 7 });
    shop.ship(1, 5);
    expect(shop.backing(1)).toEqual(['2 on PO-1']);
    expect(shop.history(1)).toEqual(['first']);
    expect(shop.item().stock[0]).toMatchObject({ sellable: 0, reserved: 0 });
  });

  test('in part, then a slip: only what is still open is told later', () => {
    const shop = oneItem({ stock: 5, supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 7 });
    shop.ship(1, 4);
    shop.supply({ id: 1, on: '2026-03-20' });
    expect(shop.promised(1)).toEqual([`1 by ${TODAY}`, '2 by 2026-03-20']);
  });

  test('of units that were somebody else’s leaves the lowest-ranked short', () => {
    const shop = oneItem({ stock: 4, supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2 });
    shop.ship(3, 2, 0);
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 at place-0'], ['2 on PO-1']]);
    expect(shop.history(2)).toEqual(['first', 'later']);
  });

  test('of units that nobody had counted: they were there all the same', () => {
    const shop = oneItem({});
    shop.place({ quantity: 2, mode: 'placed' });
    shop.ship(1, 2);
    expect(shop.item()).toMatchObject({ backordered: 0, stock: [{ sellable: 0, reserved: 0 }] });
    expect([...shop.ledger.values()]).toContain(0);
  });

  test('from another place than planned frees the place that was planned', () => {
    const shop = oneItem({ stock: [2, 2] }, { locations: [{}, {}] });
    shop.place({ quantity: 2 });
    shop.ship(1, 2, 1);
    expect(shop.item().stock).toMatchObject([
      { sellable: 2, reserved: 0 },
      { sellable: 0, reserved: 0 },
    ]);
  });

  test('of more than was open is recorded', () => {
    const shop = oneItem({ stock: 5 });
    shop.place({ quantity: 2 });
    shop.ship(1, 3);
    expect(shop.item().stock[0]).toMatchObject({ sellable: 2, reserved: 0 });
  });

  test('of more than was open does not take away the date of an order that ships complete', () => {
    const shop = new Shop({ items: [{ stock: 5 }, { supplies: [{ quantity: 1, on: '2026-03-10' }] }] });
    shop.place({
      shipComplete: true,
      lines: [
        { item: 1, quantity: 2 },
        { item: 2, quantity: 1 },
      ],
    });
    shop.ship(1, 3, null, 1);
    shop.replan(2);
    expect(shop.promised(1, 2)).toEqual(['1 by 2026-03-10']);
  });
});

describe('a line whose days change (RULES 12)', () => {
  test('is decided again: a later day leaves the stock to others', () => {
    const shop = oneItem({ stock: 2, supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 2 });
    shop.reschedule(1, '2026-03-15');
    expect(shop.backing(1)).toEqual(['2 on PO-1']);
    expect(shop.promised(1)).toEqual(['2 by 2026-03-15']);
  });

  test('gets the earlier units back where they are still free', () => {
    const shop = oneItem({ stock: 2, supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ lines: [{ quantity: 2, notBefore: '2026-03-15' }] });
    shop.reschedule(1, null);
    expect(shop.backing(1)).toEqual(['2 at place-0']);
  });
});

describe('the plan', () => {
  test('a re-plan takes nothing from anybody, whatever the ranks (RULES 14)', () => {
    const shop = oneItem({
      stock: 1,
      supplies: [{ quantity: 1, on: '2026-03-10' }],
      policy: { classes: ['vip'] },
    });
    shop.place({ quantity: 1 });
    shop.place({ quantity: 1, class: 'vip' });
    shop.replan();
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 at place-0'], ['1 on PO-1']]);
  });

  test('a unit that a later line leaves serves an earlier one that could not have had it before', () => {
    const shop = oneItem(
      {
        stock: [1, 0],
        supplies: [{ quantity: 1, on: '2026-03-20', place: 1 }],
        policy: { ranking: ['order_time'] },
      },
      { locations: [{}, {}], channels: [{}, {}], sees: [[0, 1], [0]] },
    );
    shop.place({ quantity: 1, channel: 1 });
    shop.place({ quantity: 1, channel: 0, placedAt: 0 });
    shop.stock({ sellable: 1 }, 1, 0);
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 at place-0'], ['1 at place-0']]);
  });

  test('facts are decided one after the other, in the order given', () => {
    const shop = oneItem({});
    shop.place({ quantity: 1, mode: 'placed' });
    const cause = { code: 'counted' };
    const stock = (delta: number) =>
      ({ kind: 'stock', item: 1, place: 0, changes: [{ condition: 'sellable', delta }], cause }) as const;
    shop.decide([stock(1), stock(-1)], [1]);
    expect(shop.backing(1)).toEqual(['1 waiting']);
    expect(shop.history(1)).toEqual(['first', 'withdrawn']);
  });
});
