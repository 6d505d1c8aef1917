import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { inDependencyOrder } from './file-order.ts';
import { FakeApplier, importStream, importText, KNOWN } from './testing.ts';

const folder = fileURLToPath(new URL('../../../../docs/templates/', import.meta.url));
const brand = () =>
  new FakeApplier({
    channels: new Map([...KNOWN.channels, ['wholesale', { title: 'Wholesale', kind: 'wholesale' }]]),
  });
const template = (kind: string) => importStream(`${folder}${kind}.csv`, {}, { applier: brand() });

describe("Kept's own templates", () => {
  test('are recognised and read without an error', async () => {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.csv'));
    expect(files.toSorted()).toEqual([
      'channels.csv',
      'items.csv',
      'locations.csv',
      'orders.csv',
      'purchase_orders.csv',
      'stock.csv',
      'suppliers.csv',
    ]);
    for (const file of files) {
      const { result, told } = await importStream(`${folder}${file}`, {}, { applier: brand() });
      expect(told).toEqual([]);
      expect([file, result.kind, result.state]).toEqual([file, file.replace('.csv', ''), 'done']);
    }
  });

  test('items say everything that an item may have', async () => {
    const usd = (amount: number) => ({ amount, currency: 'USD' });
    expect((await template('items')).records).toEqual([
      {
        kind: 'item',
        item: {
          sku: 'MUG-RED',
          title: 'Red mug',
          price: usd(1999),
          cost: usd(725),
          supplier: 'azure',
          lifecycle: 'active',
          policy: 'backorder',
          leadTimeDays: 30,
          moq: 100,
          orderMultiple: 12,
          alternatives: ['MUG-BLUE'],
          uoms: { case: 12 },
        },
      },
      {
        kind: 'item',
        item: {
          sku: 'MUG-BLUE',
          title: 'Blue mug',
          price: usd(1999),
          cost: usd(725),
          supplier: 'azure',
          lifecycle: 'upcoming',
          policy: 'preorder',
          leadTimeDays: 30,
          moq: 100,
          orderMultiple: 12,
          uoms: { case: 12 },
          launchOn: '2026-04-01',
        },
      },
      {
        kind: 'item',
        item: {
          sku: 'MUG-SET',
          title: 'Set of mugs',
          price: usd(3500),
          lifecycle: 'active',
          components: [
            { sku: 'MUG-RED', quantity: 1 },
            { sku: 'MUG-BLUE', quantity: 1 },
          ],
        },
      },
    ]);
  });

  test('places', async () => {
    expect((await template('locations')).records).toEqual([
      {
        kind: 'location',
        location: {
          code: 'main',
          title: 'Main warehouse',
          channels: ['web', 'wholesale'],
          country: 'US',
          timeZone: 'America/New_York',
          cutOff: '14:00',
        },
      },
      {
        kind: 'location',
        location: { code: 'fba-us', title: 'Amazon FBA US', channels: ['amazon-us'], country: 'US' },
      },
    ]);
    expect((await template('channels')).records[1]).toEqual({
      kind: 'channel',
      channel: {
        code: 'amazon-us',
        title: 'Amazon.com',
        kind: 'amazon',
        maximumPromiseDays: 30,
        messages: 'none',
      },
    });
    expect((await template('suppliers')).records).toEqual([
      {
        kind: 'supplier',
        supplier: {
          code: 'azure',
          title: 'Azure Interior',
          status: 'active',
          leadTimeDays: 45,
          moq: 50,
          paymentTerms: '30 days net',
        },
      },
    ]);
  });

  test('orders and purchase orders', async () => {
    expect((await template('orders')).records[1]).toMatchObject({
      order: {
        ref: 'W-77',
        channel: 'wholesale',
        customer: { name: 'Corner Store', class: 'key' },
        lines: [{ line: '1', quantity: 48, notBefore: '2026-03-01', cancelAfter: '2026-04-15' }],
      },
      history: [{ line: '1', shipped: 12, cancelled: 0 }],
    });
    expect((await template('purchase_orders')).records).toMatchObject([
      {
        ref: 'PO-2026-001',
        purchaseOrder: {
          supplier: 'azure',
          stage: 'confirmed',
          freightMode: 'ocean',
          lines: [{ received: 200, expectedOn: '2026-03-14' }, { expectedOn: null }],
        },
      },
    ]);
  });

  test('are brought into the order that they need', async () => {
    const files = ['orders', 'stock', 'purchase_orders', 'items', 'suppliers', 'locations', 'channels'].map(
      (kind) => `${folder}${kind}.csv`,
    );
    const ordered = (await inDependencyOrder(files, {})).map((file) => file.slice(folder.length, -4));
    expect(ordered).toEqual([
      'channels',
      'locations',
      'suppliers',
      'items',
      'stock',
      'purchase_orders',
      'orders',
    ]);
  });
});

