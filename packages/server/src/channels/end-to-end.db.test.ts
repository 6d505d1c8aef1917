import { afterAll, beforeAll, expect, test } from 'vitest';
import { CRATE } from '../erp/testing/buying.ts';
import { faultsOf } from '../testing/brand.ts';
import type { SimulatedOrder } from './amazon/simulator/world.ts';
import { currentOf, type SimOrder } from './shopify/simulator/state.ts';
import { MUG_AT_NORTH, threeChannels } from './testing/three-channels.ts';

/** On the shelf at first, and in the purchase order. */
const SHELF = 12;
const CRATES = 5;

let world: Awaited<ReturnType<typeof threeChannels>>;
let purchase: ReturnType<(typeof world)['buying']['order']>;
const sold = {} as Record<'here' | 'waits' | 'switches' | 'cancels', SimOrder>;
let atAmazon: SimulatedOrder;
let restockBefore: string;

beforeAll(async () => {
  world = await threeChannels();
  purchase = world.buying.order([{ sku: 'MUG', quantity: CRATES, on: '2026-03-05' }]);
  await world.connect();
  for (const [sku, counted] of [
    ['MUG', SHELF],
    ['CUP', 20],
  ] as const)
    await world.done('POST', '/v1/stock/adjustments', { sku, location: 'main', counted, reason: 'count' });
  world.shop.move(world.mug.item, world.warehouse.id, 'available', SHELF);
  world.shop.move(world.cup.item, world.warehouse.id, 'available', 20);
  await world.done('PUT', '/v1/items/MUG', {
    title: 'MUG',
    price: { amount: 1000, currency: 'USD' },
    alternatives: ['CUP'],
  });
  world.amazon.shop.list({ sku: 'MUG' });
  await world.work();
});
afterAll(() => world.close());

const nameOf = (one: SimOrder) => `web:${one.name}`;
const order = (name: string) => world.done('GET', `/v1/orders/${encodeURIComponent(name)}`);
const NORTH = 'wholesale:north-PO-1';
const listing = () => world.amazon.world.listings.get('MUG')!;
const told = () => world.partner.told.get('PO-1/1');
const mailsTo = (address: string) =>
  world.post.mails.filter((mail) => [mail.to].flat()[0]?.value[0]?.address === address);
const promisedOf = async (name: string) => (await order(name)).lines[0].promise?.shipBy as string;

/** What a customer reads leads to a page of their own; this is its path. */
function pageOf(address: string): string {
  const link = mailsTo(address)
    .map((mail) => /https:\/\/orders\.ember\.example(\/c\/[\w.-]+)/.exec(mail.text ?? '')?.[1])
    .findLast((one) => one !== undefined);
  if (link === undefined) throw new Error(`no link was sent to ${address}`);
  return link;
}

/** Every system says of its orders, units and days what Kept says of them. */
async function agree(): Promise<void> {
  for (const one of world.shop.orders) {
    const wanted = (await order(nameOf(one))).lines
      .map((line: { sku: string; ordered: number; cancelled: number; shipped: number }) => ({
        sku: line.sku,
        wanted: line.ordered - line.cancelled,
        shipped: line.shipped,
      }))
      .filter((line: { wanted: number }) => line.wanted > 0);
    const there = one.lines
      .map((line) => ({ sku: line.variant.sku, wanted: currentOf(line), shipped: line.fulfilled }))
      .filter((line) => line.wanted > 0);
    expect({ name: one.name, lines: wanted }).toEqual({ name: one.name, lines: there });
  }
  const [amazonLine] = (await order(`amazon-us:${atAmazon.orderId}`)).lines;
  expect(amazonLine).toMatchObject({
    ordered: atAmazon.items[0]!.quantity,
    shipped: atAmazon.items[0]!.fulfilled,
  });
  const [northLine] = (await order(NORTH)).lines;
  expect(world.partner.shipped.get('PO-1/1') ?? 0).toBe(northLine.shipped);
  const days = (told() ?? []).flatMap(([, units, day]) => (day === '' ? [] : [`${units} ${day}`]));
  const promised = (northLine.promise?.parts ?? []).map(
    (part: { quantity: number; shipBy: string }) => `${part.quantity} ${part.shipBy.replaceAll('-', '')}`,
  );
  if (northLine.open > 0) expect(days).toEqual(promised);

  const offer = (channel: string) =>
    world.done('GET', `/v1/availability?sku=MUG&channel=${channel}&quantity=200`);
  const web = await offer('web');
  const published = JSON.parse(world.mug.metafields.get('availability')!);
  const units = (parts: readonly { quantity: number; shipBy: string }[]) =>
    parts.map(({ quantity, shipBy }) => ({ quantity, shipBy }));
  expect({ now: published.now, later: published.later }).toEqual({ now: web.now, later: units(web.later) });
  expect(world.mug.inventoryPolicy).toBe(web.later.length > 0 ? 'CONTINUE' : 'DENY');
  const amazon = await offer('amazon-us');
  expect(listing().quantity).toBe(amazon.now > 0 ? amazon.now : (amazon.later[0]?.quantity ?? 0));
  expect(world.partner.availability.get(MUG_AT_NORTH)).toBe((await offer('wholesale')).now);

  const [line] = (await world.done('GET', `/v1/purchase-orders/PUR-ORD-2026-${purchase.id}`)).lines;
  const [bought] = purchase.lines;
  expect(line).toMatchObject({
    ordered: bought!.quantity * CRATE,
    received: bought!.received * CRATE,
    expectedOn: bought!.on,
  });
  expect(world.partner.complaints).toEqual([]);
  expect(world.amazon.violations).toEqual([]);
  for (const one of (await world.done('GET', '/v1/connections')).items) {
    expect(one, one.name).toMatchObject({
      state: 'active',
      trouble: null,
      waiting: { refusedFacts: 0, refusedActions: 0, actions: 0 },
    });
    for (const stream of one.streams)
      expect(stream, `${one.name} ${stream.stream}`).toMatchObject({ trouble: null });
  }
  expect(await faultsOf(world.kept.kept)).toEqual([]);
}

