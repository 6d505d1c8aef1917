import { expect, test } from 'vitest';
import { withBrand } from './database.ts';
import { once, requestDigest } from './inbox.ts';
import { testDatabase } from './testing/database.ts';

const { db } = await testDatabase();
const at = new Date('2026-03-04T09:00:00Z');
const named = (externalId: string, content: unknown = { units: 7 }) => ({
  source: 'receipt:PO-1',
  externalId,
  content: requestDigest(content),
  at,
});

test('the same fact twice is done once, and answered alike', async () => {
  let runs = 0;
  const take = () =>
    withBrand(db, 1, (client) =>
      once(client, 1, named('r-1'), async () => ({ run: ++runs, day: '2026-03-04' })),
    );
  expect(await take()).toEqual({ run: 1, day: '2026-03-04' });
  expect(await take()).toEqual({ run: 1, day: '2026-03-04' });
});

test('two that come at once are done once', async () => {
  let runs = 0;
  const take = () =>
    withBrand(db, 1, (client) =>
      once(client, 1, named('r-2'), async () => {
        await client.query('select pg_sleep(0.05)');
        return { run: ++runs };
      }),
    );
  expect(await Promise.all([take(), take(), take()])).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
});

test('the key order of the content does not matter, its values do', async () => {
  const take = (content: unknown) =>
    withBrand(db, 1, (client) => once(client, 1, named('r-3', content), async () => 'done'));
  await take({ a: 1, b: [{ c: 2, d: 3 }] });
  expect(await take({ b: [{ d: 3, c: 2 }], a: 1 })).toBe('done');
  await expect(take({ a: 1, b: [] })).rejects.toMatchObject({ code: 'idempotency_conflict' });
});

test('work that failed leaves the name free', async () => {
  const fail = () =>
    withBrand(db, 1, (client) =>
      once(client, 1, named('r-4'), async () => {
        throw new Error('no');
      }),
    );
  await expect(fail()).rejects.toThrow('no');
  expect(await withBrand(db, 1, (client) => once(client, 1, named('r-4'), async () => 'now'))).toBe('now');
});

test('another brand may use the same name', async () => {
  const take = (brandId: number) =>
    withBrand(db, brandId, (client) => once(client, brandId, named('r-5'), async () => brandId));
  expect(await take(1)).toBe(1);
  expect(await take(2)).toBe(2);
});
