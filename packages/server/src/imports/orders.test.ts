import { describe, expect, test } from 'vitest';
import type { OrderRecord } from './records.ts';
import { FakeApplier, importText } from './testing.ts';

const RETAIL = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

describe('orders of any system', () => {
  test('a retailer’s invoices are recognised: wall clocks of the brand, country names, the same SKU on two lines', async () => {
    const { records, result, told } = await importText(
      `${RETAIL}\n536365,LAMP,A LAMP,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n536365,LAMP,A LAMP,1,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n536366,DESK,,1,2011-07-01 08:26:00,2.55,,EIRE\n`,
      { channel: 'web' },
      { applier: new FakeApplier({ currency: 'GBP' }) },
    );
    expect(told).toEqual([]);
    expect(result).toMatchObject({ state: 'done', kind: 'orders', rows: 3, applied: 2 });
    expect((records[0] as OrderRecord).order).toEqual({
      ref: '536365',
      channel: 'web',
      mode: 'placed',
      placedAt: '2010-12-01T08:26:00Z',
      customer: { name: '17850' },
      shipTo: { country: 'GB' },
      lines: [
        { line: 1, sku: 'LAMP', quantity: 6, price: { amount: 255, currency: 'GBP' } },
        { line: 2, sku: 'LAMP', quantity: 1, price: { amount: 255, currency: 'GBP' } },
      ],
    });
    // summer time in London
    expect((records[1] as OrderRecord).order).toMatchObject({
      placedAt: '2011-07-01T07:26:00Z',
      shipTo: { country: 'IE' },
      customer: { name: '' },
    });
  });

  test('returns are errors, unless they are to be left out; the lines behind them keep their names', async () => {
    const file = `${RETAIL}\nC536379,LAMP,,-1,2010-12-01 09:41:00,27.50,14527,United Kingdom\n536380,LAMP,,-2,2010-12-01 09:42:00,27.50,14527,United Kingdom\n536380,DESK,,2,2010-12-01 09:42:00,27.50,14527,United Kingdom\n`;
    const refused = await importText(file, { channel: 'web' });
    expect(refused.told).toEqual([
      '2 Quantity "-1" is negative: a return or a credit',
      '3 Quantity "-2" is negative: a return or a credit',
    ]);
    const ignored = await importText(file, { channel: 'web', returns: 'ignore' });
    expect(ignored.result).toMatchObject({ state: 'done', applied: 1, ignored: 2 });
    expect(ignored.records).toMatchObject([{ order: { ref: '536380', lines: [{ line: 2, sku: 'DESK' }] } }]);
  });

  test('rows of one order that stand apart are taken together, in the order of the file', async () => {
    const { records, warned } = await importText(
      'order,sku,qty,price,order date\nA,LAMP,1,1.00,2026-01-01\nB,LAMP,1,1.00,2026-01-01\nA,DESK,2,1.00,2026-01-01\n',
      { channel: 'web' },
    );
    expect(records.map((record) => (record as OrderRecord).order.ref)).toEqual(['B', 'A']);
    expect((records[1] as OrderRecord).order.lines.map(({ line, sku }) => [line, sku])).toEqual([
      [1, 'LAMP'],
      [2, 'DESK'],
    ]);
    expect(warned).toEqual(['4 order "A" continues the rows that end on line 2; taken together']);
  });

  test('one bad line leaves the whole order out, wherever it stands', async () => {
    const { result, records, told } = await importText(
      'order,sku,qty,price,order date\nA,LAMP,1,1.00,2026-01-01\nB,LAMP,1,1.00,2026-01-01\nA,NOPE,2,1.00,2026-01-01\nC,LAMP,x,1.00,2026-01-01\nC,LAMP,1,1.00,2026-01-01\n',
      { channel: 'web', skipBadRows: true },
    );
    expect(told).toEqual(['5 qty "x" is not a number', '4 sku "NOPE" is not a SKU that Kept knows']);
    expect(result).toMatchObject({ state: 'done', applied: 1, skipped: 2 });
    expect(records).toMatchObject([{ order: { ref: 'B' } }]);
  });

  test('a row that cannot be read spoils the orders on both sides of it', async () => {
    const { records } = await importText(
      'order,sku,qty,price,order date\nA,LAMP,1,1.00,2026-01-01\nB,LAMP\nC,LAMP,1,1.00,2026-01-01\nD,LAMP,1,1.00,2026-01-01\n',
      { channel: 'web', skipBadRows: true },
    );
    expect(records).toMatchObject([{ order: { ref: 'D' } }]);
  });

  test('shipped and cancelled units are history, and cannot be more than was ordered', async () => {
    const head = 'order,sku,qty,price,order date,shipped,cancelled\n';
    const { records } = await importText(`${head}A,LAMP,5,1.00,2026-01-01,2,1\n`, { channel: 'web' });
    expect(records).toMatchObject([{ history: [{ line: 1, shipped: 2, cancelled: 1 }] }]);
    const { told } = await importText(`${head}A,LAMP,5,1.00,2026-01-01,4,2\n`, { channel: 'web' });
    expect(told).toEqual(['2 shipped "4" with what is cancelled is more than was ordered']);
  });

  test('the order of dates is decided over the whole column, or asked for', async () => {
    const head = 'order,sku,qty,price,order date\n';
    const decided = await importText(`${head}A,LAMP,1,1.00,03/04/2026\nB,LAMP,1,1.00,25/04/2026\n`, {
      channel: 'web',
    });
    expect(decided.records).toMatchObject([
      { order: { placedAt: '2026-04-02T23:00:00Z' } },
      { order: { placedAt: '2026-04-24T23:00:00Z' } },
    ]);
    const asked = await importText(`${head}A,LAMP,1,1.00,03/04/2026\n`, { channel: 'web' });
    expect(asked.result).toMatchObject({ state: 'needs_mapping', missing: ['dateFormat'] });
    expect(asked.result.message).toContain(
      'line 2, column "order date": 03/04/2026 may be day/month or month/day',
    );
    const said = await importText(`${head}A,LAMP,1,1.00,03/04/2026\n`, { channel: 'web', dateFormat: 'mdy' });
    expect(said.records).toMatchObject([{ order: { placedAt: '2026-03-04T00:00:00Z' } }]);
  });

  test('prices are read in the style of the file', async () => {
    const { records } = await importText(
      'Auftragsnummer;Artikelnummer;Menge;Einzelpreis;Auftragsdatum;Währung\nA;LAMP;5,000;1.299;14.03.2026;EUR\nB;DESK;2;9,90 €;15.03.2026;EUR\n',
      { channel: 'web' },
    );
    expect(records).toMatchObject([
      { order: { lines: [{ quantity: 5, price: { amount: 129_900, currency: 'EUR' } }] } },
      { order: { lines: [{ quantity: 2, price: { amount: 990 } }] } },
    ]);
  });

  test('with --create-items the items are made of the rows, with the first title and price that say something', async () => {
    const { records } = await importText(
      `${RETAIL}\n1,NEW,,6,2010-12-01 08:26:00,0.0,,France\n1,NEW,NEW LAMP,6,2010-12-01 08:26:00,2.55,,France\n`,
      { channel: 'web', createItems: true },
    );
    expect(records[0]).toEqual({
      kind: 'item',
      item: { sku: 'NEW', title: 'NEW LAMP', price: { amount: 255, currency: 'USD' } },
    });
  });

  test('a unit of measure with its factor becomes pieces, at the same total', async () => {
    const { records } = await importText(
      'order,sku,qty,uom,conversion factor,price,order date\nA,LAMP,2,Box,3,10.00,2026-01-01\n',
      { channel: 'web' },
    );
    const line = (records[0] as OrderRecord).order.lines[0]!;
    expect(line).toMatchObject({ quantity: 6, price: { amount: 334 }, discount: { amount: 4 } });
    expect(line.price.amount * line.quantity - line.discount!.amount).toBe(2000);
  });
});
