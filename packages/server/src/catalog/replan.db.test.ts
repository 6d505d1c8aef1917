import { afterAll, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { openShop } from '../supply/testing/shop.ts';
import { saveLocations } from './index.ts';

const { db } = await testDatabase();
const shop = await openShop(db);
const { ask, put, kept } = shop;
const price = { amount: 1000, currency: 'GBP' };
const everyDay = { workdays: [1, 2, 3, 4, 5, 6, 7] };

afterAll(async () => {
  expect(await shop.ledgerFaults()).toEqual([]);
});

test('a location that closes backs nothing, and does again when it opens', async () => {
  const sku = await shop.item();
  await shop.count(sku, 5);
  await shop.buy('PO-1', sku, 5, '2026-04-01');
  await shop.order('A-1', sku, 7);
  expect(await shop.backing('A-1')).toBe('5 reserved, 2 pegged 2026-04-01');
  await put('/v1/locations/main', { title: 'Main', calendar: everyDay, closed: true });
  expect(await shop.backing('A-1')).toBe('7 waiting');
  await put('/v1/locations/main', { title: 'Main', calendar: everyDay });
  expect(await shop.backing('A-1')).toBe('5 reserved, 2 pegged 2026-04-01');
  expect((await shop.reasons('A-1'))[0]).toMatchObject({ code: 'location_changed', location: 'main' });
});

test('a location that no longer serves a channel frees what it reserved for it', async () => {
  const sku = await shop.item();
  await shop.count(sku, 5, 'north');
  await shop.order('A-2', sku, 5);
  await put('/v1/locations/north', { title: 'North', calendar: everyDay, channels: ['wholesale'] });
  expect(await shop.backing('A-2')).toBe('5 waiting');
  await put('/v1/locations/north', { title: 'North', calendar: everyDay });
  expect(await shop.backing('A-2')).toBe('5 reserved');
});

test('settings that were rolled back are nobody’s', async () => {
  const sku = await shop.item();
  await shop.count(sku, 5);
  await shop.order('A-3', sku, 5);
  const failing = withBrand(db, 1, async (client) => {
    await saveLocations(kept, client, 1, [{ code: 'main', title: 'Main', closed: true }]);
    throw new Error('the power went');
  });
  await expect(failing).rejects.toThrow('the power went');
  // Another change comes to the same count of changes; a process that remembered the first would still see a closed location.
  await put('/v1/locations/main', { title: 'Main street', calendar: everyDay });
  expect((await shop.count(sku, 6)).body).toMatchObject({ sellable: 6, reserved: 5 });
  expect(await shop.backing('A-3')).toBe('5 reserved');
});

test('a policy’s days move the dates of its items', async () => {
  const slow = { kind: 'backorder', bufferDays: { placed: 0 }, receivingDays: 0, longestWaitDays: 365 };
  await put('/v1/policies/slow', slow);
  const sku = await shop.item({ policy: 'slow' });
  await shop.buy('PO-4', sku, 5, '2026-04-01');
  await shop.order('A-4', sku, 5);
  expect(await shop.backing('A-4')).toBe('5 pegged 2026-04-01');
  await put('/v1/policies/slow', { ...slow, receivingDays: 9 });
  expect(await shop.backing('A-4')).toBe('5 pegged 2026-04-10');
  expect((await shop.reasons('A-4'))[0]).toMatchObject({ code: 'policy_changed', policy: 'slow' });
  await put(`/v1/items/${sku}`, { title: sku, price });
  expect(await shop.backing('A-4')).toBe('5 pegged 2026-04-01');
});

test('the brand’s calendar moves what leaves from locations without one of their own', async () => {
  const brand = { title: 'Wren', timeZone: 'Europe/London', currency: 'GBP', country: 'GB' };
  await put('/v1/locations/yard', { title: 'Yard' });
  const sku = await shop.item();
  await put('/v1/purchase-orders/PO-5', {
    supplier: 'kiln',
    placedOn: '2026-02-01',
    stage: 'placed',
    lines: [{ line: 1, sku, quantity: 5, expectedOn: '2026-04-03', location: 'yard' }],
  });
  await shop.order('A-5', sku, 5);
  expect(await shop.backing('A-5')).toBe('5 pegged 2026-04-03');
  await put('/v1/brand', { ...brand, calendar: { holidays: ['2026-04-03', '2026-04-06'] } });
  expect(await shop.backing('A-5')).toBe('5 pegged 2026-04-07');
  await put('/v1/brand', brand);
});

test('a channel’s limits count what it has open and shipped in the period, kits by their component', async () => {
  const sku = await shop.item();
  const kit = await shop.item({ components: [{ sku, quantity: 3 }] });
  await shop.count(sku, 40);
  await shop.order('A-6', sku, 4);
  await shop.order('A-7', kit, 2);
  await shop.order('A-8', sku, 5, { placedAt: '2026-02-28T08:00:00Z' });
  await shop.order('A-9', sku, 7, { channel: 'wholesale' });
  const { body } = await put(`/v1/items/${sku}/channels/web`, { maximum: 12, from: '2026-03-01' });
  expect(body.committed).toBe(10);
  expect((await put(`/v1/items/${sku}/channels/web`, { maximum: 12 })).body.committed).toBe(15);
});

test('an item that is protected for a channel leaves the others waiting', async () => {
  const sku = await shop.item();
  await shop.count(sku, 5);
  await put(`/v1/items/${sku}/channels/wholesale`, { protected: 4 });
  await shop.order('A-10', sku, 3);
  expect(await shop.backing('A-10')).toBe('1 reserved, 2 waiting');
  await put(`/v1/items/${sku}/channels/wholesale`, { protected: 2 });
  expect(await shop.backing('A-10')).toBe('3 reserved');
});

test('settings, items, orders and stock may all change at once', async () => {
  const skus = await Promise.all(Array.from({ length: 4 }, () => shop.item()));
  const answers = await Promise.all(
    skus.flatMap((sku, index) => [
      shop.count(sku, 10),
      shop.buy(`PO-C-${index}`, sku, 5, '2026-04-01', { supplier: `s-${index % 2}` }),
      shop.order(`C-${index}`, sku, 12),
      put('/v1/locations/main', { title: `Main ${index}`, calendar: everyDay, cutOff: `1${index}:00` }),
      put(`/v1/suppliers/s-${index % 2}`, { title: 'S', status: index > 1 ? 'abandoned' : 'active' }),
      put(`/v1/items/${sku}`, { title: sku, price, leadTimeDays: index }),
    ]),
  );
  expect(answers.every(({ status }) => status < 300)).toBe(true);
  const broken = await shop.rows(
    `select c.item_id from commitment c join order_line l using (brand_id, order_id, line)
     group by c.item_id, c.order_id, c.line, l.ordered, l.shipped, l.cancelled
     having sum(c.quantity) <> l.ordered - l.shipped - l.cancelled and not exists (
       select from order_line_component k where k.order_id = c.order_id and k.line = c.line)`,
  );
  expect(broken).toEqual([]);
  expect((await ask('GET', '/v1/items')).status).toBe(200);
});
