import { afterAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { saveStockLevels } from './index.ts';
import { openShop } from './testing/shop.ts';

const { db } = await testDatabase();
const shop = await openShop(db);
const { ask, kept, rows } = shop;
const adjust = (body: object, headers?: Record<string, string>) =>
  ask('POST', '/v1/stock/adjustments', { location: 'main', reason: 'found', ...body }, headers);

afterAll(async () => {
  expect(await shop.ledgerFaults()).toEqual([]);
});

test('a delta adds, a count sets, and a count that agrees moves nothing', async () => {
  const sku = await shop.item();
  expect((await adjust({ sku, delta: 5 })).body).toEqual({
    sku,
    location: 'main',
    sellable: 5,
    quality_hold: 0,
    returned: 0,
    damaged: 0,
    reserved: 0,
    held: 0,
  });
  expect((await adjust({ sku, counted: 3 })).body.sellable).toBe(3);
  expect((await adjust({ sku, counted: 3 })).body.sellable).toBe(3);
  const movements = await rows(
    'select delta, reason from stock_movement join item using (brand_id, item_id) where sku = $1 order by movement_id',
    [sku],
  );
  expect(movements).toEqual([
    { delta: 5, reason: 'stock_adjusted' },
    { delta: -2, reason: 'stock_counted' },
  ]);
});

test('a count below the reservations is never refused: the lowest-ranked loses first', async () => {
  const sku = await shop.item();
  await shop.count(sku, 5);
  await shop.order('S-1', sku, 3);
  await shop.order('S-2', sku, 2, { placedAt: '2026-03-04T08:30:00Z' });
  const { status, body } = await shop.count(sku, 3);
  expect([status, body.sellable, body.reserved]).toEqual([200, 3, 3]);
  expect([await shop.backing('S-1'), await shop.backing('S-2')]).toEqual(['3 reserved', '2 waiting']);
});

test('units that left without ever having been counted were there all the same', async () => {
  const sku = await shop.item();
  expect((await adjust({ sku, delta: -4 })).body.sellable).toBe(0);
});

test('quality hold takes units from the queue, and a release gives them back', async () => {
  const sku = await shop.item();
  await shop.count(sku, 4);
  await shop.order('S-3', sku, 4);
  const held = await adjust({ sku, from: 'sellable', to: 'quality_hold', quantity: 3, reason: 'crazing' });
  expect(held.body).toMatchObject({ sellable: 1, quality_hold: 3, reserved: 1 });
  expect(await shop.backing('S-3')).toBe('1 reserved, 3 waiting');
  const released = await adjust({ sku, from: 'quality_hold', to: 'sellable', quantity: 3 });
  expect(released.body).toMatchObject({ sellable: 4, quality_hold: 0, reserved: 4 });
  expect(await shop.backing('S-3')).toBe('4 reserved');
  expect((await shop.reasons('S-3'))[0]).toMatchObject({ code: 'released', from: 'quality_hold' });
});

test('a unit of measure is a whole number of stock units (RULES 7)', async () => {
  const sku = await shop.item({ uoms: { case: 12 } });
  expect((await adjust({ sku, delta: 2, uom: 'case' })).body.sellable).toBe(24);
  expect((await adjust({ sku, counted: 1, uom: 'case' })).body.sellable).toBe(12);
  const unknown = await adjust({ sku, delta: 1, uom: 'pallet' });
  expect([unknown.status, unknown.body.errors[0]]).toEqual([
    422,
    { path: 'uom', message: 'expected one of case' },
  ]);
  expect((await adjust({ sku, delta: 900_000_000, uom: 'case' })).status).toBe(422);
  expect((await adjust({ sku, delta: 0.5 })).status).toBe(422);
});

test.each([
  ['an unknown SKU', { sku: 'NOPE', delta: 1 }, 'unknown_sku', 'sku'],
  ['an unknown location', { sku: 'ITEM-1', delta: 1, location: 'nope' }, 'unknown_location', 'location'],
  ['neither delta nor count', { sku: 'ITEM-1' }, 'invalid_input', undefined],
  [
    'the same condition',
    { sku: 'ITEM-1', from: 'damaged', to: 'damaged', quantity: 1 },
    'invalid_input',
    'to',
  ],
])('%s is refused, with the field', async (_what, body, code, path) => {
  const answer = await adjust(body);
  expect([answer.status, answer.body.code]).toEqual([422, code]);
  if (path !== undefined) expect(answer.body.errors[0].path).toBe(path);
});

test('more than can be counted in one place is refused', async () => {
  const sku = await shop.item();
  await shop.count(sku, 10_000_000);
  expect((await adjust({ sku, delta: 1 })).status).toBe(422);
});

test('an Idempotency-Key counts once, also for two at the same moment', async () => {
  const sku = await shop.item();
  const key = { 'idempotency-key': 'adjust-1' };
  const answers = await Promise.all([adjust({ sku, delta: 5 }, key), adjust({ sku, delta: 5 }, key)]);
  expect(answers.map((one) => [one.status, one.body.sellable])).toEqual([
    [200, 5],
    [200, 5],
  ]);
  expect((await adjust({ sku, delta: 5 }, key)).body.sellable).toBe(5);
  const other = await adjust({ sku, delta: 6 }, key);
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
});

test('stock is listed by SKU and location, in pages', async () => {
  const sku = await shop.item();
  await shop.count(sku, 1);
  await shop.count(sku, 2, 'north');
  const first = await ask('GET', `/v1/stock?sku=${sku}&limit=1`);
  expect(first.body.items).toMatchObject([{ location: 'main', sellable: 1 }]);
  const second = await ask('GET', `/v1/stock?sku=${sku}&limit=1&cursor=${first.body.next}`);
  expect(second.body).toMatchObject({ items: [{ location: 'north', sellable: 2 }], next: null });
  expect((await shop.askOther('GET', '/v1/stock')).body.items).toEqual([]);
});

test('a transaction of many counts is one decision: applied, unchanged or refused each by itself', async () => {
  const [one, other] = [await shop.item(), await shop.item()];
  await shop.count(other, 7);
  await shop.order('S-4', one, 2);
  const save = () =>
    withBrand(db, 1, (client) =>
      saveStockLevels(kept, client, 1, [
        { sku: one, location: 'main', condition: 'sellable', counted: 9 },
        { sku: one, location: 'main', condition: 'damaged', counted: 1 },
        { sku: one, location: 'main', condition: 'sellable', counted: 2 },
        { sku: other, location: 'main', condition: 'sellable', counted: 7 },
        { sku: 'NOPE', location: 'main', condition: 'sellable', counted: 1 },
        { sku: one, location: 'nope', condition: 'sellable', counted: 1 },
      ]),
    );
  const states = (await save()).map((saved) => saved.state);
  expect(states).toEqual(['unchanged', 'applied', 'applied', 'unchanged', 'refused', 'refused']);
  expect((await ask('GET', `/v1/stock?sku=${one}`)).body.items[0]).toMatchObject({
    sellable: 2,
    damaged: 1,
    reserved: 2,
  });
  expect((await save()).every((saved) => saved.state !== 'applied')).toBe(true);
});

test('units that the other system has set aside for orders that are open here are stock (RULES 6)', async () => {
  const sku = await shop.item();
  await shop.order('S-5', sku, 3);
  const save = (reserved: number) =>
    withBrand(db, 1, (client) =>
      saveStockLevels(kept, client, 1, [
        { sku, location: 'main', condition: 'sellable', counted: 4, reserved },
      ]),
    );
  await save(10);
  expect((await ask('GET', `/v1/stock?sku=${sku}`)).body.items[0]).toMatchObject({
    sellable: 7,
    reserved: 3,
  });
  await save(1);
  expect((await ask('GET', `/v1/stock?sku=${sku}`)).body.items[0]).toMatchObject({
    sellable: 5,
    reserved: 3,
  });
});
