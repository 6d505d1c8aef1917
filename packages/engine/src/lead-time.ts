import { addWorkingDays, type DayNumber, MONDAY_TO_FRIDAY, NO_DAY } from './day.ts';
import type { Policy, PromisableStage, SupplyPosition, World } from './position.ts';

/**
 * From a supply's expected date to the days that may be spoken of. Until a brand has receipts of its own, the slip that a
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
}

const NOTHING: SupplyDays = { planned: NO_DAY, promisable: NO_DAY, bufferDays: 0 };

/**
 * A draft, a cancelled line and a supply without a date or a supplier back nothing, and neither does one that comes to a
 * closed location.
 */
export function supplyDays(supply: SupplyPosition, policy: Policy, world: World): SupplyDays {
  const { stage, expected } = supply;
  const location = world.locations[supply.place];
  if (stage === 'draft' || stage === 'cancelled' || expected === null || supply.abandoned) return NOTHING;
  if (location === undefined || location.closed) return NOTHING;
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
  };
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
  const from = world.locations[place]?.country ?? null;
  return shipBy + (from === null || from === country ? world.transitDays.domestic : world.transitDays.abroad);
}

/** When made-to-order units ordered now are expected: their lead time in working days. */
export function productionDay(leadTimeDays: number, place: number, world: World): DayNumber {
  const calendar = world.locations[place]?.calendar ?? MONDAY_TO_FRIDAY;
  return addWorkingDays(calendar, world.today + leadTimeDays, 0);
}
