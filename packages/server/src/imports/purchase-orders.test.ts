import { describe, expect, test } from 'vitest';
import type { PurchaseOrderRecord } from './records.ts';
import { FakeMappings, importFixture, importText } from './testing.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });

describe('purchase orders of', () => {
  test('Odoo: SKUs in brackets, blank order columns on the rows that follow, a line without a date', async () => {
    const { records, told, result } = await importFixture('odoo-purchase-orders.csv');
    expect(told).toEqual([]);
    expect(result).toMatchObject({ state: 'done', kind: 'purchase_orders', applied: 2 });
    expect(records).toEqual([
      {
        kind: 'purchase_order',
        ref: 'P00012',
        purchaseOrder: {
          supplier: 'azure',
          placedOn: '2026-01-02',
          stage: 'placed',
          currency: 'USD',
          lines: [
            {
              line: 1,
              sku: 'CHAIR',
              quantity: 100,
              received: 40,
              expectedOn: '2026-02-10',
              location: 'main',
              unitCost: usd(1250),
              stage: 'confirmed',
            },
            { line: 2, sku: 'DESK', quantity: 20, expectedOn: null, location: 'main', unitCost: usd(18_000) },
          ],
        },
      },
      {
        kind: 'purchase_order',
        ref: 'P00013',
        purchaseOrder: {
          supplier: 'azure',
          placedOn: '2026-01-03',
          stage: 'draft',
          currency: 'USD',
          lines: [
            {
              line: 1,
              sku: 'LAMP',
              quantity: 50,
              expectedOn: '2026-03-01',
              location: 'main',
              unitCost: usd(990),
            },
          ],
        },
      },
    ]);
  });

  test("ERPNext: the file's own factor turns boxes into pieces", async () => {
    const { records, told } = await importFixture('erpnext-purchase-orders.csv');
    expect(told).toEqual([]);
    expect((records[0] as PurchaseOrderRecord).purchaseOrder.lines).toEqual([
      {
        line: 1,
        sku: 'MUG-RED',
        quantity: 36,
        received: 12,
        expectedOn: '2026-02-01',
        location: 'main',
        unitCost: usd(200),
      },
      {
        line: 2,
        sku: 'MUG-BLUE',
        quantity: 10,
        expectedOn: '2026-02-01',
        location: 'main',
        unitCost: usd(210),
      },
    ]);
  });

  test('NetSuite: "Name" is the vendor, "Item" the SKU, and one date of 28 February decides month/day for all', async () => {
    const { records, result } = await importFixture('netsuite-purchase-orders.csv');
    expect(result.mapping).toMatchObject({
      supplier: 'Name',
      sku: 'Item',
      expected_on: 'Due Date/Receive By',
      received: 'Quantity Fulfilled/Received',
    });
    expect((records[0] as PurchaseOrderRecord).purchaseOrder).toMatchObject({
      placedOn: '2026-01-13',
      lines: [{ expectedOn: '2026-02-28' }, { expectedOn: '2026-02-03', received: 30 }],
    });
  });

  test('a German ERP: Windows-1252, semicolons, decimal commas, open quantities, deliveries in parts', async () => {
    const { records, result, told } = await importFixture('german-purchase-orders.csv');
    expect(told).toEqual([]);
    expect(result).toMatchObject({ encoding: 'windows-1252', delimiter: 'semicolon' });
    const eur = (amount: number) => ({ amount, currency: 'EUR' });
    expect(records).toMatchObject([
      {
        ref: '4500012',
        purchaseOrder: {
          stage: 'confirmed',
          lines: [
            {
              line: '10',
              sku: 'CHAIR',
              quantity: 1000,
              received: 200,
              expectedOn: '2026-03-14',
              unitCost: eur(123_450),
            },
            {
              line: '20',
              sku: 'LAMP',
              quantity: 100,
              expectedOn: '2026-04-15',
              unitCost: eur(990),
              schedules: [
                { id: 1, quantity: 60, expectedOn: '2026-03-01' },
                { id: 2, quantity: 40, expectedOn: '2026-04-15' },
              ],
            },
          ],
        },
      },
      { ref: '4500013', purchaseOrder: { stage: 'cancelled', lines: [{ quantity: 5, expectedOn: null }] } },
    ]);
  });

  test('deliveries of one line that are too many together are refused', async () => {
    const { result, told } = await importText(
      'ref,supplier,location,line,sku,quantity,expected_on\nP1,azure,main,1,LAMP,9000000,2026-02-01\nP1,azure,main,1,LAMP,2000000,2026-03-01\n',
    );
    expect(result.state).toBe('refused');
    expect(told).toEqual(['3 quantity "11000000" is too many units']);
  });
});

