import { gzipSync } from 'node:zlib';
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { FakeApplier, importStream, importText } from './testing.ts';

const HEAD = 'ref,sku,quantity,price,placed_at,customer,title\n';
const GOOD = 'A1,LAMP,2,9.99,2026-01-05,Ada,Lamp\n';
const orders = { channel: 'web', kind: 'orders' as const };

describe('a file that cannot be read', () => {
  test.each<[string, string | Uint8Array, string]>([
    ['empty', '', 'the file is empty'],
    ['only blank lines', '\n\n  \n', 'the file is empty'],
    ['a header and nothing else', HEAD, 'the file has a header and no rows'],
    [
      'a cut-off gzip',
      gzipSync(Buffer.from(HEAD + GOOD.repeat(500))).subarray(0, 100),
      'the gzip file is cut off',
    ],
    ['a damaged gzip', damaged(gzipSync(Buffer.from(HEAD + GOOD.repeat(500)))), 'the gzip file is damaged'],
    ['a workbook', Buffer.from('PK\u0003\u0004 and more'), 'the file is a ZIP archive or an Excel workbook'],
    ['a PDF', '%PDF-1.7 and more', 'the file is a PDF'],
    ['a web page', '<!DOCTYPE html><html>', 'the file is XML or HTML'],
    ['a JSON list', '[{"sku":"LAMP"}]', 'the file is a JSON list'],
    ['a column twice', `sku,${HEAD}LAMP,${GOOD}`, 'the column "sku" is there 2 times (columns 1 and 3)'],
    [
      'no kind that is known',
      'colour,shape\nred,round\n',
      'the kind of this file is not recognised; closest:',
    ],
    ['a currency that is not', `${HEAD}${GOOD}`, 'there is no currency EURO'],
  ])('%s: told, and nothing is begun', async (_what, content, message) => {
    const options = message.includes('EURO')
      ? { ...orders, currency: 'EURO' }
      : message.includes('kind of')
        ? {}
        : orders;
    const { result, applier } = await importText(content, options);
    expect(result.state).toBe('refused');
    expect(result.errorCount).toBe(1);
    expect(result.errors[0]!.message).toContain(message);
    expect(result.errors[0]!.expected).not.toBe('');
    expect(applier.calls).not.toContain('begin');
  });

  test('the kinds that came closest are told with what they lack', async () => {
    const { result } = await importText(
      'Name,Created at,Lineitem quantity,Lineitem name,Lineitem price\n#1,2026-01-01,1,x,1\n',
    );
    expect(result.errors[0]!.message).toContain('shopify_orders (lacks "lineitem sku")');
  });

  test('a file that is not of the kind that was said', async () => {
    const { told } = await importText(HEAD + GOOD, { kind: 'shopify_orders' });
    expect(told[0]).toContain('the file is not of the kind shopify_orders: it lacks "name"');
  });
});

