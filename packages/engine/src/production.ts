import type { DayNumber } from './day.ts';
import type { ItemState } from './item-state.ts';
import { productionDay, supplyDays } from './lead-time.ts';
import type { SupplyPosition } from './position.ts';

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
): SupplyPosition | null {
  const { policy, lifecycle, leadTimeDays, nextSupply, sku } = state.position;
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
    expected: productionDay(leadTimeDays, place, state.world),
    ref: `${sku}-made-${nextSupply}`,
    line: null,
  };
  return supplyDays(supply, policy, state.world).promisable > latest ? null : supply;
}

/** The first open location that serves the channel. */
function productionPlace(state: ItemState, channel: number): number | null {
  const { locations, sight } = state.world;
  for (const [place, location] of locations.entries())
    if (location !== undefined && !location.closed && sight.sees[channel * sight.places + place] === 1)
      return place;
  return null;
}
