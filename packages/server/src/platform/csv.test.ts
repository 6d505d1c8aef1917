import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+44 20', "'+44 20"],
  ['-2+3+cmd|calc', "'-2+3+cmd|calc"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  [' =1', "' =1"],
  ['＝1+1', "'＝1+1"],
  ['-12.50', '-12.50'],
  ['a=b', 'a=b'],
])('%j is written as %j', (text, written) => {
  expect(csvOf(['x'], [[text]])).toBe(`x\r\n${written}\r\n`);
});

test('a formula behind a quote or a line is guarded and quoted', () => {
  expect(csvOf(['x'], [['=HYPERLINK("http://evil")']])).toBe(`x\r\n"'=HYPERLINK(""http://evil"")"\r\n`);
});

test('whatever answers CSV writes it here', () => {
  const source = resolve(import.meta.dirname, '..');
  const files = globSync('**/*.ts', { cwd: source }).filter(
    (file) => !/test|testing|imports|demo/.test(file),
  );
  const writes = files.filter((file) => {
    const text = readFileSync(resolve(source, file), 'utf8');
    return /replaceAll\('"', '""'\)|replace\(\/"\/g, '""'\)/.test(text);
  });
  // A sheet that Kept itself reads again has to stay as it is.
  expect(writes.sort()).toEqual(['erp/file/read-file.ts', 'platform/csv.ts']);
});
