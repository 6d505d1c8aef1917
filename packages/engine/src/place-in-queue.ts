/** A line as it stands in the queue: lower ranks first, equal ones by order, then line. */
export interface Ranked {
  readonly order: number;
  readonly line: number;
  readonly rank: number;
}

/** Where a line is put: directly before or behind another, or at an end. */
export type QueuePlace =
  | { readonly before: Omit<Ranked, 'rank'> }
  | { readonly after: Omit<Ranked, 'rank'> }
  | { readonly end: 'first' | 'last' };

/**
 * The ranks with which a line stands at a place of its queue and everybody else keeps their order. Where no whole number is left
 * between its neighbours, the fewest of them that have to are moved apart. Lines whose rank stays are left out.
 * @param queue in any order, the line among them
 * @returns null where the other line is not in the queue
 */
export function ranksAt<Line extends Ranked>(
  queue: readonly Line[],
  moved: Omit<Ranked, 'rank'>,
  place: QueuePlace,
): Map<Line, number> | null {
  const line = queue.find((one) => same(one, moved));
  const others = queue.filter((one) => one !== line).sort(compare);
  if (line === undefined) return null;
  const at = indexOf(others, place);
  if (at === null) return null;
  if (others.length === 0) return new Map();
  const forward = pushed(line, others, at, 1);
  const backward = pushed(line, others, at, -1);
  const ranks = forward.size <= backward.size ? forward : backward;
  for (const [one, rank] of ranks) if (one.rank === rank) ranks.delete(one);
  return ranks;
}

function indexOf(others: readonly Ranked[], place: QueuePlace): number | null {
  if ('end' in place) return place.end === 'first' ? 0 : others.length;
  const index = others.findIndex((one) => same(one, 'before' in place ? place.before : place.after));
  if (index < 0) return null;
  return 'before' in place ? index : index + 1;
}

/**
 * The line beside its neighbour on one side, then whoever it meets on the other side a step further, until there is room. Going
 * forward it starts right behind the one before it, going backward right before the one behind it.
 */
function pushed<Line extends Ranked>(
  line: Line,
  others: readonly Line[],
  at: number,
  step: 1 | -1,
): Map<Line, number> {
  const ranks = new Map<Line, number>();
  const start = others[step === 1 ? at - 1 : at];
  let last: Ranked = start ?? { ...others[step === 1 ? 0 : others.length - 1]!, order: step * -1 };
  if (start === undefined) last = { ...last, rank: last.rank - step };
  for (
    let index = step === 1 ? at : at - 1, next: Line | undefined = line;
    next !== undefined;
    index += step
  ) {
    const rank = nextTo(last, next, step);
    ranks.set(next, rank);
    last = { order: next.order, line: next.line, rank };
    next = others[index];
    if (next === undefined || step * compare(next, last) > 0) break;
  }
  return ranks;
}

/** The nearest rank with which a line stands on one side of another. */
function nextTo(other: Ranked, line: Ranked, step: 1 | -1): number {
  return step * compare({ ...line, rank: other.rank }, other) > 0 ? other.rank : other.rank + step;
}

function same(a: Omit<Ranked, 'rank'>, b: Omit<Ranked, 'rank'>): boolean {
  return a.order === b.order && a.line === b.line;
}

function compare(a: Ranked, b: Ranked): number {
  return a.rank - b.rank || a.order - b.order || a.line - b.line;
}
