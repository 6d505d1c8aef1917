import { OrderInput } from '@kept/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../testing/brand.ts';
import { createPlaceService } from './place-service.ts';

const { url } = await testDatabase();
let first: TestKept;
let second: TestKept;

beforeAll(async () => {
  first = await testKept(url);
  second = await testKept(url);
  await givenShop(first, { SCARCE: 150, PLENTY: 1000 });
});
afterAll(async () => {
  expect(await faultsOf(first.kept)).toEqual([]);
  await first.close();
  await second.close();
});

/** More than a crowd, so that they are recorded before they are decided. */
const crowd = (sku: string, count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => OrderInput.parse(order(sku, 1, { ref: `${prefix}-${index}` })));

const outcome = (placed: Promise<{ status: number; order: { id: string } }>) =>
  placed.then(
    ({ status, order: { id } }) => ({ status, id }),
    (error: unknown) => ({ status: error instanceof KeptError ? error.status : 500, id: null }),
  );

async function count(sql: string): Promise<number> {
  const { rows } = await withBrand(first.kept.db, 1, (client) => client.query(sql));
  return rows[0].count;
}

test('of a crowd, who came first is served and the others are refused, and of these nothing is left but the event', async () => {
  const service = createPlaceService(first.kept);
  const answers = await Promise.all(
    crowd('SCARCE', 400, 'scarce').map((one) => outcome(service.place(1, one))),
  );
  expect(answers.map(({ status }) => status)).toEqual([
    ...new Array(150).fill(201),
    ...new Array(250).fill(409),
  ]);
  const named = "ref like 'scarce-%'";
  expect(await count(`select count(*)::int from customer_order where ${named}`)).toBe(150);
  const events = (kind: string) =>
    count(`select count(*)::int from event where kind = '${kind}' and data::json ->> 'ref' like 'scarce-%'`);
  expect([await events('order.placed'), await events('order.refused')]).toEqual([150, 250]);
});

test('the same crowd at once through two processes, in opposite order, is one of each', async () => {
  const orders = crowd('PLENTY', 300, 'twice');
  const services = [first, second].map(({ kept }) => createPlaceService(kept));
  const [there, back] = await Promise.all([
    Promise.all(orders.map((one) => outcome(services[0]!.place(1, one)))),
    Promise.all(orders.toReversed().map((one) => outcome(services[1]!.place(1, one)))),
  ]);
  back.reverse();
  expect(there.map(({ id }) => id)).toEqual(back.map(({ id }) => id));
  for (const [index, { status }] of there.entries())
    expect([status, back[index]!.status].toSorted()).toEqual([200, 201]);
});
