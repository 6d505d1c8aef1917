import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dayNumber, dayText } from '../packages/engine/src/day.ts';
import {
  SLIP_LEVELS,
  SlipLearner,
  type SlipReceipt,
  walkForward,
} from '../packages/engine/src/slip-learn.ts';
import { readDeliveries } from './deliveries.ts';
import { type Bench, type BenchOptions, figureText, type Measured } from './measure.ts';
import { simulatedBrands } from './simulated-suppliers.ts';
import { groupQuantiles } from './slip-peers.ts';

/**
 * How many dates hold, and for how many days of buffer: a promise is the expected day and the buffer, and is kept when the
 * goods are there by it. Days before the expected one are never promised, so the buffer is 0 or more. Walk-forward: for the
 * lines due in a month, only what was delivered before the month began is known.
 */
const LEVELS = [0.8, 0.9, 0.95];
/** Share of promises, each way, and mean days, as they are judged on real lines that were not seen before. */
const GOALS: Readonly<Record<number, { within: number; days: number } | undefined>> = {
  0.9: { within: 0.007, days: 4 },
  0.95: { within: 0.005, days: 9 },
};
const WORST_YEAR = 0.03;
const SIMULATED_WITHIN = 0.02;
/** Where the deliveries lie if they do: beside the project. */
const SHARED = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../shared/data/supplier-deliveries-2006-2011.csv',
);
/** The first years teach: a brand's first months say little about any method. */
const JUDGE_FROM = '2009-01-01';
const SIMULATED_FROM = '2022-01-01';

export const bench: Bench = {
  name: 'dates',
  async *run({ quick, data, judgeFrom }: BenchOptions): AsyncGenerator<Measured> {
    const file = data ?? ((await exists(SHARED)) ? SHARED : null);
    if (file === null)
      console.error('dates: no deliveries are here (--data FILE names them); simulated suppliers only.');
    else {
      const { receipts: told, leftOut } = await readDeliveries(file);
      const from = dayNumber(judgeFrom ?? (data === undefined ? JUDGE_FROM : '0001-01-01'));
      const reasons = [...leftOut].map(([why, rows]) => `${rows} (${why})`).join(', ');
      // A file that begins where judging begins teaches nothing of what was before: the years beside the project do, if they are here.
      const before = told.some((one) => one.expected < from) ? [] : await earlier(from);
      const receipts = [...before, ...told];
      const taught =
        before.length > 0 ? ` ${before.length} earlier lines, of ${SHARED}, were learnt from.` : '';
      const note = `dates: ${told.length} lines read, left out: ${reasons || 'none'}.${taught}`;
      yield* judged('deliveries', receipts, from, note, (level) => GOALS[level]);
    }
    for (let seed = 1; seed <= (quick ? 1 : 3); seed++)
      for (const { what, receipts } of simulatedBrands(seed))
        yield* judged(`simulated ${seed}, ${what}`, receipts, dayNumber(SIMULATED_FROM), undefined, () => ({
          within: SIMULATED_WITHIN,
          days: Number.POSITIVE_INFINITY,
        }));
  },
};

async function earlier(from: number): Promise<readonly SlipReceipt[]> {
  if (!(await exists(SHARED))) return [];
  return (await readDeliveries(SHARED)).receipts.filter((one) => one.expected < from);
}

interface Promised {
  readonly receipt: SlipReceipt;
  readonly days: readonly number[];
}

function* judged(
  what: string,
  receipts: readonly SlipReceipt[],
  from: number,
  note: string | undefined,
  goalOf: (level: number) => { within: number; days: number } | undefined,
): Generator<Measured> {
  const walk = walkForward(new SlipLearner(), receipts, (foretold) => foretold.bufferDays);
  const promises: Promised[] = [];
  for (const { receipt, answer } of walk)
    if (receipt.expected >= from)
      promises.push({ receipt, days: LEVELS.map((level) => answer[SLIP_LEVELS.indexOf(level)]!) });
  if (promises.length === 0) throw new Error(`${what}: no line is due on or after ${dayText(from)}`);
  for (const [index, level] of LEVELS.entries()) {
    const rateOf = (chosen: readonly Promised[]) => kept(chosen, ({ days }) => days[index]!);
    const whole = rateOf(promises);
    const groups = groupQuantiles(receipts, level);
    const years = [...Map.groupBy(promises, ({ receipt }) => dayText(receipt.expected).slice(0, 4))].sort();
    const rates = years.map(([year, chosen]) => ({ year, ...rateOf(chosen), lines: chosen.length }));
    const peers = {
      'no buffer': kept(promises, () => 0),
      'fixed 7': kept(promises, () => 7),
      'fixed 14': kept(promises, () => 14),
      'group quantiles': kept(promises, ({ receipt }) => groups.get(receipt)!),
    };
    const told = Object.entries(peers).map(([name, peer]) => [
      `${name}, ${figureText(peer.days)} days`,
      peer.rate * 100,
    ]);
    const goal = goalOf(level);
    const worst = Math.min(...rates.map(({ rate }) => rate));
    yield {
      row: {
        bench: 'dates',
        work: `${what}: ${promises.length} promises at ${level * 100} %, ${whole.days.toFixed(2)} days`,
        kept: whole.rate * 100,
        unit: '% kept',
        limit: null,
        peers: Object.fromEntries(told),
        ratio: null,
        goal:
          goal === undefined
            ? 'told'
            : `${level * 100} ± ${(goal.within * 100).toFixed(1)} %${Number.isFinite(goal.days) ? `, ≤ ${goal.days} days, no year below ${Math.round((level - WORST_YEAR) * 100)} %` : ''}`,
        holds:
          goal === undefined
            ? null
            : Math.abs(whole.rate - level) <= goal.within &&
              whole.days <= goal.days &&
              (!Number.isFinite(goal.days) || worst >= level - WORST_YEAR),
      },
      note: [
        note,
        `dates, ${what} at ${level * 100} %: ${rates.map(({ year, rate, days }) => `${year} ${(rate * 100).toFixed(1)} % with ${days.toFixed(1)} days`).join(', ')}.`,
      ]
        .filter((line) => line !== undefined)
        .join('\n'),
    };
  }
}

function kept(promises: readonly Promised[], bufferOf: (promise: Promised) => number) {
  let inTime = 0;
  let days = 0;
  for (const promise of promises) {
    const buffer = bufferOf(promise);
    days += buffer;
    if (promise.receipt.received - promise.receipt.expected <= buffer) inTime++;
  }
  return { rate: inTime / promises.length, days: days / promises.length };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
