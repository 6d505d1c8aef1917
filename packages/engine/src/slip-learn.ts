import { type DayNumber, dayNumber, dayText } from './day.ts';
import { learnLeadTimes, type Made } from './made-lead-time.ts';
import { priceFor, stepFor, type Weighed } from './price-of-days.ts';
import {
  curveOf,
  LATE_DAYS,
  type LeadTime,
  priorSteps,
  SLIP_FAMILIES,
  type SlipCurve,
  type SlipEffects,
  type SlipFeatures,
  type SlipPrice,
  type SlipTable,
  slipGroups,
} from './slip.ts';
import { Fit, type FitRow, recentShift, type Shift } from './slip-fit.ts';

/**
 * Learns how late supplies are from receipts, each against a date that stood while it could be promised from. It walks
 * through time: what is promised in a month is judged by what had come before it, so that how well it foretells is known.
 *
 * - Supplier, freight mode and the rest are looked back on over a long time, what is different for all of them lately over a
 *   short one. How long is not set: each pair of half-lives foretells, and counts by how well it did, by the continuous
 *   ranked probability score with forgetting (exponential weights; Cesa-Bianchi & Lugosi 2006, ch. 2; the score's fitness
 *   for it: V'yugin & Trunov 2019).
 * - What is aimed at is corrected by what was kept lately (after Gibbs & Candès 2021, "Adaptive Conformal Inference Under
 *   Distribution Shift"), by the ratio of misses aimed at and misses seen, with forgetting and within bounds, so that
 *   years in which all is on time anyhow do not wind it up (cf. Angelopoulos, Candès & Tibshirani 2023, "Conformal PID Control").
 *   Corrections of several speeds are averaged (cf. Zaffran et al. 2022, "Adaptive Conformal Predictions for Time Series").
 */

/** A supply that came, against one date that stood for it. */
export interface SlipReceipt extends SlipFeatures {
  /** The day that was expected. */
  readonly expected: DayNumber;
  readonly received: DayNumber;
  /** One supply may have stood on several dates: the shares of them sum to 1. */
  readonly weight?: number;
  /** Work that an order started, which is judged by the time it took. */
  readonly made?: Made | null;
}

/** Long and short half-lives, in days: a year and three; a month, two and four. */
const LONG_HALF_LIVES = [365, 1000];
const SHORT_HALF_LIVES = [30, 60, 120];
/** Half-lives of the scores and of the mix of promises for which prices are set. */
const SCORE_HALF_LIFE = 180;
const MIX_HALF_LIFE = 365;
/**
 * Half-lives of the misses lately seen: two months, half a year, two years. A short look back follows a change and is shaken by chance,
 * a long one is steady and late; no one is right for every brand, so that each has an equal say, and so has no correction.
 */
const MISS_HALF_LIVES = [60, 180, 720];
/** How fast a way of looking back that foretells worse loses weight; the score is in days. */
const SCORE_RATE = 0.1;
/** So many promises must be seen before the correction follows them more than the level itself. */
const CORRECTION_PULL = 100;
/** Misses aimed at, against those allowed: at most so many times, and at least. */
const MOST_RELAXED = 1.3;
const MOST_STRICT = 0.1;

/** The levels prices are set for; between them they are interpolated. */
export const SLIP_LEVELS: readonly number[] = [0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.975, 0.99];

/** What was foretold for a supply that has not come: kept until it does. */
export interface Foretold {
  readonly curves: readonly SlipCurve[];
  /** By level. */
  readonly bufferDays: readonly number[];
  /** By level: the share of misses that was aimed at. */
  readonly aims: readonly number[];
  readonly weight: number;
}

