import type { DayNumber } from './day.ts';

/**
 * Why an item ran out (RULES 27 and 28): each cause is asked how many of the missing units would have been there without it, from
 * records alone. What no record explains is `undetermined`; nothing defaults to the supplier.
 */

export type AccidentalCause =
  | 'forecast_undershoot'
  | 'supplier_delay'
  | 'multichannel_oversell'
  | 'moq_shortfall'
  | 'promotional_surprise'
  | 'quality_or_returns_hold';
export type IntendedCause = 'limited_drop' | 'made_to_order' | 'demand_validation';
export type Cause = AccidentalCause | IntendedCause | 'undetermined';

/** What was on record of an episode. Quantities are units. */
export interface EpisodeRecords {
  /** The day of the first backorder. */
  readonly openedOn: DayNumber;
  /** Units short in its first weeks, at the most. */
  readonly shortUnits: number;
  /** The item's policy was to let customers wait. */
  readonly intended: IntendedCause | null;
  /**
   * Orders from the day on which an order of ours could still have covered the opening until the queue was deepest, and what the
   * forecast of that day said of the same days: its mean and its 90 % quantile. Days of campaigns and of an oversell are left out of
   * all three. `recent` is the same of the last two weeks: orders that grew lately are few among those of a long lead time.
   */
  readonly demand: Ordered & { readonly recent?: Ordered };
  readonly campaigns: readonly CampaignRecord[];
  readonly supplies: readonly SupplyRecord[];
  /** Units taken by channels on an availability that was no longer there, over what could be sold. */
  readonly oversold: {
    readonly taken: number;
    readonly sellable: number;
    readonly channels: readonly string[];
  };
  /** Units that were there and could not ship when the queue was deepest; those in the usual check of what has just come left out. */
  readonly heldUnits: number;
  readonly reorder: ReorderRecord | null;
}

export interface Ordered {
  readonly ordered: number;
  readonly expected: number;
  readonly high: number;
}

export interface CampaignRecord {
  readonly name: string;
  readonly from: DayNumber;
  /** When planning was told; null: never. */
  readonly toldOn: DayNumber | null;
  readonly leadTimeDays: number;
  /** Orders of its days until the queue was deepest, and what the plan said of them with the lift that it knew. */
  readonly ordered: number;
  readonly planned: number;
}

export interface SupplyRecord {
  readonly name: string;
  readonly quantity: number;
  /** What was expected when it was placed, and when it came or is now expected; null: no day is known. */
  readonly firstExpectedOn: DayNumber;
  readonly arrivedOn: DayNumber | null;
  /** Slips up to here are what the plan allowed for. */
  readonly allowedDays: number;
  readonly reason: string | null;
}

/** The reorder before the episode: what was needed when its point was crossed, and when the MOQ let it be ordered. */
export interface ReorderRecord {
  readonly crossedOn: DayNumber;
  readonly orderedOn: DayNumber | null;
  readonly neededUnits: number;
  readonly moq: number;
  readonly leadTimeDays: number;
}

export interface Evidence {
  readonly cause: Cause;
  /** Of the missing units, those that this explains. */
  readonly units: number;
  readonly data: Readonly<Record<string, string | number | null>>;
}

