import type { DayNumber } from './day.ts';
import type { ItemState, StartedWork } from './item-state.ts';
import { productionDay, supplyDays } from './lead-time.ts';
import type { Commitment, ItemPosition, SupplyPosition, World } from './position.ts';
import type { LeadTime } from './slip.ts';

/**
 * Made to order: what is not there is made, for as long as the item is sold and its lead time is known. Answers the work that
 * would bring the units, a production supply of just those, expected after the item's lead time; null where there is none, or
 * where its units would leave after `latest`.
 */
export function productionOf(
  state: ItemState,
  channel: number,
  latest: DayNumber,
  units: number,
  options: readonly string[] = [],
): SupplyPosition | null {
  const { policy, lifecycle, nextSupply, sku } = state.position;
  const leadTimeDays = leadTimeFor(state.position, units, state.world, options);
  const place = productionPlace(state, channel);
  if (policy.kind !== 'made_to_order' || lifecycle !== 'active' || leadTimeDays === null || place === null)
    return null;
  const supply: SupplyPosition = {
    id: nextSupply,
    kind: 'production',
    place,
    stage: 'placed',
    open: units,
    received: 0,
    pegged: 0,
    held: 0,
    expected: withinCapacity(state.position, productionDay(leadTimeDays, place, state.world), units),
    ref: madeRef(sku, nextSupply),
    line: null,
    made: sku,
  };
  return supplyDays(supply, policy, state.world).promisable > latest ? null : supply;
}

/** The most of `units` that work ordered now brings by `latest`. More units never come earlier, so the bound is found by halving. */
export function producibleUnits(
  state: ItemState,
  channel: number,
  latest: DayNumber,
  units: number,
  options?: readonly string[],
): number {
  if (units <= 0) return 0;
  if (productionOf(state, channel, latest, units, options) !== null) return units;
  let least = 0;
  let most = units - 1;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (productionOf(state, channel, latest, middle, options) === null) most = middle - 1;
    else least = middle;
  }
  return least;
}

/** What work that an order started is called: so it is told from production that somebody announced. */
export function madeRef(sku: string, supply: number): string {
  return `${sku}-made-${supply}`;
}

/**
 * What was learnt of how long an item's work takes; null: too little, or the brand says how long by its own steps and capacity.
 */
export function learntLeadTime(
  { sku, terms }: Pick<ItemPosition, 'sku' | 'terms'>,
  world: World,
): LeadTime | null {
  return terms?.production === undefined ? (world.slips?.leadTimes?.[sku] ?? null) : null;
}

/**
 * A line starts the work that brings `units` of what it misses, and they are its own. Answers its commitments: what it found,
 * what is made, and what waits all the same.
 */
export function startWork(
  state: ItemState,
  work: StartedWork,
  units: number,
  taken: { readonly commitments: readonly Commitment[]; readonly missing: number },
): Commitment[] {
  const { supply } = work;
  state.position.nextSupply++;
  state.changeSources((position) => {
    position.supplies.push(supply);
    state.touchedSupplies.add(supply);
  });
  state.started.push(work);
  const made: Commitment = { kind: 'pegged', source: supply.id, quantity: units };
  state.sources.free[state.indexOf(made)]! -= units;
  const found = taken.commitments.filter((one) => one.kind !== 'waiting');
  const waiting: Commitment = { kind: 'waiting', source: 0, quantity: taken.missing - units };
  return waiting.quantity > 0 ? [...found, made, waiting] : [...found, made];
}

/**
 * Days that so many units take to make: by the brand's own steps, else as learnt, else by the item's lead time; each option
 * adds its own.
 */
function leadTimeFor(
  position: ItemPosition,
  units: number,
  world: World,
  options: readonly string[],
): number | null {
  const { terms, leadTimeDays } = position;
  // An item whose lead time nobody gave is not made to order, whatever was made of it before.
  let days = leadTimeDays === null ? null : (learntLeadTime(position, world)?.days ?? leadTimeDays);
  for (const step of terms?.production?.leadTimes ?? []) if (units >= step.from) days = step.days;
  if (days === null) return null;
  for (const option of options) days += terms?.production?.options?.[option] ?? 0;
  return days;
}

/**
 * The day on which units are made where the maker can finish so many a week: the first from which on all work that is due by
 * the end of a week, this included, fits into the weeks until then.
 */
function withinCapacity({ terms, supplies }: ItemPosition, expected: DayNumber, units: number): DayNumber {
  const perWeek = terms?.production?.unitsPerWeek;
  if (perWeek === undefined) return expected;
  const weekOf = (day: DayNumber) => Math.max(0, Math.floor((day - expected) / 7));
  const due = new Map<number, number>();
  for (const supply of supplies)
    if (supply.kind === 'production' && supply.expected !== null && supply.stage !== 'cancelled')
      due.set(weekOf(supply.expected), (due.get(weekOf(supply.expected)) ?? 0) + supply.open);
  const lastWeek = Math.max(0, ...due.keys()) + Math.ceil(units / perWeek);
  let load = 0;
  let week = 0;
  for (let at = 0; at <= lastWeek; at++) {
    load += due.get(at) ?? 0;
    if (load + units > perWeek * (at + 1)) week = at + 1;
  }
  return expected + 7 * week;
}

/** The first open location that serves the channel. */
function productionPlace(state: ItemState, channel: number): number | null {
  const { locations, sight } = state.world;
  for (const [place, location] of locations.entries())
    if (location !== undefined && !location.closed && sight.sees[channel * sight.places + place] === 1)
      return place;
  return null;
}