describe('the column mapper', () => {
  const odd = 'Best#,Vendor,Code X,Pieces,ETA\nB1,azure,LAMP,5,2026-02-01\n';

  test('asks for what it cannot guess, takes an answer, and remembers it', async () => {
    const mappings = new FakeMappings();
    const asked = await importText(odd, { kind: 'purchase_orders', location: 'main' }, { mappings });
    expect(asked.result).toMatchObject({
      state: 'needs_mapping',
      missing: ['ref', 'sku', 'quantity'],
      mapping: { supplier: 'Vendor', expected_on: 'ETA' },
      columns: ['Best#', 'Vendor', 'Code X', 'Pieces', 'ETA'],
    });
    expect(asked.applier.calls).toEqual([]);
    const map = { ref: 'Best#', sku: 'Code X', quantity: 'Pieces' };
    const answered = await importText(odd, { kind: 'purchase_orders', location: 'main', map }, { mappings });
    expect(answered.result.state).toBe('done');
    const again = await importText(`${odd}B2,azure,DESK,1,2026-02-02\n`, { location: 'main' }, { mappings });
    expect(again.result).toMatchObject({ state: 'done', kind: 'purchase_orders', applied: 2 });
  });

  test('tells a mapping that names a field or a column that is not there', async () => {
    const field = await importText(odd, { kind: 'purchase_orders', map: { skuu: 'Code X' } });
    expect(field.told[0]).toContain('the mapping names the unknown field skuu');
    const column = await importText(odd, { kind: 'purchase_orders', map: { sku: 'Artikel' } });
    expect(column.told[0]).toContain('the mapping names the column "Artikel", which the file does not have');
  });

  test('an order date that is not in the file is filled in, and said to be', async () => {
    const { records } = await importText('PO,Vendor,SKU,Qty,ETA\nB1,azure,LAMP,5,2026-02-01\n', {
      location: 'main',
    });
    expect(records).toMatchObject([
      { assumed: ['placedOn', 'stage'], purchaseOrder: { placedOn: '2026-01-15', stage: 'placed' } },
    ]);
  });

  test('with --create-items the items, the supplier and the location of the rows come first', async () => {
    const { records } = await importText(
      'PO,Vendor,SKU,Description,Qty,ETA,Warehouse,Unit Price\nB1,Nordwind,NEW-1,,5,2026-02-01,North,3.50\nB1,Nordwind,NEW-1,New thing,5,2026-03-01,North,3.50\n',
      { createItems: true },
    );
    expect(records.slice(0, 3)).toEqual([
      { kind: 'location', location: { code: 'North', title: 'North' } },
      { kind: 'supplier', supplier: { code: 'Nordwind', title: 'Nordwind' } },
      { kind: 'item', item: { sku: 'NEW-1', title: 'New thing', price: usd(0), cost: usd(350) } },
    ]);
    expect(records[3]).toMatchObject({
      kind: 'purchase_order',
      purchaseOrder: { lines: [{ line: 1 }, { line: 2 }] },
    });
  });

  test.each([
    [
      'a quantity of 1.5 of a unit that nothing turns into pieces',
      'B1,azure,LAMP,1.5,,2026-02-01',
      '2 Qty "1.5" is not a whole number of units',
    ],
    [
      'a unit that the item does not have',
      'B1,azure,LAMP,5,pallet,2026-02-01',
      '2 UOM "pallet" is a unit of measure that the item does not have',
    ],
    [
      'a supplier nearly right',
      'B1,azur,LAMP,5,,2026-02-01',
      '2 Vendor "azur" is not a supplier that Kept knows',
    ],
    [
      'a date that does not exist',
      'B1,azure,LAMP,5,,2026-02-30',
      '2 ETA "2026-02-30" is a day that does not exist',
    ],
  ])('%s is told', async (_what, row, error) => {
    const { told, result } = await importText(`PO,Vendor,SKU,Qty,UOM,ETA\n${row}\n`, { location: 'main' });
    expect(told).toEqual([error]);
    expect(result.state).toBe('refused');
  });

  test("an item's own unit of measure goes along", async () => {
    const { records } = await importText('PO,Vendor,SKU,Qty,UOM,ETA\nB1,azure,MUG-RED,5,Case,2026-02-01\n', {
      location: 'main',
    });
    expect(records).toMatchObject([{ purchaseOrder: { lines: [{ quantity: 5, uom: 'case' }] } }]);
  });
});
