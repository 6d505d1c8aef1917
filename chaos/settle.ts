import { type Done, isAccepted } from './deed.ts';
import type { Traces } from './traces.ts';

/** What became of a deed, as its client was told or, where it was told nothing, as the database shows. */
export interface Settled {
  readonly done: Done;
  readonly happened: boolean;
  /** Whether the client knows: then it ended when its answer came. */
  readonly told: boolean;
}

/** Deeds of which there is an event each time they change something, and so only then. */
const ONLY_IF_CHANGED = new Set(['revision']);
const WITHOUT_EVENT = new Set(['purchase order', 'plan', 'read']);

/**
 * Compares what clients were told with what is there: an acknowledged fact exactly once and whole, a refused one not at
 * all, one without an answer whole or not at all.
 * @returns each deed as it turned out; faults go to `faults`
 */
export function settle(all: readonly Done[], traces: Traces, faults: string[]): Settled[] {
  const settled = all.map((done) => settleOne(done, traces, faults));
  const tags = new Set(all.map(({ deed }) => deed.tag));
  for (const [tag] of traces.events)
    if (!tag.startsWith('hold.') && !tags.has(tag)) faults.push(`${tag} is there, and nobody asked for it`);
  for (const [ref] of traces.orders)
    if (!tags.has(ref)) faults.push(`order ${ref} is there, and nobody placed it`);
  return settled;
}

function settleOne(done: Done, traces: Traces, faults: string[]): Settled {
  const { deed, answer, lost } = done;
  const accepted = isAccepted(done);
  if (WITHOUT_EVENT.has(deed.kind)) return { done, happened: accepted, told: answer !== null };
  const times = timesOf(done, traces);
  if (times > 1) faults.push(`${deed.tag} (${deed.kind}) is there ${times} times`);
  if (accepted) {
    if (times === 0 && !ONLY_IF_CHANGED.has(deed.kind) && deed.kind !== 'release')
      faults.push(`${deed.tag} (${deed.kind}) was acknowledged and is not there`);
  } else if (answer !== null && times > 0 && lost === 0)
    faults.push(`${deed.tag} (${deed.kind}) was refused and is there`);
  const happened = accepted || times > 0;
  // A refusal says nothing of a try before it that was not answered.
  const told = accepted || (answer !== null && times === 0);
  if (!told && happened) catchUp(done, traces);
  if (times > 0) checkWhole(done, traces, faults);
  return { done, happened, told };
}

function timesOf({ deed, answer }: Done, traces: Traces): number {
  switch (deed.kind) {
    case 'hold': {
      const id = answer?.status === 201 ? answer.body.id : traces.holdOf.get(deed.tag);
      return id === undefined ? 0 : (traces.events.get(`hold.placed ${id}`)?.length ?? 0);
    }
    case 'release':
      return traces.events.get(`hold.released ${deed.cart!.id}`)?.length ?? 0;
    case 'order':
      return Math.max(traces.events.get(deed.tag)?.length ?? 0, traces.orders.get(deed.tag)?.length ?? 0);
    default:
      return traces.events.get(deed.tag)?.length ?? 0;
  }
}

/** The client learns what became of its deed. */
function catchUp({ deed }: Done, traces: Traces): void {
  if (deed.kind === 'hold') {
    const id = traces.holdOf.get(deed.tag)!;
    deed.cart!.id = id;
    deed.cart!.expiresAt = traces.holds.get(id)?.expiresAt ?? 0;
  }
  if (deed.kind === 'order')
    for (const line of deed.order!.lines) {
      const found = traces.orders.get(deed.tag)?.[0]?.lines.find((one) => one.line === line.line);
      if (found === undefined) continue;
      line.ordered = found.ordered;
      line.refused = found.refused;
    }
  deed.change?.(deed.order!);
}

/** Every part of a fact is there, or none. */
function checkWhole({ deed }: Done, traces: Traces, faults: string[]): void {
  const [event] = traces.events.get(deed.tag) ?? [];
  const short = (what: string, there: number, asked: number) => {
    if (there !== asked)
      faults.push(`${deed.tag} (${deed.kind}) is half there: ${there} of ${asked} ${what}`);
  };
  switch (deed.kind) {
    case 'order': {
      const rows = traces.orders.get(deed.tag);
      if (event === undefined || rows === undefined) {
        faults.push(`order ${deed.tag} is half there: ${event ? 'its event' : 'its rows'} without the other`);
        return;
      }
      for (const { line, sku, quantity } of deed.asked!) {
        const row = rows[0]!.lines.find((one) => one.line === line);
        if (row?.sku !== sku) faults.push(`order ${deed.tag} is half there: without its line ${line}`);
        else if (deed.order!.mode === 'placed' && row.refused > 0)
          faults.push(
            `order ${deed.tag} was sold already, and ${row.refused} of ${quantity} units were refused`,
          );
      }
      return;
    }
    case 'cancellation':
      short('units', event?.cancelled ?? 0, unitsAsked(deed.body));
      return;
    case 'shipment':
      short('units', event?.shipped ?? 0, unitsAsked(deed.body));
      return;
    case 'receipt':
      short('units', event?.received ?? 0, deed.received!);
      return;
    case 'stock': {
      const { delta } = deed.body as { delta?: number };
      const moved = event?.moved ?? 0;
      // More cannot be lost than is there.
      if (delta !== undefined && !(delta < 0 && moved >= delta && moved <= 0)) short('units', moved, delta);
    }
  }
}

function unitsAsked(body: unknown): number {
  return (body as { lines: readonly { quantity: number }[] }).lines.reduce(
    (units, one) => units + one.quantity,
    0,
  );
}

/** The orders of a round as they must stand now. */
export function expectedOrders(settled: readonly Settled[]): Map<string, ExpectedLine[]> {
  const orders = new Map<string, ExpectedLine[]>();
  for (const { done, happened } of settled)
    if (done.deed.kind === 'order' && happened)
      orders.set(
        done.deed.tag,
        done.deed.order!.lines.map(({ line, sku, ordered, shipped, cancelled }) => ({
          line,
          sku,
          ordered,
          shipped,
          cancelled,
        })),
      );
  return orders;
}

export interface ExpectedLine {
  readonly line: number;
  readonly sku: string;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
}

/** Each order stands as the deeds that happened to it have left it. */
export function compareOrders(
  expected: ReadonlyMap<string, readonly ExpectedLine[]>,
  found: Traces['orders'],
  faults: string[],
): void {
  const words = (line: ExpectedLine) =>
    `${line.sku} ordered ${line.ordered} shipped ${line.shipped} cancelled ${line.cancelled}`;
  for (const [ref, lines] of expected) {
    const rows = found.get(ref)?.[0]?.lines ?? [];
    for (const line of lines) {
      const row = rows.find((one) => one.line === line.line);
      if (row === undefined) faults.push(`order ${ref} line ${line.line} is not there any more`);
      else if (words(row) !== words(line))
        faults.push(`order ${ref} line ${line.line} stands at ${words(row)}, but was left at ${words(line)}`);
    }
  }
}
