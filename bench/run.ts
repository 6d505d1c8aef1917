import { glob } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Bench, Measured } from './measure.ts';
import { table } from './table.ts';

/**
 * `npm run bench -- [NAME…] [--quick] [--json] [--data FILE] [--judge-from DAY] [--peers]`: runs the benches named, or all. With --json each measured row
 * is one line of JSON; otherwise a table. With --peers, peers that are no part of Kept are installed below bench/peers and
 * measured as well. Exit code 2: a wrong argument; 1: a bench failed. A goal that is missed is told, and is no failure.
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
    judgeFrom: values['judge-from'],
    help: values.help ?? false,
  };
}

async function main(): Promise<number> {
  const known = await benches();
  const list = [...known.keys()].join(', ');
  const usage = `Usage: npm run bench -- [NAME…] [--quick] [--json] [--data FILE] [--judge-from DAY] [--peers]\nBenches: ${list}`;
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
  const rows: Measured[] = [];
  for (const name of asked.names.length > 0 ? asked.names : known.keys()) {
    const { bench } = (await import(pathToFileURL(known.get(name)!).href)) as { bench: Bench };
    for await (const measured of bench.run({
      quick: asked.quick,
      data: asked.data,
      judgeFrom: asked.judgeFrom,
      peers: asked.peers,
    })) {
      rows.push(measured);
      if (asked.json) console.log(JSON.stringify(measured.row));
      else if (process.stderr.isTTY) console.error(`measured ${measured.row.bench}: ${measured.row.work}`);
    }
  }
  if (!asked.json) console.log(table(rows));
  return 0;
}

process.exitCode = await main();
