import type { DayNumber } from './day.ts';
import type { LinePosition, Policy, RankingRule } from './position.ts';
import type { NewPromise } from './promise.ts';

/** What the ranking rules look at. `promised` is the first promise: a line that was failed once does not also lose its place. */
export interface Ranked {
  readonly class: string | null;
  readonly promised: DayNumber | null;
  /** Milliseconds since 1970. */
  readonly placedAt: number;
  /** Net value of the whole line in minor units; unknown is nothing. */
  readonly value?: number | undefined;
  readonly shipComplete?: boolean | undefined;
}

/** How finely a rule tells lines apart: its key is a whole number below `size`. */
interface Grain {
  readonly size: number;
  key(line: Ranked, policy: Policy): number;
}

/** A rank stays below this, so that it is one exact number in JavaScript, in a bigint and in an index. */
const LIMIT = 2 ** 53;
/** A line is worth as much as another to the queue where less than this factor lies between them. */
const VALUE_STEP = 1.5;
const VALUE_STEPS = 64;

/** Of the day's size: 65,535 is "none", so that a line without a promise goes after those that have one (RULES 4). */
const DAYS = 65_536;

/**
 * Each rule turns a line into a whole number, lower first; the first of a rule's grains that leaves the whole rank below 2^53
 * counts. Only the time of the order has several: to the second, unless value is ranked by as well; then to the minute, until
 * the year 2225. Sizes: 7 classes × 2^16 days × 64 values × 2 × 2^27 minutes is 7 × 2^50.
 */
const RULES: Readonly<Record<RankingRule, readonly Grain[]>> = {
  class: [
    {
      size: 7,
      key: (line, policy) => {
        const place = line.class === null ? -1 : policy.classes.indexOf(line.class);
        return place < 0 ? Math.min(policy.classes.length, 6) : place;
      },
    },
  ],
  promise_date: [{ size: DAYS, key: (line) => within(line.promised ?? DAYS, DAYS) }],
  order_time: [timeGrain(2 ** 34, 1000), timeGrain(2 ** 33, 1000), timeGrain(2 ** 27, 60_000)],
  // The dearer first: by steps, so that a few cents do not outrank an older order.
  value: [{ size: VALUE_STEPS, key: (line) => VALUE_STEPS - 1 - valueStep(line.value ?? 0) }],
  // A parcel that waits for its last line keeps the others waiting with it.
  ship_complete: [{ size: 2, key: (line) => (line.shipComplete === true ? 0 : 1) }],
};

export const RANKING_RULES = Object.keys(RULES) as readonly RankingRule[];

/** A line's rank in its item's queue: lower goes first; equal ranks go by order, then line. */
export function rankOf(line: Ranked, policy: Policy): number {
  let rank = 0;
  for (const grain of grainsOf(policy.ranking)) rank = rank * grain.size + grain.key(line, policy);
  return rank;
}

/** The rank of a line by its first promise. */
export function firstRank(line: LinePosition, promise: NewPromise, policy: Policy): number {
  return rankOf({ ...rankedLine(line), promised: promise.parts.at(-1)?.shipBy ?? null }, policy);
}

/** What the rules look at in a line that has no promise. */
export function rankedLine(line: LinePosition): Ranked {
  const { placedAt, value, shipComplete } = line;
  return { class: line.class, promised: null, placedAt, value, shipComplete };
}

/** The rules' grains in their order: every rule its first, but where that is too fine together the time its coarser ones. */
function grainsOf(rules: readonly RankingRule[]): readonly Grain[] {
  const finest = rules.map((rule) => RULES[rule][0]!);
  if (product(finest) <= LIMIT) return finest;
  const coarser = [1, 2].map((grain) => rules.map((rule) => RULES[rule][grain] ?? RULES[rule].at(-1)!));
  return coarser.find((grains) => product(grains) <= LIMIT) ?? coarser.at(-1)!;
}

function product(grains: readonly Grain[]): number {
  return grains.reduce((size, grain) => size * grain.size, 1);
}

function timeGrain(size: number, milliseconds: number): Grain {
  return { size, key: (line) => within(Math.floor(line.placedAt / milliseconds), size) };
}

function within(key: number, size: number): number {
  return Math.min(Math.max(key, 0), size - 1);
}

/** How many times a value holds the step's factor. Counted and not computed by logarithms, which differ from machine to machine. */
function valueStep(value: number): number {
  let step = 0;
  for (let bound = VALUE_STEP; value >= bound && step < VALUE_STEPS - 1; bound *= VALUE_STEP) step++;
  return step;
}
