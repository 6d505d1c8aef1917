import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demandFactors } from '../packages/engine/src/demand-forecast.ts';
import { firstStockOuts, type ProjectionColumns, projectAll } from '../packages/engine/src/projection.ts';
import { FanMaker } from '../packages/engine/src/projection-fan.ts';
import { type Bench, type BenchOptions, type Measured, milliseconds } from './measure.ts';
import { projectionBrand } from './projection-brand.ts';

const ITEMS = 100_000;
const DAYS = 365;
const MOST_MILLISECONDS = 250;
const MOST_DENSE_RATIO = 1.5;
/** Who asks for the first stock-out alone has it so many times sooner than C has all days. */
const LEAST_SOONER = 4;
const FANS = 10_000;
const PATHS = 100;
const MOST_RATIO = 1;
const SEED = 7;

export const bench: Bench = {
  name: 'projection',
  *run({ quick }: BenchOptions): Generator<Measured> {
    const columns = projectionBrand(ITEMS, DAYS);
    const fans = quick ? FANS / 20 : FANS;
    const uncertain = {
      ...factorsOf(),
      slips: Float64Array.from({ length: 20 }, (_, step) => 0.5 * step),
    };
    const c = inC(columns, uncertain, fans);
    let summary = projectAll(columns);
    let firsts = firstStockOuts(columns);
    const spent = fastest(() => (summary = projectAll(columns)));
    const sooner = fastest(() => (firsts = firstStockOuts(columns)));
    const { firstStockOut, deepestQueue, lost, net } = summary;
    let check = 0;
    for (let item = 0; item < ITEMS; item++) {
      check += firstStockOut[item]! + deepestQueue[item]! + lost[item]! + net[item]!;
      if (firsts[item] !== firstStockOut[item])
        throw new Error(`item ${item} runs out on ${firstStockOut[item]} and on ${firsts[item]}`);
    }
    if (c && !near(check, c.check))
      throw new Error(`C and the engine project differently: ${c.check}, ${check}`);
    const dense = c?.milliseconds ?? null;
    const work = `${ITEMS / 1000}k items × ${DAYS} days`;
    const inTime = spent <= MOST_MILLISECONDS;
    yield {
      row: row(
        work,
        spent,
        dense,
        `≤ ${MOST_MILLISECONDS} ms, ≤ ${MOST_DENSE_RATIO} × C`,
        dense === null ? null : inTime && spent <= MOST_DENSE_RATIO * dense,
        { 'C with the same shortcuts': c?.shortest ?? null },
      ),
    };
    yield {
      row: row(
        `${work}, the first stock-out alone`,
        sooner,
        dense,
        `≥ ${LEAST_SOONER} × faster than all days in C`,
        dense === null ? null : LEAST_SOONER * sooner <= dense,
      ),
    };
    const maker = new FanMaker(columns, { paths: PATHS, seed: SEED });
    const fanOf = (item: number) => {
      const count = columns.arrivalFrom[item + 1]! - columns.arrivalFrom[item]!;
      return maker.fan(item, { ...uncertain, slips: new Array<Float64Array>(count).fill(uncertain.slips) });
    };
    for (let item = 0; item < 200; item++) fanOf(item);
    let fanCheck = 0;
    const taken = milliseconds(() => {
      for (let item = 0; item < fans; item++) {
        const { stock, queue, lost } = fanOf(item);
        for (const { p10, p50, p90 } of [stock, queue, lost])
          for (let day = 0; day < DAYS; day++) fanCheck += p10[day]! + p50[day]! + p90[day]!;
      }
    });
    if (c && !near(fanCheck, c.fanCheck))
      throw new Error(`C and the engine fan differently: ${c.fanCheck}, ${fanCheck}`);
    const limit = c?.fanMilliseconds ?? null;
    yield {
      row: row(
        `${fans / 1000}k items × ${DAYS} days × ${PATHS} paths`,
        taken,
        limit,
        `≤ ${MOST_RATIO} × C`,
        limit === null ? null : taken <= MOST_RATIO * limit,
        { 'C with the same shortcuts': c?.fanShortest ?? null },
      ),
      note: c
        ? 'projection: the limit is C, gcc -O3 -march=native, the same rules, scenarios and selection, all days one after another; its sums are the same. One core.'
        : 'projection: the limit needs gcc, and there is none here.',
    };
  },
};

/** Milliseconds of the fastest of nine. */
function fastest(work: () => unknown): number {
  return Math.min(...Array.from({ length: 9 }, () => milliseconds(work)));
}

function row(
  work: string,
  kept: number,
  limit: number | null,
  goal: string,
  holds: boolean | null,
  peers: Measured['row']['peers'] = {},
): Measured['row'] {
  return {
    bench: 'projection',
    work,
    kept,
    unit: 'ms',
    limit,
    peers,
    ratio: limit === null ? null : kept / limit,
    goal,
    holds,
  };
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-6 * Math.max(Math.abs(one), Math.abs(other));
}

function factorsOf(): { dayFactors: Float64Array; levelFactors: Float64Array } {
  const { days, level } = demandFactors({
    mean: new Float64Array(4).fill(21),
    deviation: 9,
    alike: 0.15,
    weights: [],
  });
  return { dayFactors: days, levelFactors: level };
}

interface InC {
  /** Day by day. */
  readonly milliseconds: number;
  /** With the engine's shortcuts. */
  readonly shortest: number;
  readonly check: number;
  readonly fanMilliseconds: number;
  readonly fanCheck: number;
  readonly fanShortest: number;
}

function inC(
  columns: ProjectionColumns,
  {
    dayFactors,
    levelFactors,
    slips,
  }: { dayFactors: Float64Array; levelFactors: Float64Array; slips: Float64Array },
  fans: number,
): InC | null {
  const directory = mkdtempSync(join(tmpdir(), 'kept-bench-'));
  try {
    const program = join(directory, 'projection');
    const source = join(dirname(fileURLToPath(import.meta.url)), 'projection.c');
    const gcc = spawnSync('gcc', ['-O3', '-march=native', '-o', program, source], { encoding: 'utf8' });
    if (gcc.error !== undefined || gcc.status !== 0) return null;
    const { items, days, arrivalDay } = columns;
    const head = [items, days, Math.ceil(days / 7), arrivalDay.length, PATHS, SEED];
    const parts = [
      Int32Array.of(...head, dayFactors.length, levelFactors.length, slips.length),
      columns.free,
      columns.reserved,
      columns.reservedDay,
      columns.waiting,
      columns.mayWait,
      columns.dailyDemand,
      columns.arrivalFrom,
      arrivalDay,
      columns.arrivalFree,
      columns.arrivalPegged,
      dayFactors,
      levelFactors,
      slips,
    ];
    const input = join(directory, 'input');
    writeFileSync(input, Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer as ArrayBuffer))));
    const { status, stdout } = spawnSync(program, [input, String(fans)], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the C program ended with ${status}`);
    const [spent, check, fanSpent, fanCheck, shortest, fanShortest] = stdout.trim().split(' ').map(Number);
    return {
      milliseconds: spent!,
      shortest: shortest!,
      check: check!,
      fanMilliseconds: fanSpent!,
      fanCheck: fanCheck!,
      fanShortest: fanShortest!,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
