import type { Answer } from './http.ts';
import { type Happening, itemModel } from './item-model.ts';
import { linearize, type Operation } from './linearizable.ts';
import type { Settled } from './settle.ts';
import type { Shelf } from './shelf.ts';
import type { TracedItem, Traces } from './traces.ts';

export interface HistoryOutcome {
  readonly sku: string;
  readonly operations: number;
  readonly verdict: 'linearizable' | 'contradicts' | 'undecided';
  /** What could not be explained, in words. */
  readonly fault: string | null;
  readonly history: readonly Operation<Happening>[];
}

/** Looks for an order that explains all answers, item by item, and ends where the database stands at `looked`. */
export function checkHistories(
  shelf: Shelf,
  settled: readonly Settled[],
  traces: Traces,
  items: readonly TracedItem[],
  looked: number,
): HistoryOutcome[] {
  return [...shelf.beginnings].map(([sku, beginning]) => {
    const history = [
      ...settled.flatMap((one) => (one.done.deed.item === sku ? operationOf(one, traces) : [])),
      ...expiries(sku, settled, looked),
      lookAt(sku, traces, items, looked),
    ].sort((a, b) => a.begin - b.begin);
    const found = linearize(itemModel, beginning, history);
    const fault =
      found.kind === 'linearizable'
        ? null
        : found.kind === 'undecided'
          ? `the history of ${sku} (${history.length} operations) could not be decided`
          : `no order explains ${sku}: behind ${found.order.length} of ${history.length} operations none of these fits: ${found.unexplained
              .slice(0, 8)
              .map(({ what }) => JSON.stringify(what))
              .join(' ')}`;
    return { sku, operations: history.length, verdict: found.kind, fault, history };
  });
}

function operationOf({ done, happened, told }: Settled, traces: Traces): Operation<Happening>[] {
  const { deed, begin, end } = done;
  const answer = told ? done.answer : happened ? shownAnswer(done.deed.tag, traces) : null;
  if (answer === null) return [];
  const what = deed.happening!(answer);
  return what === null ? [] : [{ what, begin, end: told ? end : null }];
}

/** An answer that nobody heard, as the database lets it be known. */
function shownAnswer(tag: string, traces: Traces): Answer {
  const [order] = traces.orders.get(tag) ?? [];
  const lines = order?.lines.map((line) => ({ ...line, commitments: [] }));
  const id = traces.holdOf.get(tag);
  // 201 for a hold; 200 for an order says that what it waits for now tells nothing of how it began.
  return { status: id === undefined ? 200 : 201, body: { id, lines } };
}

/** Carts end by themselves, at the instant that they were given: Kept's clock ticks in whole milliseconds. */
function expiries(sku: string, settled: readonly Settled[], looked: number): Operation<Happening>[] {
  return settled.flatMap(({ done: { deed }, happened }) => {
    const { cart } = deed;
    if (deed.kind !== 'hold' || deed.item !== sku || !happened || cart!.expiresAt > looked) return [];
    return [
      { what: { kind: 'release', cart: cart!.id! }, begin: cart!.expiresAt - 1, end: cart!.expiresAt + 1 },
    ];
  });
}

function lookAt(
  sku: string,
  traces: Traces,
  items: readonly TracedItem[],
  looked: number,
): Operation<Happening> {
  const { stock, coming, open } = items.find((item) => item.sku === sku)!;
  let kept = 0;
  for (const hold of traces.holds.values())
    if (hold.sku === sku && hold.expiresAt > looked) kept += hold.kept;
  return { what: { kind: 'look', stock, coming, open, kept }, begin: looked, end: looked };
}
