import { type DayNumber, NO_DAY } from './day.ts';
import { decide } from './decide.ts';
import type { Fact, PromiseChanged } from './fact.ts';
import { ItemState, openUnits } from './item-state.ts';
import type { ItemPosition, LinePosition, PromisePart, Reason, World } from './position.ts';
import { type PromiseChange, type Step, stillOpen, viewsOf } from './promise.ts';
import { compareSteps } from './steps.ts';
import { reviewTied, type TiedOrder } from './tied.ts';

/** How a line stands at a moment; units are the line's. */
export interface Standing {
  readonly open: number;
  /** Units that nothing backs. */
  readonly waiting: number;
  /** The day on which the last of it leaves by the plan, whatever was promised; null: some of it has no day. */
  readonly planned: DayNumber | null;
  /** What is promised of its open units. */
  readonly promised: readonly PromisePart[];
}

/** What a supposition does to a line. Lines that it does nothing to are left out. */
export interface Effect {
  readonly line: LinePosition;
  /** The items that it stands on, of those that were given. */
  readonly items: readonly number[];
  readonly before: Standing;
  readonly after: Standing;
  /** `hit`: some of it leaves later than now or has no day; `helped`: some leaves earlier and none later; `cancelled`: units ended. */
  readonly kind: 'hit' | 'helped' | 'cancelled';
  /** Units whose promised day would be told anew, later or not at all. */
  readonly broken: number;
  /** What would be told the customer of their promise; null: nothing. */
  readonly told: PromiseChange | null;
  readonly reasons: readonly Reason[];
}

interface Known {
  readonly legs: { readonly state: ItemState; readonly line: LinePosition }[];
}

/**
 * What would come of some facts, if they happened: the same `decide`, on positions that nobody else sees. Facts are applied one
 * after the other, and each may be made from the positions as the ones before left them. Pure, like everything here: a browser
 * may run it. The positions given are used up.
 */
export class Supposition {
  readonly world: World;
  readonly positions: readonly ItemPosition[];
  private readonly before = new Map<string, Standing>();
  private readonly promises = new Map<string, PromiseChanged>();
  private readonly shipComplete = new Map<number, boolean>();
  private neighbours: readonly ItemPosition[] = [];
  private improveByDays: number | null = null;

  constructor(world: World, positions: readonly ItemPosition[]) {
    this.world = world;
    this.positions = positions;
  }

  /** Orders whose date is the latest of several items': those items have to be given with `join` before anything is supposed. */
  tiedOrders(): number[] {
    const orders = new Set<number>();
    for (const position of this.positions)
      for (const line of position.lines) if (line.tied) orders.add(line.order);
    return [...orders];
  }

  /** The other items of the tied orders, with just those orders' lines; and when such an order is told a better date. */
  join(neighbours: readonly ItemPosition[], improveByDays: number | null): void {
    this.neighbours = neighbours;
    this.improveByDays = improveByDays;
  }

  /** What was supposed until now was so in any case: effects are counted from here. */
  begin(): void {
    this.before.clear();
    this.promises.clear();
    this.standings((key, standing) => this.before.set(key, standing));
  }

  /** @param items those that the facts are about */
  suppose(items: readonly number[], facts: readonly Fact[]): void {
    const about = new Set(items);
    const positions = this.positions.filter((position) => about.has(position.item));
    const decision = decide(this.world, positions, facts);
    this.remember(decision.promises);
    if (decision.tied.size > 0) this.reviewTied([...decision.tied], facts);
  }

  private remember(promises: readonly PromiseChanged[]): void {
    for (const one of promises) this.promises.set(`${one.order}:${one.line}`, one);
  }

  private reviewTied(orders: readonly number[], facts: readonly Fact[]): void {
    const wanted = new Set(orders);
    const positions = [...this.positions, ...this.neighbours].map((position) => ({
      ...position,
      lines: position.lines.filter((line) => wanted.has(line.order)),
    }));
    const { improveByDays } = this;
    const terms = orders.map(
      (order): TiedOrder => ({ order, shipComplete: this.shipComplete.get(order) === true, improveByDays }),
    );
    const caused = facts.find((fact) => 'cause' in fact);
    const changed = reviewTied(this.world, positions, terms, caused?.cause ?? null);
    const byLine = new Map(changed.map((one) => [`${one.order}:${one.line}`, one]));
    for (const position of positions)
      for (const line of position.lines) {
        const next = byLine.get(`${line.order}:${line.line}`);
        if (next !== undefined) line.promise = next.promise;
      }
    this.remember(changed);
  }

  /** Every line that stands otherwise than before, in no particular order. */
  effects(): Effect[] {
    const effects: Effect[] = [];
    this.standings((key, after, { legs }) => {
      const before = this.before.get(key);
      if (before === undefined) return;
      const effect = this.effectOf(key, before, after, legs);
      if (effect !== null) effects.push(effect);
    });
    return effects;
  }

