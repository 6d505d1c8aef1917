import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { replan } from './plan.ts';

const SKUS = ['A', 'B', 'C', 'D'];
let whole: TestKept;
let singly: TestKept;

/** Two brands alike: one is planned from a snapshot, the other item by item under their locks. */
beforeAll(async () => {
  [whole, singly] = (await Promise.all(
    [await testDatabase(), await testDatabase()].map(({ url }) => testKept(url)),
  )) as [TestKept, TestKept];
  for (const one of [whole, singly]) await givenBook(one);
});
afterAll(async () => {
  await whole.close();
  await singly.close();
});

let named = 0;
async function givenBook(one: TestKept): Promise<void> {
  await givenShop(one, { A: 3, B: 0, C: 1, D: 0 });
  await one.call('PUT', '/v1/items/KIT', {
    title: 'Kit',
    price: { amount: 3000, currency: 'USD' },
    components: [{ sku: 'C', quantity: 1 }],
  });
  await one.call('PUT', '/v1/items/B/channels/wholesale', { protected: 2 });
  named = 0;
  for (const [sku, quantity, on] of [
    ['A', 6, '2026-03-20'],
    ['A', 9, '2026-04-20'],
    ['B', 8, '2026-03-24'],
    ['C', 5, '2026-03-18'],
    ['D', 7, '2026-03-30'],
  ] as const)
    ok(await one.call('PUT', `/v1/purchase-orders/PO-${++named}`, purchaseOrder(sku, quantity, on)));
  for (const [n, sku] of ['A', 'A', 'B', 'C', 'D', 'A', 'B', 'KIT', 'D', 'A', 'D'].entries())
    ok(
      await one.call(
        'POST',
        '/v1/orders',
        order(sku, 1 + (n % 4), {
          ref: `B${n}`,
          mode: 'placed',
          placedAt: `2026-03-01T0${n % 10}:00:00Z`,
          shipComplete: n === 8,
        }),
      ),
    );
  // Two that nearly no line is like: it begins later, and units were added to it.
  ok(
    await one.call(
      'POST',
      '/v1/orders',
      order('A', 2, {
        ref: 'later',
        mode: 'placed',
        customer: { name: 'Trade', class: 'trade' },
        lines: [
          {
            line: 1,
            sku: 'A',
            quantity: 2,
            price: { amount: 1000, currency: 'USD' },
            notBefore: '2026-04-01',
          },
        ],
      }),
    ),
  );
  ok(await one.call('POST', '/v1/orders/web:B2/changes', { lines: [{ line: 1, quantity: 6 }] }));
}

function ok({ status, body }: { status: number; body: unknown }): void {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
}

/** A setting as it would be after a restore: it moves every date, and nobody has planned by it yet. */
async function handleFor(days: number, { kept }: TestKept): Promise<void> {
  await withBrand(kept.db, 1, async (client) => {
    await client.query(
      `insert into policy (brand_id, name, kind, settings) values (1, 'backorder', 'backorder', $1)
       on conflict (brand_id, name) do update set settings = excluded.settings`,
      [JSON.stringify({ handlingDays: days })],
    );
    await client.query('update brand set settings_version = settings_version + 1');
  });
}

async function standing({ kept }: TestKept): Promise<unknown[]> {
  return withBrand(kept.db, 1, async (client) => {
    const read = async (text: string) => (await client.query(text)).rows;
    return [
      await read(`select o.ref, c.line, i.sku, c.kind, c.source, c.quantity from commitment c
        join customer_order o using (brand_id, order_id) join item i using (brand_id, item_id) order by 1, 2, 3, 4, 5`),
      await read(`select o.ref, p.line, p.version, p.quantity, p.ship_by, p.deliver_by, p.parts, p.change, p.reasons
        from promise p join customer_order o using (brand_id, order_id) order by 1, 2, 3`),
      await read(`select i.sku, s.ref, s.pegged, s.planned_on, s.promisable_on from supply s join item i using (brand_id, item_id)
        order by 1, 2`),
      await read('select sku, backordered from item order by 1'),
    ];
  });
}

test('a brand planned from a snapshot stands as one planned item by item', async () => {
  expect(await standing(whole)).toEqual(await standing(singly));
  for (const days of [9, 2]) {
    await handleFor(days, whole);
    await handleFor(days, singly);
    const outcome = await replan(whole.kept, 1);
    const other = await replan(singly.kept, 1, { skus: SKUS });
    expect({ ...outcome, milliseconds: 0 }).toEqual({ ...other, milliseconds: 0 });
    expect(await standing(whole)).toEqual(await standing(singly));
    expect(await faultsOf(whole.kept)).toEqual([]);
  }
});

test('planned again, nothing is written', async () => {
  await replan(whole.kept, 1);
  const rows = async () =>
    withBrand(whole.kept.db, 1, async (client) => {
      const { rows } =
        await client.query(`select 'supply' as what, sum(xmin::text::bigint) as rows from supply
        union all select 'commitment', sum(xmin::text::bigint) from commitment
        union all select 'promise', count(*) from promise union all select 'event', count(*) from event order by 1`);
      return rows;
    });
  const before = await rows();
  const outcome = await replan(whole.kept, 1);
  expect(outcome).toMatchObject({ changed: 0, promises: 0 });
  // The tied orders' items and the kit's are planned under their locks, which writes their supplies.
  expect((await rows()).filter(({ what }) => what !== 'supply')).toEqual(
    before.filter(({ what }) => what !== 'supply'),
  );
});

/** Kept in which something happens after the book was read and before its first part is written. */
function meanwhile(kept: Kept, happen: () => Promise<void>): Kept {
  let happened = false;
  return {
    ...kept,
    ids: {
      async take(brandId, kind, count) {
        if (!happened) {
          happened = true;
          await happen();
        }
        return kept.ids.take(brandId, kind, count);
      },
    },
  };
}

let handling = 9;

test.each<[string, () => Promise<void>, () => Promise<void>]>([
  [
    'a receipt',
    async () =>
      ok(
        await whole.call('POST', '/v1/purchase-orders/PO-2/receipts', {
          line: 1,
          quantity: 4,
          location: 'main',
          condition: 'sellable',
        }),
      ),
    async () => {
      const { body } = await whole.call('GET', '/v1/availability?sku=A&channel=web&quantity=1');
      expect(body.sku).toBe('A');
      const stock = await withBrand(
        whole.kept.db,
        1,
        async (client) =>
          (await client.query("select sum(received)::int as units from supply where ref = 'PO-2'")).rows[0],
      );
      expect(stock.units).toBe(4);
    },
  ],
  [
    'an order',
    async () => ok(await whole.call('POST', '/v1/orders', order('A', 1, { ref: 'new', mode: 'placed' }))),
    async () => {
      const { body } = await whole.call('GET', '/v1/orders/web:new');
      expect(body.lines[0].open).toBe(1);
    },
  ],
  [
    'a place in the queue',
    async () => {
      const { body } = await whole.call('GET', '/v1/backorders?sku=A');
      const last = body.items.at(-1);
      ok(await whole.call('PUT', `/v1/backorders/${last.id}/lock`, { reason: 'kept for the fair' }));
    },
    async () => {},
  ],
])('%s that comes while the plan is made is not lost', async (_what, happen, look) => {
  await handleFor(++handling, whole);
  await replan(meanwhile(whole.kept, happen), 1);
  await look();
  expect(await faultsOf(whole.kept)).toEqual([]);
  // What was touched meanwhile was planned by what is there: there is nothing left to do.
  expect(await replan(whole.kept, 1)).toMatchObject({ changed: 0, promises: 0 });
});