export class SlipLearner {
  readonly #rows: FitRow[] = [];
  readonly #mix: { groups: readonly string[]; priorDays: number; received: DayNumber; weight: number }[] = [];
  readonly #numbers = SLIP_FAMILIES.map(() => new Map<string, number>());
  readonly #familyOf: number[] = [];
  readonly #names: [number, string][] = [];
  readonly #priors = new Map<number, Float64Array>();
  readonly #fits = LONG_HALF_LIVES.map((days) => new Fit(days));
  #shifts: Shift[][] = [];
  readonly #scores = new Float64Array(LONG_HALF_LIVES.length * SHORT_HALF_LIVES.length);
  #scoredOn: DayNumber = 0;
  /** By half-life and level, with forgetting: misses that were aimed at, and those there were. */
  readonly #aimed = MISS_HALF_LIVES.map(() => new Float64Array(SLIP_LEVELS.length));
  readonly #misses = MISS_HALF_LIVES.map(() => new Float64Array(SLIP_LEVELS.length));
  #aims: readonly number[] = SLIP_LEVELS.map((level) => 1 - level);
  #prices: SlipPrice[] = [];

  /** How many came. */
  get receipts(): number {
    return this.#rows.reduce((sum, row) => sum + row.weight, 0);
  }

  /** A supply came. Receipts are told in the order of their days. */
  observe(receipt: SlipReceipt, foretold: Foretold | null = null): void {
    const groups = slipGroups(receipt);
    const weight = receipt.weight ?? 1;
    const lateDays = Math.max(0, receipt.received - receipt.expected);
    const { received, priorDays } = receipt;
    const row: FitRow = {
      groups: Int32Array.from(groups, (group, family) => this.#number(family, group)),
      prior: this.#prior(priorDays),
      step: stepOf(lateDays),
      received,
      weight,
    };
    this.#rows.push(row);
    this.#mix.push({ groups, priorDays, received, weight });
    if (foretold !== null) this.#judge(foretold, lateDays, received);
  }

  /** Reckons again from all that came before `day`; prices follow. */
  refit(day: DayNumber): void {
    for (const fit of this.#fits) {
      fit.grow(this.#familyOf.length);
      fit.fit(this.#rows, this.#familyOf, SLIP_FAMILIES.length, day);
    }
    this.#shifts = this.#fits.map((fit) =>
      SHORT_HALF_LIVES.map((days) => recentShift(fit, this.#rows, days, day)),
    );
    this.#prices = this.#reckonPrices(day);
  }

  /** What is foretold for a supply, by the last refit. */
  foretell(features: SlipFeatures, weight = 1): Foretold {
    const curves = this.#curves(slipGroups(features), features.priorDays);
    const curve = this.#mixed(curves);
    const bufferDays = this.#prices.map((price) => LATE_DAYS[stepFor(curve, price)]!);
    return { curves, bufferDays, aims: this.#aims, weight };
  }

  table(day: DayNumber): SlipTable {
    const weights = this.#weights();
    const ways: SlipEffects[] = this.#fits.flatMap((fit, long) =>
      SHORT_HALF_LIVES.map((_, short) =>
        fit.effects(
          weights[long * SHORT_HALF_LIVES.length + short]!,
          this.#shifts[long]![short]!,
          this.#names,
          SLIP_FAMILIES.length,
        ),
      ),
    );
    const seen: Record<string, number> = {};
    for (const { groups, weight } of this.#mix)
      for (const key of [groups[1], groups[2]]) if (key) seen[key] = (seen[key] ?? 0) + weight;
    return { learntOn: day, receipts: Math.round(this.receipts), ways, prices: this.#prices, seen };
  }

  #reckonPrices(day: DayNumber): SlipPrice[] {
    const kinds = new Map<string, { groups: readonly string[]; priorDays: number; weight: number }>();
    for (const { groups, priorDays, received, weight } of this.#mix) {
      const counts = weight * 2 ** (-(day - received) / MIX_HALF_LIFE);
      const key = `${priorDays} ${groups.join('\n')}`;
      const kind = kinds.get(key);
      if (kind === undefined) kinds.set(key, { groups, priorDays, weight: counts });
      else kind.weight += counts;
    }
    const promises: Weighed[] = [...kinds.values()].map(({ groups, priorDays, weight }) => ({
      curve: this.#mixed(this.#curves(groups, priorDays)),
      weight,
    }));
    if (promises.length === 0) promises.push({ curve: curveOf(priorSteps(10), 0, 0), weight: 1 });
    let aim = 0;
    let keptPerDay = 1;
    const aims: number[] = [];
    const prices = SLIP_LEVELS.map((level, index) => {
      const ratio = Math.max(MOST_STRICT, Math.min(MOST_RELAXED, this.#correction(level, index)));
      // A higher level never aims lower, nor gives a day that keeps more away from a promise.
      aim = Math.max(aim, 1 - (1 - level) * ratio);
      aims.push(1 - aim);
      keptPerDay = Math.min(keptPerDay, priceFor(promises, level, aim).keptPerDay);
      return { level, keptPerDay };
    });
    this.#aims = aims;
    return prices;
  }

  /** Misses aimed at against misses seen: the geometric mean over the half-lives, and over not correcting at all. */
  #correction(level: number, index: number): number {
    const pull = (1 - level) * CORRECTION_PULL;
    const logRatios = MISS_HALF_LIVES.map((_, speed) =>
      Math.log((this.#aimed[speed]![index]! + pull) / (this.#misses[speed]![index]! + pull)),
    );
    return Math.exp(logRatios.reduce((sum, one) => sum + one, 0) / (MISS_HALF_LIVES.length + 1));
  }

  #judge({ curves, bufferDays, aims, weight }: Foretold, lateDays: number, day: DayNumber): void {
    const elapsed = day - this.#scoredOn;
    const forgotten = 2 ** (-elapsed / SCORE_HALF_LIFE);
    this.#scoredOn = day;
    for (const [way, curve] of curves.entries())
      this.#scores[way] = this.#scores[way]! * forgotten + weight * rankedScore(curve, lateDays);
    for (const [speed, halfLife] of MISS_HALF_LIVES.entries()) {
      const left = 2 ** (-elapsed / halfLife);
      const [aimed, misses] = [this.#aimed[speed]!, this.#misses[speed]!];
      for (const [level, days] of bufferDays.entries()) {
        aimed[level] = aimed[level]! * left + weight * aims[level]!;
        misses[level] = misses[level]! * left + (lateDays > days ? weight : 0);
      }
    }
  }

  #weights(): number[] {
    const best = Math.min(...this.#scores);
    const weights = Array.from(this.#scores, (score) => Math.exp(-SCORE_RATE * (score - best)));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  }

  #curves(groups: readonly string[], priorDays: number): SlipCurve[] {
    const prior = this.#prior(priorDays);
    const numbers = { groups: Int32Array.from(groups, (group, family) => this.#known(family, group)) };
    return this.#fits.flatMap((fit, long) => {
      const [onTime, toEnd] = fit.sumOf(numbers);
      const steps = prior.map((step, index) => step + fit.steps[index]!);
      return SHORT_HALF_LIVES.map((_, short) => {
        const shift = this.#shifts[long]?.[short] ?? { onTime: 0, toEnd: 0 };
        return curveOf(steps, onTime + shift.onTime, toEnd + shift.toEnd);
      });
    });
  }

  #mixed(curves: readonly SlipCurve[]): SlipCurve {
    const mixed = new Float64Array(LATE_DAYS.length);
    for (const [way, weight] of this.#weights().entries())
      for (let step = 0; step < mixed.length; step++) mixed[step]! += weight * curves[way]![step]!;
    return mixed;
  }

  #prior(priorDays: number): Float64Array {
    let prior = this.#priors.get(priorDays);
    if (prior === undefined) this.#priors.set(priorDays, (prior = priorSteps(priorDays)));
    return prior;
  }

  #known(family: number, group: string): number {
    return group === '' ? -1 : (this.#numbers[family]!.get(group) ?? -1);
  }

  #number(family: number, group: string): number {
    if (group === '') return -1;
    const numbers = this.#numbers[family]!;
    let number = numbers.get(group);
    if (number === undefined) {
      number = this.#familyOf.length;
      numbers.set(group, number);
      this.#familyOf.push(family);
      this.#names.push([family, group]);
      for (const fit of this.#fits) fit.grow(number + 1);
    }
    return number;
  }
}

/** Fewer receipts than that tell little; until then a brand goes by the priors. */
export const FEWEST_RECEIPTS = 20;

/**
 * Learns from a brand's receipts as if each month's promises had been made at its beginning.
 * @param receipts in any order; those received after `today` are left out
 * @returns null while there are too few to learn from
 */
export function learnSlips(receipts: readonly SlipReceipt[], today: DayNumber): SlipTable | null {
  const known = receipts.filter((one) => one.received <= today);
  const units = known.reduce((sum, one) => sum + (one.weight ?? 1), 0);
  if (units < FEWEST_RECEIPTS) return null;
  const leadTimes = learnLeadTimes(known, today);
  const learner = new SlipLearner();
  const judged = known.map((one) => againstLeadTime(one, leadTimes));
  const levels = SLIP_LEVELS.map((level) => ({
    level,
    promises: 0,
    kept: 0,
    bufferDays: 0,
    missedByDays: 0,
  }));
  const walk = walkForward(learner, judged, ({ bufferDays }) => ({ bufferDays, known: learner.receipts }));
  for (const { receipt, answer } of walk) {
    // What the first months foretold was the prior, and says nothing of the brand.
    if (answer.known < FEWEST_RECEIPTS) continue;
    const weight = receipt.weight ?? 1;
    for (const [index, one] of levels.entries()) {
      const days = answer.bufferDays[index]!;
      const missedBy = Math.max(0, receipt.received - receipt.expected - days);
      one.promises += weight;
      one.bufferDays += weight * days;
      one.missedByDays += weight * missedBy;
      if (missedBy === 0) one.kept += weight;
    }
  }
  learner.refit(today + 1);
  return { ...learner.table(today), leadTimes, judged: levels };
}

/** Work slips against what is learnt of its lead time, since that is what new work is expected by. */
function againstLeadTime(receipt: SlipReceipt, leadTimes: Readonly<Record<string, LeadTime>>): SlipReceipt {
  const days = receipt.made == null ? undefined : leadTimes[receipt.made.sku]?.days;
  return days === undefined ? receipt : { ...receipt, expected: receipt.made!.started + days };
}

/** A promise of the walk, as it was made. */
export interface Walked<Receipt, Answer> {
  readonly receipt: Receipt;
  readonly answer: Answer;
}

/**
 * Goes through receipts month by month of the day expected: what came before a month begins is learnt, then every supply
 * expected in it is foretold.
 */
export function* walkForward<Receipt extends SlipReceipt, Answer>(
  learner: SlipLearner,
  receipts: readonly Receipt[],
  answer: (foretold: Foretold, receipt: Receipt) => Answer,
): Generator<Walked<Receipt, Answer>> {
  const arrivals = [...receipts].sort((a, b) => a.received - b.received || a.expected - b.expected);
  const months = Map.groupBy(arrivals, (receipt) => `${dayText(receipt.expected).slice(0, 7)}-01`);
  const foretold = new Map<SlipReceipt, Foretold>();
  let next = 0;
  for (const first of [...months.keys()].sort()) {
    const day = dayNumber(first);
    for (; next < arrivals.length && arrivals[next]!.received < day; next++)
      learner.observe(arrivals[next]!, foretold.get(arrivals[next]!) ?? null);
    learner.refit(day);
    for (const receipt of months.get(first)!) {
      const told = learner.foretell(receipt, receipt.weight);
      foretold.set(receipt, told);
      yield { receipt, answer: answer(told, receipt) };
    }
  }
  for (; next < arrivals.length; next++)
    learner.observe(arrivals[next]!, foretold.get(arrivals[next]!) ?? null);
}

function stepOf(lateDays: number): number {
  for (let step = 0; step < LATE_DAYS.length; step++) if (lateDays <= LATE_DAYS[step]!) return step;
  return LATE_DAYS.length;
}

/** How far a curve was from what came, in days: the area between the two. */
function rankedScore(curve: SlipCurve, lateDays: number): number {
  let score = 0;
  for (let step = 0; step < curve.length - 1; step++) {
    const come = lateDays <= LATE_DAYS[step]! ? 1 : 0;
    score += (LATE_DAYS[step + 1]! - LATE_DAYS[step]!) * (curve[step]! - come) ** 2;
  }
  return score;
}
