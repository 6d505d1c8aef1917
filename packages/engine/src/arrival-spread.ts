import type { DayNumber } from './day.ts';

/**
 * When a supply comes, early or late: by how those that stood alike came. A buffer asks only how late a supply may be; a projection
 * also has to know how early, or its middle is late.
 */

/** A date that stood on a day for a supply that has come since. */
export interface SeenArrival {
  readonly supplier: string | null;
  readonly freight: string | null;
  readonly stage: string;
  /** The day on which it stood. */
  readonly at: DayNumber;
  readonly expected: DayNumber;
  readonly arrived: DayNumber;
  /** Lines that travel together are one journey: the shares of them sum to 1. */
  readonly weight: number;
}

/** A supply of the same supplier, freight mode or stage tells so many times as much as one of another. */
const SAME = { supplier: 4, freight: 3, stage: 3 };
/** One with so many days more or less to go tells e times less. */
const ALIKE_DAYS = 10;
/** What is thought before anything has come counts as so many arrivals. */
const PRIOR_WEIGHT = 2;
const PRIOR_STEPS = 10;

/**
 * Equally likely days from today on which the supply comes; none before today. Those seen count by their likeness, as in kernel regression
 * (Nadaraya 1964, Watson 1964).
 * @param priorDays the buffer that nine in ten slips stay below where nothing was seen
 */
export function arrivalSpread(
  seen: readonly SeenArrival[],
  supply: Pick<SeenArrival, 'supplier' | 'freight' | 'stage' | 'expected'>,
  today: DayNumber,
  priorDays: number,
  count = 20,
): Float64Array {
  const due = supply.expected - today;
  const points: { late: number; weight: number }[] = [];
  for (const one of seen) {
    const late = one.arrived - one.expected;
    // It has not come yet.
    if (due + late < 0) continue;
    let weight = one.weight * Math.exp(-Math.abs(one.expected - one.at - due) / ALIKE_DAYS);
    for (const trait of ['supplier', 'freight', 'stage'] as const)
      if (one[trait] !== null && one[trait] === supply[trait]) weight *= SAME[trait];
    points.push({ late, weight });
  }
  for (let step = 0; step < PRIOR_STEPS; step++) {
    const late = (priorDays * -Math.log(1 - (step + 0.5) / PRIOR_STEPS)) / Math.LN10 + Math.max(0, -due);
    points.push({ late, weight: (PRIOR_WEIGHT / PRIOR_STEPS) * SAME.supplier });
  }
  points.sort((one, other) => one.late - other.late);
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const days = new Float64Array(count);
  let passed = 0;
  let at = 0;
  for (let step = 0; step < count; step++) {
    while (at < points.length - 1 && passed + points[at]!.weight < ((step + 0.5) / count) * total)
      passed += points[at++]!.weight;
    days[step] = Math.max(0, due + points[at]!.late);
  }
  return days;
}
