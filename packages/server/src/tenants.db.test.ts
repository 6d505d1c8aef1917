import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKey } from './accounts/index.ts';
import { foldBook } from './book/index.ts';
import { NOTHING_OUTGOING, tell } from './comms/index.ts';
import { decideDue } from './due.ts';
import { startDueForecasts, workForecasts } from './planning/index.ts';
import { tablesOfBrands } from './platform/catalogue-store.ts';
import { withBrand } from './platform/database.ts';
import { testDatabase } from './platform/testing/database.ts';
import { givenShop, purchaseOrder, type TestKept, testKept } from './testing/brand.ts';
import { chanceOf, type Names, type Operation, operationsOf, samplerOf } from './testing/sampler.ts';

/** Stands in everything that the first brand knows, and in nothing that the second sends. */
const SECRET = 'Zanzibar';

const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url });
let one: TestKept;
let strangersKey: string;
let operations: Operation[];
let names: Names;

beforeAll(async () => {
  await owner.connect();
  one = await testKept(url);
  await withBrand(one.kept.db, 2, (client) =>
    client.query(
      `insert into brand (brand_id, title, time_zone, currency, created_at) values (2, 'Other', 'UTC', 'USD', now())`,
    ),
  );
  strangersKey = await createKey(one.kept, 2, 'stranger');
  // The stream has no end to wait for: its own test asks it as another brand.
  operations = operationsOf((await one.call('GET', '/openapi.json')).body).filter(
    ({ path }) => path.startsWith('/v1/') && path !== '/v1/stream',
  );
  await givenMuch();
  names = await namesOf(1);
}, 120_000);
afterAll(async () => {
  await one.close();
  await owner.end();
});

