import { closedDays, type DayNumber, type DemandDays, type Policy } from '@kept/engine';
import type { ChannelDemand, StandingChanges } from './demand-history-store.ts';
import type { Standing } from './planning-store.ts';

/** Three years of weeks. */
export const HISTORY_WEEKS = 156;
/** What a channel sold a quarter ago counts half of what it sells now. */
const HALF_LIFE_DAYS = 91;

/** An item's days of all channels until yesterday; those on which it could not be had are told by how it stood. */
export function demandDaysOf(
  demand: readonly ChannelDemand[],
  changes: StandingChanges | undefined,
  standing: Standing,
  policy: Policy,
  today: DayNumber,
): DemandDays {
  let first = today;
  for (const { days } of demand) first = Math.min(first, days[0] ?? today);
  // Whole weeks: an item's first one may hold days before its first order.
  const from = today - 7 * Math.min(HISTORY_WEEKS, Math.ceil((today - first) / 7));
  const count = Math.max(0, today - from);
  const units = new Float64Array(count);
  const largest = new Float64Array(count);
  for (const one of demand)
    for (const [place, day] of one.days.entries()) {
      const at = day - from;
      if (at < 0 || at >= count) continue;
      units[at]! += one.units[place]!;
      largest[at] = Math.max(largest[at]!, one.largest[place]!);
    }
  const unmet = new Float64Array(count);
  for (const [place, day] of (changes?.days ?? []).entries())
    if (day >= from && day < today) unmet[day - from]! += changes!.unmet[place]!;
  return { from, units, largest, closed: closedOf(from, units, changes, standing, policy), unmet };
}

function closedOf(
  from: DayNumber,
  units: Float64Array,
  changes: StandingChanges | undefined,
  standing: Standing,
  { kind }: Policy,
): Uint8Array {
  // What is made to order, or sold to see who wants it, can always be had.
  if (changes === undefined || kind === 'made_to_order' || kind === 'demand_validation')
    return new Uint8Array(units.length);
  const sellable = standing.stock.reduce((sum, one) => sum + one.sellable, 0);
  const coming = standing.supplies.filter((one) => one.stage !== 'draft' && one.expectedOn !== null);
  return closedDays(from, units, {
    net: sellable - standing.reserved - standing.pegged - standing.waiting,
    supply: coming.reduce((sum, one) => sum + one.open, 0),
    changes: changes.days
      .map((day, place) => ({ day, stock: changes.stock[place]!, supply: changes.supply[place]! }))
      .filter((change) => change.stock !== 0 || change.supply !== 0),
    mayWait: kind !== 'out_of_stock',
  });
}

/** What each channel has of an item's demand, the latest counting most; the shares sum to 1, or there are none. */
export function channelShares(
  demand: readonly ChannelDemand[],
  today: DayNumber,
): { channel: number; share: number }[] {
  const weighed = demand.map(({ channel, days, units }) => ({
    channel,
    units: days.reduce(
      (sum, day, place) =>
        day < today ? sum + units[place]! * 0.5 ** ((today - day) / HALF_LIFE_DAYS) : sum,
      0,
    ),
  }));
  const total = weighed.reduce((sum, one) => sum + one.units, 0);
  return total > 0 ? weighed.map(({ channel, units }) => ({ channel, share: units / total })) : [];
}
