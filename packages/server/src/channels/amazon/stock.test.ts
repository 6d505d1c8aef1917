import { expect, test } from 'vitest';
import { inventoryChanges } from './fba-inventory.ts';
import { inboundChanges } from './inbound.ts';
import { listingChanges } from './listings.ts';
import { publish } from './publish.ts';
import { factsIn, openAmazon, promisable } from './testing/amazon.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test('Amazon’s stock: fulfillable is sellable, what is kept for orders goes along, units on the way between warehouses are neither', async () => {
  const it = await openAmazon();
  it.simulator.shop.count({
    sellerSku: 'MUG',
    fulfillable: 10,
    pendingCustomerOrder: 3,
    transshipment: 4,
    processing: 1,
    unfulfillable: 2,
  });
  it.pass(2 * HOUR);
  const read = await it.readAll((cursor) => inventoryChanges(it.amazon, cursor));
  expect(factsIn(read.pages)).toMatchObject([
    { kind: 'stock', sku: 'MUG', location: 'fba-us', condition: 'sellable', counted: 10, reserved: 3 },
    { kind: 'stock', sku: 'MUG', location: 'fba-us', condition: 'damaged', counted: 2 },
  ]);
  it.pass(2 * HOUR);
  it.simulator.shop.count({ sellerSku: 'LAMP', fulfillable: 1 });
  const news = await it.readAll((cursor) => inventoryChanges(it.amazon, cursor), read.cursor);
  expect(factsIn(news.pages)).toMatchObject([
    { sku: 'LAMP', counted: 1 },
    { sku: 'LAMP', counted: 0 },
  ]);
});

test('an item with two seller SKUs has the sum of both, whichever changed', async () => {
  const it = await openAmazon({ settings: { skus: { 'MUG-A': 'MUG', 'MUG-B': 'MUG' } } });
  it.simulator.shop.count({ sellerSku: 'MUG-A', fulfillable: 10 });
  it.simulator.shop.count({ sellerSku: 'MUG-B', fulfillable: 4 });
  const read = await it.readAll((cursor) => inventoryChanges(it.amazon, cursor));
  it.pass(2 * HOUR);
  it.simulator.shop.count({ sellerSku: 'MUG-B', fulfillable: 5 });
  const news = await it.readAll((cursor) => inventoryChanges(it.amazon, cursor), read.cursor);
  for (const [pages, counted] of [
    [read.pages, 14],
    [news.pages, 15],
  ] as const)
    expect(factsIn(pages)[0]).toMatchObject({ sku: 'MUG', condition: 'sellable', counted });
});

test('pages whose token ends after thirty seconds are walked again, and nothing is left out', async () => {
  const it = await openAmazon();
  for (let item = 0; item < 120; item++)
    it.simulator.shop.count({ sellerSku: `ITEM-${item}`, fulfillable: item });
  const seen = new Set<string>();
  let slow = true;
  for await (const page of inventoryChanges(it.amazon, null)) {
    for (const fact of page.facts) seen.add(fact.externalId);
    if (slow) it.pass(MINUTE);
    slow = false;
  }
  expect(seen.size).toBe(240);
});

test('shipments to Amazon are supply with the last day of their window, until they are in its stock', async () => {
  const it = await openAmazon();
  const { shop, world } = it.simulator;
  const window = { start: '2026-03-20T08:00:00Z', end: '2026-03-22T20:00:00Z' };
  const plan = shop.plan([
    { status: 'WORKING', items: [{ msku: 'MUG', quantity: 40 }], window },
    {
      status: 'IN_TRANSIT',
      items: [
        { msku: 'LAMP', quantity: 10 },
        { msku: 'LAMP', quantity: 2 },
      ],
      readyBy: '2026-03-04T08:00:00Z',
    },
  ]);
  const read = await it.readAll((cursor) => inboundChanges(it.amazon, cursor));
  const [first, second] = plan.shipments as [(typeof plan.shipments)[0], (typeof plan.shipments)[0]];
  expect(factsIn(read.pages)).toMatchObject([
    {
      kind: 'supply',
      ref: `${first.confirmationId}/MUG`,
      supply: {
        kind: 'transfer',
        location: 'fba-us',
        quantity: 40,
        stage: 'placed',
        expectedOn: '2026-03-22',
      },
    },
    // no window, and nobody said how long the way takes: no day, and so no promise
    { ref: `${second.confirmationId}/LAMP`, supply: { quantity: 12, stage: 'in_transit', expectedOn: null } },
  ]);
  // it is being received: 15 are in stock, 25 are still to come
  first.status = 'RECEIVING';
  world.stock.clear();
  shop.count({ sellerSku: 'MUG', fulfillable: 15, inboundReceiving: 25 });
  it.pass(3 * HOUR);
  const receiving = await it.readAll((cursor) => inboundChanges(it.amazon, cursor), read.cursor);
  expect(factsIn(receiving.pages)[0]).toMatchObject({ supply: { quantity: 25, stage: 'arrived' } });
  first.status = 'CLOSED';
  second.status = 'CANCELLED';
  it.pass(3 * HOUR);
  const ended = await it.readAll((cursor) => inboundChanges(it.amazon, cursor), receiving.cursor);
  expect(factsIn(ended.pages)).toMatchObject([
    { supply: { quantity: 0, stage: 'arrived' } },
    { supply: { stage: 'cancelled' } },
  ]);
  it.pass(3 * HOUR);
  const over = await it.readAll((cursor) => inboundChanges(it.amazon, cursor), ended.cursor);
  expect(factsIn(over.pages)).toEqual([]);
});

