import type { DayNumber } from './day.ts';

/**
 * How late supplies are: what is learnt of it, as plain data, and the curve that it gives a supply. It is learnt in
 * slip-learn.ts from receipts; price-of-days.ts makes buffers of it.
 *
 * The curve is that of a discrete-time hazard model (Singer & Willett 1993, "It's about time"): for each step of days, the log-odds that
 * what has not come yet comes within it, as a sum of small effects of supplier, freight mode and the rest. Each effect is
 * pulled towards none by a normal prior, so that a supplier with few receipts borrows from its freight mode, and that from
 * all (partial pooling; Gelman & Hill 2007, "Data Analysis Using Regression and Multilevel/Hierarchical Models", ch. 12).
 */

/** Days late at which a curve is known; a supply that is early counts as on time. Each is a
 * seventh or so after the one before, since a buffer is rounded up to one. The last stands for "half a year". */
export const LATE_DAYS: readonly number[] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 21, 24, 28, 32, 36, 42, 49, 56, 64, 75, 90, 120, 180,
];

/** What sorts supplies into groups whose slips are alike; the names that join two are groups within groups. */
export const SLIP_FAMILIES = [
  'freight',
  'supplier',
  'supplier and freight',
  'place',
  'supplier and place',
  'stage',
  'supplier and stage',
] as const;

/** What is known of a supply when it is promised from; null: not known, or nothing to tell it by. */
export interface SlipFeatures {
  readonly supplier: string | null;
  readonly freight: string | null;
  /** Where it comes to. */
  readonly place: string | null;
  readonly stage: string | null;
  /** The buffer that keeps nine of ten where nothing is learnt, in calendar days. */
  readonly priorDays: number;
}

/** Its group in each family, in their order; '' where it belongs to none. */
export function slipGroups({ supplier, freight, place, stage }: SlipFeatures): string[] {
  const both = (a: string | null, b: string | null) =>
    a === null || b === null ? '' : JSON.stringify([a, b]);
  return [
    freight ?? '',
    supplier ?? '',
    both(supplier, freight),
    place ?? '',
    both(supplier, place),
    stage ?? '',
    both(supplier, stage),
  ];
}

/** The effects of one way of looking back, in log-odds. */
export interface SlipEffects {
  /** What this way of looking back counts among the others; all sum to 1. */
  readonly weight: number;
  /** By step of LATE_DAYS, beside what the prior says. */
  readonly steps: readonly number[];
  /** For each family, its groups: [to be on time, to end a lateness]. */
  readonly groups: readonly Readonly<Record<string, readonly [number, number]>>[];
}

/** A service level and what a day may cost for it. */
export interface SlipPrice {
  readonly level: number;
  /** A day of buffer is added as long as it keeps at least this share of a promise. */
  readonly keptPerDay: number;
}

/** How promises at a level would have gone: the brand's receipts, each foretold by what had come before its month. */
export interface JudgedLevel {
  readonly level: number;
  /** Promises; one supply that stood on several dates counts once. */
  readonly promises: number;
  readonly kept: number;
  /** Calendar days of buffer, of all of them together. */
  readonly bufferDays: number;
  /** Days by which those that were not kept were missed, together. */
  readonly missedByDays: number;
}

/** What a brand has learnt of its slips. JSON as it stands. */
export interface SlipTable {
  readonly learntOn: DayNumber;
  /** Receipts it was learnt from. */
  readonly receipts: number;
  readonly ways: readonly SlipEffects[];
  /** By level, the lowest first. */
  readonly prices: readonly SlipPrice[];
  /** By group of supplier and freight mode, and of supplier: how many receipts were its own. */
  readonly seen: Readonly<Record<string, number>>;
  /** By item that is made to order: how long its work takes, once there is enough to learn it from. */
  readonly leadTimes?: Readonly<Record<string, LeadTime>>;
  /** By level, the lowest first; left out in a table that was learnt before this was reckoned. */
  readonly judged?: readonly JudgedLevel[];
}

/** How long work takes that an order starts. */
export interface LeadTime {
  /** Calendar days from the order until it is made: as often less as more. */
  readonly days: number;
  /** How much was made that it was learnt from. */
  readonly made: number;
}

/** A table as it was stored; null where there is none, or one of other steps, which is to be learnt again. */
export function slipTableFrom(stored: string | null): SlipTable | null {
  const table: SlipTable | null = stored === null ? null : JSON.parse(stored);
  return table?.ways.every((way) => way.steps.length === LATE_DAYS.length) ? table : null;
}

