import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';

/**
 * A spring in which seven people order, at 10 dollars a unit. A has 3 in stock and no supply, B none and 100 coming, C enough.
 *   ada 4 B, shipped on the day she was first told · ben 2 B, shipped a day after it, and disputed
 *   cid 5 A: 3 from stock, shipped; the 2 that wait he cancels · dan 1 C from stock, shipped
 *   eva 3 B, all cancelled while she waits · fay 1 B, told the same day as ada, and waits for the supply · gus 1 A, waits for nothing
 */
const { url } = await testDatabase();
let one: TestKept;
const refs: Record<string, string> = {};
const waits: Record<string, number> = {};

const said = async (method: string, path: string, body?: unknown) => {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};
const at = (instant: string) => one.clock.set(new Date(instant));
const orders = async (who: string, sku: string, quantity: number, placedAt = '2026-03-02T09:00:00Z') => {
  const wanted = order(sku, quantity, {
    mode: 'placed',
    placedAt,
    customer: { name: who, email: `${who}@example.com` },
  });
  const answer = await said('POST', '/v1/orders', wanted);
  refs[who] ??= `web:${wanted.ref}`;
  return answer;
};
const ship = (who: string, quantity: number, day: string) =>
  said('POST', `/v1/orders/${refs[who]}/shipments`, {
    lines: [{ line: 1, quantity }],
    shippedAt: `${day}T12:00:00Z`,
  });
const cancel = (who: string, quantity: number) =>
  said('POST', `/v1/orders/${refs[who]}/cancellations`, {
    by: 'customer',
    lines: [{ line: 1, quantity }],
    reason: 'too long',
  });
const after = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
const daysTo = (day: string) => (Date.parse(day) - Date.parse('2026-03-02')) / 86_400_000;

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { A: 3, B: 0, C: 9 });
  await said('PUT', '/v1/purchase-orders/PO-B', purchaseOrder('B', 100, '2026-03-20'));
  const ada = await orders('ada', 'B', 4);
  await orders('ben', 'B', 2);
  await orders('cid', 'A', 5);
  await orders('dan', 'C', 1);
  await orders('eva', 'B', 3);
  await ship('cid', 3, '2026-03-02');
  await ship('dan', 1, '2026-03-02');
  await cancel('cid', 2);
  await cancel('eva', 3);
  await orders('fay', 'B', 1);
  await orders('gus', 'A', 1);
  const told = ada.lines[0].promise.shipBy as string;
  at(`${told}T10:00:00Z`);
  await said('POST', '/v1/purchase-orders/PO-B/receipts', { line: 1, quantity: 6 });
  await ship('ada', 4, told);
  waits.ada = daysTo(told);
  at(`${after(told, 1)}T10:00:00Z`);
  await ship('ben', 2, after(told, 1));
  waits.ben = daysTo(told) + 1;
  await said('POST', `/v1/orders/${refs.ben}/payments`, {
    id: 'd1',
    kind: 'disputed',
    amount: { amount: 2000, currency: 'USD' },
    at: one.clock.now().toISOString(),
  });
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
});

const metricsNow = async () => {
  const { metrics } = await said('GET', '/v1/book/metrics?from=2026-03-01&to=2026-03-31');
  return new Map<string, { value: number | null; numerator: number | null; over: number | null }>(
    metrics.map((metric: { id: string }) => [metric.id, metric]),
  );
};

test('until a helpdesk has told anything, nobody knows how often customers wrote', async () => {
  expect((await metricsNow()).get('contacts_per_order')!.value).toBeNull();
});

test('each metric is what a pencil makes of it', async () => {
  const told = await said('POST', '/v1/contacts', {
    source: 'gorgias',
    contacts: [
      { id: '1', at: '2026-03-05T09:00:00Z', order: refs.ada },
      { id: '2', at: '2026-03-06T09:00:00Z', order: refs.ada, topic: 'where is it' },
      { id: '3', at: '2026-03-06T09:00:00Z', email: 'EVA@example.com' },
      { id: '4', at: '2026-03-06T09:00:00Z', order: refs.dan },
      { id: '5', at: '2026-03-06T09:00:00Z', email: 'nobody@example.com' },
    ],
  });
  expect(told).toEqual({ recorded: 5, known: 0, unmatched: ['5'] });
  const again = { source: 'gorgias', contacts: [{ id: '1', at: '2026-03-05T09:00:00Z', order: refs.ada }] };
  expect(await said('POST', '/v1/contacts', again)).toEqual({ recorded: 0, known: 1, unmatched: [] });

  const metrics = await metricsNow();
  const value = (id: string) => metrics.get(id)!.value;
  const of = (id: string) => [metrics.get(id)!.numerator, metrics.get(id)!.over];
  expect(of('backorder_rate_lines')).toEqual([6, 7]); // all but dan's
  expect(of('backorder_rate_units')).toEqual([13, 17]); // 4 + 2 + 2 + 3 + 1 + 1
  expect(of('backorder_rate_value')).toEqual([13_000, 17_000]);
  expect(of('fill_rate')).toEqual([4, 17]); // cid's 3 and dan's 1
  expect(value('revenue_kept')).toBe(6000); // ada's 4 and ben's 2: cid's came from stock
  expect(value('cancelled_value')).toBe(5000); // cid's 2 and eva's 3
  expect(of('cancellation_rate')).toEqual([2, 6]);
  expect(of('first_promise_accuracy')).toEqual([2, 4]); // ada and cid; ben's was late and fay's is; eva's is nobody's
  expect(of('otif')).toEqual([3, 5]); // ada, cid, dan of those with ben and fay
  expect(value('wait_median')).toBe((waits.ada! + waits.ben!) / 2);
  expect(value('wait_p90')).toBeCloseTo(waits.ada! + 0.9, 9);
  expect(of('disputes')).toEqual([1, 6]);
  expect(of('contacts_per_order')).toEqual([3, 6]); // dan never waited
  expect(of('coverage')).toEqual([1, 2]); // fay's of hers and gus's
  expect(of('consent_rate')).toEqual([0, 0]);
  expect(value('consent_rate')).toBeNull();
});

test('who came back within 90 days, of those who waited and of those who did not', async () => {
  at('2026-04-20T09:00:00Z');
  await orders('ada', 'C', 1, '2026-04-20T09:00:00Z');
  at('2026-06-05T09:00:00Z');
  await orders('dan', 'C', 1, '2026-06-05T09:00:00Z'); // 95 days after
  at('2026-07-15T09:00:00Z');
  const metrics = await metricsNow();
  const of = (id: string) => [metrics.get(id)!.numerator, metrics.get(id)!.over];
  expect(of('repurchase_waited')).toEqual([1, 6]);
  expect(of('repurchase_not_waited')).toEqual([0, 1]);
  const { repurchaseBySlip, slipCost } = await said('GET', '/v1/book/metrics?from=2026-03-01&to=2026-03-31');
  expect(repurchaseBySlip.reduce((sum: number, row: { customers: number }) => sum + row.customers, 0)).toBe(
    7,
  );
  expect(slipCost).toBeNull(); // Six lines say nothing about a day of slip.
});