describe('rows of the templates that are wrong', () => {
  test.each([
    [
      'channels',
      'code,title,kind,messages\nweb,Web,shopify,pigeon\n',
      '2 messages "pigeon" is not a way to send messages',
    ],
    [
      'a channel twice',
      'code,title,kind\nweb,Web,shopify\nweb,Web,shopify\n',
      '3 code "web" is there twice, first on line 2',
    ],
    [
      'locations',
      'code,title,cut_off,time_zone\nmain,Main,25:00,UTC\n',
      '2 cut_off "25:00" is not a time of day',
    ],
    [
      'a time zone',
      'code,title,cut_off,time_zone\nmain,Main,,Mars/Base\n',
      '2 time_zone "Mars/Base" is not a time zone',
    ],
    ['suppliers', 'code,title,status\nazure,Azure,gone\n', '2 status "gone" is not a status'],
    ['a lead time', 'code,title,lead_time_days\nazure,Azure,5000\n', '2 lead_time_days "5000" is too large'],
    [
      'components',
      'sku,title,price,components\nSET,Set,5.00,LAMP\n',
      '2 components "LAMP" is not a code with its units',
    ],
    [
      'a lifecycle',
      'sku,title,price,lifecycle\nSET,Set,5.00,dead\n',
      '2 lifecycle "dead" is not a lifecycle',
    ],
    ['a missing title', 'sku,title,price\nSET,,5.00\n', '2 title "" is missing'],
    [
      'a condition',
      'sku,location,condition,counted\nLAMP,main,lost,5\n',
      '2 condition "lost" is not a condition',
    ],
    [
      'a location',
      'sku,location,condition,counted\nLAMP,maine,sellable,5\n',
      '2 location "maine" is not a location that Kept knows',
    ],
    [
      'a negative count',
      'sku,location,condition,counted\nLAMP,main,sellable,-5\n',
      '2 counted "-5" is negative',
    ],
  ])('%s', async (_what, text, error) => {
    expect((await importText(text)).told).toEqual([error]);
  });
});

describe('lines of JSON', () => {
  test('take the shapes of the API, and placed orders', async () => {
    const lines = [
      {
        ref: '1',
        channel: 'web',
        placedAt: '2026-01-05T10:00:00Z',
        customer: { name: 'Ada' },
        shipTo: { country: 'US' },
        lines: [{ line: 1, sku: 'LAMP', quantity: 2, price: { amount: 100, currency: 'USD' } }],
        history: [{ line: 1, shipped: 1, cancelled: 0 }],
      },
    ];
    const { records, result } = await importText(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    expect(result).toMatchObject({ state: 'done', kind: 'orders', delimiter: null });
    expect(records).toMatchObject([{ kind: 'order', order: { mode: 'placed' }, history: [{ shipped: 1 }] }]);
  });

  test.each([
    ['stock', '{"sku":"LAMP","location":"main","counted":5}'],
    ['items', '{"sku":"NEW","title":"New","price":{"amount":5,"currency":"USD"}}'],
    [
      'purchase_orders',
      '{"ref":"P1","supplier":"azure","placedOn":"2026-01-01","stage":"placed","lines":[{"line":1,"sku":"LAMP","quantity":5,"expectedOn":null,"location":"main"}]}',
    ],
    ['channels', '{"code":"x","title":"X","kind":"web"}'],
    ['locations', '{"code":"x","title":"X","country":"US"}'],
    ['suppliers', '{"code":"x","title":"X","moq":5}'],
  ])('%s are recognised', async (kind, line) => {
    expect((await importText(`${line}\n`)).result).toMatchObject({ state: 'done', kind, applied: 1 });
  });

  test('every wrong one is told by its path', async () => {
    const { told } = await importText(
      '{"sku":"LAMP","location":"main","counted":5}\n{"sku":"LAMP","location":"main","counted":-5}\nnot json\n{"sku":"NOPE","location":"main","counted":5}\n{"sku":"LAMP","location":"main","counted":6}\n',
    );
    expect(told).toEqual([
      '2 counted "-5" is not what was expected: 0 units or more',
      '3 (line) "not json" is not JSON',
      '4 sku "NOPE" is not a SKU that Kept knows',
      '5 (line) "LAMP" is there twice, first on line 1',
    ]);
  });

  test('an order that asks is told to be one that tells', async () => {
    const { told } = await importText(
      '{"ref":"1","channel":"web","mode":"request","placedAt":"2026-01-05T10:00:00Z","customer":{},"shipTo":{"country":"US"},"lines":[{"line":1,"sku":"LAMP","quantity":2,"price":{"amount":100,"currency":"USD"}}]}\n',
    );
    expect(told).toEqual(['1 mode "request" asks instead of telling']);
  });
});
