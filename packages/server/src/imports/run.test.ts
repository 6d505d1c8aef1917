import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportProgress } from './import-result.ts';
import { runImport } from './run.ts';
import { FakeApplier, importText } from './testing.ts';

const stock = (rows: string[]) => `sku,location,condition,counted\n${rows.map((row) => `${row}\n`).join('')}`;
const GOOD = stock(['LAMP,main,sellable,5', 'DESK,Main Warehouse,damaged,1', '00123,main,quality_hold,0']);

test('a good file is applied in one transaction, and what was known is asked before it', async () => {
  const { result, applier, records } = await importText(GOOD);
  expect(applier.calls).toEqual(['known', 'begin', 'commit']);
  expect(result).toMatchObject({
    state: 'done',
    kind: 'stock',
    rows: 3,
    applied: 3,
    unchanged: 0,
    skipped: 0,
    errorCount: 0,
  });
  expect(records).toEqual([
    { kind: 'stock', sku: 'LAMP', location: 'main', condition: 'sellable', counted: 5 },
    { kind: 'stock', sku: 'DESK', location: 'main', condition: 'damaged', counted: 1 },
    { kind: 'stock', sku: '00123', location: 'main', condition: 'quality_hold', counted: 0 },
  ]);
});

test('what the store finds unchanged is counted so', async () => {
  const applier = new FakeApplier();
  applier.answer = () => ({ state: 'unchanged' });
  const { result } = await importText(GOOD, {}, { applier });
  expect(result).toMatchObject({ state: 'done', applied: 0, unchanged: 3 });
});

test('what the store refuses is told by its line, column and value, and takes the whole file back', async () => {
  const applier = new FakeApplier();
  applier.answer = (record) =>
    record.kind === 'stock' && record.sku === 'DESK'
      ? { state: 'refused', path: 'sku', message: 'is a kit' }
      : { state: 'applied' };
  const { result, told } = await importText(GOOD, {}, { applier });
  expect(told).toEqual(['3 sku "DESK" is a kit']);
  expect(applier.calls).toEqual(['known', 'begin', 'rollback']);
  expect(result).toMatchObject({ state: 'refused', applied: 0, skipped: 1 });
});

test('with --skip-bad-rows the rest is applied', async () => {
  const applier = new FakeApplier();
  applier.answer = (record) =>
    record.kind === 'stock' && record.sku === 'DESK'
      ? { state: 'refused', path: 'sku', message: 'is a kit' }
      : { state: 'applied' };
  const { result } = await importText(GOOD.replace('00123', 'NOPE'), { skipBadRows: true }, { applier });
  expect(result).toMatchObject({ state: 'done', applied: 1, skipped: 2, errorCount: 2 });
});

test("a path into an order's line is told by that line's own row", async () => {
  const applier = new FakeApplier();
  applier.answer = () => ({ state: 'refused', path: 'lines.1.sku', message: 'is a kit' });
  const { told } = await importText(
    'ref,sku,qty,price,placed_at\nA,LAMP,1,1.00,2026-01-01\nA,DESK,1,1.00,2026-01-01\n',
    { channel: 'web' },
    { applier },
  );
  expect(told).toEqual(['3 sku "DESK" is a kit']);
});

test('a dry run does everything and takes it back', async () => {
  const { result, applier } = await importText(GOOD, { dryRun: true });
  expect(result).toMatchObject({ state: 'done', applied: 3 });
  expect(applier.calls).toEqual(['known', 'begin', 'rollback']);
});

test('when the store breaks, nothing is applied and the reason goes to the log', async () => {
  const applier = new FakeApplier();
  applier.apply = () => Promise.reject(new Error('connection lost'));
  const result = await runImport({ file: bytes(GOOD), name: 'a.csv', options: {}, applier });
  expect(result).toMatchObject({
    state: 'failed',
    message: 'the import failed; nothing of the file was applied',
  });
  expect((result.failure as Error).message).toBe('connection lost');
  expect(applier.calls).toEqual(['known', 'begin', 'rollback']);
});

test('a count that stands twice is told with the line it stood on first', async () => {
  const { told } = await importText(stock(['LAMP,main,sellable,5', 'LAMP,Main Warehouse,,6']));
  expect(told).toEqual(['3 sku "LAMP" is there twice, first on line 2']);
});

