import { describe, expect, test } from 'vitest';
import { oneItem } from './testing/shop.ts';

// Today is Monday 2 March 2026; every day works, and supply is promised for the very day it is expected, unless told.
const TODAY = '2026-03-02';

describe('a receipt (RULES 13)', () => {
  test('turns pegs into reservations, in queue order', () => {
    const shop = oneItem({ supplies: [{ quantity: 10, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.place({ quantity: 3 });
    shop.place({ quantity: 4 });
    shop.receive(1, 5);
    expect([1, 2, 3].map((order) => shop.backing(order))).toEqual([
      ['3 at place-0'],
      ['2 at place-0', '1 on PO-1'],
      ['4 on PO-1'],
    ]);
    expect(shop.item()).toMatchObject({ backordered: 5, supplies: [{ open: 5, received: 5, pegged: 5 }] });
  });

  test('changes no promise where it is on time', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.receive(1, 3);
    expect(shop.promised(1)).toEqual(['3 by 2026-03-10']);
    expect(shop.history(1)).toEqual(['first']);
  });

  test('tells the better date only where the policy says so', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }], policy: { improveByDays: 5 } });
    shop.place({ quantity: 3 });
    shop.receive(1, 3);
    expect(shop.promised(1)).toEqual([`3 by ${TODAY}`]);
    expect(shop.history(1)).toEqual(['first', 'improved']);
  });

  test('that is short and final leaves the lowest-ranked short', () => {
    const shop = oneItem({ supplies: [{ quantity: 6, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.place({ quantity: 3 });
    shop.receive(1, 4, { close: true });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['3 at place-0'], ['1 at place-0', '2 waiting']]);
    expect(shop.promised(2)).toEqual(['1 by 2026-03-10']);
    expect(shop.history(2)).toEqual(['first', 'fewer']);
    expect(shop.item().supplies[0]).toMatchObject({ open: 0, received: 4, pegged: 0 });
  });

  test('leaves the line open until it is closed', () => {
    const shop = oneItem({ supplies: [{ quantity: 6, on: '2026-03-10' }] });
    shop.place({ quantity: 6 });
    shop.receive(1, 2);
    expect(shop.backing(1)).toEqual(['2 at place-0', '4 on PO-1']);
  });

  test('of too many is accepted, and the surplus serves the queue', () => {
    const shop = oneItem({ supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2, mode: 'placed' });
    shop.receive(1, 5);
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 at place-0'], ['2 at place-0']]);
    expect(shop.item()).toMatchObject({
      stock: [{ sellable: 5, reserved: 4 }],
      supplies: [{ open: 0, received: 5 }],
    });
    expect(shop.promised(2)).toEqual([`2 by ${TODAY}`]);
  });

  test('into quality hold serves nobody until it is released', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.receive(1, 3, { condition: 'quality_hold' });
    expect(shop.backing(1)).toEqual(['3 waiting']);
    expect(shop.history(1)).toEqual(['first', 'withdrawn']);
    shop.stock({ quality_hold: -3, sellable: 3 });
    expect(shop.backing(1)).toEqual(['3 at place-0']);
    expect(shop.promised(1)).toEqual([`3 by ${TODAY}`]);
  });

  test('of something broken leaves the line short', () => {
    const shop = oneItem({ supplies: [{ quantity: 3, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.receive(1, 1, { condition: 'damaged' });
    expect(shop.backing(1)).toEqual(['2 on PO-1', '1 waiting']);
  });

  test('at a place that the order’s channel does not see leaves it short', () => {
    const shop = oneItem(
      { supplies: [{ quantity: 2, on: '2026-03-10', place: 0 }] },
      { locations: [{}, {}], channels: [{}, {}], sees: [[0], [0, 1]] },
    );
    shop.place({ quantity: 1, channel: 0 });
    shop.place({ quantity: 1, channel: 1 });
    shop.receive(1, 2, { place: 1 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 waiting'], ['1 at place-1']]);
  });

  test('of a supply that was promised only in part frees the rest', () => {
    const percent = { placed: 50, confirmed: 50, in_production: 50, in_transit: 50, arrived: 50 };
    const shop = oneItem({
      supplies: [{ quantity: 4, on: '2026-03-10' }],
      policy: { promisablePercent: percent },
    });
    shop.place({ quantity: 4, mode: 'placed' });
    expect(shop.backing(1)).toEqual(['2 on PO-1', '2 waiting']);
    shop.receive(1, 4);
    expect(shop.backing(1)).toEqual(['4 at place-0']);
  });
});

describe('held and returned stock (RULES 17, 20)', () => {
  test('an announced release backs lines, and keeps their order when it comes', () => {
    const shop = oneItem({
      qualityHold: 4,
      supplies: [{ quantity: 4, on: '2026-03-10', kind: 'hold_release' }],
    });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 1, mode: 'placed' });
    shop.stock({ quality_hold: -2, sellable: 2 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 at place-0'], ['1 on PO-1']]);
    expect(shop.item().supplies[0]).toMatchObject({ open: 2, pegged: 1 });
  });

  test('a return serves the queue only when it is sellable', () => {
    const shop = oneItem({});
    shop.place({ quantity: 1, mode: 'placed' });
    shop.stock({ returned: 1 });
    expect(shop.backing(1)).toEqual(['1 waiting']);
    shop.stock({ returned: -1, sellable: 1 });
    expect(shop.backing(1)).toEqual(['1 at place-0']);
  });

  test('the next line’s backing changes at once, its promised date only by policy', () => {
    const shop = oneItem({ supplies: [{ quantity: 1, on: '2026-03-10' }] });
    shop.place({ quantity: 1 });
    shop.stock({ sellable: 1 });
    expect(shop.backing(1)).toEqual(['1 at place-0']);
    expect(shop.promised(1)).toEqual(['1 by 2026-03-10']);
  });
});

describe('a fact is never refused (RULES 1)', () => {
  test('a count below the reservations frees the lowest-ranked', () => {
    const shop = oneItem({ stock: 5 });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 3 });
    shop.stock({ sellable: -4 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 at place-0', '1 waiting'], ['3 waiting']]);
    expect(shop.history(2)).toEqual(['first', 'withdrawn']);
  });

  test('what was freed is backed by what is free, in queue order', () => {
    const shop = oneItem({ stock: 5, supplies: [{ quantity: 2, on: '2026-03-10' }] });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 3 });
    shop.stock({ sellable: -4 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([
      ['1 at place-0', '1 on PO-1'],
      ['1 on PO-1', '2 waiting'],
    ]);
    expect(shop.history(1)).toEqual(['first', 'later']);
  });

  test('units that leave without ever having been counted are found first, and the ledger adds up', () => {
    const shop = oneItem({ stock: 2 });
    shop.stock({ sellable: -5 });
    expect(shop.item().stock[0]!.sellable).toBe(0);
  });

  test('a purchase order that shrinks leaves the lowest-ranked short', () => {
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.place({ quantity: 2 });
    shop.supply({ id: 1, quantity: 4 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['3 on PO-1'], ['1 on PO-1', '1 waiting']]);
  });

  test.each([
    ['is cancelled', { stage: 'cancelled' as const }],
    ['goes back to a draft', { stage: 'draft' as const }],
    ['loses its date', { on: null }],
    ['loses its supplier', { abandoned: true }],
  ])('a purchase order that %s backs nothing any more, and the promise is withdrawn', (_, change) => {
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-03-10' }] });
    shop.place({ quantity: 3 });
    shop.supply({ id: 1, ...change });
    expect(shop.backing(1)).toEqual(['3 waiting']);
    expect(shop.history(1)).toEqual(['first', 'withdrawn']);
  });

  test('a closed location frees what it had; what is left elsewhere serves the queue', () => {
    const shop = oneItem({ stock: [3, 2] }, { locations: [{}, {}] });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2 });
    expect(shop.backing(2)).toEqual(['1 at place-0', '1 at place-1']);
    shop.setClosed(0, true);
    // Order 2 keeps its unit at the other place; the free one there goes to who is first.
    expect([shop.backing(1), shop.backing(2)]).toEqual([
      ['1 at place-1', '1 waiting'],
      ['1 at place-1', '1 waiting'],
    ]);
    shop.setClosed(0, false);
    expect([shop.backing(1), shop.backing(2)]).toEqual([
      ['1 at place-1', '1 at place-0'],
      ['1 at place-1', '1 at place-0'],
    ]);
  });
});

describe('a purchase order that moves', () => {
  test('slips within the plan that was promised: nobody is told anything', () => {
    const buffers = { placed: 10, confirmed: 10, in_production: 10, in_transit: 10, arrived: 10 };
    const shop = oneItem({ supplies: [{ quantity: 5, on: '2026-03-10' }], policy: { bufferDays: buffers } });
    shop.place({ quantity: 3 });
    expect(shop.promised(1)).toEqual(['3 by 2026-03-20']);
    shop.supply({ id: 1, on: '2026-03-20' });
    expect(shop.history(1)).toEqual(['first']);
    shop.supply({ id: 1, on: '2026-03-21' });
    expect(shop.promised(1)).toEqual(['3 by 2026-03-31']);
    expect(shop.history(1)).toEqual(['first', 'later']);
    expect(shop.promises.get('1:1')![1]!.reasons[0]).toEqual({ code: 'supplier_delay', change: 'later' });
  });

  test('slips behind another: its lines move to what is free and earlier, in queue order', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 4, on: '2026-03-10' },
        { quantity: 3, on: '2026-03-20' },
      ],
    });
    shop.place({ quantity: 2 });
    shop.place({ quantity: 2 });
    shop.supply({ id: 1, on: '2026-04-10' });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 on PO-2'], ['1 on PO-2', '1 on PO-1']]);
    expect(shop.promised(2)).toEqual(['1 by 2026-03-20', '1 by 2026-04-10']);
  });

  test('who is backed by another supply keeps it, whatever the rank of who slipped (RULES 14)', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 2, on: '2026-03-10' },
        { quantity: 2, on: '2026-03-20' },
      ],
    });
    shop.place({ quantity: 2, class: 'vip' });
    shop.place({ quantity: 2 });
    shop.supply({ id: 1, on: '2026-04-10' });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['2 on PO-1'], ['2 on PO-2']]);
  });

  test('a new supply serves who waits first, by rank', () => {
    const shop = oneItem({ policy: { classes: ['vip'] } });
    shop.place({ quantity: 1, mode: 'placed' });
    shop.place({ quantity: 1, mode: 'placed', class: 'vip' });
    shop.supply({ id: 1, quantity: 1, on: '2026-03-10' });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 waiting'], ['1 on PO-1']]);
    expect(shop.promised(2)).toEqual(['1 by 2026-03-10']);
  });

  test('a line that waited stands among those with a promise once it has one', () => {
    const shop = oneItem({});
    shop.place({ quantity: 1, mode: 'placed' });
    shop.supply({ id: 1, quantity: 2, on: '2026-03-10' });
    shop.place({ quantity: 1 });
    shop.supply({ id: 1, quantity: 1 });
    expect([shop.backing(1), shop.backing(2)]).toEqual([['1 on PO-1'], ['1 waiting']]);
  });

  test('time alone makes an overdue supply later, and the promise with it', () => {
    const shop = oneItem({ supplies: [{ quantity: 1, on: '2026-03-05' }] });
    shop.place({ quantity: 1 });
    shop.passDays(3);
    expect(shop.history(1)).toEqual(['first']);
    shop.passDays(4);
    expect(shop.promised(1)).toEqual(['1 by 2026-03-13']);
    expect(shop.history(1)).toEqual(['first', 'later']);
  });

  test('a transfer and a production order back lines like a purchase order (RULES 20)', () => {
    const shop = oneItem({
      supplies: [
        { quantity: 1, on: '2026-03-10', kind: 'transfer' },
        { quantity: 1, on: '2026-03-08', kind: 'production' },
      ],
    });
    shop.place({ quantity: 2 });
    expect(shop.promised(1)).toEqual(['1 by 2026-03-08', '1 by 2026-03-10']);
  });
});
