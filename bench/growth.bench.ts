import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planAll } from '../packages/engine/src/pegging.ts';
import { projectAll } from '../packages/engine/src/projection.ts';
import { replan } from '../packages/server/src/promising/plan.ts';
import { type BenchBrand, openBrand, stockShop, temporaryDirectory } from './brand.ts';
import { cancelInQueue, fillQueue, QUEUE } from './cancel-in-queue.ts';
import { serveOrders } from './http-orders.ts';
import { importFile } from './import-file.ts';
import {
  type Bench,
  type BenchOptions,
  figureText,
  type Measured,
  milliseconds,
  spreadOf,
} from './measure.ts';
import { planInput } from './plan-input.ts';
import { watch } from './processes.ts';
import { projectionBrand } from './projection-brand.ts';
import { takeOver, takeOverQueues } from './replan-brand.ts';
import { slip } from './slip.bench.ts';

/**
 * How time grows with the work: each at 1 ×, 10 × and 100 ×. The figure is the worse of the two steps: the time of ten times the
 * work, over ten times the time; 1 is linear, less is better than that.
 */

const MOST_GROWTH = 1.1;
const KEPT = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));

interface Work {
  readonly name: string;
  /** Of the smallest of the three. */
  readonly units: number;
  readonly unit: string;
  /** Milliseconds of one run of so many units, what it needs made before. */
  run(units: number): Promise<number>;
  /** Each run does the same, whatever lies beside it: 1 is constant. */
  readonly constant?: boolean;
}

export const bench: Bench = {
  name: 'growth',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    for (const work of WORKS) {
      const units = quick ? work.units / 10 : work.units;
      const times: number[] = [];
      const memories: number[] = [];
      for (const size of [units, units * 10, units * 100]) {
        times.push(await work.run(size));
        memories.push(process.memoryUsage.rss() / 2 ** 20);
      }
      yield row(work, units, times, memories, quick);
    }
  },
};

const WORKS: readonly Work[] = [
  { name: 'a plan in memory', units: 10_000, unit: 'lines', run: async (lines) => planned(lines) },
  {
    name: 'projections of 365 days in memory',
    units: 1000,
    unit: 'items',
    run: async (items) => {
      const columns = projectionBrand(items, 365);
      for (let turn = 0; turn < 20; turn++) projectAll(columns);
      return fastest(7, () => projectAll(columns));
    },
  },
  {
    name: 'a re-plan from database to database, all promises new',
    units: 1000,
    unit: 'lines',
    run: (lines) =>
      inBrand(async (brand) => {
        await takeOver(brand, { lines, items: lines / 10, supplies: (lines * 3) / 10 });
        return (await replan(brand.kept, brand.brandId)).milliseconds;
      }),
  },
  {
    name: 'a purchase order slips that backs all',
    units: 1000,
    unit: 'lines',
    run: (lines) =>
      inBrand(async (brand) => {
        const items = 10;
        await takeOverQueues(brand, { lines, items, purchases: { 'PO-BIG': 20 } });
        await replan(brand.kept, brand.brandId);
        const taken: number[] = [];
        for (const days of [32, 44, 56]) {
          await brand.asOwner('vacuum analyze');
          taken.push(await slip(brand, 'PO-BIG', items, lines, days));
        }
        return spreadOf(taken)!.median;
      }),
  },
  {
    name: 'cancelling one order',
    units: 1000,
    unit: 'lines in the queue',
    constant: true,
    run: (lines) =>
      inBrand(async (brand) => {
        await stockShop(brand, [{ ...QUEUE, coming: 0 }]);
        const server = await serveOrders(brand, []);
        try {
          const served = await fillQueue(brand, lines);
          await brand.asOwner('vacuum analyze');
          const taken: number[] = [];
          for (const order of served.slice(0, Math.min(200, lines / 2)))
            taken.push(await cancelInQueue(brand, server, order));
          // The first of them compile.
          return spreadOf(taken.slice(taken.length / 2))!.median;
        } finally {
          await server.close();
        }
      }),
  },
  {
    name: 'an import of orders, by "kept import"',
    units: 5000,
    unit: 'rows',
    run: (rows) => imported(rows / 541_909),
  },
];

function planned(lines: number): number {
  const input = planInput({ lines, items: lines / 10, supplies: (lines * 3) / 10 });
  for (let turn = 0; turn < 20; turn++) planAll(input);
  return fastest(7, () => planAll(input));
}

function fastest(turns: number, work: () => unknown): number {
  return Math.min(...Array.from({ length: turns }, () => milliseconds(() => void work())));
}

async function inBrand<T>(work: (brand: BenchBrand) => Promise<T>): Promise<T> {
  const brand = await openBrand(6);
  try {
    return await work(brand);
  } finally {
    await brand.close();
  }
}

async function imported(share: number): Promise<number> {
  const directory = await temporaryDirectory();
  try {
    const file = await importFile(undefined, directory, share);
    const data = join(directory, 'data');
    await mkdir(data);
    const options = [
      '--channel',
      'web',
      '--create-items',
      '--returns',
      'ignore',
      '--skip-bad-rows',
      '--json',
    ];
    const { seconds } = await watch([KEPT, 'import', file.path, ...options, '--data', data], data);
    return seconds * 1000;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function row(
  { name, unit, constant = false }: Work,
  units: number,
  times: readonly number[],
  memories: readonly number[],
  quick: boolean,
): Measured {
  const [first, second, third] = times as [number, number, number];
  const step = constant ? 1 : 10;
  const steps = [second / (step * first), third / (step * second)];
  const grown = Math.max(...steps);
  return {
    row: {
      bench: 'growth',
      work: `${name}, ${units.toLocaleString('en')} to ${(units * 100).toLocaleString('en')} ${unit}`,
      kept: grown,
      unit: constant ? '× constant' : '× linear',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${MOST_GROWTH} × ${constant ? 'constant' : 'linear'}`,
      holds: quick ? null : grown <= MOST_GROWTH,
    },
    spread: steps.map(figureText).join(', '),
    note: `growth, ${name}: ${times.map((ms) => `${figureText(ms)} ms`).join(', ')}; the process had ${memories.map(figureText).join(', ')} MB then.`,
  };
}
