import { availableToPromise, dayText } from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { lookupItems } from './item-store.ts';
import { type LoadedItem, loadPositions } from './position-store.ts';
import { loadSettings, worldAt } from './world-store.ts';

export interface AvailabilityAnswer {
  sku: string;
  channel: string;
  quantity: number;
  state: 'in_stock' | 'backorder' | 'preorder' | 'made_to_order' | 'drop' | 'out_of_stock' | 'discontinued';
  now: number;
  later: { quantity: number; shipBy: string }[];
  charge: string;
  copy: string;
  asOf: string;
}

/**
 * What a shopper of a channel can have now and later, net of everybody. Takes no lock: it never waits for a writer.
 * @throws KeptError `not_found` for an unknown SKU, `unknown_channel`
 */
export async function availabilityOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: { sku: string; channel: string; quantity: number; shipTo?: string | undefined },
): Promise<AvailabilityAnswer> {
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const channel = settings.channelOf.get(query.channel);
  if (channel === undefined)
    throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(query.channel)}.`, {
      errors: [{ path: 'channel', message: 'expected the code of a channel', in: 'querystring' }],
    });
  const item = (await lookupItems(client, brandId, [query.sku])).get(query.sku);
  if (item === undefined)
    throw new KeptError('not_found', `No item has the SKU ${JSON.stringify(query.sku)}.`);
  const world = worldAt(settings, now);
  const ids = [...new Set([item.item, ...item.legs.map((leg) => leg.item)])];
  const positions = new Map(
    (await loadPositions(client, brandId, settings, world, ids, { lines: 'none' })).map((one) => [
      one.item,
      one,
    ]),
  );
  const own = positions.get(item.item)!;
  const legs = [...new Set(item.legs.map((leg) => leg.item))].map((id) =>
    withoutExpiredHolds(positions.get(id)!, world.now),
  );
  const available = availableToPromise(world, legs, {
    channel,
    quantity: query.quantity,
    legs: item.legs,
    country: query.shipTo ?? settings.country ?? '',
  });
  // What is here before its launch is not here yet for those who buy.
  const launched = own.lifecycle !== 'upcoming';
  const ready = launched ? available.now : 0;
  const later = [
    ...(launched || available.now === 0
      ? []
      : [{ quantity: available.now, shipBy: dayText(own.launchDay ?? world.today) }]),
    ...available.later.map(({ quantity, shipBy }) => ({ quantity, shipBy: dayText(shipBy) })),
  ];
  const state = stateOf(own, query.quantity, ready, total(later));
  const { sku, quantity } = query;
  return {
    sku,
    channel: query.channel,
    quantity,
    state,
    now: ready,
    later,
    ...told(state),
    asOf: now.toISOString(),
  };
}

/** Holds whose time is over no longer keep anything, whether or not somebody has cleared them away. */
function withoutExpiredHolds(position: LoadedItem, now: number): LoadedItem {
  for (const hold of position.holds) {
    if (hold.expiresAt > now) continue;
    for (const one of hold.commitments) {
      if (one.kind === 'reserved')
        position.stock.find((stock) => stock.place === one.source)!.held -= one.quantity;
      const supply = position.supplies.find((candidate) => candidate.id === one.source);
      if (one.kind === 'pegged' && supply !== undefined) supply.held -= one.quantity;
    }
  }
  return position;
}

function total(increments: readonly { quantity: number }[]): number {
  return increments.reduce((units, one) => units + one.quantity, 0);
}

/** The state of the quantity asked: in stock only where all of it is here now. */
function stateOf(item: LoadedItem, asked: number, now: number, later: number): AvailabilityAnswer['state'] {
  if (now >= asked) return 'in_stock';
  if (item.lifecycle === 'discontinued') return 'discontinued';
  if (later === 0) return 'out_of_stock';
  if (item.lifecycle === 'upcoming') return 'preorder';
  if (item.policy.kind === 'made_to_order') return 'made_to_order';
  if (item.policy.kind === 'drop') return 'drop';
  return 'backorder';
}

/** Accidental backorders, deliberate waits and preorders never share copy. */
function told(state: AvailabilityAnswer['state']): { charge: string; copy: string } {
  switch (state) {
    case 'in_stock':
      return { charge: 'You pay when you order.', copy: 'In stock, ships today.' };
    case 'backorder':
      return {
        charge: 'You pay when you order.',
        copy: 'Sold out for the moment, and on its way to us. We send it by the date shown.',
      };
    case 'preorder':
      return {
        charge: 'You pay when you order.',
        copy: 'New, and not out yet. Order now and it is sent at its launch.',
      };
    case 'made_to_order':
      return { charge: 'You pay when you order.', copy: 'Made for you once you order.' };
    case 'drop':
      return { charge: 'You pay when you order.', copy: 'A limited release.' };
    case 'discontinued':
      return { charge: 'Nothing is charged.', copy: 'We no longer make this.' };
    case 'out_of_stock':
      return { charge: 'Nothing is charged.', copy: 'Sold out. We have no date to give you.' };
  }
}
