import { type Effect, Supposition, type World } from '@kept/engine';
import type pg from 'pg';
import { foreseeMessages, type SupposedLine } from '../comms/index.ts';
import type { Kept } from '../platform/kept.ts';
import {
  expiredHolds,
  type Loaded,
  type LoadedItem,
  loadPositions,
  type Settings,
  type Supposed,
  worldAt,
} from '../promising/index.ts';
import { itemsOfOrders, readBuyers, readLabels } from './what-if-store.ts';
import { tallyEffects } from './what-if-tally.ts';
import { viewTally } from './what-if-view.ts';

/** What would come of it, as the API tells it. Takes no lock and writes nothing. */
export async function foresee(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  supposed: readonly Supposed[],
  limit: number,
  messages = true,
) {
  const now = kept.clock.now();
  const world = worldAt(settings, now);
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
  const tally = tallyEffects(effects, await buying, settings, limit);
  const labels = await readLabels(client, brandId, tally.named);
  const skus = new Map([...positions, ...neighbours].map((position) => [position.item, position.sku]));
  const told = messages ? await foreseeMessages(kept, client, brandId, supposedLines(effects), limit) : null;
  return { ...viewTally(tally, labels, skus, world), messages: told, asOf: now.toISOString() };
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

function supposedLines(effects: readonly Effect[]): SupposedLine[] {
  return effects.map(({ line, before, after, told }) => ({
    order: line.order,
    line: line.line,
    open: after.open,
    promised: after.promised,
    told: told !== null && told !== 'shrunk',
    cancelled: Math.max(0, before.open - after.open),
  }));
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
