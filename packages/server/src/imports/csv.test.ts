import { describe, expect, test } from 'vitest';
import { MAXIMUM_ROW_LENGTH, RowSplitter } from './csv.ts';

/** What a text splits into: rows with their line, and what is wrong as "line: message". */
function split(text: string, delimiter: string | null = ',', pieces = [text.length]) {
  const rows: [number, ...string[]][] = [];
  const wrong: string[] = [];
  const splitter = new RowSplitter(
    {
      row: (fields, line) => rows.push([line, ...fields]),
      bad: (line, what, fatal) => wrong.push(`${line}: ${what.message}${fatal ? '!' : ''}`),
    },
    { delimiter },
  );
  let at = 0;
  for (let index = 0; at < text.length; index++) {
    const length = Math.max(1, pieces[index % pieces.length]!);
    splitter.push(text.slice(at, at + length));
    at += length;
  }
  splitter.end();
  return { rows, wrong };
}

test.each<[string, string, (number | string)[][]]>([
  [
    'plain rows',
    'a,b\n1,2\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'no line break at the end',
    'a,b\n1,2',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'Windows line ends',
    'a,b\r\n1,"2"\r\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    'blank lines are passed over, and counted',
    'a\n\n\r\nb\n',
    [
      [1, 'a'],
      [4, 'b'],
    ],
  ],
  [
    'quotes hold delimiters, line breaks and doubled quotes',
    '"a,b","c\nd","e""f"\nx,y,z\n',
    [
      [1, 'a,b', 'c\nd', 'e"f'],
      [3, 'x', 'y', 'z'],
    ],
  ],
  [
    'a quote inside an unquoted field is text',
    'a 5" pipe,b\nx,y\n',
    [
      [1, 'a 5" pipe', 'b'],
      [2, 'x', 'y'],
    ],
  ],
  [
    'empty fields',
    ',,\n"",,x\n',
    [
      [1, '', '', ''],
      [2, '', '', 'x'],
    ],
  ],
])('%s', (_what, text, rows) => {
  for (const pieces of [[text.length], [1], [2], [3, 1], [5]])
    expect(split(text, ',', pieces)).toEqual({ rows, wrong: [] });
});

test('in a file with tabs a quote that does not close its field is text', () => {
  expect(split('"best" pipe\t1\n"a\tb"\n"x"\t"y ""z"""\n', '\t').rows).toEqual([
    [1, '"best" pipe', '1'],
    [2, '"a', 'b"'],
    [3, 'x', 'y "z"'],
  ]);
});

test('lines of JSON are whole lines', () => {
  expect(split('{"a":"x,y"}\n{"b":1}\n', null).rows).toEqual([
    [1, '{"a":"x,y"}'],
    [2, '{"b":1}'],
  ]);
});

test('text behind a closing quote is told, and the next row is read', () => {
  expect(split('a,"b"c,d\ne,f,g\n')).toEqual({
    rows: [[2, 'e', 'f', 'g']],
    wrong: ['1: text stands behind a closing quote'],
  });
});

test('a quote that never closes is told with the line it opens on', () => {
  expect(split('a,b\n1,"2\n3,4\n5,6\n')).toEqual({
    rows: [[1, 'a', 'b']],
    wrong: ['2: a quote opens here and is never closed!'],
  });
});

describe('a row that is too long', () => {
  const long = 'x'.repeat(MAXIMUM_ROW_LENGTH + 10);
  const pieces = [64 * 1024];

  test('is told once, and the rows behind it are read with their lines', () => {
    expect(split(`a,b\n1,${long}\n2,3\n`, ',', pieces)).toEqual({
      rows: [
        [1, 'a', 'b'],
        [3, '2', '3'],
      ],
      wrong: ['2: the row is longer than 1,000,000 characters'],
    });
  });

  test('that is quoted and holds line breaks is thrown away to its real end', () => {
    const rows = '1,"y\n'.concat(`${'y\n'.repeat(600_000)}","z"\n2,3\n`);
    expect(split(`a,b\n${rows}`, ',', pieces)).toEqual({
      rows: [
        [1, 'a', 'b'],
        [600_004, '2', '3'],
      ],
      wrong: ['2: the row is longer than 1,000,000 characters'],
    });
  });

  test('whose quote never closes is told twice: it is too long, and where it opened', () => {
    expect(split(`a,b\n1,2\n3,"${'y\n'.repeat(600_000)}`, ',', pieces)).toEqual({
      rows: [
        [1, 'a', 'b'],
        [2, '1', '2'],
      ],
      wrong: ['3: the row is longer than 1,000,000 characters', '3: a quote opens here and is never closed!'],
    });
  });

  test('is never held whole', () => {
    let told = 0;
    const splitter = new RowSplitter({ row() {}, bad: () => void told++ }, { delimiter: ',' });
    const piece = 'x'.repeat(100_000);
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 1000; index++) splitter.push(piece);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
    splitter.end();
    expect(told).toBe(1);
  });
});
