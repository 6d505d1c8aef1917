import { ItemState } from './item-state.ts';
import type { ItemPosition, World } from './position.ts';
import { reachOf } from './reach.ts';

/**
 * Units of an item that may be sold beyond its stock by some channel: free, dated, within its policy's cap and longest wait.
 * Made-to-order work is not counted: nothing that dies backs it. Changes nothing.
 */
export function sellableSupply(world: World, position: ItemPosition): number {
  return sellableSupplyOf(new ItemState(position, world));
}

export function sellableSupplyOf(state: ItemState): number {
  const { channels, sight } = state.world;
  let most = 0;
  for (const [channel, one] of channels.entries()) {
    if (one === undefined) continue;
    const reach = reachOf(state, channel, null, true);
    let units = 0;
    for (let source = 0; source < state.count; source++) {
      if (state.isStock(source) || state.sources.day[source]! > reach.latest) continue;
      if (sight.sees[channel * sight.places + state.sources.place[source]!] === 0) continue;
      units += Math.max(0, state.sources.free[source]!);
    }
    most = Math.max(most, Math.min(units, reach.supplyUnits, reach.units));
  }
  return most;
}
