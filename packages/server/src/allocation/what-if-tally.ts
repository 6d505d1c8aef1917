import type { Effect, LinePosition, PromiseChange } from '@kept/engine';
import type { Settings } from '../promising/index.ts';
import type { Buyer } from './what-if-store.ts';

/** An effect with what it is worth: minor units of its open units, and of those whose promised day could not be kept. */
export interface Valued {
  readonly effect: Effect;
  readonly buyer: Buyer;
  readonly value: number;
  readonly atRisk: number;
}

/** Lines of one kind, counted once: distinct orders and customers with them, and money by currency. */
export class Tally {
  lines = 0;
  units = 0;
  readonly orders = new Set<number>();
  readonly customers = new Set<string>();
  readonly value = new Map<string, number>();

  add({ effect, buyer, value }: Valued): void {
    this.lines++;
    this.units += effect.after.open;
    this.orders.add(effect.line.order);
    this.customers.add(buyer.key);
    addTo(this.value, buyer.currency, value);
  }
}

export class Sides {
  readonly hit = new Tally();
  readonly helped = new Tally();
  readonly atRisk = new Map<string, number>();

  add(one: Valued): void {
    if (one.effect.kind === 'hit') this.hit.add(one);
    else if (one.effect.kind === 'helped') this.helped.add(one);
    addTo(this.atRisk, one.buyer.currency, one.atRisk);
  }
}

export interface CustomerAtRisk {
  /** A line of theirs, by which they are named. */
  readonly line: LinePosition;
  readonly orders: Set<number>;
  lines: number;
  readonly atRisk: Map<string, number>;
}

export interface EffectTally {
  readonly all: Sides;
  readonly channels: ReadonlyMap<string, Sides>;
  readonly notices: ReadonlyMap<PromiseChange, Tally>;
  /** Those with the most at risk, worst first. */
  readonly customers: readonly CustomerAtRisk[];
  readonly told: readonly Valued[];
  readonly more: number;
  /** The lines that have to be called by their names. */
  readonly named: readonly LinePosition[];
}

/** Counts what a supposition does, in one walk. At most `limit` lines and customers are told by name. */
export function tallyEffects(
  effects: readonly Effect[],
  buyers: ReadonlyMap<number, Buyer>,
  settings: Settings,
  limit: number,
): EffectTally {
  const all = new Sides();
  const channels = new Map<string, Sides>();
  const notices = new Map<PromiseChange, Tally>();
  const customers = new Map<string, CustomerAtRisk>();
  const valued = effects.map((effect): Valued => {
    const { line, before, after, broken } = effect;
    const one: Valued = {
      effect,
      buyer: buyers.get(line.order)!,
      value: shareOf(line, after.open || before.open),
      atRisk: shareOf(line, broken),
    };
    all.add(one);
    found(channels, settings.channels[line.channel]?.code ?? '', () => new Sides()).add(one);
    if (effect.told !== null) found(notices, effect.told, () => new Tally()).add(one);
    if (broken > 0) {
      const fresh = () => ({ line, orders: new Set<number>(), lines: 0, atRisk: new Map<string, number>() });
      const customer = found<string, CustomerAtRisk>(customers, one.buyer.key, fresh);
      customer.orders.add(line.order);
      customer.lines++;
      addTo(customer.atRisk, one.buyer.currency, one.atRisk);
    }
    return one;
  });
  const told = valued.sort(worstFirst).slice(0, limit);
  const atRisk = ({ atRisk: money }: CustomerAtRisk) => Math.max(0, ...money.values());
  const worst = [...customers.values()].sort((a, b) => atRisk(b) - atRisk(a)).slice(0, limit);
  return {
    all,
    channels,
    notices,
    customers: worst,
    told,
    more: valued.length - told.length,
    named: [...new Set([...told.map((one) => one.effect.line), ...worst.map((one) => one.line)])],
  };
}

const KINDS = { hit: 0, cancelled: 1, helped: 2 };

function worstFirst(a: Valued, b: Valued): number {
  return (
    KINDS[a.effect.kind] - KINDS[b.effect.kind] ||
    b.atRisk - a.atRisk ||
    b.value - a.value ||
    a.effect.line.order - b.effect.line.order ||
    a.effect.line.line - b.effect.line.line
  );
}

/** What of a line's value falls to some of its units: rounded up, as the queue shows it. */
export function shareOf({ value = 0, ordered }: LinePosition, units: number): number {
  if (units === ordered || ordered === 0) return value;
  if (value * units <= Number.MAX_SAFE_INTEGER) return Math.ceil((value * units) / ordered);
  return Number((BigInt(value) * BigInt(units) + BigInt(ordered - 1)) / BigInt(ordered));
}

function addTo(money: Map<string, number>, currency: string, amount: number): void {
  if (amount !== 0) money.set(currency, (money.get(currency) ?? 0) + amount);
}

function found<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
