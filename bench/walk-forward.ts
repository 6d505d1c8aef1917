import { demandFactors, demandOver } from '../packages/engine/src/demand-forecast.ts';
import type { DemandDays } from '../packages/engine/src/demand-history.ts';
import { itemForecast } from '../packages/engine/src/item-forecast.ts';
import { naiveProjection, type ProjectionColumns } from '../packages/engine/src/projection.ts';
import { FanMaker } from '../packages/engine/src/projection-fan.ts';
import { projectDays } from '../packages/engine/src/testing/project-days.ts';

/** What all items together said until that day. */
export interface BrandKnowledge {
  readonly everybody: Float64Array;
  readonly levelSpread: number;
}

/** What was known of an item on a day, and what came after it. */
export interface Origin {
  readonly today: number;
  readonly days: DemandDays;
  /** Free units, less those that wait. */
  readonly net: number;
  readonly supplies: readonly {
    readonly quantity: number;
    readonly expectedIn: number;
    /** Equally likely days until it comes. */
    readonly spread: Float64Array;
    /** The day on which it came; beyond the horizon: not within it. */
    readonly cameIn: number;
  }[];
  /** Demand from today on, by day. */
  readonly came: Float64Array;
}

export interface Walked {
  days: number;
  held: number;
  below: number;
  /** Days of which it was not certain beforehand what they would be. */
  openDays: number;
  openHeld: number;
  openBelow: number;
  /** Days with a queue: sums of absolute errors of the stock. */
  queueDays: number;
  error: number;
  naiveError: number;
  /** The same of queues that began later. */
  laterDays: number;
  laterError: number;
  laterNaive: number;
  origins: number;
  /** Origins whose demand over the whole horizon lay within the forecast's tenths, and below them. */
  totalHeld: number;
  totalBelow: number;
}

export const nothingWalked = (): Walked => ({
  days: 0,
  held: 0,
  below: 0,
  openDays: 0,
  openHeld: 0,
  openBelow: 0,
  queueDays: 0,
  error: 0,
  naiveError: 0,
  laterDays: 0,
  laterError: 0,
  laterNaive: 0,
  origins: 0,
  totalHeld: 0,
  totalBelow: 0,
});

const PATHS = 200;
const SEED = 11;

/** Projects an item from a day as Kept does, and holds that against what came. */
export function walk(origin: Origin, brand: BrandKnowledge, into: Walked): void {
  const { came, supplies, net } = origin;
  const days = came.length;
  const weeks = Math.ceil(days / 7);
  const forecast = itemForecast(origin.today, origin.days, weeks, brand);
  const inOrder = [...supplies].sort((one, other) => one.expectedIn - other.expectedIn);
  let waiting = Math.max(0, -net);
  // Who waits is pegged to what comes, the earliest first.
  const pegged = inOrder.map(({ quantity }) => {
    const taken = Math.min(waiting, quantity);
    waiting -= taken;
    return taken;
  });
  const columns: ProjectionColumns = {
    items: 1,
    days,
    free: Float64Array.of(Math.max(0, net)),
    reserved: Float64Array.of(0),
    reservedDay: Int32Array.of(1),
    waiting: Float64Array.of(waiting),
    mayWait: Uint8Array.of(1),
    dailyDemand: Float32Array.from(forecast.mean, (units) => units / 7),
    arrivalFrom: Int32Array.of(0, inOrder.length),
    arrivalDay: Int32Array.from(inOrder, ({ expectedIn }) => Math.max(0, expectedIn)),
    arrivalFree: Float64Array.from(inOrder, ({ quantity }, at) => quantity - pegged[at]!),
    arrivalPegged: Float64Array.from(pegged),
  };
  const factors = demandFactors(forecast);
  const slips = inOrder.map(({ spread, expectedIn }) => spread.map((day) => day - Math.max(0, expectedIn)));
  const fan = new FanMaker(columns, { paths: PATHS, seed: SEED }).fan(0, {
    dayFactors: factors.days,
    levelFactors: factors.level,
    slips,
  });
  const blank = () => new Float64Array(days);
  const truth = { stock: blank(), queue: blank(), lost: blank() };
  const cameOn = inOrder.map(({ cameIn }) => cameIn);
  projectDays(columns, 0, (day) => came[day]!, cameOn, truth);
  const naive = naiveProjection(columns, 0);
  into.origins++;
  const whole = came.reduce((sum, units) => sum + units, 0);
  const over = demandOver(forecast, weeks);
  const side = 1.2816 * Math.sqrt(over.variance);
  if (whole < over.mean - side) into.totalBelow++;
  else if (whole <= over.mean + side) into.totalHeld++;
  for (let day = 0; day < days; day++) {
    const stock = Math.round(truth.stock[day]!);
    const [low, high] = [Math.floor(fan.stock.p10[day]!), Math.ceil(fan.stock.p90[day]!)];
    const held = low <= stock && stock <= high;
    into.days++;
    if (held) into.held++;
    else if (stock < low) into.below++;
    if (high > 0 || stock > 0) {
      into.openDays++;
      if (held) into.openHeld++;
      else if (stock < low) into.openBelow++;
    }
    if (!(truth.queue[day]! > 0)) continue;
    const error = Math.abs(fan.stock.p50[day]! - truth.stock[day]!);
    const naiveError = Math.abs(naive[day]! - truth.stock[day]!);
    if (net < 0) {
      into.queueDays++;
      into.error += error;
      into.naiveError += naiveError;
    } else {
      into.laterDays++;
      into.laterError += error;
      into.laterNaive += naiveError;
    }
  }
}
