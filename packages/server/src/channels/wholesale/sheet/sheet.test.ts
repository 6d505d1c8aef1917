import { describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { Partner } from '../partner.ts';
import { readSheet } from './read-sheet.ts';
import { rowsOf } from './rows.ts';
import { writeSheet } from './write-sheet.ts';

const CORNER = Partner.parse({
  code: 'corner',
  standard: 'sheet',
  customer: { name: 'Corner Store' },
  sheet: { columns: { cancelAfter: 'Latest' } },
});
const read = async (bytes: Buffer, partner = CORNER) =>
  readSheet(await rowsOf(bytes, () => bytes.toString()), partner, '2026-03-02');
const csv = (text: string) => read(Buffer.from(text));

test('a CSV sheet is its orders, line by line', async () => {
  const messages = await csv(
    'Our spring order,,,\nPO #,Item No.,Qty,Unit Price,Ship Not Before,Latest\nA1,MUG-RED,"1,200",$12.50,3/9/2026,2026-04-15\nA1,MUG-BLUE,5,12,,\n\nA2,MUG-RED,7,,,\n',
  );
  expect(messages.map((one) => one.control)).toEqual(['A1', 'A2']);
  expect(messages[0]!.document).toMatchObject({
    kind: 'order',
    number: 'A1',
    orderedOn: '2026-03-02',
    lines: [
      {
        line: '1',
        quantity: 1200,
        unit: 'EA',
        price: '12.50',
        numbers: [{ qualifier: 'SK', value: 'MUG-RED' }],
        window: { notBefore: '2026-03-09', cancelAfter: '2026-04-15' },
      },
      { line: '2', quantity: 5, price: '12' },
    ],
  });
});

test('a workbook is read as it was saved, days as days', async () => {
  const bytes = await writeXlsxFile([
    [{ value: 'PO' }, { value: 'UPC' }, { value: 'Qty' }, { value: 'Cancel after' }, { value: 'Latest' }],
    [
      { value: 'A1' },
      { value: '012345678905' },
      { value: 5, type: Number },
      { value: '' },
      { value: new Date('2026-03-04T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' },
    ],
  ]).toBuffer();
  const [message] = await read(bytes);
  expect(message!.document).toMatchObject({
    lines: [
      {
        quantity: 5,
        numbers: [{ qualifier: 'UP', value: '012345678905' }],
        window: { cancelAfter: '2026-03-04' },
      },
    ],
  });
});

describe('what cannot be understood is told by row and column', () => {
  test.each([
    ['a quantity in words', 'PO,SKU,Qty\nA1,MUG,many\n', 'Row 2, quantity: "many" is no number.'],
    [
      'a day that does not exist',
      'PO,SKU,Qty,Cancel date\nA1,MUG,5,2026-02-30\n',
      'Row 2, cancelAfter: "2026-02-30" is no day.',
    ],
    ['no PO number', 'PO,SKU,Qty\n,MUG,5\n', 'Row 2, number: a PO number is missing.'],
  ])('%s', async (_, text, words) => {
    const [message] = await csv(text);
    expect(message!.document).toBeNull();
    expect(message!.faults.map((one) => one.words)).toContain(words);
  });
  test('a sheet without the columns of an order is none', async () => {
    await expect(csv('Dear sirs,\nwe order ten\n')).rejects.toThrow('No row has the headings');
    await expect(csv('PO,Qty,Price\nA,1,2\n')).rejects.toThrow('no column for sku');
  });
  test('a workbook that unfolds to too much, or is none, is not unfolded', async () => {
    await expect(read(Buffer.from('PK\u0003\u0004 and so on'))).rejects.toThrow('damaged');
    const bytes = await writeXlsxFile([[{ value: 'PO' }]]).toBuffer();
    const bomb = Buffer.from(bytes);
    bomb.writeUInt32LE(0x7fffffff, bomb.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
    await expect(read(bomb)).rejects.toThrow('64 MB');
  });
});

test('an answer is a sheet that no spreadsheet calculates with', () => {
  const text = writeSheet({
    kind: 'answer',
    number: '=1+1',
    release: null,
    orderedOn: '2026-03-02',
    reference: '77',
    on: '2026-03-02',
    verdict: 'changed',
    news: null,
    lines: [
      {
        line: '1',
        quantity: 9,
        unit: 'EA',
        price: null,
        numbers: [{ qualifier: 'SK', value: 'MUG, RED' }],
        lots: [
          { status: 'partial', quantity: 5, shipsOn: '2026-03-02' },
          { status: 'backordered', quantity: 4, shipsOn: null },
        ],
      },
    ],
  });
  expect(text.split('\r\n')).toEqual([
    'po_number,line,item,quantity,unit,status,ships_on,our_reference',
    `'=1+1,1,"MUG, RED",5,EA,partial,2026-03-02,77`,
    `'=1+1,1,"MUG, RED",4,EA,backordered,,77`,
    '',
  ]);
});
