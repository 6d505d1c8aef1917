import type { Band } from './tenths.ts';

/** What of the book waits for one supply. */
export interface BurnSource {
  readonly units: number;
  readonly value: number;
  /** Days from today on which its units leave if it comes when expected; null: nothing backs it. */
  readonly day: number | null;
  /** Days of slip, equally likely. */
  readonly slips: Float64Array;
}
export interface BurnDown {
  /** Left at the end of each day, in units and value. */
  readonly units: Band;
  readonly value: Band;
  /** Days until half of it is gone, and all that is backed, by which half of the scenarios are there; null: not in sight. */
  readonly half: number | null;
  readonly gone: number | null;
  /** What no supply will bring. */
  readonly unbackedUnits: number;
  readonly unbackedValue: number;
}

/**
 * How today's book comes down: each supply slips by its own distribution, the same for all its units, independent of the others.
 * New orders are left out. Draws are stratified, a golden-ratio step apart for each supply, so that the same book gives the same fan.
 */
export function burnDown(sources: readonly BurnSource[], days: number, paths = 200): BurnDown {
  const units = new Float64Array(paths * days);
  const value = new Float64Array(paths * days);
  let unbackedUnits = 0;
  let unbackedValue = 0;
  let wholeUnits = 0;
  let wholeValue = 0;
  for (const [place, source] of sources.entries()) {
    wholeUnits += source.units;
    wholeValue += source.value;
    if (source.day === null) {
      unbackedUnits += source.units;
      unbackedValue += source.value;
      continue;
    }
    const shift = ((place + 1) * 0.618_033_988_749_895) % 1;
    for (let path = 0; path < paths; path++) {
      // A multiplier coprime to most counts of paths spreads the strata of one supply over the paths of another.
      const drawn = ((((path * (2 * place + 1)) % paths) + 0.5) / paths + shift) % 1;
      const slip = source.slips[Math.floor(drawn * source.slips.length)] ?? 0;
      const leaves = Math.max(0, Math.round(source.day + slip));
      if (leaves < days) {
        units[path * days + leaves]! += source.units;
        value[path * days + leaves]! += source.value;
      }
    }
  }
  for (let path = 0; path < paths; path++) {
    let leftUnits = wholeUnits;
    let leftValue = wholeValue;
    for (let day = 0; day < days; day++) {
      leftUnits -= units[path * days + day]!;
      leftValue -= value[path * days + day]!;
      units[path * days + day] = leftUnits;
      value[path * days + day] = leftValue;
    }
  }
  const fan = { units: bandOf(units, days, paths), value: bandOf(value, days, paths) };
  const first = (most: number) => {
    const at = fan.value.p50.findIndex((left) => left <= most);
    return at < 0 ? null : at;
  };
  return {
    ...fan,
    half: wholeValue > 0 ? first(wholeValue / 2) : null,
    gone: wholeValue > 0 ? first(unbackedValue) : null,
    unbackedUnits,
    unbackedValue,
  };
}

function bandOf(all: Float64Array, days: number, paths: number): Band {
  const band = { p10: new Float64Array(days), p50: new Float64Array(days), p90: new Float64Array(days) };
  const column = new Float64Array(paths);
  for (let day = 0; day < days; day++) {
    for (let path = 0; path < paths; path++) column[path] = all[path * days + day]!;
    column.sort();
    band.p10[day] = column[Math.floor(0.1 * (paths - 1))]!;
    band.p50[day] = column[Math.floor(0.5 * (paths - 1))]!;
    band.p90[day] = column[Math.ceil(0.9 * (paths - 1))]!;
  }
  return band;
}
