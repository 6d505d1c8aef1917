/** When a purchase order really arrives, and what the supplier says about it on the way. */
import { oneOf, shareOf, wholeOf } from './chance.ts';
import { onWorkday } from './dates.ts';
import type { SlipTable } from './sample.ts';
import type { FreightMode } from './suppliers.ts';

export type SlipReason = 'production' | 'materials' | 'freight' | 'customs' | 'moq' | 'quality' | 'other';
export type Stage = 'draft' | 'placed' | 'confirmed' | 'in_production' | 'in_transit' | 'arrived';

/** What the supplier said on a day: the date that stood from then on (null: none), the stage, and why. */
export interface Revision {
  day: number;
  expected: number | null;
  stage?: Stage;
  reason: SlipReason;
}
export interface Journey {
  revisions: Revision[];
  arrival: number;
}

/**
 * Days late (negative: early) at a share of the real distribution: straight lines between its written quantiles, cut at
 * the first and the last of them.
 * @param lateness 1 follows the distribution; a supplier above 1 draws from its later part more often
 */
export function slipAt(table: SlipTable, share: number, lateness = 1): number {
  const at = share ** (1 / lateness);
  const above = table.points.findIndex((point) => point.share >= at);
  if (above <= 0) return table.points[above === 0 ? 0 : table.points.length - 1]!.days;
  const [low, high] = [table.points[above - 1]!, table.points[above]!];
  return Math.round(low.days + ((at - low.share) / (high.share - low.share)) * (high.days - low.days));
}

const TRANSIT_DAYS: Record<FreightMode, number> = { ocean: 32, air: 5, air_charter: 3, truck: 3 };
const AT_THE_MAKER: readonly SlipReason[] = ['production', 'production', 'materials', 'quality'];
const ON_THE_WAY: Record<FreightMode, readonly SlipReason[]> = {
  ocean: ['freight', 'freight', 'customs'],
  air: ['customs', 'freight'],
  air_charter: ['freight'],
  truck: ['freight', 'other'],
};

/**
 * The whole life of a purchase order, from its seed: stages, slips as they were announced, arrival. A late one is
 * announced once or, often when it is more than ten days, twice; small slips are sometimes not announced at all.
 * @param slip days late; an early one arrives no sooner than half of its lead time
 */
export function journeyOf(
  ref: string,
  mode: FreightMode,
  placed: number,
  expected: number,
  slip: number,
): Journey {
  const lead = expected - placed;
  const arrival = onWorkday(Math.max(expected + slip, placed + Math.ceil(lead / 2)));
  const late = arrival - expected;
  const leaves = Math.max(placed + 3, arrival - TRANSIT_DAYS[mode]);
  const said = announcements(ref, mode, { placed, expected, leaves, arrival, late });
  const confirmed = Math.min(placed + wholeOf(1, 4, 'confirmed', ref), leaves - 2);
  const started = Math.max(confirmed, Math.min(placed + 2 + Math.round(lead * 0.15), leaves - 1));
  const stages: [number, Stage][] = [
    [confirmed, 'confirmed'],
    [started, 'in_production'],
    [leaves, 'in_transit'],
    [arrival, 'arrived'],
  ];
  const steps = [
    ...said.map((step) => ({ ...step, stage: undefined as Stage | undefined })),
    ...stages.map(([day, stage]) => ({ day, expected: undefined, stage, reason: 'other' as SlipReason })),
  ].sort((one, other) => one.day - other.day);
  let stands = expected;
  const revisions = steps.map(({ day, expected: moved, stage, reason }): Revision => {
    stands = moved ?? stands;
    return stage ? { day, expected: stands, stage, reason } : { day, expected: stands, reason };
  });
  return { revisions, arrival };
}

interface Course {
  placed: number;
  expected: number;
  leaves: number;
  arrival: number;
  late: number;
}

function announcements(
  ref: string,
  mode: FreightMode,
  { placed, expected, leaves, arrival, late }: Course,
): { day: number; expected: number; reason: SlipReason }[] {
  if (late < -3 && shareOf('early', ref) < 0.6) return [{ day: leaves, expected: arrival, reason: 'other' }];
  if (late <= 0 || (late <= 6 && shareOf('silent', ref) < 0.4)) return [];
  const reasonOn = (day: number, step: number): SlipReason =>
    oneOf(day < leaves ? AT_THE_MAKER : ON_THE_WAY[mode], 'reason', ref, step);
  const early = wholeOf(3, Math.max(4, Math.round((expected - placed) * 0.3)), 'told', ref);
  const first = Math.max(placed + 2, expected - early);
  if (late <= 10 || shareOf('twice', ref) < 0.3)
    return [{ day: first, expected: arrival, reason: reasonOn(first, 1) }];
  const half = expected + Math.round(late * (0.4 + 0.3 * shareOf('half', ref)));
  const second = Math.max(first + 1, half - wholeOf(1, 4, 'told again', ref));
  return [
    { day: first, expected: half, reason: reasonOn(first, 1) },
    { day: second, expected: arrival, reason: reasonOn(second, 2) },
  ];
}
