import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
let first: TestKept;
let second: TestKept;
/** Names of orders and purchase orders are the run's own, so that runs do not meet. */
let run = 0;

beforeAll(async () => {
  first = await testKept(url);
  second = await testKept(url, first.clock);
  await givenShop(first, { A: 20, B: 5, C: 0 });
  await first.call('PUT', '/v1/items/KIT', {
    title: 'Kit of A and B',
    price: { amount: 3000, currency: 'USD' },
    components: [
      { sku: 'A', quantity: 2 },
      { sku: 'B', quantity: 1 },
    ],
  });
  await first.call('PUT', '/v1/items/A/channels/wholesale', { protected: 4 });
  await first.call('PUT', '/v1/locations/shop', { title: 'Shop', channels: ['web'] });
});
afterAll(async () => {
  await first.close();
  await second.close();
});

const sku = fc.constantFrom('A', 'B', 'C');
const units = fc.integer({ min: 1, max: 12 });
const channel = fc.constantFrom('web', 'wholesale');
const location = fc.constantFrom('main', 'shop');
const day = fc.constantFrom('2026-03-06', '2026-03-16', '2026-04-01', null);
const place = fc.integer({ min: 0, max: 9 });

type Step = (one: TestKept, orders: string[]) => Promise<{ status: number; body: unknown }>;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: placing() },
  fc.tuple(place, units).map(
    ([at, quantity]): Step =>
      (one, orders) =>
        one.call('POST', `/v1/orders/${orders[at] ?? 'web:none'}/cancellations`, {
          lines: [{ line: 1, quantity }],
        }),
  ),
  fc.tuple(place, units).map(
    ([at, quantity]): Step =>
      (one, orders) =>
        one.call('POST', `/v1/orders/${orders[at] ?? 'web:none'}/shipments`, {
          lines: [{ line: 1, quantity }],
        }),
  ),
  fc.tuple(place, fc.integer({ min: 0, max: 15 })).map(
    ([at, quantity]): Step =>
      (one, orders) =>
        one.call('POST', `/v1/orders/${orders[at] ?? 'web:none'}/changes`, {
          lines: [{ line: 1, quantity }],
        }),
  ),
  fc.tuple(sku, location, fc.integer({ min: 0, max: 25 })).map(
    ([item, at, counted]): Step =>
      (one) =>
        one.call('POST', '/v1/stock/adjustments', { sku: item, location: at, counted, reason: 'count' }),
  ),
  fc.tuple(sku, location, units).map(
    ([item, at, quantity]): Step =>
      (one) =>
        one.call('POST', '/v1/stock/adjustments', {
          sku: item,
          location: at,
          from: 'sellable',
          to: 'quality_hold',
          quantity,
          reason: 'check',
        }),
  ),
  fc.tuple(sku, location, units).map(
    ([item, at, quantity]): Step =>
      (one) =>
        one.call('POST', '/v1/stock/adjustments', {
          sku: item,
          location: at,
          from: 'quality_hold',
          to: 'sellable',
          quantity,
          reason: 'ok',
        }),
  ),
  fc
    .tuple(
      sku,
      fc.integer({ min: 0, max: 30 }),
      day,
      fc.constantFrom('draft', 'placed', 'in_transit', 'cancelled'),
    )
    .map(
      ([item, quantity, expectedOn, stage]): Step =>
        (one) =>
          one.call('PUT', `/v1/purchase-orders/PO-${run}-${item}`, {
            supplier: 'acme',
            placedOn: '2026-02-01',
            stage,
            lines: [{ line: 1, sku: item, quantity, expectedOn, location: 'main' }],
          }),
    ),
  fc.tuple(sku, units, fc.constantFrom('sellable', 'quality_hold', 'damaged'), fc.boolean()).map(
    ([item, quantity, condition, close]): Step =>
      (one) =>
        one.call('POST', `/v1/purchase-orders/PO-${run}-${item}/receipts`, {
          line: 1,
          quantity,
          condition,
          close,
        }),
  ),
  fc.tuple(sku, day).map(
    ([item, expectedOn]): Step =>
      (one) =>
        one.call('POST', `/v1/purchase-orders/PO-${run}-${item}/revisions`, {
          line: 1,
          expectedOn,
          reason: 'freight',
        }),
  ),
  fc.tuple(sku, units, channel).map(
    ([item, quantity, at]): Step =>
      (one) =>
        one.call('POST', '/v1/holds', { sku: item, quantity, channel: at, ttlSeconds: 60 }),
  ),
  fc.constant<Step>((one) => one.call('POST', '/v1/plan', {})),
);

function placing(): fc.Arbitrary<Step> {
  return fc
    .tuple(
      fc.constantFrom('A', 'B', 'C', 'KIT'),
      sku,
      units,
      channel,
      fc.constantFrom('request', 'placed'),
      fc.boolean(),
      fc.boolean(),
    )
    .map(
      ([item, other, quantity, at, mode, shipComplete, allowPartial]): Step =>
        async (one, orders) => {
          const lines = [
            { line: 1, sku: item, quantity, price: { amount: 1000, currency: 'USD' } },
            { line: 2, sku: other, quantity: 1, price: { amount: 1000, currency: 'USD' } },
          ];
          const answer = await one.call('POST', '/v1/orders', {
            ...order(item, quantity),
            channel: at,
            mode,
            shipComplete,
            allowPartial,
            lines,
          });
          if (answer.status === 201) orders.push(answer.body.id);
          return answer;
        },
    );
}

describe('what is always true', () => {
  test('holds after any facts, from two processes at once, with nothing but clean answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        run++;
        const orders: string[] = [];
        for (let at = 0; at < steps.length; at += 4) {
          const answers = await Promise.all(
            steps.slice(at, at + 4).map((each, index) => each(index % 2 === 0 ? first : second, orders)),
          );
          for (const { status, body } of answers)
            expect([200, 201, 404, 409, 422], JSON.stringify(body)).toContain(status);
        }
        expect(await faultsOf(first.kept)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('a read never writes: no row changes while everything is read', async () => {
    const before = await digest();
    const page = await first.call('GET', '/v1/backorders?limit=50');
    for (const { id, order: name } of page.body.items) {
      await first.call('GET', `/v1/backorders/${id}/explanation`);
      await first.call('GET', `/v1/promises?order=${encodeURIComponent(name)}`);
      await first.call('GET', `/v1/orders/${encodeURIComponent(name)}`);
    }
    for (const item of ['A', 'B', 'C', 'KIT'])
      expect((await first.call('GET', `/v1/availability?sku=${item}&channel=web&quantity=9`)).status).toBe(
        200,
      );
    expect(await digest()).toEqual(before);
  });
});

/** A digest of every table but that of who saw a customer's name, which reads are there to write. */
async function digest(): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
         and relname <> 'access' order by 1`,
    );
    const digests: Record<string, string> = {};
    await client.query('begin; set local app.brand = 1');
    for (const { relname } of rows) {
      const { rows: hashed } = await client.query(
        `select md5(string_agg(t::text, ',' order by t::text)) as digest from ${relname} t`,
      );
      digests[relname] = hashed[0].digest;
    }
    return digests;
  } finally {
    await client.query('rollback').catch(() => {});
    await client.end();
  }
}
