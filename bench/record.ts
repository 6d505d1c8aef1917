import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, type as system, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Measured, Row } from './measure.ts';

/** The last full run, kept beside the benches: what is published, and what a later run is held against. */
export interface Record {
  /** By bench. */
  readonly benches: { readonly [bench: string]: Recorded };
}

export interface Recorded {
  /** ISO 8601, when it ended. */
  readonly at: string;
  readonly machine: Machine;
  readonly rows: readonly RecordedRow[];
  /** The rows of a quick run that came right after it: its sizes are other ones. */
  readonly quick: readonly Row[];
}

export interface RecordedRow extends Row {
  readonly spread: string | null;
  readonly note: string | null;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Gigabytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
}

const FILE = fileURLToPath(new URL('record.json', import.meta.url));

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${system()} ${release()}`,
    node: process.version,
  };
}

export function readRecord(file = FILE): Record {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record) : { benches: {} };
}

export function writeRecord(record: Record, file = FILE): void {
  const sorted = Object.entries(record.benches).sort(([a], [b]) => a.localeCompare(b));
  writeFileSync(file, `${JSON.stringify({ benches: Object.fromEntries(sorted) }, null, 2)}\n`);
}

/** A record with a bench measured anew; the others stay. */
export function recorded(
  record: Record,
  bench: string,
  full: readonly Measured[],
  quick: readonly Measured[],
  at: Date,
): Record {
  const rows = full.map(({ row, spread, note }) => ({ ...row, spread: spread ?? null, note: note ?? null }));
  const one: Recorded = {
    at: at.toISOString(),
    machine: thisMachine(),
    rows,
    quick: quick.map(({ row }) => row),
  };
  return { benches: { ...record.benches, [bench]: one } };
}

/** A ratio to the limit that is less than half as good as it was. */
export interface Fall {
  readonly row: Row;
  readonly was: number;
}

/**
 * Rows whose ratio fell to less than half of what was recorded for the same work; absolute times are the machine's affair. A tail
 * is told and not held: one pause of the machine doubles it.
 */
export function fallen(rows: readonly Row[], before: readonly Row[]): Fall[] {
  const known = new Map(before.map((row) => [row.work, row]));
  const falls: Fall[] = [];
  for (const row of rows) {
    const was = known.get(row.work)?.ratio;
    if (/\bp9\d\b/.test(row.work) || row.ratio === null || was === null || was === undefined) continue;
    if (isRate(row.unit) ? row.ratio < was / 2 : row.ratio > was * 2) falls.push({ row, was });
  }
  return falls;
}

/** Whether more of it is better: orders/s, lines/s; of times and memory, less is. */
export function isRate(unit: string): boolean {
  return unit.endsWith('/s');
}
