import {
  dayNumber,
  type Fact,
  type Reason,
  type Stage,
  type SupplyKind,
  type SupplyPosition,
} from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { type Decided, decideItems, type Loaded } from '../promising/index.ts';
import { readHeaders } from './order-store.ts';
import { insertRevisions, retireSupplies, type StoredSupply, writeTerms } from './supply-store.ts';

/** What a supply is to be. */
export interface SupplyState {
  readonly item: number;
  readonly kind: SupplyKind;
  readonly ref: string;
  /** JSON, '' where there is none. */
  readonly line: string;
  readonly schedule: string;
  readonly place: number;
  readonly stage: Stage;
  /** All units, those that came included. */
  readonly ordered: number;
  readonly expectedOn: string | null;
  readonly unitCost: number | null;
  readonly currency: string | null;
  readonly from: number | null;
}

export interface SupplyChange {
  /** Null: it is new. */
  readonly known: StoredSupply | null;
  readonly next: SupplyState;
  /** Why, in the words of whoever told: kept with the revision, and in the reasons of every promise that moves. */
  readonly reason: string;
  /** Units of a new supply that came before Kept knew it: no stock moves for them. */
  readonly receivedBefore?: number;
  /** Its own event and time, where several things that happened are recorded together. */
  readonly event?: number;
  readonly happenedAt?: Date;
  /** Its key is wanted for another item's supply. */
  readonly retire?: boolean;
}

/**
 * Makes supplies what they are to be, and decides their items. What grows or comes goes before what shrinks or ends, so that
 * units move from the one to the other within one decision.
 */
export async function changeSupplies(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  changes: readonly SupplyChange[],
  { event, happenedAt }: { event: number; happenedAt: Date },
): Promise<Decided | null> {
  if (changes.length === 0) return null;
  const ordered = [...changes].sort((a, b) => Number(ends(a)) - Number(ends(b)));
  const items = [...new Set(changes.map((change) => change.next.item))];
  const retired = changes.filter((change) => change.retire === true);
  if (retired.length > 0)
    await retireSupplies(
      client,
      brandId,
      retired.map((change) => change.known!),
      items,
    );
  const written: { change: SupplyChange; supply: number; open: number }[] = [];
  const moving = ordered.filter(movesBacking);
  const senders = await sendersOf(client, brandId, moving);
  let decided: Decided | null = null;
  if (moving.length > 0)
    decided = await decideItems(kept, client, brandId, {
      items: [...new Set(moving.map((change) => change.next.item))],
      scope: { lines: 'queue', supplies: moving.flatMap((change) => change.known ?? []) },
      event,
      happenedAt,
      facts: (loaded) => {
        written.length = 0;
        return moving.flatMap((change) => {
          const { supply, facts } = factsOf(change, loaded, senders.get(change.next.ref));
          written.push({ change, supply: supply.id, open: supply.open });
          return facts;
        });
      },
    });
  for (const change of ordered)
    if (!movesBacking(change))
      written.push({ change, supply: change.known!.supply, open: change.known!.open });
  await writeTerms(
    client,
    brandId,
    written.map(({ change, supply }) => ({ ...change.next, supply })),
  );
  const recordedAt = kept.clock.now().toISOString();
  await insertRevisions(
    client,
    brandId,
    written
      .filter(({ change }) => isRevision(change))
      .map(({ change, supply, open }) => ({
        ...change.next,
        supply,
        open,
        reason: change.reason,
        recorded: {
          event: change.event ?? event,
          happenedAt: (change.happenedAt ?? happenedAt).toISOString(),
          recordedAt,
        },
      })),
  );
  return decided;
}

/** Changes as facts of the engine, in the order in which they are decided; those that move no unit are none. */
export function factsOfChanges(changes: readonly SupplyChange[], loaded: Loaded): Fact[] {
  return [...changes]
    .sort((a, b) => Number(ends(a)) - Number(ends(b)))
    .filter(movesBacking)
    .flatMap((change) => factsOf(change, loaded, undefined).facts);
}

interface Sender {
  readonly supplier: string;
  readonly freightMode: string | null;
}

/** Who sends what changes, and how: by the order's reference. */
async function sendersOf(
  client: pg.PoolClient,
  brandId: number,
  changes: readonly SupplyChange[],
): Promise<ReadonlyMap<string, Sender>> {
  const refs = new Set(
    changes.filter(({ next }) => next.kind === 'purchase_order').map(({ next }) => next.ref),
  );
  if (refs.size === 0) return new Map();
  return new Map((await readHeaders(client, brandId, [...refs])).map((header) => [header.ref, header]));
}

