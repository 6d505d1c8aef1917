import { OrderInput } from '@kept/contract';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../testing/brand.ts';
import { createPlaceService } from './place-service.ts';

const { url } = await testDatabase();
let one: TestKept;
/** Stands in for another process, a statement at a time. */
const other = new pg.Client({ connectionString: url });

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 100, MUG: 100 });
  await other.connect();
});
afterAll(async () => {
  expect(await faultsOf(one.kept)).toEqual([]);
  await other.end();
  await one.close();
});

const input = (sku: string, ref: string) => OrderInput.parse(order(sku, 1, { ref }));

test('a batch waits for the one before, that for another process, and that for the batch: the brand goes on selling', async () => {
  const service = createPlaceService(one.kept);
  await service.place(1, input('LAMP', 'EARLIER'));
  // The other process has written the same order, and not yet committed: the first batch will wait for it at its name.
  await other.query('begin');
  await other.query(`
    insert into customer_order
    select (jsonb_populate_record(c, '{"order_id": 900000001, "ref": "SAME"}')).* from customer_order c
    where c.brand_id = 1 and c.ref = 'EARLIER'`);
  const answers = [service.place(1, input('LAMP', 'SAME')), service.place(1, input('MUG', 'BEHIND'))];
  await other.query('savepoint here');
  while (await isFree('MUG')) await new Promise((resolve) => setTimeout(resolve, 10));
  // And now it wants what the second batch has locked.
  await other.query(`set local statement_timeout = '20s'`);
  await other.query(`select from item where sku = 'MUG' for update`);
  await other.query('rollback');
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201]);
});

/** Looked at without keeping the lock. */
async function isFree(sku: string): Promise<boolean> {
  const { rowCount } = await other.query('select from item where sku = $1 for update skip locked', [sku]);
  await other.query('rollback to savepoint here');
  return rowCount === 1;
}
