import type { Fact } from '../../connections/index.ts';
import { minorUnits, moneyOf } from './money.ts';
import {
  type InventoryNode,
  type LocationNode,
  numberOf,
  type TransferNode,
  type VariantNode,
} from './nodes.ts';
import type { ShopifySettings } from './settings.ts';

/** Kept's code of one of the shop's locations. */
export const locationCode = (settings: ShopifySettings, id: string): string =>
  settings.locations[numberOf(id)] ?? `shopify-${numberOf(id)}`;

export function channelFact(settings: ShopifySettings, shopName: string): Fact {
  const { channel } = settings;
  return {
    kind: 'channel',
    externalId: 'channel',
    channel: { code: channel, title: shopName, kind: 'shopify' },
  };
}

/** Locations that the brand has given a code of its own are its own to describe. */
export function locationFacts(settings: ShopifySettings, locations: readonly LocationNode[]): Fact[] {
  return locations.flatMap((one): Fact[] => {
    if (settings.locations[numberOf(one.id)] !== undefined) return [];
    const code = locationCode(settings, one.id);
    const closed = !one.isActive || !one.fulfillsOnlineOrders;
    return [{ kind: 'location', externalId: one.id, location: { code, title: one.name, closed } }];
  });
}

/**
 * A variant is an item and a listing of it (RULES 3). Its inventory policy is no fact: Kept sets it itself, and read back it
 * would tell Kept what Kept had said.
 */
export function variantFacts(
  settings: ShopifySettings,
  currency: string,
  variants: readonly VariantNode[],
): Fact[] {
  const items: Fact[] = [];
  const listings: Fact[] = [];
  for (const { id, sku: told, displayName, price, updatedAt, inventoryItem, product } of variants) {
    const sku = told?.trim() ?? '';
    const title = displayName.replace(/ - Default Title$/, '').slice(0, 500) || id;
    const { unitCost } = inventoryItem;
    const state = { sourceUpdatedAt: updatedAt };
    if (sku !== '')
      items.push({
        ...state,
        kind: 'item',
        externalId: id,
        item: {
          sku,
          title,
          price: { amount: minorUnits(price, currency), currency },
          ...(unitCost !== null && { cost: moneyOf(unitCost) }),
          ...(product.status === 'ARCHIVED' && { lifecycle: 'discontinued' as const }),
        },
      });
    listings.push({
      ...state,
      kind: 'listing',
      externalId: id,
      channel: settings.channel,
      listing: {
        externalId: id,
        title,
        ...(sku === '' ? { sku: null, problem: 'blank_sku' as const } : { sku }),
      },
    });
  }
  return [...items, ...listings];
}

const quantity = (level: InventoryNode['inventoryLevels']['nodes'][number], name: string): number =>
  level.quantities.find((one) => one.name === name)?.quantity ?? 0;

/**
 * What lies at each location, by condition. On hand is available + committed + reserved + damaged + quality control + safety
 * stock; what of it may go to orders is available + committed, since orders that are open there are Kept's to back
 * (RULES 6). Safety stock and what is reserved for drafts is held back. Incoming is not on hand: transfers tell it, with dates.
 * @param readAt before the counts were asked for: of two counts the one read later stays
 */
export function stockFacts(
  settings: ShopifySettings,
  items: readonly InventoryNode[],
  readAt: Date,
  warn: (words: string, data: Record<string, unknown>) => void,
): Fact[] {
  if (!settings.stock) return [];
  return items.flatMap((item): Fact[] => {
    const sku = item.sku?.trim() ?? '';
    if (sku === '' || !item.tracked) return [];
    return item.inventoryLevels.nodes.flatMap((level): Fact[] => {
      const heldBack =
        quantity(level, 'quality_control') + quantity(level, 'safety_stock') + quantity(level, 'reserved');
      const damaged = quantity(level, 'damaged');
      const sellable = quantity(level, 'on_hand') - heldBack - damaged;
      if (sellable < 0)
        warn(`Shopify counts ${sellable} of ${sku}: taken as none until it is counted again.`, { sku });
      const at = { sku, location: locationCode(settings, level.location.id) };
      const count = (condition: 'sellable' | 'quality_hold' | 'damaged', counted: number): Fact => ({
        kind: 'stock',
        externalId: `${level.id}/${condition}`,
        sourceUpdatedAt: readAt.toISOString(),
        ...at,
        condition,
        counted: Math.max(0, level.isActive ? counted : 0),
      });
      return [count('sellable', sellable), count('quality_hold', heldBack), count('damaged', damaged)];
    });
  });
}