describe('a row that is wrong', () => {
  test.each<[string, string, string]>([
    [
      'a negative quantity',
      'A1,LAMP,-2,9.99,2026-01-05,Ada,Lamp',
      '2 quantity "-2" is negative: a return or a credit',
    ],
    ['no units', 'A1,LAMP,0,9.99,2026-01-05,Ada,Lamp', '2 quantity "0" is not at least 1 unit'],
    [
      'a huge quantity',
      'A1,LAMP,99999999999,9.99,2026-01-05,Ada,Lamp',
      '2 quantity "99999999999" is too many units',
    ],
    [
      'half a unit',
      'A1,LAMP,2.5,9.99,2026-01-05,Ada,Lamp',
      '2 quantity "2.5" is not a whole number of units',
    ],
    ['words for a quantity', 'A1,LAMP,two,9.99,2026-01-05,Ada,Lamp', '2 quantity "two" is not a number'],
    ['no quantity', 'A1,LAMP,,9.99,2026-01-05,Ada,Lamp', '2 quantity "" is missing'],
    ['an unknown SKU', 'A1,LAMPS,2,9.99,2026-01-05,Ada,Lamp', '2 sku "LAMPS" is not a SKU that Kept knows'],
    ['no SKU', 'A1,,2,9.99,2026-01-05,Ada,Lamp', '2 sku "" is missing'],
    ['no reference', ',LAMP,2,9.99,2026-01-05,Ada,Lamp', '2 ref "" is missing'],
    [
      '30 February',
      'A1,LAMP,2,9.99,2026-02-30,Ada,Lamp',
      '2 placed_at "2026-02-30" is a day that does not exist',
    ],
    ['no date', 'A1,LAMP,2,9.99,,Ada,Lamp', '2 placed_at "" is missing'],
    ['a negative price', 'A1,LAMP,2,-9.99,2026-01-05,Ada,Lamp', '2 price "-9.99" is negative'],
    ['a price in another currency', 'A1,LAMP,2,£9.99,2026-01-05,Ada,Lamp', '2 price "£9.99" is not in USD'],
    [
      'a formula for a SKU',
      'A1,=LAMP,2,9.99,2026-01-05,Ada,Lamp',
      '2 sku "=LAMP" looks like a spreadsheet formula',
    ],
    [
      'a formula for a reference',
      '@A1,LAMP,2,9.99,2026-01-05,Ada,Lamp',
      '2 ref "@A1" looks like a spreadsheet formula',
    ],
    [
      'a formula for a name',
      'A1,LAMP,2,9.99,2026-01-05,=cmd(),Lamp',
      '2 customer "=cmd()" looks like a spreadsheet formula',
    ],
    [
      'a null character',
      'A1,LA\u0000MP,2,9.99,2026-01-05,Ada,Lamp',
      '2 sku "LA\\u0000MP" holds a control character',
    ],
    [
      'a reference too long',
      `${'A'.repeat(121)},LAMP,2,9.99,2026-01-05,Ada,Lamp`,
      `2 ref "${'A'.repeat(121)}" is 121 characters long`,
    ],
    [
      'a name too long',
      `A1,LAMP,2,9.99,2026-01-05,${'A'.repeat(301)},Lamp`,
      `2 customer "${'A'.repeat(199)}…" is 301 characters long`,
    ],
    ['too few columns', 'A1,LAMP,2', '2 - "A1 · LAMP · 2" has 3 columns; the row may be cut off'],
    [
      'too many columns',
      'A1,LAMP,2,9.99,2026-01-05,Ada,Lamp,more',
      '2 - "A1 · LAMP · 2 · 9.99 · 2026-01-05 · Ada · Lamp · more" has 8 columns',
    ],
    [
      'text behind a quote',
      'A1,"LA"MP,2,9.99,2026-01-05,Ada,Lamp',
      '2 - - text stands behind a closing quote',
    ],
    [
      'a quote that never closes',
      'A1,"LAMP,2,9.99,2026-01-05,Ada,Lamp',
      '2 - - a quote opens here and is never closed',
    ],
  ])('%s: told with line, column and value, and nothing is applied', async (_what, row, error) => {
    const { told, result, applier } = await importText(`${HEAD}${row}\n`, orders);
    expect(told).toEqual([error]);
    expect(result.state).toBe('refused');
    expect(applier.calls).toEqual(['known']);
  });

  test('all of them are told at once, the rows between them too', async () => {
    const { told } = await importText(
      `${HEAD}A1,NOPE,-2,x,2026-02-30,Ada,Lamp\n${GOOD.replace('A1', 'A2')}A3,LAMP,1,1,2026-13-01,Ada,Lamp\n`,
      orders,
    );
    expect(told).toHaveLength(5);
    expect(told.map((line) => line.split(' ')[1])).toEqual([
      'placed_at',
      'sku',
      'quantity',
      'price',
      'placed_at',
    ]);
  });

  test('a suggestion stands beside an unknown SKU', async () => {
    const { result } = await importText(`${HEAD}${GOOD.replace('LAMP', 'mug red')}`, orders);
    expect(result.errors[0]!.expected).toBe('a SKU of the catalogue, perhaps MUG-RED, or --create-items');
  });

  test('a quote that never closes refuses the file even if bad rows are skipped: what it swallowed is unknown', async () => {
    const { result } = await importText(`${HEAD}${GOOD}A2,"LAMP,2,9.99,2026-01-05,Ada,Lamp\n${GOOD}`, {
      ...orders,
      skipBadRows: true,
    });
    expect(result).toMatchObject({ state: 'refused', applied: 0 });
  });
});

