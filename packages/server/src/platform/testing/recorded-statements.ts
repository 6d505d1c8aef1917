import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll } from 'vitest';
import { tablesAcrossBrands } from './brand-scope.ts';

/**
 * Set up before each test file that has a database: what Kept itself asks there, once for each text, is held against the rule that a
 * statement is about one brand, so that a database spread over machines asks one of them.
 */
const migrations = resolve(import.meta.dirname, '../../../migrations');
const tables = new Set(
  readdirSync(migrations)
    .flatMap((name) => [
      ...readFileSync(join(migrations, name), 'utf8').matchAll(/create (?:unlogged )?table (\w+)/g),
    ])
    .map(([, table]) => table!),
);
/** These are for all brands: the schema itself, whole backups, and questions to the catalogue. */
const FOR_ALL = /platform\/(migrate|spread|backup|backup-store|catalogue-store)\.ts/;
const OF_TESTS = /\.test\.ts|\/testing\/(?!recorded-statements)|\/(bench|chaos|fuzz|scenarios)\//;

const seen = new Set<string>();
const faults: string[] = [];
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
  const [asked] = args as [string | { text?: string } | undefined];
  const text = typeof asked === 'string' ? asked : asked?.text;
  if (typeof text === 'string' && !seen.has(text)) note(text);
  return (query as (...all: unknown[]) => unknown).apply(this, args);
} as typeof query;

function note(text: string): void {
  seen.add(text);
  const across = tablesAcrossBrands(text, tables);
  if (across.length === 0) return;
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  const { stack = '' } = new Error('asked');
  Error.stackTraceLimit = stackTraceLimit;
  const from = stack.split('\n').filter((line) => !/recorded-statements|node_modules|node:/.test(line));
  const asker = from[1] ?? '';
  if (OF_TESTS.test(asker) || FOR_ALL.test(asker)) {
    seen.delete(text); // Kept may ask the same
    return;
  }
  faults.push(`${across.join(', ')} without brand_id, asked ${asker.trim()}:\n${text}`);
}

afterAll(() => {
  if (faults.length > 0)
    throw new Error(`Statements that would cross brands:\n${[...new Set(faults)].join('\n')}`);
});
