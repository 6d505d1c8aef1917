import { addWorkingDays, type DayNumber, MONDAY_TO_FRIDAY, NO_DAY } from './day.ts';
import type { Policy, PromisableStage, SupplyPosition, World } from './position.ts';
import { bufferFor, priceAt } from './price-of-days.ts';
import { LATE_DAYS, lateDaysGiven, type SlipFeatures, slipCurve } from './slip.ts';

/**
 * From a supply's expected date to the days that may be spoken of. Until a brand has receipts of its own (slip-learn.ts), the slip that a
 * promise must survive is a prior by stage: the nearer the goods, the less is left to go wrong.
 */
export const PRIOR_BUFFER_DAYS: Readonly<Record<PromisableStage, number>> = {
  placed: 14,
  confirmed: 10,
  in_production: 10,
  in_transit: 5,
  arrived: 1,
};

/** The days of a supply. NO_DAY on both: it backs nothing. */
export interface SupplyDays {
  /** The day its units leave if it comes when expected: what the plan says. */
  readonly planned: DayNumber;
  /** The day that is promised: with the slip that the service level allows for. */
  readonly promisable: DayNumber;
  /** Calendar days of slip inside `promisable`. */
  readonly bufferDays: number;
  /** Where they come from: the policy, the brand's receipts, or judgement while there are too few of those. */
  readonly basis: BufferBasis;
}

export type BufferBasis = 'policy' | 'receipts' | 'prior';

const LONGEST_DAYS = LATE_DAYS.at(-1)!;

const NOTHING: SupplyDays = { planned: NO_DAY, promisable: NO_DAY, bufferDays: 0, basis: 'prior' };

/**
 * A draft, a cancelled line and a supply without a date or a supplier back nothing, and neither does one that comes to a
 * closed location.
 */
export function supplyDays(supply: SupplyPosition, policy: Policy, world: World): SupplyDays {
  const { stage, expected } = supply;
  const location = world.locations[supply.place];
  if (stage === 'draft' || stage === 'cancelled' || expected === null || supply.abandoned) return NOTHING;
  if (location === undefined || location.closed) return NOTHING;
  const fixed = policy.fixedBuffers.includes(stage);
  if (world.slips && !fixed) return learntDays(supply, stage, expected, policy, world);
  const bufferDays = policy.bufferDays[stage];
  const overdue = world.today - expected;
  // A supply that is late already is not "tomorrow": slips have long tails, so what is still to come grows with what was
  // (RULES 21). Half as much again as the plan, as much again for a promise.
  const arrival = overdue > 0 ? world.today + Math.max(1, Math.ceil(overdue / 2)) : expected;
  const buffer = overdue > 0 ? Math.max(bufferDays, overdue) : bufferDays;
  const promised = overdue > 0 ? world.today + buffer : expected + buffer;
  const workDays = policy.receivingDays + policy.handlingDays;
  return {
    planned: addWorkingDays(location.calendar, arrival, workDays),
    promisable: addWorkingDays(location.calendar, promised, workDays),
    bufferDays: buffer,
    basis: fixed ? 'policy' : 'prior',
  };
}

/** The same by what the brand's receipts say. An overdue supply is judged by those that were as late (RULES 21). */
function learntDays(
  supply: SupplyPosition,
  stage: PromisableStage,
  expected: DayNumber,
  policy: Policy,
  world: World,
): SupplyDays {
  const calendar = world.locations[supply.place]!.calendar;
  const slips = world.slips!;
  const curve = slipCurve(slips, slipFeatures(supply, stage, world.locations[supply.place]!.code));
  const overdue = world.today - expected;
  let arrivalDays = 0;
  let bufferDays: number;
  if (overdue > 0) {
    // What was never seen so late is not soon to come: half as much again as the plan, as much again for a promise.
    const left = (share: number, unseen: number) =>
      Math.max(1, (lateDaysGiven(curve, overdue, share) ?? overdue + unseen) - overdue);
    arrivalDays = overdue + left(0.5, Math.ceil(overdue / 2));
    bufferDays = Math.max(arrivalDays, overdue + left(policy.serviceLevel, overdue));
  } else bufferDays = bufferFor(curve, priceAt(slips.prices, policy.serviceLevel));
  const workDays = policy.receivingDays + policy.handlingDays;
  return {
    planned: addWorkingDays(calendar, expected + arrivalDays, workDays),
    promisable: addWorkingDays(calendar, expected + bufferDays, workDays),
    bufferDays: overdue > 0 ? bufferDays - overdue : bufferDays,
    basis: 'receipts',
  };
}

