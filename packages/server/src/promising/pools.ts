import type { Settings } from './world-store.ts';

/**
 * Stock pools: locations that share a channel are one pool, called by the lowest of them, since what one of their channels takes the
 * others miss. By channel; a channel that sees no location is of the pool 0.
 */
export function poolsOf(settings: Settings): Int32Array {
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
  const pools = first.map((place) => (place === -1 ? 0 : rootOf(place)));
  known.set(settings, pools);
  return pools;
}

const known = new WeakMap<Settings, Int32Array>();
