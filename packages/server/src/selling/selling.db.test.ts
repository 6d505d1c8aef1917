import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { decideDue } from '../due.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, order, testKept } from '../testing/brand.ts';

const { url } = await testDatabase();
const shop = await testKept(url);
const other = await testKept(url, shop.clock);
await givenShop(shop, { PRINT: 1, POSTER: 9, SKETCH: 9, BASKET: 0, LINOCUT: 3 });
afterAll(async () => {
  expect(await faultsOf(shop.kept)).toEqual([]);
  await other.close();
  await shop.close();
});

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
const ok = async (method: string, path: string, body?: unknown): Promise<any> => {
  const answer = await shop.call(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
for (const sku of ['PRINT', 'POSTER', 'SKETCH', 'LINOCUT'])
  await ok('PUT', `/v1/items/${sku}`, {
    title: sku,
    price: { amount: 1000, currency: 'USD' },
    policy: 'drop',
  });

const inMinutes = (minutes: number) => new Date(shop.clock.now().getTime() + minutes * 60_000).toISOString();
const drop = (sku: string, more: object = {}) => ({
  sku,
  channel: 'web',
  units: 1,
  method: 'draw',
  closesAt: inMinutes(10),
  offerMinutes: 60,
  ...more,
});
const pass = (minutes: number) => shop.clock.set(new Date(inMinutes(minutes)));
const codes = (answers: readonly { status: number }[]) => answers.map(({ status }) => status).sort();

test('two that open a drop of one name at once: one does, and the other is told', async () => {
  const answers = await Promise.all([
    shop.call('PUT', '/v1/drops/spring', drop('POSTER')),
    other.call('PUT', '/v1/drops/spring', drop('SKETCH')),
  ]);
  expect(codes(answers)).toEqual([201, 409]);
});

test('the last unit of a drop goes to one of two orders that name its offer, whoever asks where', async () => {
  await ok('PUT', '/v1/drops/print', drop('PRINT'));
  const joined = await Promise.all(
    [shop, other, shop, other].map((one) =>
      one.call('POST', '/v1/drops/print/entries', { email: 'ada@example.com' }),
    ),
  );
  expect(new Set(joined.map(({ body }) => body.entry)).size).toBe(1);
  await ok('POST', '/v1/drops/print/entries', { email: 'ben@example.com' });
  pass(11);
  const draws = await Promise.all(
    [shop, other].map((one) => one.call('POST', '/v1/drops/print/draw', { beacon: '3 14 15' })),
  );
  expect(codes(draws)).toEqual([200, 409]);
  const draw = await ok('GET', '/v1/drops/print/draw');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(sha256(draw.seed)).toBe((await ok('GET', '/v1/drops/print')).seedDigest);
  const tickets: string[] = draw.ranking.map((one: { entry: string }) => one.entry);
  expect(sha256([...tickets].sort().join('\n'))).toBe(draw.entriesDigest);
  const scores = tickets.map((one) => sha256([draw.seed, draw.entriesDigest, '3 14 15', one].join('\n')));
  expect(scores).toEqual([...scores].sort());
  const { hold } = await ok('GET', `/v1/drops/print/entries/${tickets[0]}`);
  const asked = (body: object) => ({ ...body, placedAt: shop.clock.now().toISOString() });
  const lines = [{ line: 1, sku: 'PRINT', quantity: 1, price: { amount: 1000, currency: 'USD' }, hold }];
  const orders = await Promise.all(
    [shop, other].map((one) => one.call('POST', '/v1/orders', asked(order('PRINT', 1, { lines })))),
  );
  expect(codes(orders)).toEqual([201, 409]);
  await decideDue(shop.kept, 1);
  expect(await ok('GET', '/v1/drops/print')).toMatchObject({ state: 'done', taken: 1, offered: 0 });
});

test('a list is as long as it gets, and each has a number of their own', async () => {
  await ok('PUT', '/v1/drops/linocut', drop('LINOCUT', { units: 3 }));
  const joined = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      (n % 2 ? shop : other).call('POST', '/v1/drops/linocut/entries', { email: `n${n}@example.com` }),
    ),
  );
  const numbers = joined.map(({ body }) => body.number).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
  const { entry } = joined[7]!.body;
  expect(await ok('GET', `/v1/drops/linocut/entries/${entry}`)).toEqual(joined[7]!.body);
});

test.each([
  ['nobody could join', { closesAt: '2026-03-02T08:59:59Z' }, 'closesAt'],
  ['nobody could be offered what each may have', { units: 3, each: 5 }, 'each'],
])('a drop where %s is refused', async (_, more, path) => {
  const { status, body } = await shop.call('PUT', '/v1/drops/odd', drop('SKETCH', more));
  expect({ status, paths: body.errors.map((one: { path: string }) => one.path) }).toEqual({
    status: 422,
    paths: [path],
  });
});

test.each([
  ['a key of a brand that is not there', `kept_pub_999999999_${'a'.repeat(32)}`],
  ['a key of no brand', `kept_pub_0_${'a'.repeat(32)}`],
  ['a key that was made up', `kept_pub_1_${'a'.repeat(32)}`],
])('%s opens nothing, and is told so', async (_, key) => {
  const asked = await shop.call('GET', `/storefront/v1/availability?key=${key}&sku=BASKET`);
  const left = await shop.call('POST', '/storefront/v1/waitlist', { key, sku: 'PRINT', email: 'a@b.co' });
  expect(codes([asked, left])).toEqual([401, 401]);
});

test.each(['zzzzzz', 'zzzzzzz', '2'])(
  'a link that names brand %s, which is not there, is none of ours',
  async (brand) => {
    const { status, body } = await shop.call('GET', `/b/${brand}-${'a'.repeat(32)}`);
    expect(status).toBe(404);
    expect(body).toContain('This link is not');
  },
);