/** How finely `slipDays` tells a supply's slips. */
const SLIPS = 20;

/**
 * Slips of a supply, each as likely as the others: calendar days after `supplyDays().planned`, negative where an overdue one
 * comes before what the plan says. As learnt; by a policy's or a prior's buffer, what nine in ten slips stay below, with a
 * long tail (exponential).
 */
export function slipDays(
  supply: Pick<SupplyPosition, 'kind' | 'supplier' | 'freight' | 'made' | 'place' | 'expected'>,
  stage: PromisableStage,
  policy: Policy,
  world: World,
): Float64Array {
  const shares = Float64Array.from({ length: SLIPS }, (_, step) => (step + 0.5) / SLIPS);
  const slips = world.slips;
  if (!slips || policy.fixedBuffers.includes(stage))
    return shares.map((share) => (policy.bufferDays[stage] * -Math.log(1 - share)) / Math.LN10);
  const code = world.locations[supply.place]?.code ?? '';
  const curve = slipCurve(slips, slipFeatures(supply, stage, code));
  const overdue = Math.max(0, world.today - (supply.expected ?? world.today));
  const late = (share: number) => lateDaysGiven(curve, overdue, share) ?? Math.max(LONGEST_DAYS, overdue);
  // The plan of an overdue one is half way already.
  const planned = overdue > 0 ? late(0.5) : 0;
  return shares.map((share) => late(share) - planned);
}

/** What a supply is told from others by. Work that an order started, a transfer and a release have no supplier: their kind is theirs. */
export function slipFeatures(
  supply: Pick<SupplyPosition, 'kind' | 'supplier' | 'freight' | 'made'>,
  stage: PromisableStage,
  place: string,
): SlipFeatures {
  const kind = `(${supply.kind})`;
  const sender = supply.kind === 'purchase_order' ? (supply.supplier ?? null) : kind;
  // Work is each item's own, and borrows from all work as a supplier borrows from its freight mode.
  const made = supply.made ?? null;
  return {
    supplier: made === null ? sender : `${kind} ${made}`,
    freight: made === null ? (supply.freight ?? null) : kind,
    place,
    stage,
    priorDays: PRIOR_BUFFER_DAYS[stage],
  };
}

/** The receipts of a supply's own supplier, and of its freight mode with it, that its buffer was learnt from. */
export function receiptsBehind(supply: SupplyPosition, world: World): number {
  const { supplier } = slipFeatures(supply, 'placed', '');
  return Math.round((supplier === null ? 0 : world.slips?.seen[supplier]) ?? 0);
}

/** The day on which stock at a place leaves. NO_DAY: the location is closed or gone. */
export function stockDay(place: number, policy: Policy, world: World): DayNumber {
  const location = world.locations[place];
  if (location === undefined || location.closed) return NO_DAY;
  return addWorkingDays(location.calendar, location.shipDay, policy.handlingDays);
}

/** The most of a supply's open units that may be promised, by its stage; work that an order started is all for it. */
export function promisableUnits(supply: SupplyPosition, policy: Policy): number {
  if (supply.stage === 'draft' || supply.stage === 'cancelled') return 0;
  if (supply.kind === 'production') return supply.open;
  return Math.floor((supply.open * policy.promisablePercent[supply.stage]) / 100);
}

/** The day by which what leaves a place on `shipBy` is with a customer in `country`. */
export function deliverBy(shipBy: DayNumber, place: number, country: string, world: World): DayNumber {
  const location = world.locations[place];
  const from = location?.country ?? null;
  const { domestic, abroad, countries } = location?.transit ?? world.transitDays;
  return shipBy + (countries?.[country] ?? (from === null || from === country ? domestic : abroad));
}

/** When made-to-order units ordered now are expected: their lead time in working days. */
export function productionDay(leadTimeDays: number, place: number, world: World): DayNumber {
  const calendar = world.locations[place]?.calendar ?? MONDAY_TO_FRIDAY;
  return addWorkingDays(calendar, world.today + leadTimeDays, 0);
}
