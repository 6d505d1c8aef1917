import {
  type Decision,
  dayText,
  decide,
  type ItemState,
  NO_DAY,
  type Reason,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { touchBook } from './book-line-store.ts';
import { type BookPart, beginSnapshot, lastItem, readBook, type StoredDays } from './book-store.ts';
import { touchedBackorders } from './book-touch.ts';
import { saveDecision } from './decision-store.ts';
import { lookForChanges, noteChanges } from './item-change-store.ts';
import { keyOf } from './line-key.ts';
import { PART_ITEMS } from './line-store.ts';
import { type LoadedItem, lockItems, positionsFrom } from './position-store.ts';
import { loadSettings, lockSettings, type Settings, worldAt } from './world-store.ts';

/** What a plan of some items came to. */
export interface PlanCounts {
  lines: number;
  /** Lines whose backing changed. */
  changed: number;
  /** Promises that were made or changed. */
  promises: number;
  /** Units that nothing backs. */
  unbacked: number;
}

/** What was planned from the snapshot, and what has to be planned under its lock from what is there by then. */
export interface BookPlan {
  readonly counts: PlanCounts;
  readonly items: number;
  readonly left: readonly number[];
}

/** Transactions that write at once: PostgreSQL works on one while the next is decided here. */
const WRITERS = 2;
/** A snapshot is no older than that: which items have changed since is forgotten some time later (`decideWhatIsDue`). */
const SNAPSHOT_SECONDS = 60;

/**
 * Plans a whole brand again. What is planned is read from a snapshot and without a lock. Items in which nothing changes are
 * done by that: they were planned as of the snapshot. Of the others, a few hundred at a time are locked, those that somebody
 * has touched since the snapshot are left to be planned by what is there now, and the rest is written as it was decided. The
 * decision is the engine's, and what is written is written as for any other fact.
 */
export async function planBook(
  kept: Kept,
  brandId: number,
  { cause, actor }: { readonly cause: Reason; readonly actor: string | undefined },
  onProgress: (done: number, all: number) => void,
): Promise<BookPlan> {
  const counts: PlanCounts = { lines: 0, changed: 0, promises: 0, unbacked: 0 };
  const left: number[] = [];
  let items = 0;
  let part = 0;
  let last = 0;
  do {
    await withBrand(
      kept.db,
      brandId,
      async (client) => {
        await beginSnapshot(client);
        const book = await openBook(kept, client, brandId);
        last = await lastItem(client, brandId);
        const writing = new Set<Promise<void>>();
        const failures: unknown[] = [];
        const until = performance.now() + SNAPSHOT_SECONDS * 1000;
        for await (const read of readBook(client, brandId, part, last)) {
          part++;
          items += read.rows.items.length;
          const planned = planPart(book, read, cause);
          left.push(...planned.left);
          add(counts, planned.counts);
          onProgress(Math.min(read.until, last), last);
          if (planned.changed.length > 0) {
            const write: Promise<void> = writePart(kept, brandId, book, planned, { cause, actor })
              .then((skipped) => {
                left.push(...skipped.items);
                subtract(counts, skipped.counts);
              })
              .catch((err: unknown) => void failures.push(err))
              .finally(() => writing.delete(write));
            writing.add(write);
          }
          if (writing.size >= WRITERS) await Promise.race(writing);
          if (failures.length > 0 || performance.now() > until) break;
        }
        await Promise.all(writing);
        if (failures.length > 0) throw failures[0];
      },
      { reads: true },
    );
  } while (part * PART_ITEMS <= last);
  return { counts, items, left };
}

/** What all parts of one snapshot share. */
interface Book {
  readonly settings: Settings;
  readonly world: World;
  readonly snapshot: string;
}

async function openBook(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Book> {
  const { snapshot } = await lookForChanges(client, brandId, null);
  const settings = await loadSettings(client, kept.db, brandId);
  return { settings, world: worldAt(settings, kept.clock.now()), snapshot };
}

interface PlannedPart {
  readonly decision: Decision;
  /** Items in which something is to be written, by SKU. */
  readonly changed: readonly LoadedItem[];
  /** Items that are more than their own rows. */
  readonly left: readonly number[];
  readonly counts: PlanCounts;
}

function planPart(book: Book, read: BookPart, cause: Reason): PlannedPart {
  const all = positionsFrom(read.rows, book.settings, book.world);
  const left = all.filter(reachesBeyond);
  const positions = left.length === 0 ? all : all.filter((position) => !reachesBeyond(position));
  const decision = decide(
    book.world,
    positions,
    positions.map(({ item }) => ({ kind: 'replan', item, cause })),
  );
  const promised = promisedItems(decision);
  const counts: PlanCounts = { lines: 0, changed: 0, promises: decision.promises.length, unbacked: 0 };
  const changed: LoadedItem[] = [];
  for (const position of positions) {
    const state = decision.states.get(position.item)!;
    add(counts, countsOf(state, 0));
    forgetUnchanged(state, read.days);
    if (
      state.touchedSupplies.size > 0 ||
      state.touchedStock.size > 0 ||
      state.touchedLines.size > 0 ||
      promised.has(position.item)
    )
      changed.push(position);
  }
  return { decision, changed, left: left.map(({ item }) => item), counts };
}

/** Its date depends on other items, or time itself gives units back: it is decided with all that it takes. */
function reachesBeyond({ holds, lines }: LoadedItem): boolean {
  return holds.length > 0 || lines.some((line) => line.tied);
}

function promisedItems(decision: Decision): Map<number, number> {
  const promises = new Set(decision.promises.map(keyOf));
  const items = new Map<number, number>();
  if (promises.size === 0) return items;
  for (const { position } of decision.states.values())
    for (const line of position.lines)
      if (promises.has(keyOf(line))) items.set(line.item, (items.get(line.item) ?? 0) + 1);
  return items;
}

/** A plan looks at every supply; those that stand as they stood are not written. */
function forgetUnchanged(state: ItemState, days: ReadonlyMap<string, StoredDays>): void {
  for (const { supply, planned, promisable } of state.supplyDaysByIndex()) {
    const stored = days.get(`${state.position.item}:${supply.id}`)!;
    if (
      stored.pegged === supply.pegged &&
      stored.plannedOn === textOf(planned) &&
      stored.promisableOn === textOf(promisable)
    )
      state.touchedSupplies.delete(supply);
  }
}

const textOf = (day: number) => (day >= NO_DAY ? null : dayText(day));

/** Writes a part; answers the items that are others by now, and what was counted of them. */
async function writePart(
  kept: Kept,
  brandId: number,
  book: Book,
  { decision, changed }: PlannedPart,
  { cause, actor }: { readonly cause: Reason; readonly actor: string | undefined },
): Promise<{ items: readonly number[]; counts: PlanCounts }> {
  const event = await kept.ids.take(brandId, 'event', 1);
  return withBrand(kept.db, brandId, async (client) => {
    const ids = changed.map(({ item }) => item);
    const [, , look] = await Promise.all([
      lockSettings(client, brandId, 'shared'),
      lockItems(client, brandId, ids),
      lookForChanges(client, brandId, book.snapshot),
    ]);
    const touched = new Set(look.settingsVersion === book.settings.version ? look.items : ids);
    const fresh = ids.filter((item) => !touched.has(item));
    const skipped: PlanCounts = { lines: 0, changed: 0, promises: 0, unbacked: 0 };
    if (fresh.length < ids.length) {
      const promised = promisedItems(decision);
      for (const item of ids)
        if (touched.has(item)) add(skipped, countsOf(decision.states.get(item)!, promised.get(item) ?? 0));
    }
    if (fresh.length > 0) {
      const own = only(decision, fresh);
      const now = kept.clock.now().toISOString();
      const data = { lines: 0, changed: 0, promises: own.promises.length, unbacked: 0 };
      for (const state of own.states.values()) add(data, countsOf(state, 0));
      await Promise.all([
        noteChanges(client, brandId, fresh),
        saveDecision(client, brandId, own, {
          event,
          eventOf: () => event,
          happenedAt: now,
          recordedAt: now,
          settings: book.settings.version,
          firstMovement: 0,
        }),
        touchBook(
          client,
          brandId,
          touchedBackorders(own, [], () => event, event),
          now,
        ),
        recordEvents(client, brandId, [
          { id: event, kind: 'items.replanned', data: { cause, ...data }, at: now, actor },
        ]),
      ]);
    }
    return { items: ids.filter((item) => touched.has(item)), counts: skipped };
  });
}

/** A decision as far as it is about some of its items. */
function only(decision: Decision, items: readonly number[]): Decision {
  const states = new Map(items.map((item) => [item, decision.states.get(item)!]));
  const lines = new Set<number>();
  for (const { position } of states.values()) for (const line of position.lines) lines.add(keyOf(line));
  return { ...decision, states, promises: decision.promises.filter((one) => lines.has(keyOf(one))) };
}

function countsOf(state: ItemState, promises: number): PlanCounts {
  let unbacked = 0;
  for (const line of state.position.lines)
    for (const one of line.commitments) if (one.kind === 'waiting') unbacked += one.quantity;
  return { lines: state.position.lines.length, changed: state.touchedLines.size, promises, unbacked };
}

export function add(to: PlanCounts, more: PlanCounts, sign = 1): void {
  to.lines += sign * more.lines;
  to.changed += sign * more.changed;
  to.promises += sign * more.promises;
  to.unbacked += sign * more.unbacked;
}

function subtract(from: PlanCounts, less: PlanCounts): void {
  add(from, less, -1);
}
