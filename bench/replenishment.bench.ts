import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { demandChances, lostSalesOrder } from '../packages/engine/src/lost-sales.ts';
import { type PooledSeries, pooledForecast } from '../packages/engine/src/pooled-forecast.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';
import { type Position, readShop, type Shop } from './replenishment-data.ts';

/** The VN2 challenge, played week by week: what each order is decided from is what was known when it was placed. */
const VN2 = fileURLToPath(new URL('../../shared/data/vn2', import.meta.url));
const HELD = 0.2;
const SHORT = 1;
const ORDERS = 6;
const WEEKS = 8;
/** The first weeks are served by what was ordered before the game. */
const SCORED_FROM = 2;
/** Of 2025's challenge, on the weeks after its data: the organiser's policy, and the winner. */
const ORGANISER = 4334;
const WINNER = 3763;

/**
 * Of each order. The last one's leftovers are never paid for again, so p / (p + h) = 0.83 is right; what an earlier one leaves may
 * outlast the next order of an item that sells one in weeks.
 */
const SERVICES = [0.74, 0.75, 0.76, 0.78, 0.8, 0.83];
/** Variance of a week's demand around its forecast: of its mean, and of its mean squared. */
const DISPERSION = { linear: 1.5, square: 0.05 };

type Policy = (known: readonly PooledSeries[], positions: readonly Position[], week: number) => number[];

export const bench: Bench = {
  name: 'replenishment',
  *run({ data }: BenchOptions): Generator<Measured> {
    const folder = data ?? VN2;
    if (!existsSync(folder))
      throw new Error(`There is no ${folder}: name a folder of VN2 files with --data FOLDER.`);
    const shop = readShop(folder, readdirSync(folder));
    if (shop.actual) {
      const last = shop.history[0]!.demand.length;
      const kept = play(shop, last, shop.start, keptPolicy);
      yield rowOf('weeks 3 to 8 after the data', kept, play(shop, last, shop.start, fourWeeks).cost, WINNER);
      return;
    }
    const last = shop.history[0]!.demand.length;
    let kept = 0;
    let peer = 0;
    for (let cut = last - WEEKS; cut >= last - 9 * WEEKS; cut -= WEEKS) {
      const start = startAt(shop, cut);
      const mine = play(shop, cut, start, keptPolicy);
      const theirs = play(shop, cut, start, fourWeeks).cost;
      kept += mine.cost;
      peer += theirs;
      yield rowOf(`back-test, ${last - cut} weeks before the end`, mine, theirs, null);
    }
    yield rowOf(
      'back-tests, all nine',
      { cost: kept, held: NaN, short: NaN },
      peer,
      (peer * WINNER) / ORGANISER,
    );
  },
};

function rowOf(work: string, { cost, held, short }: Played, peer: number, goal: number | null): Measured {
  const parts = Number.isNaN(held) ? '' : ` (${Math.round(held)} held, ${Math.round(short)} short)`;
  return {
    row: {
      bench: 'replenishment',
      work: work + parts,
      kept: cost,
      unit: 'euros',
      limit: null,
      peers: { 'four weeks of a seasonal average': peer },
      ratio: null,
      goal: goal === null ? 'told, not judged' : `< ${Math.round(goal)}`,
      holds: goal === null ? null : cost < goal,
    },
    note: `replenishment: ${HELD} a unit held and ${SHORT} a unit short, weeks 3 to 8 of 8, two weeks' lead time, unmet demand lost. On the weeks after the data the organiser's policy cost ${ORGANISER} and 2025's winner ${WINNER}.`,
  };
}

/** What the policy orders, from the first principles of the engine. */
const keptPolicy: Policy = (known, positions, week) => {
  const means = pooledForecast(known, 3);
  return positions.map(({ onHand, arriving }, item) => {
    const demands = Array.from(means[item]!, (mean) =>
      demandChances(mean, DISPERSION.linear * mean + DISPERSION.square * mean * mean),
    );
    return lostSalesOrder(onHand, arriving, demands, SERVICES[week]!);
  });
};

