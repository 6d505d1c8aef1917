import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldBook } from '../book/fold.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { checkInvariants } from './invariant-store.ts';

/** The full check is itself checked: each thing that is always true is broken, and must be found by its name. */

const { url } = await testDatabase();
let one: TestKept;
let owner: pg.Client;

beforeAll(async () => {
  one = await testKept(url);
  owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await givenShop(one, { A: 20, B: 5, C: 0 });
  await oneOfEverything();
});
afterAll(async () => {
  await owner.end();
  await one.close();
});

/** A shop in which every table that is checked has rows. */
async function oneOfEverything(): Promise<void> {
  const say = async (method: string, path: string, body: unknown, headers?: Record<string, string>) => {
    const answer = await one.call(method, path, body, headers);
    expect(answer.status, `${path}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  const price = { amount: 3000, currency: 'USD' };
  const components = [
    { sku: 'A', quantity: 2 },
    { sku: 'B', quantity: 1 },
  ];
  await say('PUT', '/v1/items/KIT', { title: 'Kit of A and B', price, components });
  await say('PUT', '/v1/items/A/channels/wholesale', { maximum: 50 });
  await say('PUT', '/v1/policies/careful', { kind: 'backorder', promisablePercent: { confirmed: 50 } });
  await say('PUT', '/v1/items/B', { title: 'B', price, policy: 'careful' });
  await say('PUT', '/v1/purchase-orders/PO-C', purchaseOrder('C', 10, '2026-03-16'));
  await say('PUT', '/v1/purchase-orders/PO-B', purchaseOrder('B', 10, '2026-03-16'));
  await say('POST', '/v1/purchase-orders/PO-C/receipts', { id: 'r1', line: 1, quantity: 2 });
  await say('POST', '/v1/holds', { sku: 'A', quantity: 2, channel: 'web', ttlSeconds: 60 });
  await say('POST', '/v1/orders', order('KIT', 2));
  await say('POST', '/v1/orders', order('B', 6));
  const { id } = await say('POST', '/v1/orders', order('A', 6, { channel: 'wholesale' }), {
    'idempotency-key': 'k1',
  });
  await say('POST', `/v1/orders/${id}/shipments`, { lines: [{ line: 1, quantity: 2 }] });
  await say('POST', `/v1/orders/${id}/cancellations`, { lines: [{ line: 1, quantity: 1 }] });
  const paid = await say('POST', '/v1/orders', order('C', 4));
  await say('POST', `/v1/orders/${paid.id}/payments`, {
    id: 'p1',
    kind: 'captured',
    amount: { amount: 5000, currency: 'USD' },
    at: one.clock.now().toISOString(),
  });
  // Sold beyond all cover.
  await say('POST', '/v1/orders', order('C', 20, { mode: 'placed' }));
  await foldBook(one.kept, 1);
}

const a = `(select item_id from item where sku = 'A')`;
const c = `(select item_id from item where sku = 'C')`;

/** Of each invariant, what breaks it. A CHECK that would keep the row out is dropped first: the full check must not lean on it. */
const PLANTED: readonly (readonly [invariant: string, fault: string, statements: string])[] = [
  [
    'commitments_cover_open_units',
    'a lost reservation',
    `delete from commitment where kind = 0 and item_id = ${c}`,
  ],
  [
    'commitments_cover_open_units',
    'a unit too many',
    `update commitment set quantity = quantity + 1 where kind = 2`,
  ],
  [
    'commitments_cover_open_units',
    'a component without its units',
    `delete from commitment where (order_id, line, item_id) in
    (select order_id, line, item_id from order_line_component limit 1)`,
  ],
  [
    'commitments_have_lines',
    'units of nobody',
    `insert into commitment (brand_id, item_id, kind, source, rank, order_id, line, quantity)
    values (1, ${a}, 2, 0, 1, 999999, 1, 1)`,
  ],
  [
    'reservations_match_stock',
    'a reservation too many',
    `update stock set reserved = reserved + 1 where item_id = ${a}`,
  ],
  [
    'reservations_match_stock',
    'more given than is there',
    `alter table stock drop constraint stock_check;
    update stock set sellable = reserved + held - 1 where item_id = ${a}`,
  ],
  [
    'reservations_match_stock',
    'a reservation where there is no stock',
    `update commitment set source = 999 where kind = 0 and item_id = ${c}`,
  ],
  ['pegs_match_supply', 'a peg too many', `update supply set pegged = pegged + 1 where pegged + held < open`],
  [
    'pegs_match_supply',
    'more pegged than will come',
    `alter table supply drop constraint supply_check;
    update supply set open = pegged - 1 where item_id = ${c}`,
  ],
  [
    'pegs_match_supply',
    'more pegged than its stage lets be promised',
    `update policy set settings = replace(settings, '50', '1')`,
  ],
  ['pegs_match_supply', 'pegs on a draft', `update supply set stage = 'draft' where pegged > 0`],
  ['pegs_match_supply', 'pegs on what has no date', `update supply set expected_on = null where pegged > 0`],
  ['holds_match', 'a cart that is not counted', `update stock set held = 0 where held > 0`],
  ['holds_match', 'units that no cart keeps', `update hold set open = false`],
  [
    'backordered_matches',
    'a miscounted queue',
    `update item set backordered = backordered + 1 where sku = 'A'`,
  ],
  [
    'nobody_waits_beside_free_stock',
    'a freed unit that went to nobody',
    `update stock set sellable = sellable + 3 where item_id = ${c}`,
  ],
  [
    'channels_count_what_they_took',
    'a channel’s count that is off by one',
    `update item_channel set committed = committed + 1`,
  ],
  [
    'promises_are_backed',
    'a promise of units that wait',
    `update promise set quantity = quantity + 1 where order_id in
    (select order_id from commitment where kind = 2)`,
  ],
  [
    'promises_are_backed',
    'a date for what nothing backs',
    `update commitment set kind = 2, source = 0 where kind = 1 and item_id = ${c}
    and order_id not in (select order_id from commitment where kind = 2)`,
  ],
  ['promises_are_backed', 'backed units that nobody promised', `update promise set quantity = 0`],
  [
    'promise_versions_are_whole',
    'a lost promise',
    `delete from promise where ctid = (select ctid from promise limit 1)`,
  ],
  ['promise_versions_are_whole', 'a version that is left out', `update promise set version = version + 10`],
  [
    'promise_parts_add_up',
    'a part that lost a unit',
    `update promise set parts = '[[1,"2026-03-02","2026-03-05"]]' where quantity > 1`,
  ],
  ['promise_parts_add_up', 'another day than the last part’s', `update promise set ship_by = ship_by + 1`],
  ['promises_have_reason_and_event', 'a silent change', `update promise set reasons = '[]'`],
  [
    'promises_have_reason_and_event',
    'a promise without its event',
    `update promise set event_id = 999999999`,
  ],
  [
    'promises_have_reason_and_event',
    'a promise without its line',
    `delete from order_line where item_id = ${c}`,
  ],
  ['stock_is_its_movements', 'stock out of nowhere', `update stock set sellable = sellable + 1`],
  [
    'stock_is_its_movements',
    'a movement that is lost',
    `delete from stock_movement where ctid = (select ctid from stock_movement limit 1)`,
  ],
  [
    'orders_are_whole',
    'lines without their order',
    `delete from customer_order where ctid = (select ctid from customer_order limit 1)`,
  ],
  ['orders_are_whole', 'an order without lines', `delete from order_line where item_id = ${c}`],
  [
    'orders_are_whole',
    'an order that nobody told of',
    `delete from event where event_id =
    (select min(event_id) from event where kind = 'order.placed')`,
  ],
  [
    'orders_are_whole',
    'an order placed twice',
    `insert into event (brand_id, event_id, kind, data, at)
    select brand_id, 999999999, kind, data, at from event where kind = 'order.placed' limit 1`,
  ],
  [
    'references_hold',
    'a line of an item that is not there',
    `update order_line set item_id = 999 where item_id = ${c}`,
  ],
  ['references_hold', 'a component without its line', `update order_line_component set line = 9`],
  ['references_hold', 'a commitment of another item', `update commitment set item_id = ${a} where kind = 2`],
  [
    'references_hold',
    'an order of a channel that is not there',
    `update customer_order set channel_id = 999`,
  ],
  [
    'counts_agree_with_ledgers',
    'a lost shipment',
    `update order_line set shipped = shipped - 1 where shipped > 0`,
  ],
  [
    'counts_agree_with_ledgers',
    'a lost cancellation',
    `update order_line set cancelled = cancelled - 1 where cancelled > 0`,
  ],
  [
    'counts_agree_with_ledgers',
    'a lost receipt',
    `update supply set received = received - 1 where received > 0`,
  ],
  ['ledgers_have_events', 'a movement without its event', `update stock_movement set event_id = 999999999`],
  ['ledgers_have_events', 'a cancellation without its event', `update cancellation set event_id = 999999999`],
  ['facts_are_answered', 'a fact that was half taken in', `update inbox set answer = ''`],
  ['ledgers_are_append_only', 'a right to edit promises', `grant update on promise to kept_app`],
  ['brands_are_apart', 'a table that shows everybody’s rows', `alter table hold no force row level security`],
  [
    'book_ties_to_order_lines',
    'a cent too much',
    `update book_entry set value = value + 1 where until_at is null`,
  ],
  [
    'book_ties_to_order_lines',
    'a backorder that is not in it',
    `delete from book_entry where until_at is null`,
  ],
  [
    'book_ties_to_order_lines',
    'a price that the book has not heard of',
    `update order_line set price = price + 1 where waiting_since is not null`,
  ],
  ['book_is_its_changes', 'a row that is missing', `update book_entry set version = version + 1`],
  [
    'book_is_its_changes',
    'a value before that nobody had',
    `update book_entry set was_value = was_value + 1`,
  ],
  [
    'book_sums_add_up',
    'a sum that is a unit off',
    `select fold_book(1, 1000); update book_sum set units = units + 1 where axis = 'item'`,
  ],
  [
    'book_sums_add_up',
    'a customer too many',
    `select fold_book(1, 1000); update book_sum set customers = customers + 1 where axis = 'all'`,
  ],
  [
    'book_days_add_up',
    'a day that moved more',
    `select fold_book(1, 1000); update book_day set value = value + 1`,
  ],
  [
    'book_tells_causes',
    'a day that counts under another cause',
    `select fold_book(1, 1000); update book_day set cause = 'supplier_delay'`,
  ],
  ['money_sums_add_up', 'a cent deferred that no order has', `update money_sum set deferred = deferred + 1`],
  ['money_sums_add_up', 'a cent too much for a supply', `update money_supply set prepaid = prepaid + 1`],
  [
    'money_ties_to_payments',
    'a capture that was forgotten',
    `update money_balance set captured = 0, deferred = 0`,
  ],
  ['money_ties_to_payments', 'an order whose money is not reckoned', `delete from money_balance`],
  ['money_ties_to_book', 'a cent more than the book has', `update money_balance set book = book + 1`],
  [
    'book_is_done',
    'a line that was never looked at',
    `alter table book_touch disable trigger touched; insert into book_touch (brand_id) values (1)`,
  ],
  ['brands_are_apart', 'a table without a policy', `drop policy brand on event`],
];

describe('the full check of the tables', () => {
  test('finds nothing in a shop where all is well', async () => {
    expect(await faultsOf(one.kept)).toEqual([]);
  });

  test.each(PLANTED)('%s: finds %s', async (invariant, _fault, statements) => {
    const findings = await planted(statements);
    expect(findings.find(({ name }) => name === invariant)!.faults).not.toEqual([]);
  });

  test('has a planted fault for each thing that is always true', async () => {
    const names = (await planted('select')).map(({ name }) => name);
    expect([...new Set(PLANTED.map(([invariant]) => invariant))].sort()).toEqual(names.toSorted());
  });
});

/** What is found after the statements, which are taken back. */
async function planted(statements: string) {
  try {
    await owner.query(`begin; set local app.brand = 1; ${statements}`);
    return await checkInvariants(owner as unknown as pg.PoolClient, 1);
  } finally {
    await owner.query('rollback');
  }
}
