import { planAll } from '../packages/engine/src/pegging.ts';
import {
  alternate,
  type Bench,
  type BenchOptions,
  type Measured,
  milliseconds,
  spreadText,
} from './measure.ts';
import { PlanInC } from './plan-c.ts';
import { type PlanSize, planInput } from './plan-input.ts';
import { PlanInObjects } from './plan-objects.ts';
import { PlanInWorkers } from './plan-workers.ts';

/** A brand of a million open lines, planned in memory from nothing, on one core. */
const BRAND: PlanSize = { lines: 1_000_000, items: 100_000, supplies: 300_000 };

/** Nobody waits longer than this for a plan of the whole brand, nor longer than so many times C. */
const MOST_MILLISECONDS = 400;
const MOST_RATIO = 2;
/** By then the code is compiled, as it is in a server that has been up for a while. */
const WARM_MILLISECONDS = 1500;
/** Ten times the work may take no more than so many times ten times the time. */
const MOST_GROWTH = 1.1;
const WORKERS = 2;
const LEAST_FASTER = 1.8;

export const bench: Bench = {
  name: 'plan',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    const c = new PlanInC();
    try {
      const tenth = await measure(0.1, quick, c);
      yield tenth;
      const whole = await measure(1, quick, c);
      yield whole;
      yield growth(tenth, whole);
      yield await onWorkers(quick);
    } finally {
      c.close();
    }
  },
};

async function measure(times: number, quick: boolean, c: PlanInC): Promise<Measured> {
  const size = { lines: BRAND.lines * times, items: BRAND.items * times, supplies: BRAND.supplies * times };
  const input = planInput(size);
  const objects = new PlanInObjects(size);
  c.load(input);
  // What is measured later has been compiled by then, and is known to be right.
  let plan = planAll(input);
  for (const until = performance.now() + WARM_MILLISECONDS; performance.now() < until; )
    plan = planAll(input);
  if (c.missing === null) c.compare(plan);
  const other = await objects.run();
  if (other.waiting !== plan.waiting || other.entries !== plan.supply.length)
    throw new Error('the objects and the engine plan differently');
  const figures = await alternate(quick ? 3 : 9, {
    kept: () => Math.min(...[1, 2, 3].map(() => milliseconds(() => planAll(input)))),
    c: () => c.run(),
    objects: async () => (await objects.run()).milliseconds,
  });
  await objects.close();
  const kept = figures.kept!;
  const limit = figures.c?.median ?? null;
  const ratio = limit === null ? null : kept.median / limit;
  const inTime = kept.median <= MOST_MILLISECONDS * times;
  const thousand = (count: number) => `${count / 1000}k`;
  return {
    row: {
      bench: 'plan',
      work: `${thousand(size.lines)} lines, ${thousand(size.items)} items, ${thousand(size.supplies)} supplies`,
      kept: kept.median,
      unit: 'ms',
      limit,
      peers: { 'plain JS objects': figures.objects!.median },
      ratio,
      goal: `≤ ${MOST_MILLISECONDS * times} ms, ≤ ${MOST_RATIO} × C`,
      holds: inTime && ratio !== null ? ratio <= MOST_RATIO : inTime ? null : false,
    },
    spread: spreadText(kept),
    note:
      c.missing ??
      'plan: the limit is C, gcc -O3 -march=native, the same sorts and waterfall; its pegs are the same, line by line. In each round both do it three times, and the fastest counts.',
  };
}

/** The whole brand by two threads, beside one. */
async function onWorkers(quick: boolean): Promise<Measured> {
  const one = new PlanInWorkers(BRAND, 1);
  const two = new PlanInWorkers(BRAND, WORKERS);
  try {
    const fastest = async (planners: PlanInWorkers) => {
      const runs = [await planners.run(), await planners.run(), await planners.run()];
      return Math.min(...runs.map(({ milliseconds }) => milliseconds));
    };
    for (const until = performance.now() + WARM_MILLISECONDS; performance.now() < until; ) {
      const [alone, together] = [await one.run(), await two.run()];
      if (alone.entries !== together.entries || alone.waiting !== together.waiting)
        throw new Error('two threads plan differently than one');
    }
    const figures = await alternate(quick ? 3 : 9, { two: () => fastest(two), one: () => fastest(one) });
    const [kept, alone] = [figures.two!, figures.one!];
    const faster = alone.median / kept.median;
    return {
      row: {
        bench: 'plan',
        work: `1000k lines on ${WORKERS} threads, each its share of the items`,
        kept: kept.median,
        unit: 'ms',
        limit: alone.median,
        peers: {},
        ratio: kept.median / alone.median,
        goal: `≥ ${LEAST_FASTER} × faster than one`,
        holds: faster >= LEAST_FASTER,
      },
      spread: spreadText(kept),
      note: `plan: on ${WORKERS} threads it is ${faster.toFixed(2)} × faster than on one, its limit here, which does nothing else.`,
    };
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
}

/** How the time of ten times the work compares with ten times the time. */
function growth(tenth: Measured, whole: Measured): Measured {
  const grown = whole.row.kept / (10 * tenth.row.kept);
  const limit =
    whole.row.limit === null || tenth.row.limit === null ? null : whole.row.limit / (10 * tenth.row.limit);
  return {
    row: {
      bench: 'plan',
      work: 'growth from a tenth, 1 is linear',
      kept: grown,
      unit: '×',
      limit,
      peers: {},
      ratio: limit === null ? null : grown / limit,
      goal: `≤ ${MOST_GROWTH} × linear`,
      holds: grown <= MOST_GROWTH,
    },
  };
}
