import { describe, expect, test } from 'vitest';
import type { ImportRecord, OrderRecord } from './records.ts';
import { shares } from './shopify-orders.ts';
import { importFixture, importText } from './testing.ts';

const orders = (records: readonly { kind: string }[]) =>
  records.filter((record) => record.kind === 'order') as OrderRecord[];
const order = (records: readonly { kind: string }[], ref: string) =>
  orders(records).find((record) => record.order.ref === ref)!;

/** The store gets items before listings; here each item is put before its own listing again. */
function inFileOrder(records: ImportRecord[]): ImportRecord[] {
  const items = records.filter((record) => record.kind === 'item');
  const others = records.filter((record) => record.kind !== 'item');
  return others.flatMap((other) => {
    const sku = other.kind === 'listing' ? (other.sku ?? other.claimedSku) : undefined;
    const at = items.findIndex((record) => record.item.sku === sku);
    return at < 0 ? [other] : [...items.splice(at, 1), other];
  });
}

describe("Shopify's orders", () => {
  test('79 columns: continuation rows, quoted line breaks, and what happened to each order before', async () => {
    const { records, result, warned, told } = await importFixture('shopify-orders-79.csv');
    expect(told).toEqual([]);
    expect(result).toMatchObject({
      state: 'done',
      kind: 'shopify_orders',
      delimiter: 'comma',
      encoding: 'utf-8',
      rows: 9,
      applied: 4,
      ignored: 2,
    });
    expect(order(records, '#1001').order).toEqual({
      ref: '#1001',
      channel: 'web',
      mode: 'placed',
      placedAt: '2026-01-05T15:11:12Z',
      customer: { name: 'Ada Moss', email: 'ada@example.com' },
      shipTo: { country: 'US', region: 'CA', zip: '90210' },
      shipping: { amount: 500, currency: 'USD' },
      lines: [
        { line: 1, sku: 'MUG-RED', quantity: 2, price: { amount: 1999, currency: 'USD' } },
        { line: 2, sku: 'LAMP', quantity: 1, price: { amount: 3600, currency: 'USD' } },
      ],
    });
    expect(warned).toEqual([
      '10 Name "#D17" is a draft: left out',
      '11 Name "#1005" is a test order: left out',
    ]);
  });

  test('a fulfilled line is shipped; a discount code is allotted to the lines to the cent', async () => {
    const { records } = await importFixture('shopify-orders-79.csv');
    const { order: found, history } = order(records, '#1002');
    expect(history).toEqual([{ line: 1, shipped: 3, cancelled: 0 }]);
    expect(found.lines.map((line) => line.discount?.amount)).toEqual([300, 400]);
  });

  test('a cancelled order has no open units', async () => {
    const { records } = await importFixture('shopify-orders-79.csv');
    expect(order(records, '#1003').history).toEqual([{ line: 1, shipped: 0, cancelled: 1 }]);
  });

  test("an unpaid order has a payment deadline; a line's discount is not allotted twice; a gift card is no line", async () => {
    const { records } = await importFixture('shopify-orders-79.csv');
    const { order: found } = order(records, '#1004');
    expect(found.paymentDueAt).toBe('2026-01-21T17:00:00Z');
    expect(found.lines).toEqual([
      {
        line: 1,
        sku: 'CHAIR',
        quantity: 5,
        price: { amount: 4000, currency: 'USD' },
        discount: { amount: 2000, currency: 'USD' },
      },
    ]);
  });

  test('60 columns in another order read the same', async () => {
    const long = await importFixture('shopify-orders-79.csv');
    const short = await importFixture('shopify-orders-60.csv');
    expect(short.result).toMatchObject({ state: 'done', kind: 'shopify_orders', applied: 1 });
    expect(order(short.records, '#1001')).toEqual(order(long.records, '#1001'));
  });

  test('a blank SKU is told with the name of the product, and the whole order is left out', async () => {
    const { told, result, records } = await importText(
      'Name,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n#1,2026-01-05 10:11:12 -0500,1,Vase,5.00,\n#1,,1,Lamp,5.00,LAMP\n#2,2026-01-05 10:11:12 -0500,1,Lamp,5.00,LAMP\n',
      { skipBadRows: true },
    );
    expect(told).toEqual(['2 Lineitem sku "" is missing for "Vase"']);
    expect(result).toMatchObject({ state: 'done', applied: 1, skipped: 1 });
    expect(orders(records).map((record) => record.order.ref)).toEqual(['#2']);
  });

  test('which shop it is of is asked where the brand has two', async () => {
    const channels = new Map([
      ['web', { title: 'Web', kind: 'shopify' }],
      ['outlet', { title: 'Outlet', kind: 'shopify' }],
    ]);
    const { FakeApplier } = await import('./testing.ts');
    const { result } = await importFixture(
      'shopify-orders-79.csv',
      {},
      { applier: new FakeApplier({ channels }) },
    );
    expect(result).toMatchObject({ state: 'needs_mapping', missing: ['channel'] });
    expect(result.message).toContain('--channel web or outlet');
    const said = await importFixture(
      'shopify-orders-79.csv',
      { channel: 'outlet' },
      { applier: new FakeApplier({ channels }) },
    );
    expect(order(said.records, '#1001').order.channel).toBe('outlet');
  });

  test('shares of an amount add up to it', () => {
    expect(shares(700, [3000, 4000])).toEqual([300, 400]);
    expect(
      shares(
        100,
        [1, 1, 1].map((part) => part * 1000),
      ),
    ).toEqual([33, 33, 34]);
    expect(shares(10, [5, 5, 0])).toEqual([5, 5, 0]);
  });
});

