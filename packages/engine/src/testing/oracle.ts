import { NO_DAY } from '../day.ts';

/**
 * The kernel's decisions once more, slow and obvious: every unit by itself, everything counted anew each time. It exists to
 * be read beside pegging.ts and to disagree with it in a test.
 */
export interface OracleSource {
  readonly day: number;
  readonly place: number;
  /** Units that the source has in all, given or not. */
  readonly capacity: number;
}

export interface OracleLine {
  readonly channel: number;
  readonly need: number;
  readonly latest: number;
  readonly notBefore: number;
  /** The source of each unit that the line has. */
  readonly units: readonly number[];
}

export interface OracleItem {
  /** In the order in which they are given. */
  readonly sources: readonly OracleSource[];
  /** In rank order. */
  readonly lines: readonly OracleLine[];
  readonly sees: (channel: number, place: number) => boolean;
}

/** The source of each unit of each line, after the item was decided again. */
export function oracle(item: OracleItem): number[][] {
  const owned = item.lines.map((line) => [...line.units]);
  takeBackUnusable(item, owned);
  takeBackLost(item, owned);
  while (onePass(item, owned)) {
    // Again, until nobody can have anything better.
  }
  return owned;
}

/** Units of each source that nobody has. */
export function freeUnits(item: OracleItem, owned: readonly (readonly number[])[]): number[] {
  return item.sources.map(
    (source, index) => source.capacity - owned.flat().filter((unit) => unit === index).length,
  );
}

/** What lines may no longer use, and what they have too much. */
function takeBackUnusable(item: OracleItem, owned: number[][]): void {
  for (const [index, line] of item.lines.entries())
    owned[index] = owned[index]!.filter((unit) => {
      const source = item.sources[unit]!;
      return source.day < NO_DAY && item.sees(line.channel, source.place);
    }).slice(0, line.need);
}

/** One unit at a time, from the lowest-ranked line that has one of the source. */
function takeBackLost(item: OracleItem, owned: number[][]): void {
  for (const index of item.sources.keys()) {
    while (freeUnits(item, owned)[index]! < 0) {
      const loser = owned.findLastIndex((units) => units.includes(index));
      if (loser < 0) break;
      owned[loser]!.splice(owned[loser]!.lastIndexOf(index), 1);
    }
  }
}

function onePass(item: OracleItem, owned: number[][]): boolean {
  let changed = false;
  for (const [index, line] of item.lines.entries()) {
    const units = owned[index]!;
    for (let unit = 0; unit < line.need; unit++) {
      const now = units[unit];
      const better = bestFor(item, line, freeUnits(item, owned), now);
      if (better === null) continue;
      units[unit] = better;
      changed = true;
    }
  }
  return changed;
}

/** The free source that a unit of the line should have: the last that keeps `notBefore`, else the first; null: none, or none better. */
function bestFor(
  item: OracleItem,
  line: OracleLine,
  free: readonly number[],
  now: number | undefined,
): number | null {
  const candidates = [...item.sources.entries()].filter(
    ([index, source]) => free[index]! > 0 && item.sees(line.channel, source.place) && source.day < NO_DAY,
  );
  const usable = candidates.filter(([index, source]) => {
    if (now === undefined) return source.day <= line.latest;
    const own = item.sources[now]!;
    return index < now && source.day < own.day && own.day > line.notBefore;
  });
  const kept = usable.filter(([, source]) => line.notBefore > 0 && source.day <= line.notBefore);
  return kept.at(-1)?.[0] ?? usable[0]?.[0] ?? null;
}
