import type { PlanInput } from '../packages/engine/src/pegging.ts';

/** How large a brand is planned. */
export interface PlanSize {
  readonly lines: number;
  readonly items: number;
  readonly supplies: number;
}

const PLACES = 4;
const CHANNELS = 4;

/**
 * A brand's open lines and supplies in the order in which they might be stored: none. Always the same for a size and a seed.
 * Every line asks 1 to 5 units, every supply brings 1 to 20; a third of what is asked finds nothing in time. Channels see
 * two to four of the four locations.
 */
export function planInput({ lines, items, supplies }: PlanSize, seed = 1): PlanInput {
  const chance = random(seed);
  const column = (count: number, below: number, from = 0) => {
    const numbers = new Int32Array(count);
    for (let i = 0; i < count; i++) numbers[i] = from + Math.floor(chance() * below);
    return numbers;
  };
  return {
    items,
    sight: { places: PLACES, sees: Uint8Array.from([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1]) },
    supplyItem: column(supplies, items),
    supplyDay: column(supplies, 365),
    supplyFree: column(supplies, 20, 1),
    supplyPlace: column(supplies, PLACES),
    lineItem: column(lines, items),
    lineRank: column(lines, 1 << 22),
    lineNeed: column(lines, 5, 1),
    lineChannel: column(lines, CHANNELS),
  };
}

/** Numbers in [0, 1) from a seed (mulberry32, Tommy Ettinger, public domain). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