  private effectOf(key: string, before: Standing, after: Standing, legs: Known['legs']): Effect | null {
    const promise = this.promises.get(key);
    const { later: broken } = compareSteps(before.promised, after.promised);
    const gone = Math.max(0, before.open - after.open);
    const lost = Math.max(0, broken - gone);
    const [was, is] = [before, after].map(({ planned }) => planned ?? Number.MAX_SAFE_INTEGER);
    const worse = lost > 0 || after.waiting > before.waiting || (after.open > 0 && is! > was!);
    const better = after.waiting < before.waiting || is! < was!;
    const told = promise === undefined ? null : promise.promise.change;
    if (gone === 0 && !worse && !better && told === null) return null;
    const { line } = legs[0]!;
    return {
      line,
      items: legs.map((leg) => leg.line.item),
      before,
      after,
      kind: gone > 0 ? 'cancelled' : worse ? 'hit' : 'helped',
      broken: lost,
      told,
      reasons: promise?.reasons ?? [],
    };
  }

  /** How every line of the items given stands now. Tied lines are looked at with all of their order. */
  private standings(tell: (key: string, standing: Standing, known: Known) => void): void {
    const tied = new Map<number, Map<number, Known>>();
    for (const position of [...this.positions, ...this.neighbours]) {
      const state = new ItemState(position, this.world);
      for (const line of position.lines) {
        const key = `${line.order}:${line.line}`;
        if (!line.tied) {
          tell(key, standingOf(state, line), { legs: [{ state, line }] });
          continue;
        }
        if (line.shipComplete === true) this.shipComplete.set(line.order, true);
        const lines = tied.get(line.order) ?? new Map<number, Known>();
        tied.set(line.order, lines);
        const known = lines.get(line.line);
        if (known === undefined) lines.set(line.line, { legs: [{ state, line }] });
        else known.legs.push({ state, line });
      }
    }
    for (const [order, lines] of tied) {
      const all = [...lines.values()];
      const standings = standingsOf(all, this.shipComplete.get(order) === true, this.world);
      for (const [index, known] of all.entries())
        tell(`${order}:${known.legs[0]!.line.line}`, standings[index]!, known);
    }
  }
}

/** A line by itself, as a queue has thousands of them: what `standingsOf` says of it, without the steps in between. */
function standingOf(state: ItemState, line: LinePosition): Standing {
  const open = line.ordered - line.shipped - line.cancelled;
  let waiting = open;
  let planned = state.world.today;
  for (const one of line.commitments) {
    if (one.kind === 'waiting') continue;
    const source = state.indexOf(one);
    if (state.sources.day[source]! >= NO_DAY) continue;
    waiting -= one.quantity;
    if (one.kind === 'pegged') planned = Math.max(planned, state.plannedDay(source), line.notBefore ?? 0);
  }
  return {
    open,
    waiting,
    planned: open === 0 || waiting > 0 ? null : planned,
    promised: promisedOf(line, open),
  };
}

function promisedOf(line: LinePosition, open: number): readonly PromisePart[] {
  const { promise } = line;
  if (promise === null) return [];
  let units = 0;
  for (const part of promise.parts) units += part.quantity;
  if (line.shipped === promise.shippedBefore && units <= open) return promise.parts;
  return stillOpen(promise, { open, shipped: line.shipped });
}

function standingsOf(lines: readonly Known[], shipComplete: boolean, world: World): Standing[] {
  const reviewed = lines.map(({ legs }) => {
    const { line } = legs[0]!;
    return {
      open: line.ordered - line.shipped - line.cancelled,
      legs: legs.map((leg) => leg.state.legOf(leg.line)),
    };
  });
  const views = viewsOf(reviewed, shipComplete);
  return lines.map(({ legs }, index): Standing => {
    const { line } = legs[0]!;
    const { open } = reviewed[index]!;
    const planned: readonly Step[] = views[index]!.planned;
    const backed = planned.reduce((units, step) => units + step.quantity, 0);
    return {
      open,
      waiting: Math.max(...legs.map((leg) => waitingUnits(leg.line))),
      // What is set aside leaves from today on.
      planned: open === 0 || backed < open ? null : Math.max(world.today, planned.at(-1)?.shipBy ?? 0),
      promised: promisedOf(line, open),
    };
  });
}

/** In the line's units: as many kits as a component is short of. */
function waitingUnits(line: LinePosition): number {
  let backed = 0;
  for (const one of line.commitments) if (one.kind !== 'waiting') backed += one.quantity;
  return Math.ceil(Math.max(0, openUnits(line) - backed) / line.per);
}