/** A brand with something behind every kind of name. */
async function givenMuch(): Promise<void> {
  const must = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await one.call(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
  await givenShop(one, { LAMP: 3, VASE: 0 });
  const price = { amount: 1000, currency: 'USD' };
  for (const sku of ['LAMP', 'VASE'])
    await must('PUT', `/v1/items/${sku}`, {
      title: `${SECRET} ${sku}`,
      price,
      supplier: 'acme',
      cost: price,
    });
  await must('PUT', '/v1/suppliers/acme', { title: `${SECRET} Supplies` });
  for (const [ref, sku] of [
    ['PO-1', 'LAMP'],
    ['PO-2', 'VASE'],
  ] as const)
    await must('PUT', `/v1/purchase-orders/${ref}`, purchaseOrder(sku, 40, '2026-03-25'));
  for (const ref of ['1001', '1002', '1003'])
    await must('POST', '/v1/orders', {
      ref,
      channel: 'web',
      placedAt: '2026-03-02T08:00:00Z',
      customer: { name: `${SECRET} ${ref}`, email: `${SECRET}@example.com` },
      shipTo: { country: 'US' },
      lines: [{ line: 1, sku: 'LAMP', quantity: 4, price }],
    });
  await must('POST', '/v1/holds', { sku: 'VASE', quantity: 1, channel: 'web', ttlSeconds: 600 });
}

/** What the names of a brand are: a brand’s own API is asked as little as possible for them. */
async function namesOf(brandId: number): Promise<Names> {
  const list = async (sql: string) =>
    (
      await owner.query(
        `select distinct (${sql})::text as name from ${sql.split('.')[0]!} where brand_id = $1`,
        [brandId],
      )
    ).rows.map(({ name }) => String(name));
  const orders = (await list('customer_order.ref')).map((ref) => `web:${ref}`);
  const ids = await list('customer_order.order_id');
  return {
    sku: ['LAMP', 'VASE'],
    items: ['LAMP', 'VASE'],
    channel: ['web'],
    channels: ['web'],
    code: ['web', 'main', 'acme'],
    location: ['main'],
    locations: ['main'],
    supplier: ['acme'],
    suppliers: ['acme'],
    purchaseOrder: ['PO-1', 'PO-2'],
    'purchase-orders': ['PO-1', 'PO-2'],
    order: [...orders, ...ids],
    orders: [...orders, ...ids],
    line: [1],
    holds: await list('hold.hold_id'),
    backorders: ids.map((id) => `${id}-1`),
    signals: await list('signal.signal_id'),
    language: ['en', 'de'],
    timeZone: ['Europe/London'],
    currency: ['USD'],
  };
}

/** A digest of every table of a brand, as the owner of the database sees it. */
async function pictureOf(brandId: number): Promise<Record<string, string>> {
  const picture: Record<string, string> = {};
  for (const table of await tablesOfBrands(owner)) {
    // Written behind the answers, by whoever asked: looked at apart.
    if (table === 'access') continue;
    const { rows } = await owner.query(
      `select count(*)::int as n, md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as digest
       from ${pg.escapeIdentifier(table)} t where brand_id = $1`,
      [brandId],
    );
    picture[table] = `${rows[0].n} ${rows[0].digest}`;
  }
  return picture;
}

/** Every route, some times over, with names that are the first brand’s. */
async function askEverything(key: string | null, seed: number, rounds: number) {
  const sampler = samplerOf(chanceOf(seed), names);
  const answers: { route: string; status: number; text: string }[] = [];
  for (let round = 0; round < rounds; round++)
    for (const operation of operations) {
      if (operation.path === '/v1/clock' || operation.path === '/v1/session') continue;
      const { path, body } = sampler.request(operation);
      const headers = {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(operation.method === 'POST' ? { 'idempotency-key': `${operation.path} ${round}` } : {}),
      };
      const { status, body: told } = await one.call(operation.method, path, body, headers);
      answers.push({ route: `${operation.method} ${operation.path}`, status, text: JSON.stringify(told) });
    }
  return answers;
}

const routesWith = (
  answers: readonly { route: string; status: number }[],
  wanted: (status: number) => boolean,
) => new Set(answers.filter(({ status }) => wanted(status)).map(({ route }) => route));

test('with another brand’s ids, names and Idempotency-Keys nobody sees or changes anything of it', async () => {
  // First its own people, so that there is something behind the names, and the samples are seen to be good ones.
  const own = await askEverything(null, 1, 4);
  const served = routesWith(own, (status) => status < 300);
  expect(routesWith(own, (status) => status >= 500)).toEqual(new Set());
  expect(served.size / operations.length).toBeGreaterThan(0.6);
  names = await namesOf(1);
  const before = await pictureOf(1);
  expect(Object.values(before).filter((table) => !table.startsWith('0 ')).length).toBeGreaterThan(30);

  const strangers = await askEverything(strangersKey, 2, 4);
  expect(routesWith(strangers, (status) => status >= 500)).toEqual(new Set());
  expect(strangers.filter(({ text }) => text.includes(SECRET))).toEqual([]);
  expect(await pictureOf(1)).toEqual(before);
  const { rows } = await owner.query(`select from access where brand_id = 1 and actor = 'key:stranger'`);
  expect(rows).toEqual([]);
}, 300_000);

test('the jobs of one brand leave the other as it is', async () => {
  const before = await pictureOf(1);
  one.clock.set(new Date('2026-05-04T09:00:00Z'));
  await startDueForecasts(one.kept, 2);
  await workForecasts(one.kept, 2);
  await decideDue(one.kept, 2);
  await tell(one.kept, 2, NOTHING_OUTGOING);
  await foldBook(one.kept, 2);
  expect(await pictureOf(1)).toEqual(before);

  const others = await pictureOf(2);
  await startDueForecasts(one.kept, 1);
  await workForecasts(one.kept, 1);
  await decideDue(one.kept, 1);
  await tell(one.kept, 1, NOTHING_OUTGOING);
  await foldBook(one.kept, 1);
  expect(await pictureOf(2)).toEqual(others);
  expect(await pictureOf(1)).not.toEqual(before);
}, 120_000);
