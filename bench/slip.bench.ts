import { withBrand } from '../packages/server/src/platform/database.ts';
import { checkInvariants, takeUpBook } from '../packages/server/src/promising/index.ts';
import { replan } from '../packages/server/src/promising/plan.ts';
import { saveRevisions } from '../packages/server/src/supply/index.ts';
import { type BenchBrand, openBrand } from './brand.ts';
import { type Bench, type BenchOptions, figureText, type Measured, spreadOf, spreadText } from './measure.ts';
import { takeOverQueues } from './replan-brand.ts';

/** Lines that one purchase order backs, and of how many items. */
const SIZES = [
  { lines: 10_000, items: 10 },
  { lines: 100_000, items: 100 },
] as const;
/** From the fact to the last line that is decided again, for a purchase order of the ordinary size. */
const MOST_MILLISECONDS = 1000;
/** Times an UPDATE of the same rows in one statement. */
const MOST_RATIO = { stays: 3, pegged: 4 } as const;

/** Days from now on which the order is expected: a slip of twelve days is more than any promise has as buffer. */
const STAYS = [32, 44, 56];
/** Each goes past the other one, whose units are free: all lines stand on the other then. */
const RE_PEGGED = [
  ['PO-BIG', 120],
  ['PO-NEXT', 170],
  ['PO-BIG', 220],
] as const;

export const bench: Bench = {
  name: 'slip',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    for (const size of quick ? SIZES.slice(0, 1) : SIZES) {
      const brand = await openBrand(4);
      try {
        yield* measure(brand, size);
      } finally {
        await brand.close();
      }
    }
  },
};

async function* measure(
  brand: BenchBrand,
  { lines, items }: (typeof SIZES)[number],
): AsyncGenerator<Measured> {
  await takeOverQueues(brand, { lines, items, purchases: { 'PO-BIG': 20, 'PO-NEXT': 70 } });
  await replan(brand.kept, brand.brandId);
  await brand.asOwner(`create schema bench_limit;
    create table bench_limit.order_line (like order_line including all);
    insert into bench_limit.order_line select * from order_line`);
  for (const [what, slips] of [
    ['stays', STAYS.map((days) => ['PO-BIG', days] as const)],
    ['pegged', RE_PEGGED],
  ] as const) {
    const kept: number[] = [];
    const updates: number[] = [];
    const takenUp: number[] = [];
    for (const [ref, days] of slips) {
      await brand.asOwner('vacuum analyze');
      kept.push(await slip(brand, ref, items, lines, days));
      takenUp.push(await takeUp(brand));
      updates.push(await update(brand, lines));
    }
    yield row(what, { lines, items }, kept, updates, takenUp);
  }
  const findings = await withBrand(brand.kept.db, brand.brandId, (client) =>
    checkInvariants(client, brand.brandId),
  );
  const faults = findings.flatMap((finding) => finding.faults);
  if (faults.length > 0) throw new Error(`what was decided is wrong: ${faults.slice(0, 3).join('; ')}`);
}

function row(
  what: keyof typeof MOST_RATIO,
  { lines, items }: { lines: number; items: number },
  times: readonly number[],
  updates: readonly number[],
  takenUp: readonly number[],
): Measured {
  const kept = spreadOf(times)!;
  const limit = spreadOf(updates)!.median;
  const ratio = kept.median / limit;
  const soon = lines === SIZES[0].lines;
  return {
    row: {
      bench: 'slip',
      work: `a purchase order that backs ${lines.toLocaleString('en')} lines of ${items} items slips: ${
        what === 'stays' ? 'they stay on it' : 'all are pegged to another'
      }`,
      kept: kept.median,
      unit: 'ms',
      limit,
      peers: {},
      ratio,
      goal: `≤ ${MOST_RATIO[what]} × UPDATE${soon ? `, ≤ ${MOST_MILLISECONDS} ms` : ''}`,
      holds: ratio <= MOST_RATIO[what] && (!soon || kept.median <= MOST_MILLISECONDS),
    },
    spread: spreadText(kept),
    note:
      'slip: from the fact to its commit; every line is decided again and has a new promise, written with its reasons. The limit is an UPDATE of the same order lines, in one statement and with the same indexes, that writes nothing else. The book takes ' +
      `${lines.toLocaleString('en')} lines up in ${figureText(spreadOf(takenUp)!.median)} ms after that (${what}), outside of all locks.`,
  };
}

/** All lines of a purchase order slip at once; answers milliseconds. */
export async function slip(
  { kept, brandId }: BenchBrand,
  purchaseOrder: string,
  items: number,
  lines: number,
  days: number,
): Promise<number> {
  const expectedOn = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const revisions = Array.from({ length: items }, (_, index) => ({
    purchaseOrder,
    line: index + 1,
    expectedOn,
    reason: 'customs' as const,
  }));
  const before = await promises(kept, brandId);
  const started = performance.now();
  await withBrand(kept.db, brandId, (client) => saveRevisions(kept, client, brandId, revisions));
  const elapsed = performance.now() - started;
  const made = (await promises(kept, brandId)) - before;
  if (made !== lines) throw new Error(`${made} promises were made, not ${lines}`);
  return elapsed;
}

/** The book is brought up to it: milliseconds. */
async function takeUp({ kept, brandId }: BenchBrand): Promise<number> {
  const started = performance.now();
  await withBrand(kept.db, brandId, (client) => takeUpBook(client, brandId));
  return performance.now() - started;
}

async function promises(kept: BenchBrand['kept'], brandId: number): Promise<number> {
  return withBrand(kept.db, brandId, async (client) => {
    const { rows } = await client.query('select count(*)::int as count from promise where brand_id = $1', [
      brandId,
    ]);
    return rows[0].count;
  });
}

async function update(brand: BenchBrand, lines: number): Promise<number> {
  await brand.asOwner('vacuum bench_limit.order_line');
  const started = performance.now();
  await brand.asOwner('update bench_limit.order_line set promise_version = promise_version + 1');
  const elapsed = performance.now() - started;
  const [row] = await brand.asOwner('select count(*)::int as count from bench_limit.order_line');
  if (row!.count !== lines) throw new Error(`${row!.count} rows were updated`);
  return elapsed;
}
