import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Outcome } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { isAmazonFulfilled, skuOfItem } from './order-facts.ts';
import { orderNow } from './orders.ts';
import type { AmazonOrder } from './schemas/orders.ts';
import { AmazonRefusal } from './trouble.ts';

export interface ShipmentToConfirm {
  /** The action's own id: the same twice is one package. */
  readonly id: string;
  /** Amazon's order id. */
  readonly ref: string;
  readonly lines: readonly { readonly line: string; readonly quantity: number }[];
  readonly carrier?: string | undefined;
  readonly tracking?: string | undefined;
  readonly shippedAt: string;
}

/** Carriers that Amazon knows by a code; for others it takes the name. */
const CARRIERS = [
  'UPS',
  'USPS',
  'FedEx',
  'DHL',
  'DHL eCommerce',
  'OnTrac',
  'LaserShip',
  'Royal Mail',
  'Hermes',
  'DPD',
  'GLS',
  'UPS Mail Innovations',
  'FedEx SmartPost',
  'Deutsche Post',
  'La Poste',
  'Correos',
  'PostNL',
  'Bpost',
  'Canada Post',
  'Purolator',
  'Australia Post',
  'Japan Post',
  'Yamato Transport',
  'Sagawa',
  'TNT',
  'Parcelforce',
  'Yodel',
  'SEUR',
  'Chronopost',
  'Colissimo',
  'Poste Italiane',
  'BRT',
  'InPost',
];
const byName = new Map(CARRIERS.map((name) => [plain(name), name]));

/** Confirms a package of an order that the seller ships itself. */
export async function confirmShipment(
  amazon: Amazon,
  shipment: ShipmentToConfirm,
  signal?: AbortSignal,
): Promise<Outcome> {
  const order = await orderNow(amazon, shipment.ref, signal);
  if (order === null) return refused(`Amazon has no order ${shipment.ref}`);
  const why =
    notOurs(order) ?? (shipment.tracking ? null : 'Amazon takes a shipment only with its tracking number');
  if (why !== null) return refused(why);
  const packageReferenceId = packageNumber(shipment.id);
  const known = order.packages?.some((one) => one.packageReferenceId === packageReferenceId) ?? false;
  const items = known ? itemsOfPackage(order, packageReferenceId) : itemsOf(amazon, order, shipment);
  if (typeof items === 'string') return refused(items);
  const carrierCode = byName.get(plain(shipment.carrier ?? '')) ?? 'Other';
  try {
    await amazon.api.call('confirmShipment', {
      method: 'POST',
      path: `/orders/v0/orders/${encodeURIComponent(shipment.ref)}/shipmentConfirmation`,
      body: {
        marketplaceId: amazon.settings.marketplace,
        packageDetail: {
          packageReferenceId,
          carrierCode,
          ...(carrierCode === 'Other' && { carrierName: shipment.carrier?.trim() || 'Other' }),
          trackingNumber: shipment.tracking,
          shipDate: shipment.shippedAt,
          orderItems: items,
        },
      },
      answer: z.unknown(),
      signal,
    });
  } catch (error) {
    if (error instanceof AmazonRefusal) return refused(error.message);
    throw error;
  }
  return { state: 'done' };
}

/** Why a seller may not touch an order; null: it may. */
export function notOurs(order: AmazonOrder): string | null {
  if (isAmazonFulfilled(order)) return `Amazon ships order ${order.orderId} itself, from its own warehouse`;
  if (order.fulfillment?.fulfillmentStatus === 'CANCELLED') return `order ${order.orderId} is cancelled`;
  return null;
}

/** A line is all of an order's items of one SKU: its units go to the items in the order in which Amazon lists them. */
function itemsOf(
  amazon: Amazon,
  order: AmazonOrder,
  { lines }: ShipmentToConfirm,
): { orderItemId: string; quantity: number }[] | string {
  const items: { orderItemId: string; quantity: number }[] = [];
  for (const { line, quantity } of lines) {
    let left = quantity;
    for (const item of order.orderItems) {
      if (left === 0 || skuOfItem(item, amazon.settings) !== line) continue;
      const fulfilled = item.fulfillment?.quantityFulfilled ?? 0;
      const open = item.fulfillment?.quantityUnfulfilled ?? item.quantityOrdered - fulfilled;
      const units = Math.min(left, open);
      if (units > 0) items.push({ orderItemId: item.orderItemId, quantity: units });
      left -= units;
    }
    if (left > 0)
      return `${left} of ${quantity} units of ${line} are not open in Amazon's order ${order.orderId}`;
  }
  return items.length === 0 ? 'the shipment has no units' : items;
}

function itemsOfPackage(order: AmazonOrder, reference: string): { orderItemId: string; quantity: number }[] {
  const found = order.packages?.find((one) => one.packageReferenceId === reference);
  return (found?.packageItems ?? []).flatMap(({ orderItemId, quantity }) =>
    orderItemId === undefined || !quantity ? [] : [{ orderItemId, quantity }],
  );
}

/** Amazon names a package by a positive number within its order: the same action has the same one, so that it counts once. */
export function packageNumber(id: string): string {
  const digest = createHash('sha256').update(id).digest();
  return String((digest.readUInt32BE(0) % 2_000_000_000) + 1);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const refused = (why: string): Outcome => ({ state: 'refused', why: `${why}.` });
