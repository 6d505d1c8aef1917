/**
 * Whether a history of concurrent operations can be explained by one order in which they happened one at a time
 * (Herlihy & Wing 1990). The search is Wing & Gong's (1993) with Lowe's memory of what was tried (2017), over a linked list
 * of calls and returns as in Athalye's Porcupine: the first operation that could have happened next is tried; where a
 * return is met whose operation has not happened yet, the last choice was wrong.
 *
 * Two things keep it short where much happens at once. What never changes anything, a refusal, happens as soon as it can:
 * later it could be no better. And of two that do the same, the one that both began and ended first goes first: exchanging them
 * changes nothing for anybody else.
 *
 * A history of several items is checked item by item: it is linearizable if and only if each of its parts is
 * (Herlihy & Wing's locality).
 */

/** What a client asked, and when: instants on one clock. */
export interface Operation<What> {
  readonly what: What;
  readonly begin: number;
  /** When its answer was there; null: nobody knows, it may have happened at any time after `begin`. */
  readonly end: number | null;
  /** It may as well never have happened. Only where `end` is null. */
  readonly optional?: boolean;
}

/** The thing as it would be if only one operation ran at a time. */
export interface Model<State, What> {
  /** The state after an operation; null: in this state it could not have been answered as it was. */
  step(state: State, what: What): State | null;
  /** The same text for the same state. */
  key(state: State): string;
  /** Whether it changes no state, whatever the state is. */
  isLook(what: What): boolean;
}

export type Verdict<What> =
  | { readonly kind: 'linearizable'; readonly order: readonly Operation<What>[] }
  /** With the longest order that was found, and the operations that were under way or next, none of which fits behind it. */
  | {
      readonly kind: 'contradicts';
      readonly order: readonly Operation<What>[];
      readonly unexplained: readonly Operation<What>[];
    }
  /** The search was given up. */
  | { readonly kind: 'undecided' };

/** A call or return in the list; what has happened is lifted out of it. */
interface Entry<What> {
  readonly operation: Operation<What>;
  readonly index: number;
  /** Null for a return. */
  readonly returned: Entry<What> | null;
  previous: Entry<What> | null;
  next: Entry<What> | null;
}

/** @param mostSteps after so many tries the search is given up */
export function linearize<State, What>(
  model: Model<State, What>,
  initial: State,
  history: readonly Operation<What>[],
  mostSteps = 1_000_000,
): Verdict<What> {
  return new Search(model, initial, history).run(mostSteps);
}

interface Choice<State, What> {
  readonly entry: Entry<What>;
  readonly before: State;
  /** False: nothing else could have been chosen. */
  readonly changed: boolean;
}

class Search<State, What> {
  readonly #model: Model<State, What>;
  readonly #head: Entry<What>;
  readonly #twins: readonly (readonly number[])[];
  readonly #happened: Happened;
  readonly #tried = new Set<string>();
  readonly #chosen: Choice<State, What>[] = [];
  #state: State;
  /** Operations that must still happen. */
  #missing: number;
  #longest: readonly Operation<What>[] = [];
  #stuck: readonly Operation<What>[] = [];

  constructor(model: Model<State, What>, initial: State, history: readonly Operation<What>[]) {
    this.#model = model;
    this.#state = initial;
    this.#head = entriesOf(history);
    this.#twins = twinsOf(history);
    this.#happened = new Happened(history.length);
    this.#missing = history.filter((one) => one.optional !== true).length;
  }

  run(mostSteps: number): Verdict<What> {
    this.#settle();
    let entry = this.#head.next;
    for (let steps = 0; this.#missing > 0; steps++) {
      if (steps > mostSteps) return { kind: 'undecided' };
      if (entry?.returned) {
        const after = this.#after(entry);
        if (after !== null && this.#isNew(entry, after)) {
          this.#choose(entry, after, true);
          this.#settle();
          entry = this.#head.next;
        } else entry = entry.next;
        continue;
      }
      // A return, or the end: something before it must have happened otherwise.
      this.#note(entry);
      const last = this.#undo();
      if (last === null) return { kind: 'contradicts', order: this.#longest, unexplained: this.#stuck };
      entry = last.next;
    }
    return { kind: 'linearizable', order: this.#order() };
  }

  /** All that only looks and can happen now, does. */
  #settle(): void {
    for (let entry = this.#head.next; entry?.returned; ) {
      const { next } = entry;
      const after = this.#model.isLook(entry.operation.what) ? this.#after(entry) : null;
      if (after !== null) {
        this.#choose(entry, after, false);
        // Its return may have stood in the way of what is behind it.
        entry = this.#head.next;
      } else entry = next;
    }
  }

  #after(entry: Entry<What>): State | null {
    const first = this.#twins[entry.index]!.every((twin) => this.#happened.has(twin));
    return first ? this.#model.step(this.#state, entry.operation.what) : null;
  }