/** Items whose units came with a transfer: their counts go before the supply that shrinks by them. */
export const receivedItems = (transfers: readonly TransferNode[]): string[] => [
  ...new Set(
    transfers.flatMap((transfer) =>
      transfer.shipments.nodes.flatMap((shipment) =>
        shipment.lineItems.nodes.flatMap((line) =>
          line.inventoryItem !== null && line.unreceivedQuantity < line.quantity
            ? [line.inventoryItem.id]
            : [],
        ),
      ),
    ),
  ),
];

const STAGE: Readonly<Record<string, 'draft' | 'in_transit'>> = { DRAFT: 'draft', OTHER: 'draft' };

/**
 * What a transfer still brings: of each shipment what is not received, on the day on which its tracking says that it arrives;
 * and of a transfer from outside what is not shipped, which has no date and so backs nothing. What is still at one of the
 * shop's own locations is stock there.
 */
export function transferFacts(
  settings: ShopifySettings,
  timeZone: string,
  transfers: readonly TransferNode[],
  readAt: Date,
): Fact[] {
  return transfers.flatMap((transfer) => {
    const destination = transfer.destination?.location;
    if (destination == null) return [];
    const from = transfer.origin?.location ?? null;
    const location = locationCode(settings, destination.id);
    const cancelled = transfer.status === 'CANCELED';
    const supply = (
      ref: string,
      sku: string | null | undefined,
      units: number,
      expectedOn: string | null,
      stage: 'draft' | 'placed' | 'confirmed' | 'in_transit' | 'cancelled',
    ): Fact[] => {
      const name = sku?.trim() ?? '';
      if (name === '') return [];
      return [
        {
          kind: 'supply',
          externalId: ref,
          sourceUpdatedAt: readAt.toISOString(),
          ref,
          supply: {
            kind: 'transfer',
            sku: name,
            location,
            quantity: Math.max(0, units),
            expectedOn,
            stage,
            ...(from !== null && { from: locationCode(settings, from.id) }),
          },
        },
      ];
    };
    const waiting = transfer.lineItems.nodes.flatMap((line) => {
      if (from !== null) return [];
      const stage = cancelled ? 'cancelled' : transfer.status === 'DRAFT' ? 'draft' : 'placed';
      return supply(
        `shopify-transfer-${numberOf(transfer.id)}-${numberOf(line.id)}`,
        line.inventoryItem?.sku,
        line.totalQuantity - line.shippedQuantity,
        null,
        stage,
      );
    });
    const shipped = transfer.shipments.nodes.flatMap((shipment) =>
      shipment.lineItems.nodes.flatMap((line) => {
        const arrivesAt = shipment.tracking?.arrivesAt;
        return supply(
          `shopify-shipment-${numberOf(shipment.id)}-${numberOf(line.id)}`,
          line.inventoryItem?.sku,
          line.unreceivedQuantity,
          arrivesAt == null ? null : dayIn(timeZone, arrivesAt),
          cancelled ? 'cancelled' : (STAGE[shipment.status] ?? 'in_transit'),
        );
      }),
    );
    return [...waiting, ...shipped];
  });
}

/** The day of an instant where the shop is. */
export function dayIn(timeZone: string, instant: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}