test('the first thousand errors are held, all are written to the spool, and progress is told', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kept-test-'));
  try {
    const file = join(directory, 'stock.csv');
    const spool = join(directory, 'errors');
    await writeFile(
      file,
      stock(Array.from({ length: 30_000 }, (_, index) => `NOPE-${index},main,sellable,5`)),
    );
    const told: ImportProgress[] = [];
    const result = await runImport({
      file,
      name: 'stock.csv',
      options: {},
      applier: new FakeApplier(),
      errorSpool: spool,
      onProgress: (now) => told.push(now),
    });
    expect(result).toMatchObject({ state: 'refused', rows: 30_000, errorCount: 30_000 });
    expect(result.errors).toHaveLength(1000);
    const lines = (await readFile(spool, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(30_000);
    expect(JSON.parse(lines.at(-1)!)).toEqual({
      file: 'stock.csv',
      line: 30_001,
      column: 'sku',
      value: 'NOPE-29999',
      message: 'is not a SKU that Kept knows',
      expected: 'a SKU of the catalogue, or --create-items',
    });
    expect(told.at(-1)).toMatchObject({ phase: 'checking', rows: 30_000, errorCount: 30_000 });
    expect(told.at(-1)!.bytes).toBe(told.at(-1)!.totalBytes);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('records are handed over many at a time, those of one kind together', async () => {
  const applier = new FakeApplier();
  const variants = Array.from({ length: 45_000 }, (_, index) => `p${index},P${index},SKU-${index},1.00`).join(
    '\n',
  );
  const { result } = await importText(
    `Handle,Title,Variant SKU,Variant Price\n${variants}\n`,
    {},
    { applier },
  );
  expect(result).toMatchObject({ state: 'done', applied: 90_000 });
  expect(applier.largest).toBeLessThanOrEqual(20_000);
  let runs = 0;
  for (const [index, record] of applier.records.entries())
    if (record.kind !== applier.records[index - 1]?.kind) runs++;
  expect(runs).toBeLessThan(10);
});

test('after a deadlock the file is applied once more, and nothing is counted twice', async () => {
  const applier = new FakeApplier();
  applier.answer = (record) =>
    record.kind === 'stock' && record.sku === 'DESK'
      ? { state: 'refused', path: 'sku', message: 'is a kit' }
      : { state: 'applied' };
  let deadlocks = 1;
  applier.commit = async () => {
    if (deadlocks-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    applier.calls.push('commit');
  };
  const { result, records, told } = await importText(GOOD, { skipBadRows: true }, { applier });
  expect(applier.calls).toEqual(['known', 'begin', 'rollback', 'begin', 'commit']);
  expect(result).toMatchObject({ state: 'done', applied: 2, skipped: 1, errorCount: 1 });
  expect(told).toEqual(['3 sku "DESK" is a kit']);
  expect(records).toHaveLength(3);
});

test('two deadlocks are one too many, and a rollback that fails hides nothing', async () => {
  const applier = new FakeApplier();
  const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' });
  applier.apply = () => Promise.reject(deadlock);
  applier.rollback = () => Promise.reject(new Error('no connection'));
  const result = await runImport({ file: bytes(GOOD), name: 'a.csv', options: {}, applier });
  expect(applier.calls).toEqual(['known', 'begin', 'begin']);
  expect(result).toMatchObject({ state: 'failed', failure: deadlock });
});

test('the first hundred thousand errors are spooled, the rest counted', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kept-test-'));
  try {
    const errorSpool = join(directory, 'errors');
    const rows = Array.from({ length: 100_002 }, (_, index) => `NOPE-${index},main,sellable,5`);
    const applier = new FakeApplier();
    const result = await runImport({
      file: bytes(stock(rows)),
      name: 'a.csv',
      options: {},
      applier,
      errorSpool,
    });
    expect(result).toMatchObject({
      state: 'refused',
      errorCount: 100_002,
      message: 'only the first 100,000 errors are kept, the rest are counted',
    });
    expect((await readFile(errorSpool, 'utf8')).trimEnd().split('\n')).toHaveLength(100_000);
  } finally {
    await rm(directory, { recursive: true });
  }
});

async function* bytes(text: string) {
  yield Buffer.from(text);
}