test('listings are items with their price where the settings say so, a catalogue of more than a thousand as well', async () => {
  const it = await openAmazon({ settings: { itemsFromListings: true } });
  for (let item = 0; item < 1100; item++) {
    it.pass(1000);
    it.simulator.shop.list({ sku: `ITEM-${item}`, price: '12.50' });
  }
  const read = await it.readAll((cursor) => listingChanges(it.amazon, cursor));
  const facts = factsIn(read.pages);
  expect(new Set(facts.map((fact) => fact.externalId)).size).toBe(1100);
  expect(facts[0]).toMatchObject({
    kind: 'item',
    item: { sku: 'ITEM-0', price: { amount: 1250, currency: 'USD' } },
  });
  expect(facts[1]).toMatchObject({
    kind: 'listing',
    channel: 'amazon-us',
    listing: { externalId: 'ITEM-0', sku: 'ITEM-0' },
  });
});

const arrival = [{ quantity: 5, shipBy: '2026-03-14' }];

test('what may be sold is told: shelf first, then the next arrival with its day, and what is said is not said again', async () => {
  const it = await openAmazon();
  const { shop, world, asked } = it.simulator;
  shop.list({ sku: 'MUG' });
  const tell = (now: number, later = arrival) => publish(it.amazon, [promisable('MUG', now, later)]);
  expect(await tell(7)).toMatchObject([{ state: 'done' }]);
  expect(world.listings.get('MUG')).toMatchObject({ quantity: 7, leadTimeDays: 2 });
  expect(await tell(0)).toMatchObject([{ state: 'done' }]);
  expect(world.listings.get('MUG')).toMatchObject({ quantity: 5, restockOn: '2026-03-14' });
  const patches = () => asked.filter((one) => one === 'patchListingsItem').length;
  const before = patches();
  expect(await tell(0)).toMatchObject([{ state: 'done' }]);
  expect(patches()).toBe(before);
  expect(await tell(0, [])).toMatchObject([{ state: 'done' }]);
  expect(world.listings.get('MUG')).toMatchObject({ quantity: 0 });
  expect(world.listings.get('MUG')!.restockOn).toBeUndefined();
});

test('a listing that Amazon ships is left alone, one that is not there is said, two of one item share', async () => {
  const it = await openAmazon({ settings: { skus: { 'CUP-A': 'CUP', 'CUP-B': 'CUP' } } });
  const { shop, world } = it.simulator;
  shop.list({ sku: 'MUG', fulfillmentChannel: 'AMAZON_NA' });
  shop.list({ sku: 'CUP-A' });
  shop.list({ sku: 'CUP-B' });
  const told = await publish(
    it.amazon,
    ['MUG', 'LAMP', 'CUP'].map((sku) => promisable(sku, 7)),
  );
  expect(told).toMatchObject([
    { state: 'refused', why: 'MUG is shipped by Amazon, which counts its stock itself.' },
    { state: 'refused', why: 'LAMP is not listed in this marketplace under that SKU.' },
    { state: 'done' },
  ]);
  expect(world.listings.get('MUG')!.fulfillmentChannel).toBe('AMAZON_NA');
  expect([world.listings.get('CUP-A')!.quantity, world.listings.get('CUP-B')!.quantity]).toEqual([4, 3]);
});

test('what cannot be told now is told later, and the rest with it', async () => {
  const it = await openAmazon({ rates: 'published', patienceMs: 0 });
  for (let number = 0; number < 30; number++) it.simulator.shop.list({ sku: `ITEM-${number}` });
  const items = Array.from({ length: 30 }, (_, number) => promisable(`ITEM-${number}`, 1));
  const told = await publish(it.amazon, items);
  expect(told).toHaveLength(30);
  expect(told.filter((one) => one.state === 'done')).toHaveLength(5);
  expect(told.filter((one) => one.state === 'later')).toHaveLength(25);
});
