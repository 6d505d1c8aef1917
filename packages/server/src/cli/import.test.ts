import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeApplier, FakeMappings } from '../imports/testing.ts';
import { type ImportCommandDeps, importCommand } from './import.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

/** Runs `kept import` with these words; answers the exit code and what was printed. */
async function kept(words: string[], more: Partial<ImportCommandDeps> = {}, applier = new FakeApplier()) {
  const out: string[] = [];
  const err: string[] = [];
  let code = -1;
  const command = importCommand({
    openLocal: async () => ({ applier, mappings: new FakeMappings() }),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    setExitCode: (value) => void (code = value),
    ...more,
  }).exitOverride();
  await command.parseAsync(words, { from: 'user' });
  return { code, out: out.join('\n'), err: err.join('\n'), applier };
}

const STOCK = 'sku,location,condition,counted\nLAMP,main,sellable,5\nDESK,main,sellable,1\n';

test('a good file is applied, and said how it was read', async () => {
  const path = await file('stock.csv', STOCK);
  const { code, out } = await kept([path]);
  expect(code).toBe(0);
  expect(out).toContain(`${path}: read as stock, comma, utf-8`);
  expect(out).toContain(`${path}: 2 records applied, 0 unchanged`);
});

test('bad rows are a table of file and line, column, value, message and what was expected', async () => {
  const path = await file('stock.csv', STOCK.replace('LAMP', 'LAMPE').replace(',1\n', ',-1\n'));
  const { code, err } = await kept([path]);
  expect(code).toBe(1);
  expect(err).toContain(
    'stock.csv:2  sku      "LAMPE" — is not a SKU that Kept knows (expected a SKU of the catalogue, perhaps LAMP, or --create-items)',
  );
  expect(err).toContain('stock.csv:3  counted  "-1" — is negative (expected zero or more)');
  expect(err).toContain('refused for 2 errors; nothing was applied (--skip-bad-rows applies the rest)');
});

test('several files are brought in the order they need, and those behind a bad one are left', async () => {
  const orders = await file(
    'a-orders.csv',
    'ref,channel,placed_at,sku,quantity,price\n1,web,2026-01-05,NOPE,1,1.00\n',
  );
  const stock = await file('b-stock.csv', STOCK);
  const locations = await file('c-locations.csv', 'code,title,country\nmain,Main,US\n');
  const good = await kept([orders, stock, locations, '--skip-bad-rows']);
  expect(good.code).toBe(0);
  expect(good.applier.records.map((record) => record.kind)).toEqual(['location', 'stock', 'stock']);
  const bad = await kept([orders, await file('b-stock.csv', STOCK.replace('LAMP', 'X')), locations]);
  expect(bad.code).toBe(1);
  expect(bad.err).toContain(`not read, since they may build on it: ${orders}`);
});

test('what the file does not tell is asked for, or told how to say', async () => {
  const path = await file('lager.csv', 'Ware,Da\nLAMP,5\n');
  const told = await kept([path, '--kind', 'stock', '--location', 'main']);
  expect(told.code).toBe(2);
  expect(told.err).toContain('which columns are sku, counted? say --map "sku=COLUMN,counted=COLUMN"');
  const questions: string[] = [];
  const answers = ['Ware', 'Da'];
  const ask = async (question: string) => {
    questions.push(question);
    return answers.shift()!;
  };
  const asked = await kept([path, '--kind', 'stock', '--location', 'main'], { ask });
  expect(questions).toEqual(['sku: ', 'counted: ']);
  expect(asked.code).toBe(0);
  expect(asked.applier.records).toMatchObject([{ sku: 'LAMP', counted: 5 }]);
});

test('--json prints one object for each file, --errors writes every error', async () => {
  const path = await file('stock.csv', STOCK.replace('LAMP', 'X'));
  const errors = join(directory, 'errors.ndjson');
  const { code, out } = await kept([path, '--json', '--errors', errors]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ file: path, state: 'refused', errorCount: 1 });
  expect(JSON.parse(await readFile(errors, 'utf8'))).toMatchObject({ line: 2, column: 'sku', value: 'X' });
});

test('a file that is not there, and a mapping that says nothing, are usage errors', async () => {
  expect(await kept([join(directory, 'none.csv')])).toMatchObject({ code: 2 });
  const path = await file('stock.csv', STOCK);
  await expect(kept([path, '--map', 'sku'])).rejects.toThrow('names no field and column');
  await expect(kept([path, '--kind', 'spoons'])).rejects.toThrow('Allowed choices');
});

test('with --url the file goes to the server, and its import is followed', async () => {
  const path = await file('stock.csv', STOCK);
  const asked: string[] = [];
  const run = {
    id: 'i1',
    file: 'stock.csv',
    kind: 'stock',
    state: 'checking',
    rows: 0,
    applied: 0,
    unchanged: 0,
    skipped: 0,
    errorCount: 0,
    errors: [],
    startedAt: '',
    finishedAt: null,
  };
  const answers = [
    run,
    { ...run, rows: 1, progress: 0.5 },
    { ...run, state: 'done', rows: 2, applied: 2, finishedAt: '2026-01-15T12:00:00Z' },
  ];
  const fetch = async (url: unknown, init: RequestInit = {}) => {
    asked.push(`${init.method ?? 'GET'} ${url} ${(init.headers as Record<string, string>).authorization}`);
    return Response.json(answers.shift());
  };
  const { code, out } = await kept([path, '--url', 'http://kept.test', '--key', 'k', '--skip-bad-rows'], {
    fetch: fetch as typeof globalThis.fetch,
  });
  expect(code).toBe(0);
  expect(out).toContain('2 records applied');
  expect(asked).toEqual([
    'POST http://kept.test/v1/imports?name=stock.csv&returns=refuse&skipBadRows=true Bearer k',
    'GET http://kept.test/v1/imports/i1 Bearer k',
    'GET http://kept.test/v1/imports/i1 Bearer k',
  ]);
});

test('a server that does not take the file is told', async () => {
  const path = await file('stock.csv', STOCK);
  const fetch = async () => Response.json({ detail: 'Sign in.' }, { status: 401 });
  const { code, err } = await kept([path, '--url', 'http://kept.test'], {
    fetch: fetch as typeof globalThis.fetch,
  });
  expect(code).toBe(1);
  expect(err).toContain('the server answered 401: Sign in.');
});
