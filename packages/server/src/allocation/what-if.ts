import type { WhatIfInput } from '@kept/contract';
import { type Effect, Supposition, type World } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { supposeCancellation } from '../demand/index.ts';
import type { Kept } from '../platform/kept.ts';
import {
  expiredHolds,
  type Loaded,
  type LoadedItem,
  loadPositions,
  loadSettings,
  type Settings,
  type Supposed,
  worldAt,
} from '../promising/index.ts';
import { SupposedOrders } from '../supply/index.ts';
import { supposeRanking } from './suppose-ranking.ts';
import { itemsOfOrders, readBuyers, readLabels } from './what-if-store.ts';
import { tallyEffects } from './what-if-tally.ts';
import { viewTally } from './what-if-view.ts';

type Input = z.output<typeof WhatIfInput>;
type Change = Input['changes'][number];

/**
 * What would come of some changes: who is hit, who is helped, what would have to be told. It is decided like everything else, on
 * positions that are loaded without a lock and thrown away; nothing is written.
 * @throws KeptError for a change that names something that is not there; `changes[n]` is in the path of its field
 */
export async function whatIf(kept: Kept, client: pg.PoolClient, brandId: number, input: Input) {
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, now);
  const supposed = await supposeAll(client, brandId, settings, input.changes, now);
  const items = [...new Set(supposed.flatMap((one) => one.items))];
  const supplies = supposed.flatMap((one) => one.supplies);
  const positions = await loadPositions(client, brandId, settings, world, items, {
    lines: 'queue',
    supplies,
  });
  const supposition = new Supposition(world, positions);
  const neighbours = await neighboursOf(client, brandId, settings, world, supposition, items);
  supposition.join(neighbours, settings.policies.get('backorder')?.improveByDays ?? null);
  // Read while it is decided.
  const buying = readBuyers(client, brandId, ordersOf([...positions, ...neighbours]), settings.currency);
  const effects = supposeFacts(supposition, supposed, { world, settings, positions: byItem(positions) });
  const tally = tallyEffects(effects, await buying, settings, input.limit);
  const labels = await readLabels(client, brandId, tally.named);
  const skus = new Map([...positions, ...neighbours].map((position) => [position.item, position.sku]));
  return { ...viewTally(tally, labels, skus, world), asOf: now.toISOString() };
}

function supposeFacts(supposition: Supposition, supposed: readonly Supposed[], loaded: Loaded): Effect[] {
  const positions = [...loaded.positions.values()];
  // Carts whose time is over keep nothing any more, whether or not somebody has cleared them away.
  const expired = expiredHolds(positions, loaded.world.now);
  if (expired.length > 0) supposition.suppose([...loaded.positions.keys()], expired);
  supposition.begin();
  for (const one of supposed) supposition.suppose(one.items, one.facts(loaded));
  return supposition.effects();
}

/** Every change as what it would be to the engine; those after it see what it says. */
async function supposeAll(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  changes: readonly Change[],
  now: Date,
): Promise<Supposed[]> {
  const orders = new SupposedOrders(client, brandId, settings);
  const supposed: Supposed[] = [];
  const items = () => [...new Set(supposed.flatMap((one) => one.items))];
  for (const change of changes) supposed.push(await suppose(change, items));
  return supposed;

  function suppose(change: Change, others: () => number[]): Promise<Supposed> {
    switch (change.kind) {
      case 'purchase_order_revision':
        return orders.revision(change);
      case 'receipt':
        return orders.receipt(change);
      case 'purchase_order':
        return orders.purchaseOrder(change.purchaseOrder, change);
      case 'cancellation':
        return supposeCancellation(client, brandId, change, now);
      case 'ranking':
        return supposeRanking(client, brandId, settings, change, others);
    }
  }
}

/** Orders that leave in one parcel, and kits, have a date that other items share. */
async function neighboursOf(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  supposition: Supposition,
  items: readonly number[],
): Promise<LoadedItem[]> {
  const orders = supposition.tiedOrders();
  const given = new Set(items);
  const others = (await itemsOfOrders(client, brandId, orders)).filter((item) => !given.has(item));
  if (others.length === 0) return [];
  return loadPositions(client, brandId, settings, world, others, { lines: { orders } });
}

function ordersOf(positions: readonly LoadedItem[]): number[] {
  const orders = new Set<number>();
  for (const position of positions) for (const line of position.lines) orders.add(line.order);
  return [...orders];
}

function byItem(positions: readonly LoadedItem[]): ReadonlyMap<number, LoadedItem> {
  return new Map(positions.map((position) => [position.item, position]));
}
