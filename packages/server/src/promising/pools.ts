import type { Settings } from './world-store.ts';

/** Pools by channel, and by place; a pool is called by the lowest of its places. */
export interface StockPools {
  /** A channel that sees no location is of the pool 0. */
  readonly ofChannel: Int32Array;
  /** A place that no channel sees is a pool of its own. */
  readonly ofPlace: Int32Array;
}

/** Stock pools: locations that share a channel are one pool, since what one of their channels takes the others miss. */
export function stockPoolsOf(settings: Settings): StockPools {
  const found = known.get(settings);
  if (found !== undefined) return found;
  const { places, sees } = settings;
  const root = Array.from({ length: places }, (_, place) => place);
  const rootOf = (place: number): number => (root[place] === place ? place : rootOf(root[place]!));
  const channels = settings.channels.length;
  const first = new Int32Array(channels).fill(-1);
  for (let channel = 0; channel < channels; channel++)
    for (let place = 0; place < places; place++) {
      if (!sees[channel * places + place]) continue;
      if (first[channel] === -1) first[channel] = place;
      const [low, high] = [rootOf(first[channel]!), rootOf(place)].sort((a, b) => a - b) as [number, number];
      root[high] = low;
    }
  const pools = {
    ofChannel: first.map((place) => (place === -1 ? 0 : rootOf(place))),
    ofPlace: Int32Array.from(root, (_, place) => rootOf(place)),
  };
  known.set(settings, pools);
  return pools;
}

/** Pools by channel. */
export const poolsOf = (settings: Settings): Int32Array => stockPoolsOf(settings).ofChannel;

const known = new WeakMap<Settings, StockPools>();