  #isNew(entry: Entry<What>, after: State): boolean {
    const key = `${this.#happened.keyWith(entry.index)}|${this.#model.key(after)}`;
    if (this.#tried.has(key)) return false;
    this.#tried.add(key);
    return true;
  }

  #choose(entry: Entry<What>, after: State, changed: boolean): void {
    this.#chosen.push({ entry, before: this.#state, changed });
    this.#state = after;
    this.#happened.add(entry.index);
    if (entry.operation.optional !== true) this.#missing--;
    lift(entry);
  }

  /** Takes back the last that was chosen, with what followed from it. */
  #undo(): Entry<What> | null {
    for (;;) {
      const last = this.#chosen.pop();
      if (last === undefined) return null;
      const { entry, before, changed } = last;
      this.#state = before;
      this.#happened.delete(entry.index);
      if (entry.operation.optional !== true) this.#missing++;
      unlift(entry);
      if (changed) return entry;
    }
  }

  #note(entry: Entry<What> | null): void {
    if (this.#chosen.length < this.#longest.length) return;
    this.#longest = this.#order();
    this.#stuck = underWay(this.#head, entry);
  }

  #order(): Operation<What>[] {
    return this.#chosen.map(({ entry }) => entry.operation);
  }
}

/** The list, in order of time; at one instant calls go first, so that what touches overlaps. */
function entriesOf<What>(history: readonly Operation<What>[]): Entry<What> {
  const moments: { readonly at: number; readonly entry: Entry<What> }[] = [];
  for (const [index, operation] of history.entries()) {
    const end: Entry<What> = { operation, index, returned: null, previous: null, next: null };
    const begin: Entry<What> = { operation, index, returned: end, previous: null, next: null };
    moments.push({ at: operation.begin, entry: begin });
    moments.push({ at: operation.end ?? Number.POSITIVE_INFINITY, entry: end });
  }
  moments.sort(
    (a, b) => order(a.at, b.at) || Number(a.entry.returned === null) - Number(b.entry.returned === null),
  );
  const head: Entry<What> = { operation: history[0]!, index: -1, returned: null, previous: null, next: null };
  let last = head;
  for (const { entry } of moments) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

/** For each operation, those that do the same, began and ended no later, and may still be under way when it begins. */
function twinsOf<What>(history: readonly Operation<What>[]): number[][] {
  const alike = new Map<string, number[]>();
  for (const [index, { what }] of history.entries()) {
    const key = JSON.stringify(what);
    alike.set(key, [...(alike.get(key) ?? []), index]);
  }
  const endOf = (index: number) => history[index]!.end ?? Number.POSITIVE_INFINITY;
  const twins: number[][] = history.map(() => []);
  for (const group of alike.values()) {
    group.sort((a, b) => history[a]!.begin - history[b]!.begin || order(endOf(a), endOf(b)) || a - b);
    for (const [place, index] of group.entries())
      twins[index] = group
        .slice(0, place)
        .filter((other) => endOf(other) <= endOf(index) && endOf(other) >= history[index]!.begin);
  }
  return twins;
}

/** Infinity less infinity is no order. */
function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function lift<What>(call: Entry<What>): void {
  for (const entry of [call, call.returned!]) {
    entry.previous!.next = entry.next;
    if (entry.next !== null) entry.next.previous = entry.previous;
  }
}

/** Undoes a `lift`, in the opposite order: the neighbours are those of that moment. */
function unlift<What>(call: Entry<What>): void {
  for (const entry of [call.returned!, call]) {
    entry.previous!.next = entry;
    if (entry.next !== null) entry.next.previous = entry;
  }
}

/** The calls that stand before an entry. */
function underWay<What>(head: Entry<What>, until: Entry<What> | null): Operation<What>[] {
  const operations: Operation<What>[] = [];
  for (let entry = head.next; entry !== until && entry !== null; entry = entry.next)
    if (entry.returned) operations.push(entry.operation);
  return operations;
}

/** Which operations have happened: a bit each. */
class Happened {
  readonly #words: Uint16Array;

  constructor(size: number) {
    this.#words = new Uint16Array((size >> 4) + 1);
  }

  add(index: number): void {
    this.#words[index >> 4]! |= 1 << (index & 15);
  }

  delete(index: number): void {
    this.#words[index >> 4]! &= ~(1 << (index & 15));
  }

  has(index: number): boolean {
    return (this.#words[index >> 4]! & (1 << (index & 15))) !== 0;
  }

  keyWith(index: number): string {
    this.add(index);
    const key = String.fromCharCode(...this.#words);
    this.delete(index);
    return key;
  }
}
