import { expect, test } from 'vitest';
import { cut, rowsOf } from './rows.ts';

test('a row is cut where the file says, quotes and their line ends heeded', () => {
  const text = 'sku;title\r\nA;"two\nlines; ""said"""\r\nB;plain';
  expect([...cut(text, ';')]).toEqual([
    { line: 1, cells: ['sku', 'title'] },
    { line: 2, cells: ['A', 'two\nlines; "said"'] },
    { line: 4, cells: ['B', 'plain'] },
  ]);
});

test('rows are found by their lines, in the encoding that the file has', async () => {
  const bytes = Uint8Array.from([...'sku,title\nA,caf'].map((one) => one.charCodeAt(0)).concat(0xe9, 0x0a));
  const file = new File([bytes], 'items.csv');
  const found = await rowsOf(file, new Set([2]), { encoding: 'windows-1252', delimiter: 'comma' });
  expect(found).toEqual({ header: ['sku', 'title'], rows: [{ line: 2, cells: ['A', 'café'] }] });
});

test('what is packed is not read here', async () => {
  const file = new File(['x'], 'items.csv.gz');
  expect(await rowsOf(file, new Set([1]), { encoding: 'utf-8', delimiter: 'comma' })).toBeNull();
});
