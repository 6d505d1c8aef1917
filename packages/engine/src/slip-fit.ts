import type { DayNumber } from './day.ts';
import { chance, LATE_DAYS, type SlipEffects } from './slip.ts';

/** A receipt as the fit sees it. */
export interface FitRow {
  /** Its group in each family as a number, -1 where it has none. */
  readonly groups: Int32Array;
  readonly prior: Float64Array;
  /** The step of LATE_DAYS within which it came; LATE_DAYS.length: later than all. */
  readonly step: number;
  readonly received: DayNumber;
  /** How much of a receipt it is: one supply may have stood on several dates. */
  readonly weight: number;
}

/** A group is pulled towards none as if it had seen that much information; the odds of a typical group are within e to one. */
const PULL_ON_TIME = 1;
const PULL_TO_END = 2;
const PULL_STEPS = 1;
/** What is left of a receipt after so many half-lives is not worth reading it. */
const LEAST_WEIGHT = 0.01;
const SWEEPS = 3;
/** One step of Newton's method goes no further, so that separated groups do not swing. */
const LONGEST_STEP = 2;

/** Effects being fitted, in columns: a group's number is its place. */
export class Fit {
  readonly steps = new Float64Array(LATE_DAYS.length);
  onTime = new Float64Array(64);
  toEnd = new Float64Array(64);
  /** Days after which a receipt counts half. */
  readonly halfLifeDays: number;

  constructor(halfLifeDays: number) {
    this.halfLifeDays = halfLifeDays;
  }

  /** As many groups as there are by now. */
  grow(groups: number): void {
    if (groups <= this.onTime.length) return;
    const grown = (old: Float64Array) => {
      const next = new Float64Array(groups * 2);
      next.set(old);
      return next;
    };
    this.onTime = grown(this.onTime);
    this.toEnd = grown(this.toEnd);
  }

  /**
   * Maximises the penalised likelihood by Newton's method, a family at a time: its groups share no receipt, so each is a
   * problem of one dimension. It goes on from the last fit.
   */
  fit(rows: readonly FitRow[], familyOf: readonly number[], families: number, day: DayNumber): void {
    const used = weighed(rows, this.halfLifeDays, day);
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      this.#fitSteps(used);
      for (let family = 0; family < families; family++) this.#fitFamily(used, family, familyOf);
    }
  }

  /** The sum of a row's effects: to be on time, and to end a lateness. */
  sumOf(row: Pick<FitRow, 'groups'>): readonly [number, number] {
    let onTime = 0;
    let toEnd = 0;
    for (const group of row.groups) {
      if (group < 0) continue;
      onTime += this.onTime[group]!;
      toEnd += this.toEnd[group]!;
    }
    return [onTime, toEnd];
  }

  effects(
    weight: number,
    shift: Shift,
    names: readonly (readonly [number, string])[],
    families: number,
  ): SlipEffects {
    const groups: Record<string, readonly [number, number]>[] = Array.from({ length: families }, () => ({}));
    for (const [number, [family, name]] of names.entries())
      if (this.onTime[number] !== 0 || this.toEnd[number] !== 0)
        groups[family]![name] = [this.onTime[number]!, this.toEnd[number]!];
    const steps = Array.from(this.steps, (step, index) => step + (index === 0 ? shift.onTime : shift.toEnd));
    return { weight, steps, groups };
  }

  #fitSteps(used: readonly Used[]): void {
    const gradient = new Float64Array(LATE_DAYS.length);
    const curvature = new Float64Array(LATE_DAYS.length);
    for (const { row, weight } of used) {
      const [onTime, toEnd] = this.sumOf(row);
      for (let step = 0; step <= row.step && step < LATE_DAYS.length; step++) {
        const come = chance(row.prior[step]! + this.steps[step]! + (step === 0 ? onTime : toEnd));
        gradient[step]! += weight * ((step === row.step ? 1 : 0) - come);
        curvature[step]! += weight * come * (1 - come);
      }
    }
    for (let step = 0; step < LATE_DAYS.length; step++)
      this.steps[step] = newton(this.steps[step]!, gradient[step]!, curvature[step]!, PULL_STEPS);
  }

  #fitFamily(used: readonly Used[], family: number, familyOf: readonly number[]): void {
    const size = familyOf.length;
    const [gradientOnTime, curvatureOnTime] = [new Float64Array(size), new Float64Array(size)];
    const [gradientToEnd, curvatureToEnd] = [new Float64Array(size), new Float64Array(size)];
    for (const { row, weight } of used) {
      const group = row.groups[family]!;
      if (group < 0) continue;
      const [onTime, toEnd] = this.sumOf(row);
      for (let step = 0; step <= row.step && step < LATE_DAYS.length; step++) {
        const come = chance(row.prior[step]! + this.steps[step]! + (step === 0 ? onTime : toEnd));
        const gradient = weight * ((step === row.step ? 1 : 0) - come);
        const curvature = weight * come * (1 - come);
        (step === 0 ? gradientOnTime : gradientToEnd)[group]! += gradient;
        (step === 0 ? curvatureOnTime : curvatureToEnd)[group]! += curvature;
      }
    }
    for (let group = 0; group < size; group++) {
      if (familyOf[group] !== family) continue;
      this.onTime[group] = newton(
        this.onTime[group]!,
        gradientOnTime[group]!,
        curvatureOnTime[group]!,
        PULL_ON_TIME,
      );
      this.toEnd[group] = newton(
        this.toEnd[group]!,
        gradientToEnd[group]!,
        curvatureToEnd[group]!,
        PULL_TO_END,
      );
    }
  }
}