test('three channels sell one item at once, and what can be promised is shared out once', async () => {
  const { shop, mug } = world;
  sold.here = shop.buy([{ variant: mug, quantity: 6 }], { email: 'here@example.com' });
  sold.waits = shop.buy([{ variant: mug, quantity: 10 }], { email: 'waits@example.com' });
  sold.switches = shop.buy([{ variant: mug, quantity: 2 }], { email: 'switches@example.com' });
  sold.cancels = shop.buy([{ variant: mug, quantity: 5 }], { email: 'cancels@example.com' });
  atAmazon = world.amazon.shop.sell({
    items: [{ sku: 'MUG', quantity: 4 }],
    shipBy: '2026-04-10T06:59:59Z',
  });
  await world.partner.order('PO-1', [{ line: '1', quantity: 20, number: MUG_AT_NORTH }]);
  await world.work();
  const names = [...Object.values(sold).map(nameOf), `amazon-us:${atAmazon.orderId}`, NORTH];
  let backed = 0;
  for (const name of names)
    for (const { kind, quantity } of (await order(name)).lines[0].commitments)
      if (kind !== 'waiting') backed += quantity;
  expect(backed).toBe(47);
  restockBefore = listing().restockOn!;
  expect(restockBefore > '2026-03-05').toBe(true);
  await agree();
});

test('its purchase order slips in the ERP: customers are told, the partner by an 865, Amazon by the restock date', async () => {
  const before = { waits: await promisedOf(nameOf(sold.waits)), north: told() };
  purchase.lines[0]!.on = '2026-03-19';
  world.buying.touch(purchase, purchase.lines[0]);
  await world.work(6);
  expect((await promisedOf(nameOf(sold.waits))) > before.waits).toBe(true);
  for (const address of ['waits', 'switches', 'cancels'])
    expect(mailsTo(`${address}@example.com`).map((mail) => mail.subject)).not.toEqual([]);
  expect(told()).not.toEqual(before.north);
  expect(world.partner.sets).toContain('865');
  expect(listing().restockOn! > restockBefore).toBe(true);
  await agree();
});

test('one takes another item, one cancels and has the money back in the shop', async () => {
  const choose = (address: string, choice: Record<string, unknown>) =>
    world.done('POST', `${pageOf(`${address}@example.com`)}/choice`, { ...choice, confirmed: true });
  const [{ line }] = (await order(nameOf(sold.switches))).lines;
  await choose('switches', { choice: 'switch', line, sku: 'CUP' });
  await choose('cancels', { choice: 'cancel' });
  await world.work(8);
  expect(sold.switches.lines.map((one) => `${currentOf(one)} ${one.variant.sku}`)).toEqual([
    '0 MUG',
    '2 CUP',
  ]);
  expect(sold.cancels.cancelledAt).not.toBeNull();
  const back = sold.cancels.transactions.filter((one) => one.kind === 'REFUND');
  expect(back.map((one) => one.amount)).toEqual(['50.00']);
  await agree();
});

test('the stock arrives and is received in the ERP: what waited is released, leaves, and is known everywhere', async () => {
  purchase.lines[0]!.received = CRATES;
  world.buying.touch(purchase, purchase.lines[0]);
  world.shop.move(world.mug.item, world.warehouse.id, 'available', CRATES * CRATE);
  await world.work();
  const held = world.shop.fulfillmentOrders.find((one) => one.order === sold.waits.id)!;
  expect(held.status).toBe('ON_HOLD');
  for (const { order: name } of (await world.done('GET', '/v1/releases')).items)
    await world.done('POST', `/v1/releases/${encodeURIComponent(name)}/approve`);
  await world.work();
  expect(held.status).toBe('OPEN');
  for (const one of [sold.here, sold.waits, sold.switches]) world.shop.fulfil(one);
  for (const name of [`amazon-us:${atAmazon.orderId}`, NORTH]) {
    const [{ line, open }] = (await order(name)).lines;
    await world.done('POST', `/v1/orders/${encodeURIComponent(name)}/shipments`, {
      lines: [{ line, quantity: open }],
      carrier: 'UPS',
      tracking: `1Z-${open}`,
    });
  }
  await world.work(8);
  expect(atAmazon).toMatchObject({ status: 'SHIPPED', packages: [{ trackingNumber: '1Z-4' }] });
  expect(world.partner.shipped.get('PO-1/1')).toBe(20);
  // Sold: 6 + 10 in the shop, 4 at Amazon, 20 to the partner.
  const left = SHELF + CRATES * CRATE - 40;
  const stock = (await world.done('GET', '/v1/items/MUG')).stock as { sellable: number }[];
  expect(stock.reduce((sum, one) => sum + one.sellable, 0)).toBe(left);
  expect(listing()).toMatchObject({ quantity: left, leadTimeDays: 2 });
  expect(listing().restockOn).toBeUndefined();
  await agree();
});
