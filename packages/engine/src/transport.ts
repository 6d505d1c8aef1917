/** Units that are wanted alike, and what one of them costs at each source; Infinity: it cannot be had there. */
export interface Demand {
  readonly units: number;
  readonly cost: readonly number[];
  /** What a unit costs that is given none. */
  readonly none: number;
}

/**
 * The least that all demands together can cost: the transportation problem, solved exactly. Demands come one by one; each unit
 * takes the cheapest way to a source that has room, which may push units of others on to their next source. Successive shortest
 * paths keep the flow a cheapest one for what has come so far (Jewell 1958; Iri 1960; Busacker and Gowen 1960; Ahuja, Magnanti
 * and Orlin, Network Flows, section 9.7): a demand that joins has no way into it yet, so that no cheaper cycle appears with it.
 * Sources are few and demands many: a way goes from source to source over the unit that is cheapest to push, kept in a heap for
 * each pair, so that the graph has as many nodes as there are sources. Costs are whole numbers, and so exact up to 2^53.
 * @param capacity units of each source
 * @returns the least cost, and how many units have none in it
 */
export function leastCost(
  demands: readonly Demand[],
  capacity: readonly number[],
): { cost: number; none: number } {
  const network = new Network(demands, capacity);
  for (const index of demands.keys()) network.add(index);
  return network.outcome();
}

class Network {
  private readonly demands: readonly Demand[];
  /** One more than there are sources: the last gives none, to as many as come. */
  private readonly count: number;
  private readonly room: number[];
  /** Units of a demand at a source. */
  private readonly units: Map<number, number>[];
  private readonly heaps: Heap[];

  constructor(demands: readonly Demand[], capacity: readonly number[]) {
    this.demands = demands;
    this.count = capacity.length + 1;
    this.room = [...capacity, Number.POSITIVE_INFINITY];
    this.units = this.room.map(() => new Map());
    this.heaps = Array.from({ length: this.count * this.count }, () => new Heap());
  }

  add(index: number): void {
    for (let left = this.demands[index]!.units; left > 0; ) left -= this.push(index, left);
  }

  outcome(): { cost: number; none: number } {
    let cost = 0;
    for (const [source, held] of this.units.entries())
      for (const [demand, units] of held) cost += units * this.cost(demand, source);
    let none = 0;
    for (const units of this.units[this.count - 1]!.values()) none += units;
    return { cost, none };
  }

  private cost(demand: number, source: number): number {
    const { cost, none } = this.demands[demand]!;
    return source === this.count - 1 ? none : cost[source]!;
  }

  /** Sends up to `most` units the cheapest way; answers how many went. */
  private push(demand: number, most: number): number {
    const { distance, from, over } = this.ways(demand);
    let end = this.count - 1;
    for (let source = 0; source < this.count; source++)
      if (this.room[source]! > 0 && distance[source]! < distance[end]!) end = source;
    let units = Math.min(most, this.room[end]!);
    for (let at = end; from[at]! >= 0; at = from[at]!)
      units = Math.min(units, this.units[from[at]!]!.get(over[at]!)!);
    this.room[end]! -= units;
    let at = end;
    for (; from[at]! >= 0; at = from[at]!) {
      this.move(over[at]!, from[at]!, -units);
      this.move(over[at]!, at, units);
    }
    this.move(demand, at, units);
    return units;
  }

  /** The cheapest way to each source, over other sources or not: the one before it, and whose unit is pushed on from there. */
  private ways(demand: number): { distance: number[]; from: number[]; over: number[] } {
    const { count } = this;
    const distance = Array.from({ length: count }, (_, source) => this.cost(demand, source));
    const from = new Array<number>(count).fill(-1);
    const over = new Array<number>(count).fill(-1);
    const waiting = distance.flatMap((cost, source) => (cost < Number.POSITIVE_INFINITY ? [source] : []));
    const queued = distance.map((cost) => cost < Number.POSITIVE_INFINITY);
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      queued[source] = false;
      for (let next = 0; next < count; next++) {
        if (next === source) continue;
        const cheapest = this.cheapest(source, next);
        if (cheapest === null || distance[source]! + cheapest.cost >= distance[next]!) continue;
        distance[next] = distance[source]! + cheapest.cost;
        from[next] = source;
        over[next] = cheapest.demand;
        if (queued[next]) continue;
        queued[next] = true;
        waiting.push(next);
      }
    }
    return { distance, from, over };
  }

  private cheapest(source: number, next: number): Entry | null {
    const heap = this.heaps[source * this.count + next]!;
    for (let top = heap.top(); top !== null; top = heap.top()) {
      if (this.units[source]!.has(top.demand)) return top;
      heap.pop();
    }
    return null;
  }

  private move(demand: number, source: number, units: number): void {
    const held = this.units[source]!;
    const before = held.get(demand) ?? 0;
    if (before + units === 0) {
      held.delete(demand);
      return;
    }
    held.set(demand, before + units);
    if (before > 0) return;
    for (let next = 0; next < this.count; next++) {
      const cost = this.cost(demand, next) - this.cost(demand, source);
      if (next !== source && cost < Number.POSITIVE_INFINITY)
        this.heaps[source * this.count + next]!.push({ demand, cost });
    }
  }
}

interface Entry {
  readonly demand: number;
  readonly cost: number;
}

/** A binary heap, the cheapest first. */
class Heap {
  private readonly entries: Entry[] = [];

  top(): Entry | null {
    return this.entries[0] ?? null;
  }

  push(entry: Entry): void {
    const { entries } = this;
    let at = entries.push(entry) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && entries[parent]!.cost > entry.cost; parent = (at - 1) >> 1) {
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): void {
    const { entries } = this;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= entries.length) break;
      if (child + 1 < entries.length && entries[child + 1]!.cost < entries[child]!.cost) child++;
      if (entries[child]!.cost >= last.cost) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
  }
}
