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
import type { Kept } from '../platform/kept.ts';
import { type Cause, movementCount, saveDecision, saveTiedLines } from './decision-store.ts';
import { type LoadedItem, type LoadScope, loadPositions, lockItems } from './position-store.ts';
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
  const [, settings] = await Promise.all([
    lockSettings(client, brandId, 'shared'),
    loadSettings(client, kept.db, brandId),
  ]);
  const world = worldAt(settings, now);
  const lock = lockItems(client, brandId, request.items);
  let [, positions] = await Promise.all([
    lock,
    loadPositions(client, brandId, settings, world, request.items, request.scope),
  ]);
  const expired = expiredHolds(positions, world.now);
  if (
    request.scope.lines === 'none' &&
    expired.some(({ item }) => positions.some((one) => one.item === item && one.backordered > 0))
  )
    positions = await loadPositions(client, brandId, settings, world, request.items, {
      ...request.scope,
      lines: 'queue',
    });

  const loaded: Loaded = { world, settings, positions: new Map(positions.map((one) => [one.item, one])) };
  const facts = request.facts(loaded);
  const decision = decide(world, positions, [...expired, ...facts]);
  const outcomes = decision.outcomes.slice(expired.length);

  const movements = movementCount(decision);
  const cause: Cause = {
    event: request.event,
    eventOf: (order) => request.eventOf?.(order) ?? request.event,
    happenedAt: (request.happenedAt ?? now).toISOString(),
    recordedAt: now.toISOString(),
    firstMovement: movements === 0 ? 0 : await kept.ids.take(brandId, 'movement', movements),
  };
  await saveDecision(client, brandId, decision, cause);
  const tied =
    decision.tied.size === 0
      ? []
      : await decideTied(client, brandId, settings, world, [...decision.tied], causeOf(facts), cause);
  return {
    ...loaded,
    decision: { ...decision, outcomes },
    promises: tied.length === 0 ? decision.promises : [...decision.promises, ...tied],
  };
}

/** Holds whose time is over give their units back before anything else is decided on their item. */
function expiredHolds(positions: readonly LoadedItem[], now: number): (Fact & { kind: 'release' })[] {
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
  return promises;
}

function causeOf(facts: readonly Fact[]): Reason | null {
  for (const fact of facts) if ('cause' in fact) return fact.cause;
  return null;
}
