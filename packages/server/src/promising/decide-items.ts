import {
  type Decision,
  decide,
  type Fact,
  type PromiseChanged,
  type Reason,
  reviewTied,
  type TiedOrder,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import type { Later } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { touchBook } from './book-line-store.ts';
import { touchedBackorders } from './book-touch.ts';
import type { Cause } from './cause.ts';
import { saveTiedLines } from './decided-lines-store.ts';
import { movementCount, saveDecision } from './decision-store.ts';
import { keepEpisodes } from './episodes.ts';
import { noteChanges } from './item-change-store.ts';
import {
  type LoadedItem,
  type LoadScope,
  loadPositions,
  lockItems,
  positionsFrom,
  readPositions,
} from './position-store.ts';
import { sellableBefore, tellWhatStopped } from './selling-stopped.ts';
import { lockOrders } from './tied-store.ts';
import { loadSettings, lockSettings, type Settings, worldAt } from './world-store.ts';

/** The world and the positions under their lock, from which a capability makes its facts. */
export interface Loaded {
  readonly world: World;
  readonly settings: Settings;
  readonly positions: ReadonlyMap<number, LoadedItem>;
}

export interface DecideRequest {
  readonly items: readonly number[];
  readonly scope: LoadScope;
  /** The facts, made from what was loaded. They may be refused here, before anything is decided, by throwing a KeptError. */
  facts(loaded: Loaded): readonly Fact[];
  /** The event that all this is recorded under. */
  readonly event: number;
  /** Orders that the facts place have events of their own. */
  eventOf?(order: number): number;
  /** When it happened, where that was before now. */
  readonly happenedAt?: Date;
  /**
   * Writes what the caller keeps of the lines, their counts and the lines themselves: before dates that tie several lines
   * together are looked at, for those are read from there.
   */
  saveLines?(decided: Decided): Promise<void>;
  /** Takes what is written without waiting for its answer, where the caller's transaction gave it. */
  readonly later?: Later | undefined;
}

export interface Decided extends Loaded {
  readonly decision: Decision;
  /** All promises that changed, those of tied orders included. */
  readonly promises: readonly PromiseChanged[];
}

/**
 * The one way in which anything is decided: lock the items in SKU order, load their positions, decide, and write what
 * changed, all in the caller's transaction. Whoever waited for the lock decides on what the holder before left.
 */
export async function decideItems(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  request: DecideRequest,
): Promise<Decided> {
  const now = kept.clock.now();
  // All of it travels together, and PostgreSQL runs it in this order.
  const [, settings, , rows] = await Promise.all([
    lockSettings(client, brandId, 'shared'),
    loadSettings(client, kept.db, brandId),
    lockItems(client, brandId, request.items),
    readPositions(client, brandId, request.items, request.scope),
    // What an order or a cart takes is seen by triggers; all else may move lines alone.
    request.scope.lines === 'none' ? null : noteChanges(client, brandId, request.items),
  ]);
  const world = worldAt(settings, now);
  let positions = positionsFrom(rows, settings, world);
  let attempt = decideLoaded(request, { world, settings }, positions);
  if (request.scope.lines !== 'queue' && (attempt.decision.needsQueue || positions.some(hasAddedUnits))) {
    // Somebody further back has a part in it. What was decided on is used up, and so is loaded again.
    const scope: LoadScope = { ...request.scope, lines: 'queue' };
    positions = await loadPositions(client, brandId, settings, world, request.items, scope);
    attempt = decideLoaded(request, { world, settings }, positions);
  }
  const { loaded, facts, decision, expired, sellable } = attempt;
  const outcomes = decision.outcomes.slice(expired);

  const movements = movementCount(decision);
  const cause: Cause = {
    event: request.event,
    eventOf: (order) => request.eventOf?.(order) ?? request.event,
    happenedAt: (request.happenedAt ?? now).toISOString(),
    recordedAt: now.toISOString(),
    settings: settings.version,
    firstMovement: movements === 0 ? 0 : await kept.ids.take(brandId, 'movement', movements),
  };
  const saved = Promise.all([
    saveDecision(client, brandId, decision, cause),
    touchBook(
      client,
      brandId,
      touchedBackorders(decision, facts, cause.eventOf, cause.event),
      cause.recordedAt,
    ),
  ]);
  if (request.later !== undefined && decision.tied.size === 0) request.later(saved);
  else await saved;
  if (sellable !== null) await tellWhatStopped(kept, client, brandId, decision, sellable, causeOf(facts));
  const decided = { ...loaded, decision: { ...decision, outcomes }, promises: decision.promises };
  await request.saveLines?.(decided);
  const episodes = keepEpisodes(client, brandId, decision, settings, cause.recordedAt);
  if (episodes !== null && request.later !== undefined && decision.tied.size === 0) request.later(episodes);
  else await episodes;
  const tied =
    decision.tied.size === 0
      ? []
      : await decideTied(client, brandId, settings, world, [...decision.tied], causeOf(facts), cause);
  return tied.length === 0 ? decided : { ...decided, promises: [...decision.promises, ...tied] };
}

interface Attempt {
  readonly loaded: Loaded;
  readonly facts: readonly Fact[];
  readonly decision: Decision;
  /** How many facts were put before the caller's. */
  readonly expired: number;
  /** What could be sold beyond stock before; null where no fact takes supply away. */
  readonly sellable: ReadonlyMap<number, number> | null;
}

function decideLoaded(
  request: DecideRequest,
  { world, settings }: Pick<Loaded, 'world' | 'settings'>,
  positions: readonly LoadedItem[],
): Attempt {
  const expired = expiredHolds(positions, world.now);
  const loaded: Loaded = { world, settings, positions: new Map(positions.map((one) => [one.item, one])) };
  const facts = request.facts(loaded);
  const sellable = sellableBefore(world, positions, facts);
  return {
    loaded,
    facts,
    sellable,
    decision: decide(world, positions, [...expired, ...facts]),
    expired: expired.length,
  };
}

/** A line to which units were added stands in the queue twice, and the index knows only its first place. */
function hasAddedUnits(position: LoadedItem): boolean {
  return position.lines.some((line) => line.added !== null);
}

/** Holds whose time is over give their units back before anything else is decided on their item. */
export function expiredHolds(positions: readonly LoadedItem[], now: number): (Fact & { kind: 'release' })[] {
  return positions.flatMap((position) =>
    position.holds
      .filter((hold) => hold.expiresAt <= now)
      .map((hold) => ({
        kind: 'release' as const,
        item: position.item,
        id: hold.id,
        cause: { code: 'hold_expired' },
      })),
  );
}

/**
 * Orders whose date is the latest of several items'. Their rows are locked after the items, so that two of their items
 * moving at once are taken one after the other, and the second sees what the first did.
 */
async function decideTied(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  orders: readonly number[],
  reason: Reason | null,
  cause: Cause,
): Promise<PromiseChanged[]> {
  const { shipComplete, items } = await lockOrders(client, brandId, orders);
  const positions = await loadPositions(client, brandId, settings, world, items, { lines: { orders } });
  const improveByDays = settings.policies.get('backorder')?.improveByDays ?? null;
  const tied: TiedOrder[] = orders.map((order) => ({
    order,
    shipComplete: shipComplete.has(order),
    improveByDays,
  }));
  const promises = reviewTied(world, positions, tied, reason);
  await saveTiedLines(client, brandId, promises, cause);
  await touchBook(
    client,
    brandId,
    {
      lines: promises.map((one) => ({
        order: one.order,
        line: one.line,
        event: cause.event,
        fresh: false,
        moved: true,
      })),
      always: false,
    },
    cause.recordedAt,
  );
  return promises;
}

function causeOf(facts: readonly Fact[]): Reason | null {
  for (const fact of facts) if ('cause' in fact) return fact.cause;
  return null;
}