/** What was different for everybody lately: log-odds beside a fit over a longer time. */
export interface Shift {
  readonly onTime: number;
  readonly toEnd: number;
}

/** The shift of the last `halfLifeDays` against a fit; no more than the receipts since can tell. */
export function recentShift(fit: Fit, rows: readonly FitRow[], halfLifeDays: number, day: DayNumber): Shift {
  const used = weighed(rows, halfLifeDays, day).map(({ row, weight }) => ({
    row,
    weight,
    sum: fit.sumOf(row),
  }));
  let onTime = 0;
  let toEnd = 0;
  for (let sweep = 0; sweep < SWEEPS + 1; sweep++) {
    let [gradientOnTime, curvatureOnTime, gradientToEnd, curvatureToEnd] = [0, 0, 0, 0];
    for (const { row, weight, sum } of used)
      for (let step = 0; step <= row.step && step < LATE_DAYS.length; step++) {
        const shifted = step === 0 ? sum[0] + onTime : sum[1] + toEnd;
        const come = chance(row.prior[step]! + fit.steps[step]! + shifted);
        const gradient = weight * ((step === row.step ? 1 : 0) - come);
        const curvature = weight * come * (1 - come);
        if (step === 0) {
          gradientOnTime += gradient;
          curvatureOnTime += curvature;
        } else {
          gradientToEnd += gradient;
          curvatureToEnd += curvature;
        }
      }
    onTime = newton(onTime, gradientOnTime, curvatureOnTime, PULL_STEPS);
    toEnd = newton(toEnd, gradientToEnd, curvatureToEnd, PULL_STEPS);
  }
  return { onTime, toEnd };
}

interface Used {
  readonly row: FitRow;
  readonly weight: number;
}

function weighed(rows: readonly FitRow[], halfLifeDays: number, day: DayNumber): Used[] {
  const used: Used[] = [];
  for (const row of rows) {
    const weight = row.weight * 2 ** (-(day - row.received) / halfLifeDays);
    if (weight >= LEAST_WEIGHT * row.weight) used.push({ row, weight });
  }
  return used;
}

function newton(at: number, gradient: number, curvature: number, pull: number): number {
  const step = (gradient - pull * at) / (curvature + pull);
  return at + Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step));
}
