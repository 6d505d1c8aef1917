import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demandFactors } from '../packages/engine/src/demand-forecast.ts';
import { type ProjectionColumns, projectAll } from '../packages/engine/src/projection.ts';
import { FanMaker } from '../packages/engine/src/projection-fan.ts';
import { type Bench, type BenchOptions, type Measured, milliseconds } from './measure.ts';

const ITEMS = 100_000;
const DAYS = 365;
const MOST_MILLISECONDS = 250;
const FANS = 10_000;
const PATHS = 100;
const MOST_RATIO = 1.3;
const SEED = 7;

export const bench: Bench = {
  name: 'projection',
  *run({ quick }: BenchOptions): Generator<Measured> {
    const columns = brand(ITEMS);
    const fans = quick ? FANS / 20 : FANS;
    const uncertain = {
      ...factorsOf(),
      slips: Float64Array.from({ length: 20 }, (_, step) => 0.5 * step),
    };
    const c = inC(columns, uncertain, fans);
    let spent = Infinity;
    let summary = projectAll(columns);
    for (let turn = 0; turn < 9; turn++)
      spent = Math.min(
        spent,
        milliseconds(() => (summary = projectAll(columns))),
      );
    const { firstStockOut, deepestQueue, lost, net } = summary;
    let check = 0;
    for (let item = 0; item < ITEMS; item++)
      check += firstStockOut[item]! + deepestQueue[item]! + lost[item]! + net[item]!;
    if (c && !near(check, c.check))
      throw new Error(`C and the engine project differently: ${c.check}, ${check}`);
    yield {
      row: row(
        `${ITEMS / 1000}k items × ${DAYS} days`,
        spent,
        c?.milliseconds ?? null,
        `≤ ${MOST_MILLISECONDS} ms`,
        spent <= MOST_MILLISECONDS,
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
      ),
      note: c
        ? 'projection: the limit is C, gcc -O3 -march=native, the same rules, scenarios and selection; its sums are the same. One core.'
        : 'projection: the limit needs gcc, and there is none here.',
    };
  },
};

function row(
  work: string,
  kept: number,
  limit: number | null,
  goal: string,
  holds: boolean | null,
): Measured['row'] {
  return {
    bench: 'projection',
    work,
    kept,
    unit: 'ms',
    limit,
    peers: {},
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

/** A brand of queues, deliveries and seasons, the same each time. */
function brand(items: number): ProjectionColumns {
  let state = 12345;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const weeks = Math.ceil(DAYS / 7);
  const arrivalFrom = new Int32Array(items + 1);
  const arrivals: [day: number, free: number, pegged: number][] = [];
  const column = (value: () => number) => Float64Array.from({ length: items }, value);
  const dailyDemand = new Float32Array(items * weeks);
  for (let item = 0; item < items; item++) {
    const level = 0.2 + 6 * chance() * chance();
    const phase = weeks * chance();
    for (let week = 0; week < weeks; week++)
      dailyDemand[item * weeks + week] = level * (1 + 0.4 * Math.sin((2 * Math.PI * (week + phase)) / 52));
    const own = Array.from({ length: Math.floor(7 * chance()) }, () => Math.floor(DAYS * chance())).sort(
      (a, b) => a - b,
    );
    for (const day of own) arrivals.push([day, Math.floor(80 * level * chance()), Math.floor(20 * chance())]);
    arrivalFrom[item + 1] = arrivals.length;
  }
  return {
    items,
    days: DAYS,
    free: column(() => Math.floor(200 * chance())),
    reserved: column(() => Math.floor(10 * chance())),
    reservedDay: new Int32Array(items).fill(1),
    waiting: column(() => (chance() < 0.2 ? Math.floor(40 * chance()) : 0)),
    mayWait: Uint8Array.from({ length: items }, () => (chance() < 0.8 ? 1 : 0)),
    dailyDemand,
    arrivalFrom,
    arrivalDay: Int32Array.from(arrivals, ([day]) => day),
    arrivalFree: Float64Array.from(arrivals, ([, free]) => free),
    arrivalPegged: Float64Array.from(arrivals, ([, , pegged]) => pegged),
  };
}

interface InC {
  readonly milliseconds: number;
  readonly check: number;
  readonly fanMilliseconds: number;
  readonly fanCheck: number;
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
    const [spent, check, fanSpent, fanCheck] = stdout.trim().split(' ').map(Number);
    return { milliseconds: spent!, check: check!, fanMilliseconds: fanSpent!, fanCheck: fanCheck! };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