export interface Classified {
  /** Weights add up to 1, the heaviest first. */
  readonly causes: readonly { readonly cause: Cause; readonly weight: number }[];
  /** 0 … 1: the share of the missing units that is explained, less where a second cause explains nearly as much. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

/** A cause counts that explains at least so much of what is missing, and so much of what the best one explains. */
const LEAST_SHARE = 0.25;
const LEAST_OF_BEST = 0.5;
/**
 * Orders of so many deviations above what was expected are the forecast's fault; fewer are what safety stock is planned to fail at. A
 * shortage is looked at because orders were many, so that being beyond nine tenths of the range proves nothing: 1 in 100 does.
 */
const BEYOND_CHANCE = 2.33;
/** The second look has to be surer: 1 in 200. */
const BEYOND_CHANCE_RECENTLY = 2.58;
/** Deviations from the mean to the 90 % quantile. */
const NINE_TENTHS = 1.2816;

type Rule = (records: EpisodeRecords) => Evidence | null;

export function classify(records: EpisodeRecords): Classified {
  if (records.intended !== null) {
    const evidence = { cause: records.intended, units: records.shortUnits, data: {} };
    return { causes: [{ cause: records.intended, weight: 1 }], confidence: 1, evidence: [evidence] };
  }
  const short = Math.max(1, records.shortUnits);
  const evidence = RULES.map((rule) => rule(records)).filter((found) => found !== null);
  const shares = evidence.map(({ cause, units }) => ({ cause, share: Math.min(1, units / short) }));
  const best = Math.max(0, ...shares.map(({ share }) => share));
  const counted = shares
    .filter(({ share }) => share >= LEAST_SHARE && share >= LEAST_OF_BEST * best)
    .sort((a, b) => b.share - a.share);
  const together = counted.reduce((sum, { share }) => sum + share, 0);
  if (counted.length === 0)
    return { causes: [{ cause: 'undetermined', weight: 1 }], confidence: 1 - best, evidence };
  const rival = Math.max(
    0,
    ...shares.filter(({ cause }) => !counted.some((one) => one.cause === cause)).map(({ share }) => share),
  );
  return {
    causes: counted.map(({ cause, share }) => ({ cause, weight: share / together })),
    confidence: best * (1 - rival / 2),
    evidence,
  };
}

const RULES: readonly Rule[] = [undershoot, delay, oversell, moqShortfall, surprise, hold];

/** Orders above the forecast's range, by more than chance: of all days that count, or of the last of them. */
function undershoot({ demand }: EpisodeRecords): Evidence | null {
  const { recent } = demand;
  const beyond = [
    ...(isBeyond(demand, BEYOND_CHANCE) ? [demand] : []),
    ...(recent !== undefined && isBeyond(recent, BEYOND_CHANCE_RECENTLY) ? [recent] : []),
  ].sort((a, b) => b.ordered - b.expected - (a.ordered - a.expected));
  const [most] = beyond;
  if (most === undefined) return null;
  const { ordered, expected, high } = most;
  return { cause: 'forecast_undershoot', units: ordered - expected, data: { ordered, expected, high } };
}

function isBeyond({ ordered, expected, high }: Ordered, deviations: number): boolean {
  return ordered > expected + (deviations * (high - expected)) / NINE_TENTHS;
}

/** Supply that was due before, and slipped by more than the plan allowed for. */
function lateSupplies({ supplies, openedOn }: EpisodeRecords): SupplyRecord[] {
  return supplies.filter(
    ({ firstExpectedOn, arrivedOn, allowedDays }) =>
      firstExpectedOn + allowedDays < (arrivedOn ?? Infinity) &&
      firstExpectedOn <= openedOn &&
      (arrivedOn === null || arrivedOn > openedOn),
  );
}

/** It slipped for a reason of the supplier's own; one that waited for a larger order is the MOQ's. */
function delay(records: EpisodeRecords): Evidence | null {
  const late = lateSupplies(records).filter(({ reason }) => reason !== 'moq');
  if (late.length === 0) return null;
  const [first] = late;
  return {
    cause: 'supplier_delay',
    units: late.reduce((sum, { quantity }) => sum + quantity, 0),
    data: {
      supply: first!.name,
      daysLate: first!.arrivedOn === null ? null : first!.arrivedOn - first!.firstExpectedOn,
      reason: first!.reason,
    },
  };
}

/** What the channels took together above what could be sold. */
function oversell({ oversold }: EpisodeRecords): Evidence | null {
  const units = oversold.taken - oversold.sellable;
  if (units <= 0) return null;
  return {
    cause: 'multichannel_oversell',
    units,
    data: { taken: oversold.taken, sellable: oversold.sellable, channels: oversold.channels.join(', ') },
  };
}

/** The reorder point was crossed in time, and the MOQ pushed the order, or its receipt, so that it came too late. */
function moqShortfall(records: EpisodeRecords): Evidence | null {
  const { reorder, openedOn } = records;
  const pushed = lateSupplies(records).filter(({ reason }) => reason === 'moq');
  if (pushed.length > 0) {
    const [first] = pushed;
    const daysLate = first!.arrivedOn === null ? null : first!.arrivedOn - first!.firstExpectedOn;
    return {
      cause: 'moq_shortfall',
      units: pushed.reduce((sum, { quantity }) => sum + quantity, 0),
      data: { supply: first!.name, waitedDays: daysLate },
    };
  }
  if (reorder === null || reorder.neededUnits >= reorder.moq) return null;
  const could = reorder.crossedOn + reorder.leadTimeDays;
  const will = reorder.orderedOn === null ? Infinity : reorder.orderedOn + reorder.leadTimeDays;
  if (could > openedOn || will <= openedOn) return null;
  return {
    cause: 'moq_shortfall',
    units: reorder.neededUnits,
    data: {
      needed: reorder.neededUnits,
      moq: reorder.moq,
      waitedDays: Number.isFinite(will) ? will - could : null,
    },
  };
}

/** A campaign's lift that the plan did not know in time to order for it. */
function surprise({ campaigns }: EpisodeRecords): Evidence | null {
  const late = campaigns.filter(
    ({ toldOn, from, leadTimeDays }) => toldOn === null || toldOn > from - leadTimeDays,
  );
  const units = late.reduce((sum, { ordered, planned }) => sum + Math.max(0, ordered - planned), 0);
  if (units <= 0) return null;
  const [first] = late;
  return {
    cause: 'promotional_surprise',
    units,
    data: {
      campaign: first!.name,
      toldDaysBefore: first!.toldOn === null ? null : first!.from - first!.toldOn,
    },
  };
}

/** Units that are there and cannot ship. */
function hold({ heldUnits }: EpisodeRecords): Evidence | null {
  return heldUnits > 0
    ? { cause: 'quality_or_returns_hold', units: heldUnits, data: { held: heldUnits } }
    : null;
}