describe('encodings', () => {
  const text = `${HEAD}A1,LAMP,2,9.99,2026-01-05,Zoë Müller,Lamp\n`;
  const nameOf = (records: readonly unknown[]) =>
    (records[0] as { order: { customer: { name: string } } }).order.customer.name;

  test.each<[string, Uint8Array, string]>([
    ['UTF-8', Buffer.from(text), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`), 'utf-8'],
    ['UTF-16LE with a mark', iconv.encode(text, 'utf-16le', { addBOM: true }), 'utf-16le'],
    ['UTF-16BE with a mark', iconv.encode(text, 'utf-16be', { addBOM: true }), 'utf-16be'],
    ['UTF-16LE without a mark', iconv.encode(text, 'utf-16le'), 'utf-16le'],
    ['Windows-1252', iconv.encode(text, 'windows-1252'), 'windows-1252'],
    ['gzip', gzipSync(Buffer.from(text)), 'utf-8'],
  ])('%s is recognised', async (_what, bytes, encoding) => {
    const { result, records } = await importText(bytes, orders);
    expect(result).toMatchObject({ state: 'done', encoding });
    expect(nameOf(records)).toBe('Zoë Müller');
  });

  test('the first byte that tells may stand at the very end', async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => GOOD.replace('A1', `B${index}`)).join('');
    const { result } = await importText(
      iconv.encode(`${HEAD}${rows}A1,LAMP,2,9.99,2026-01-05,Müller,Lamp\n`, 'windows-1252'),
      orders,
    );
    expect(result).toMatchObject({ state: 'done', encoding: 'windows-1252' });
  });

  test('bytes that are not UTF-8 in a file that is are told with their line', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${HEAD}A1,LAMP,2,9.99,2026-01-05,Zoë Müller and Søren,Lamp\nA2,LAMP,2,9.99,2026-01-05,M`),
      Buffer.from([0xff]),
      Buffer.from('ller,Lamp\n'),
    ]);
    const { told, result } = await importText(bytes, orders);
    expect(result.encoding).toBe('utf-8');
    expect(told).toEqual(['3 customer "M\ufffdller" holds bytes that are not UTF-8']);
  });

  test('one that was said is taken, and one that is not known is told', async () => {
    const said = await importText(iconv.encode(text.replace('Müller', 'Łódź'), 'windows-1250'), {
      ...orders,
      encoding: 'windows-1250',
    });
    expect(nameOf(said.records)).toBe('Zoë Łódź');
    const unknown = await importText(text, { ...orders, encoding: 'klingon' });
    expect(unknown.told[0]).toContain('the encoding klingon is not known');
  });
});

test.each([
  ['semicolons', ';', 'semicolon'],
  ['tabs', '\t', 'tab'],
  ['pipes', '|', 'pipe'],
])('%s are recognised', async (_what, delimiter, name) => {
  const { result } = await importText((HEAD + GOOD).replaceAll(',', delimiter), orders);
  expect(result).toMatchObject({ state: 'done', delimiter: name });
});

test("a spreadsheet's own hint of its delimiter is heeded", async () => {
  const { result } = await importText(
    `sep=;\r\n${(HEAD + GOOD).replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    orders,
  );
  expect(result).toMatchObject({ state: 'done', delimiter: 'semicolon', rows: 1 });
});

test('line ends of old Macs are recognised', async () => {
  const { result } = await importText((HEAD + GOOD).replaceAll('\n', '\r'), orders);
  expect(result).toMatchObject({ state: 'done', rows: 1 });
});

test('a line of 100 MB is one error in constant memory, and the rest can be applied', async () => {
  async function* file() {
    yield Buffer.from(`${HEAD}${GOOD}A2,`);
    const piece = Buffer.alloc(1_000_000, 'x');
    for (let index = 0; index < 100; index++) yield piece;
    yield Buffer.from(`\nA3,LAMP,1,1.00,2026-01-05,Ada,Lamp\nA4,LAMP,1,1.00,2026-01-05,Ada,Lamp\n`);
  }
  const before = process.memoryUsage().rss;
  const { told, result, records } = await importStream(
    file(),
    { ...orders, skipBadRows: true },
    { applier: new FakeApplier() },
  );
  expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
  expect(told).toEqual(['3 - - the row is longer than 1,000,000 characters']);
  // its neighbours might be the same order
  expect(result).toMatchObject({ state: 'done', rows: 4 });
  expect(records).toMatchObject([{ order: { ref: 'A4' } }]);
});

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 20; at < 40; at++) copy[at] = copy[at]! ^ 0xff;
  return copy;
}
