import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Bench, type BenchOptions, figureText, type Measured } from './measure.ts';
import { fallen, readRecord, recorded, writeRecord } from './record.ts';
import { publish } from './report.ts';
import { table } from './table.ts';

/**
 * `npm run bench -- [NAME…] [--quick] [--record] [--json] [--data FILE] [--judge-from DAY] [--peers]`: runs the benches named, or
 * all. With --json each measured row is one line of JSON; otherwise a table. With --peers, peers that are no part of Kept are
 * installed below bench/peers and measured as well. --record keeps the figures of a full run and writes docs/PERFORMANCE.md from
 * all that are kept. --quick holds its ratios against the record. Exit code 2: a wrong argument; 1: a bench failed, or a ratio
 * fell to less than half of what was recorded, twice. A goal that is missed is told, and is no failure.
 */

const SUFFIX = '.bench.ts';
const directory = dirname(fileURLToPath(import.meta.url));

async function benches(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const file of glob(`*${SUFFIX}`, { cwd: directory }))
    files.set(basename(file, SUFFIX), join(directory, file));
  return new Map([...files].sort(([a], [b]) => a.localeCompare(b)));
}

function readArguments() {
  const options = {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    data: { type: 'string' },
    peers: { type: 'boolean' },
    record: { type: 'boolean' },
    'judge-from': { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  return {
    names: positionals,
    quick: values.quick ?? false,
    json: values.json ?? false,
    data: values.data,
    peers: values.peers ?? false,
    record: values.record ?? false,
    judgeFrom: values['judge-from'],
    help: values.help ?? false,
  };
}

async function main(): Promise<number> {
  const known = await benches();
  const list = [...known.keys()].join(', ');
  const usage = `Usage: npm run bench -- [NAME…] [--quick] [--record] [--json] [--data FILE] [--judge-from DAY] [--peers]\nBenches: ${list}`;
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments();
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return 2;
  }
  if (asked.help) {
    console.log(usage);
    return 0;
  }
  const unknown = asked.names.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    console.error(`There is no bench ${unknown.join(', ')}. Benches: ${list}`);
    return 2;
  }
  if (asked.record && (asked.quick || asked.data !== undefined)) {
    console.error('--record keeps the figures of a full run: leave --quick and --data out.');
    return 2;
  }
  const names = asked.names.length > 0 ? asked.names : [...known.keys()];
  const rows: Measured[] = [];
  const fell: string[] = [];
  for (const name of names) {
    const measure = async (quick: boolean) => {
      const { bench } = (await import(pathToFileURL(known.get(name)!).href)) as { bench: Bench };
      return run(bench, { ...asked, quick }, asked.json);
    };
    const measured = await measure(asked.quick);
    rows.push(...measured);
    if (asked.record) {
      writeRecord(recorded(readRecord(), name, measured, await measure(true), new Date()));
      publish(readRecord());
    }
    if (asked.quick) fell.push(...(await fallenTwice(name, measured, measure)));
  }
  if (!asked.json) console.log(table(rows));
  for (const one of fell) console.error(one);
  return fell.length > 0 ? 1 : 0;
}

async function run(bench: Bench, options: BenchOptions, json: boolean): Promise<Measured[]> {
  const rows: Measured[] = [];
  for await (const measured of bench.run(options)) {
    rows.push(measured);
    if (json) console.log(JSON.stringify(measured.row));
    else if (process.stderr.isTTY) console.error(`measured ${measured.row.bench}: ${measured.row.work}`);
  }
  return rows;
}

/** Another program may have had the machine: what fell is measured once more before it is told. */
async function fallenTwice(
  name: string,
  measured: readonly Measured[],
  measure: (quick: boolean) => Promise<Measured[]>,
): Promise<string[]> {
  const before = readRecord().benches[name]?.quick ?? [];
  const first = fallen(
    measured.map(({ row }) => row),
    before,
  );
  if (first.length === 0) return [];
  const works = new Set(first.map(({ row }) => row.work));
  const again = (await measure(true)).map(({ row }) => row).filter((row) => works.has(row.work));
  return fallen(again, before).map(
    ({ row, was }) =>
      `${row.bench}: ${row.work}: the ratio to the limit is ${figureText(row.ratio!)} and was ${figureText(was)}: less than half as good as in the last full run.`,
  );
}

process.exitCode = await main();