/** What a change is to the engine. A transfer takes its units from where they were, and a cancelled one brings them back. */
function factsOf(
  change: SupplyChange,
  { positions, settings }: Loaded,
  sender: Sender | undefined,
): { supply: { id: number; open: number }; facts: Fact[] } {
  const { known, next } = change;
  const position = positions.get(next.item);
  if (position === undefined) throw new Error(`item ${next.item} was not loaded`);
  const there = known === null ? undefined : position.supplies.find((supply) => supply.id === known.supply);
  const id = known?.supply ?? position.nextSupply++;
  const received = there?.received ?? change.receivedBefore ?? 0;
  const gone = next.stage === 'cancelled' || known?.closed === true;
  const open = gone ? 0 : Math.max(0, next.ordered - received);
  const supply: Omit<SupplyPosition, 'pegged' | 'held' | 'received'> = {
    id,
    kind: next.kind,
    place: next.place,
    stage: next.stage,
    open,
    expected: next.expectedOn === null ? null : dayNumber(next.expectedOn),
    ref: next.ref,
    line: next.line === '' ? null : next.line,
    schedule: next.schedule === '' ? null : next.schedule,
    supplier: next.kind === 'purchase_order' ? (sender?.supplier ?? there?.supplier ?? null) : null,
    freight: next.kind === 'purchase_order' ? (sender?.freightMode ?? there?.freight ?? null) : null,
    made: there?.made ?? null,
    abandoned: next.kind === 'purchase_order' && settings.abandonedOrders.has(next.ref),
  };
  const cause = causeOf(change);
  const fact: Fact = {
    kind: 'supply',
    item: next.item,
    supply: known === null ? { ...supply, received } : supply,
    cause,
  };
  const taken = taking(next.from, takenUnits(next, received));
  const before = known === null ? null : taking(known.from, takenUnits(known, received));
  const moves = originMoves(before, taken).map(({ place, delta }): Fact & { delta: number } => ({
    kind: 'stock',
    item: next.item,
    place,
    changes: [{ condition: 'sellable', delta }],
    cause,
    delta,
  }));
  return {
    supply: { id, open },
    facts: [...moves.filter((move) => move.delta > 0), fact, ...moves.filter((move) => move.delta < 0)].map(
      (one) => withoutDelta(one),
    ),
  };
}

function withoutDelta(fact: Fact & { delta?: number }): Fact {
  const { delta: _delta, ...rest } = fact;
  return rest as Fact;
}

interface Taken {
  readonly place: number;
  readonly units: number;
}

const taking = (place: number | null, units: number): Taken | null =>
  place === null ? null : { place, units };

/** Units that are no longer where a transfer comes from: a draft is only an idea, and of a cancelled one only what came has left. */
function takenUnits(state: Pick<SupplyState, 'stage' | 'ordered'>, received: number): number {
  if (state.stage === 'draft') return 0;
  return state.stage === 'cancelled' ? received : Math.max(state.ordered, received);
}

function originMoves(before: Taken | null, after: Taken | null): { place: number; delta: number }[] {
  const deltas = new Map<number, number>();
  if (before !== null) deltas.set(before.place, before.units);
  if (after !== null) deltas.set(after.place, (deltas.get(after.place) ?? 0) - after.units);
  return [...deltas].filter(([, delta]) => delta !== 0).map(([place, delta]) => ({ place, delta }));
}

/** Why promises move, with days and units as data. */
function causeOf({ known, next, reason }: SupplyChange): Reason {
  const named =
    next.kind === 'purchase_order'
      ? {
          purchaseOrder: next.ref,
          line: JSON.parse(next.line),
          ...(next.schedule === '' ? {} : { schedule: JSON.parse(next.schedule) }),
        }
      : { supply: next.kind, ref: next.ref };
  const data = { ...named, reason };
  if (known === null) return { code: 'supply_added', ...data, quantity: next.ordered, to: next.expectedOn };
  if (next.stage === 'cancelled' && known.stage !== 'cancelled')
    return { code: 'supply_cancelled', ...data, quantity: known.open };
  if (next.expectedOn !== known.expectedOn) {
    const days = { from: known.expectedOn, to: next.expectedOn };
    const later =
      next.expectedOn === null || (known.expectedOn !== null && next.expectedOn > known.expectedOn);
    return { code: later ? 'supply_slipped' : 'supply_pulled_in', ...data, ...days };
  }
  return {
    code: 'supply_changed',
    ...data,
    ...(known.ordered === next.ordered ? {} : { quantityFrom: known.ordered, quantityTo: next.ordered }),
    ...(known.stage === next.stage ? {} : { stageFrom: known.stage, stageTo: next.stage }),
  };
}

/** Whether anything of a supply is to be another. */
export function differs(known: StoredSupply, next: SupplyState): boolean {
  return isRevision({ known, next }) || known.place !== next.place || termsDiffer(known, next);
}

const termsDiffer = (known: StoredSupply, next: SupplyState) =>
  known.unitCost !== next.unitCost || known.currency !== next.currency || known.from !== next.from;

const isRevision = ({ known, next }: Pick<SupplyChange, 'known' | 'next'>) =>
  known === null ||
  known.stage !== next.stage ||
  known.ordered !== next.ordered ||
  known.expectedOn !== next.expectedOn;

/** Prices alone move nothing. */
const movesBacking = (change: SupplyChange) =>
  isRevision(change) || change.known!.place !== change.next.place || change.known!.from !== change.next.from;

const ends = ({ known, next }: SupplyChange) =>
  next.stage === 'cancelled' || next.stage === 'draft' || (known !== null && next.ordered < known.ordered);
