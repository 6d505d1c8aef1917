import type { Policy, ProjectionColumns } from '@kept/engine';
import { type Settings, stockPoolsOf } from '../promising/index.ts';
import type { PlannedForecast } from './forecasts.ts';
import type { PlannedSupply, Standing } from './planning-store.ts';

/** A supply, and the days until its units leave if it comes when expected. */
export interface Coming extends PlannedSupply {
  readonly inDays: number;
}

/** What one stock pool of an item has, gets and owes. */
export interface Pool {
  readonly pool: number;
  readonly locations: readonly string[];
  readonly channels: readonly string[];
  /** Its share of the item's demand; those of all pools sum to 1. */
  readonly share: number;
  readonly sellable: number;
  readonly reserved: number;
  /** Units of carts. */
  readonly held: number;
  readonly waiting: number;
  /** The earliest first. */
  readonly supplies: readonly Coming[];
}

/**
 * An item's stock pools, where anything lies, comes, waits or is asked for; never none. Demand goes to the pool of the channel that had it
 * lately; demand of which no channel is known, to where the most units are.
 */
export function itemPools(
  settings: Settings,
  standing: Standing,
  supplies: readonly Coming[],
  channels: PlannedForecast['basis']['channels'],
): Pool[] {
  const { ofChannel, ofPlace } = stockPoolsOf(settings);
  const found = new Map<number, Summed>();
  const at = (pool: number): Summed => {
    const one = found.get(pool) ?? {
      pool,
      share: 0,
      sellable: 0,
      reserved: 0,
      held: 0,
      waiting: 0,
      units: 0,
    };
    found.set(pool, one);
    return one;
  };
  const add = (pool: number, more: Partial<Summed>) => {
    const one = at(pool);
    for (const key of Object.keys(more) as (keyof Summed)[]) one[key] += more[key]!;
  };
  for (const { place, sellable, reserved, held } of standing.stock)
    if (sellable + reserved + held > 0) add(ofPlace[place]!, { sellable, reserved, held, units: sellable });
  for (const { place, open } of supplies) add(ofPlace[place]!, { units: open });
  for (const { channel, units } of standing.waitingBy) add(ofChannel[channel] ?? 0, { waiting: units });
  const known = channels.reduce((sum, { share }) => sum + share, 0);
  for (const { channel, share } of channels)
    if (share > 0) add(ofChannel[channel] ?? 0, { share: share / known });
  if (known <= 0) {
    const most = [...found.values()].reduce(
      (best, one) => (one.units > best.units ? one : best),
      at(anyPool(settings)),
    );
    most.share = 1;
  }
  return [...found.values()]
    .sort((one, other) => other.share - one.share || one.pool - other.pool)
    .map(({ units: _units, ...one }) => ({
      ...one,
      locations: codes(settings.locations, ofPlace, one.pool),
      channels: codes(settings.channels, ofChannel, one.pool),
      supplies: supplies
        .filter(({ place }) => ofPlace[place] === one.pool)
        .sort((first, next) => first.inDays - next.inDays),
    }));
}

/** A pool's sums while they are made. */
interface Summed {
  pool: number;
  share: number;
  sellable: number;
  reserved: number;
  held: number;
  waiting: number;
  units: number;
}

/** The pool of the first channel. */
function anyPool(settings: Settings): number {
  const channel = settings.channels.findIndex((one) => one !== undefined);
  return channel < 0 ? 0 : stockPoolsOf(settings).ofChannel[channel]!;
}

function codes(
  named: readonly ({ readonly code: string } | undefined)[],
  pools: Int32Array,
  pool: number,
): string[] {
  return named.flatMap((one, index) => (one !== undefined && pools[index] === pool ? [one.code] : []));
}

/** The columns of an item's pools: an index is a pool. */
export function columnsOf(facts: {
  readonly pools: readonly Pool[];
  readonly mayWait: boolean;
  readonly days: number;
  readonly demandFactor: number;
  readonly mean: Float64Array;
}): ProjectionColumns {
  const { pools, mayWait, days, demandFactor, mean } = facts;
  const weeks = Math.ceil(days / 7);
  const supplies = pools.flatMap((pool) => pool.supplies);
  const each = (value: (pool: Pool) => number) => Float64Array.from(pools, value);
  const arrivalFrom = new Int32Array(pools.length + 1);
  for (const [index, pool] of pools.entries())
    arrivalFrom[index + 1] = arrivalFrom[index]! + pool.supplies.length;
  return {
    items: pools.length,
    days,
    free: each(({ sellable, reserved, held }) => sellable - reserved - held),
    reserved: each(({ reserved }) => reserved),
    reservedDay: new Int32Array(pools.length).fill(1),
    waiting: each(({ waiting }) => waiting),
    mayWait: new Uint8Array(pools.length).fill(mayWait ? 1 : 0),
    dailyDemand: Float32Array.from(
      { length: pools.length * weeks },
      (_, at) => (demandFactor * pools[Math.floor(at / weeks)]!.share * mean[at % weeks]!) / 7,
    ),
    arrivalFrom,
    arrivalDay: Int32Array.from(supplies, (one) => one.inDays),
    arrivalFree: Float64Array.from(supplies, (one) => Math.max(0, one.open - one.pegged - one.held)),
    arrivalPegged: Float64Array.from(supplies, (one) => one.pegged),
  };
}

/** Whether who comes to an empty shelf may wait. */
export function takesBackorders(
  lifecycle: 'upcoming' | 'active' | 'discontinued',
  { kind }: Policy,
): boolean {
  return lifecycle === 'active' && kind !== 'out_of_stock';
}
