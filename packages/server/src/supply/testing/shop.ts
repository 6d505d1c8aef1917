import { expect } from 'vitest';
import { type Answered, testApp } from '../../accounts/testing/test-app.ts';
import { catalogRoutes } from '../../catalog/index.ts';
import { demandRoutes } from '../../demand/index.ts';
import type { Db } from '../../platform/database.ts';
import { supplyRoutes } from '../index.ts';

/** A shop with two channels, two locations that both serve, and nothing on its shelves. Its policy adds no days. */
export async function openShop(db: Db) {
  const served = await testApp(db, catalogRoutes, supplyRoutes, demandRoutes);
  const { ask } = served;
  const put = async (url: string, body: object) => {
    const answer = await ask('PUT', url, body);
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    return answer;
  };
  const noDays = { placed: 0, confirmed: 0, in_production: 0, in_transit: 0, arrived: 0 };
  await put('/v1/policies/backorder', { bufferDays: noDays, receivingDays: 0, longestWaitDays: 365 });
  await put('/v1/channels/web', { title: 'Web', kind: 'shopify' });
  await put('/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
  const everyDay = { workdays: [1, 2, 3, 4, 5, 6, 7] };
  await put('/v1/locations/main', { title: 'Main', calendar: everyDay });
  await put('/v1/locations/north', { title: 'North', calendar: everyDay });
  let items = 0;

  return {
    ...served,
    put,
    /** A new item's SKU. */
    async item(fields: object = {}): Promise<string> {
      const sku = `ITEM-${++items}`;
      await put(`/v1/items/${sku}`, { title: sku, price: { amount: 1000, currency: 'GBP' }, ...fields });
      return sku;
    },
    /** Units that a channel has sold, whatever backs them. */
    async order(ref: string, sku: string, quantity: number, fields: object = {}): Promise<Answered> {
      const answer = await ask('POST', '/v1/orders', {
        ref,
        channel: 'web',
        mode: 'placed',
        placedAt: '2026-03-04T08:00:00Z',
        customer: { name: ref },
        shipTo: { country: 'GB' },
        lines: [{ line: 1, sku, quantity, price: { amount: 1000, currency: 'GBP' } }],
        ...fields,
      });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      return answer;
    },
    /** What backs an order's only line: "3 reserved, 2 pegged 2026-04-01". */
    async backing(ref: string): Promise<string> {
      const { body } = await ask('GET', `/v1/orders/web:${ref}`);
      return body.lines[0].commitments
        .map((one: { quantity: number; kind: string; shipBy: string | null }) =>
          one.kind === 'pegged' ? `${one.quantity} pegged ${one.shipBy}` : `${one.quantity} ${one.kind}`,
        )
        .join(', ');
    },
    /** The codes of the reasons of an order's promise, latest version. */
    async reasons(ref: string): Promise<{ code: string; [key: string]: unknown }[]> {
      const { body } = await ask('GET', `/v1/orders/web:${ref}`);
      return body.lines[0].promise?.reasons ?? [];
    },
    async count(sku: string, counted: number, location = 'main', condition = 'sellable'): Promise<Answered> {
      return ask('POST', '/v1/stock/adjustments', { sku, location, condition, counted, reason: 'count' });
    },
    /** A purchase order with one line of an item. */
    async buy(ref: string, sku: string, quantity: number, expectedOn: string | null, fields: object = {}) {
      return put(`/v1/purchase-orders/${ref}`, purchase([{ line: 1, sku, quantity, expectedOn }], fields));
    },
    async revisions(ref: string): Promise<string[]> {
      const revisions = await served.rows(
        `select r.revision, r.stage, r.ordered, r.open, r.expected_on, r.reason from supply_revision r
         join supply s using (brand_id, item_id, supply_id) where s.ref = $1 order by s.item_id, s.supply_id, r.revision`,
        [ref],
      );
      return revisions.map(
        (one) =>
          `${one.revision}: ${one.stage} ${one.open}/${one.ordered} ${one.expected_on ?? 'no date'}, ${one.reason}`,
      );
    },
    async receive(ref: string, receipt: object, headers?: Record<string, string>): Promise<Answered> {
      return ask('POST', `/v1/purchase-orders/${ref}/receipts`, { line: 1, ...receipt }, headers);
    },
    async revise(ref: string, revision: object): Promise<Answered> {
      return ask('POST', `/v1/purchase-orders/${ref}/revisions`, { line: 1, reason: 'freight', ...revision });
    },
    /** The ledger and its sum must agree, whatever a test did. */
    async ledgerFaults(): Promise<unknown[]> {
      return served.rows(
        `select s.item_id, s.location_id from stock s
         left join (select item_id, location_id, condition, sum(delta) as units from stock_movement group by 1, 2, 3) m
           on m.item_id = s.item_id and m.location_id = s.location_id
         group by s.item_id, s.location_id, s.sellable, s.quality_hold, s.returned, s.damaged
         having s.sellable <> coalesce(sum(units) filter (where condition = 'sellable'), 0)
           or s.quality_hold <> coalesce(sum(units) filter (where condition = 'quality_hold'), 0)
           or s.returned <> coalesce(sum(units) filter (where condition = 'returned'), 0)
           or s.damaged <> coalesce(sum(units) filter (where condition = 'damaged'), 0)`,
      );
    },
  };
}

export function purchase(lines: object[], fields: object = {}): object {
  return {
    supplier: 'kiln',
    placedOn: '2026-02-01',
    stage: 'placed',
    lines: lines.map((line) => ({ location: 'main', ...line })),
    ...fields,
  };
}