/** Share arrived, by step of LATE_DAYS. */
export type SlipCurve = Float64Array;

/** The share that is on time where nothing is learnt. Judgement: most of a brand's suppliers keep most of their dates. */
const PRIOR_ON_TIME = 0.7;

/**
 * Log-odds by step where nothing is learnt: seven of ten on time, and of the others each day brings the same share, such that
 * `priorDays` keep nine of ten.
 */
export function priorSteps(priorDays: number): Float64Array {
  const scale = Math.max(0.5, priorDays) / Math.log((1 - PRIOR_ON_TIME) / 0.1);
  return Float64Array.from(LATE_DAYS, (days, step) => {
    if (step === 0) return logit(PRIOR_ON_TIME);
    return logit(1 - Math.exp(-(days - LATE_DAYS[step - 1]!) / scale));
  });
}

/** Share arrived by step, from log-odds of each step. */
export function curveOf(steps: Float64Array, toBeOnTime: number, toEnd: number): SlipCurve {
  const curve = new Float64Array(LATE_DAYS.length);
  let out = 1;
  for (let step = 0; step < curve.length; step++) {
    out *= 1 - chance(steps[step]! + (step === 0 ? toBeOnTime : toEnd));
    curve[step] = 1 - out;
  }
  return curve;
}

const curves = new WeakMap<SlipTable, Map<string, SlipCurve>>();

/** The curve of a supply by what was learnt. Kept per table, since a re-plan asks for few curves very often. */
export function slipCurve(table: SlipTable, features: SlipFeatures): SlipCurve {
  const groups = slipGroups(features);
  const key = `${features.priorDays} ${JSON.stringify(groups)}`;
  let known = curves.get(table);
  if (known === undefined) curves.set(table, (known = new Map()));
  let curve = known.get(key);
  if (curve === undefined) known.set(key, (curve = mixedCurve(table.ways, groups, features.priorDays)));
  return curve;
}

/** One curve of several ways of looking back, by their weights. */
export function mixedCurve(
  ways: readonly SlipEffects[],
  groups: readonly string[],
  priorDays: number,
): SlipCurve {
  const prior = priorSteps(priorDays);
  const mixed = new Float64Array(LATE_DAYS.length);
  for (const way of ways) {
    let toBeOnTime = 0;
    let toEnd = 0;
    for (const [family, group] of groups.entries()) {
      const effect = group === '' ? undefined : way.groups[family]?.[group];
      if (effect === undefined) continue;
      toBeOnTime += effect[0];
      toEnd += effect[1];
    }
    const curve = curveOf(
      prior.map((step, index) => step + way.steps[index]!),
      toBeOnTime,
      toEnd,
    );
    for (let step = 0; step < mixed.length; step++) mixed[step]! += way.weight * curve[step]!;
  }
  return mixed;
}

/** Share arrived by so many days late; within a step the days share alike. */
export function arrivedBy(curve: SlipCurve, lateDays: number): number {
  if (lateDays < 0) return 0;
  for (let step = 0; step < curve.length; step++) {
    const days = LATE_DAYS[step]!;
    if (lateDays > days) continue;
    if (lateDays === days || step === 0) return curve[step]!;
    const from = LATE_DAYS[step - 1]!;
    const part = (lateDays - from) / (days - from);
    return curve[step - 1]! + part * (curve[step]! - curve[step - 1]!);
  }
  return curve.at(-1)!;
}

/**
 * Days late by which a share of those has come that are so many days late already (RULES 21).
 * @returns null where the curve does not reach that far: nothing was seen that was so late
 */
export function lateDaysGiven(curve: SlipCurve, overdueDays: number, share: number): number | null {
  const before = arrivedBy(curve, overdueDays - 1);
  const left = 1 - before;
  if (left < 0.0005) return null;
  const wanted = before + share * left;
  for (let step = 0; step < curve.length; step++) {
    if (curve[step]! < wanted) continue;
    const from = step === 0 ? -1 : LATE_DAYS[step - 1]!;
    const [low, high] = [step === 0 ? 0 : curve[step - 1]!, curve[step]!];
    const part = high > low ? (wanted - low) / (high - low) : 1;
    return Math.max(overdueDays, Math.ceil(from + part * (LATE_DAYS[step]! - from)));
  }
  return null;
}

export function chance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}