/** A peer to compare with: up to four weeks of the last thirteen weeks' average, times the season of all items. */
const fourWeeks: Policy = (known, positions) => {
  const pooling = { cycle: 52, speed: 0, slowShare: 0, seasonShrinkage: 0, groupShrinkage: 0 };
  const recent = known.map(({ demand }) => ({ demand }));
  const season = pooledForecast([total(recent)], 4, pooling)[0]!;
  const usual = season.reduce((sum, value) => sum + value, 0) / 4;
  const weeks = recent[0]!.demand.length;
  const level = sumOf(total(recent).demand, weeks - 13, weeks) / 13;
  return positions.map(({ onHand, arriving }, item) => {
    const mean = sumOf(recent[item]!.demand, weeks - 13, weeks) / 13;
    const wanted = level > 0 ? (4 * mean * usual) / level : 0;
    return Math.max(0, Math.round(wanted - onHand - arriving.reduce((sum, units) => sum + units, 0)));
  });
};

interface Played {
  readonly cost: number;
  readonly held: number;
  readonly short: number;
}

function play(shop: Shop, cut: number, start: readonly Position[], policy: Policy): Played {
  const positions = start.map(({ onHand, arriving }) => ({ onHand, arriving: [...arriving] }));
  let held = 0;
  let short = 0;
  for (let week = 0; week < WEEKS; week++) {
    const known = shop.history.map(({ demand, inStock, groups = [] }, item) => {
      const past = Array.from(demand.subarray(0, Math.min(demand.length, cut + week)));
      const shelf = Array.from({ length: cut + week }, (_, at) => inStock?.[at] ?? true);
      if (shop.actual) past.push(...shop.actual[item]!.subarray(0, week));
      return { demand: past, inStock: shelf, groups };
    });
    const orders = week < ORDERS ? policy(known, positions, week) : positions.map(() => 0);
    for (const [item, position] of positions.entries()) {
      const asked = shop.actual ? shop.actual[item]![week]! : shop.history[item]!.demand[cut + week]!;
      const there = position.onHand + position.arriving.shift()!;
      position.arriving.push(orders[item]!);
      position.onHand = Math.max(0, there - asked);
      if (week < SCORED_FROM) continue;
      held += HELD * position.onHand;
      short += SHORT * Math.max(0, asked - there);
    }
  }
  return { cost: held + short, held, short };
}

/** Nobody knows what lay there in the past: as many weeks of recent sales as at the end of the data. */
function startAt(shop: Shop, cut: number): Position[] {
  const last = shop.history[0]!.demand.length;
  const recent = (end: number, item: number) => sumOf(shop.history[item]!.demand, end - WEEKS, end) / WEEKS;
  const whole = shop.start.reduce((sum, _, item) => sum + recent(last, item), 0);
  const weeks = (units: (position: Position) => number) =>
    shop.start.reduce((sum, one) => sum + units(one), 0) / whole;
  const onHand = weeks((one) => one.onHand);
  const arriving = shop.start[0]!.arriving.map((_, week) => weeks((one) => one.arriving[week]!));
  return shop.start.map((_, item) => ({
    onHand: Math.round(onHand * recent(cut, item)),
    arriving: arriving.map((share) => Math.round(share * recent(cut, item))),
  }));
}

function total(series: readonly PooledSeries[]): { demand: Float64Array } {
  const demand = new Float64Array(series[0]!.demand.length);
  for (const one of series) for (let at = 0; at < demand.length; at++) demand[at]! += one.demand[at]!;
  return { demand };
}

function sumOf(values: ArrayLike<number>, from: number, until: number): number {
  let sum = 0;
  for (let at = Math.max(0, from); at < until; at++) sum += values[at]!;
  return sum;
}