describe("Shopify's products", () => {
  test('new column names: variants, policies, pictures, blank and doubled SKUs', async () => {
    const { records, result, warned } = await importFixture('shopify-products-new.csv');
    expect(result).toMatchObject({ state: 'done', kind: 'shopify_products', errorCount: 0 });
    expect(inFileOrder(records)).toEqual([
      {
        kind: 'item',
        item: {
          sku: 'MUG-RED',
          title: 'Mug - Red',
          price: { amount: 1999, currency: 'USD' },
          cost: { amount: 725, currency: 'USD' },
          policy: 'backorder',
        },
      },
      { kind: 'listing', channel: 'web', externalId: 'mug/Red', title: 'Mug - Red', sku: 'MUG-RED' },
      {
        kind: 'item',
        item: {
          sku: 'MUG-BLUE',
          title: 'Mug - Blue',
          price: { amount: 1999, currency: 'USD' },
          policy: 'out_of_stock',
        },
      },
      { kind: 'listing', channel: 'web', externalId: 'mug/Blue', title: 'Mug - Blue', sku: 'MUG-BLUE' },
      {
        kind: 'listing',
        channel: 'web',
        externalId: 'poster',
        title: 'Poster',
        sku: null,
        problem: 'blank_sku',
      },
      {
        kind: 'item',
        item: {
          sku: 'CHAIR',
          title: 'Chair - Oak',
          price: { amount: 4000, currency: 'USD' },
          lifecycle: 'discontinued',
          policy: 'backorder',
        },
      },
      {
        kind: 'listing',
        channel: 'web',
        externalId: 'chair/Oak',
        title: 'Chair - Oak',
        sku: null,
        problem: 'duplicate_sku',
        claimedSku: 'CHAIR',
      },
      {
        kind: 'listing',
        channel: 'web',
        externalId: 'stool',
        title: 'Stool',
        sku: null,
        problem: 'duplicate_sku',
        claimedSku: 'CHAIR',
      },
    ]);
    expect(warned).toHaveLength(3);
  });

  test('old column names; the stock in it is not taken', async () => {
    const { records, told } = await importFixture('shopify-products-old.csv', { currency: 'EUR' });
    expect(told).toEqual([]);
    expect(inFileOrder(records)).toMatchObject([
      {
        kind: 'item',
        item: {
          sku: 'MUG-RED',
          title: 'Mug - Red / L',
          price: { amount: 1999, currency: 'EUR' },
          policy: 'backorder',
        },
      },
      { kind: 'listing', externalId: 'mug/Red/L' },
      {
        kind: 'item',
        item: {
          sku: 'MUG-BLUE',
          title: 'Mug - Blue / L',
          price: { amount: 1800, currency: 'EUR' },
          policy: 'out_of_stock',
        },
      },
      { kind: 'listing', externalId: 'mug/Blue/L' },
    ]);
  });
});

describe("Shopify's inventory", () => {
  test('on hand is counted, not available; what is unavailable is held; a negative count is drift', async () => {
    const { records, warned, result } = await importFixture('shopify-inventory.csv');
    expect(result).toMatchObject({ state: 'done', kind: 'shopify_inventory', ignored: 1 });
    const stock = (sku: string, condition: string, counted: number) => ({
      kind: 'stock',
      sku,
      location: 'main',
      condition,
      counted,
    });
    expect(records).toEqual([
      stock('MUG-RED', 'sellable', 10),
      stock('MUG-RED', 'quality_hold', 2),
      stock('LAMP', 'sellable', 0),
      stock('LAMP', 'quality_hold', 0),
      stock('CHAIR', 'sellable', 5),
      stock('CHAIR', 'quality_hold', 0),
    ]);
    expect(warned).toEqual(['4 On hand (current) "-4" is negative: the shop has drifted; counted as 0']);
  });

  test('the old export with a column for each location', async () => {
    const { records, warned } = await importFixture('shopify-inventory-wide.csv');
    expect(records).toEqual([
      { kind: 'stock', sku: 'MUG-RED', location: 'main', condition: 'sellable', counted: 6 },
      { kind: 'stock', sku: 'LAMP', location: 'main', condition: 'sellable', counted: 0 },
      { kind: 'stock', sku: 'LAMP', location: 'fba-us', condition: 'sellable', counted: 1 },
    ]);
    expect(warned[0]).toContain('leaves out the units of open orders');
  });
});
