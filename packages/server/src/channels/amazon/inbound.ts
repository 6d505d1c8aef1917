import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import { dayIn } from './calendar-day.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { summariesOf } from './fba-inventory.ts';
import {
  InboundPlan,
  InboundPlansAnswer,
  type InboundShipment,
  InboundShipment as ShipmentAnswer,
  ShipmentItemsAnswer,
} from './schemas/inbound.ts';
import { marketplaceOf, type Settings, sellerSkusOf, skuOf } from './settings.ts';

const Since = z.object({
  since: z.string(),
  /** Plans with shipments that are still under way: their progress does not always touch the plan. */
  open: z.array(z.string()),
});
const OVERLAP_MS = 60 * 60_000;
const BASE = '/inbound/fba/2024-03-20/inboundPlans';

type Stage = NonNullable<Extract<Fact, { kind: 'supply' }>['supply']['stage']>;

/** What a shipment's status is to whoever waits for its units. */
const STAGES: Readonly<Record<string, Stage>> = {
  UNCONFIRMED: 'draft',
  WORKING: 'placed',
  READY_TO_SHIP: 'confirmed',
  SHIPPED: 'in_transit',
  IN_TRANSIT: 'in_transit',
  MIXED: 'in_transit',
  DELIVERED: 'arrived',
  CHECKED_IN: 'arrived',
  RECEIVING: 'arrived',
  CLOSED: 'arrived',
  ABANDONED: 'cancelled',
  CANCELLED: 'cancelled',
  DELETED: 'cancelled',
};
const ENDED = new Set(['CLOSED', 'ABANDONED', 'CANCELLED', 'DELETED']);
/** Units of such a shipment go over into Amazon's stock one by one, and must not be counted in both. */
const RECEIVING = 'RECEIVING';
/** Older plans than this are history: their units are in stock, or never came. */
const OLDEST_MS = 180 * 86_400_000;

interface Shipped {
  readonly shipment: InboundShipment;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}

/** Shipments to Amazon's warehouses, as supply of its location: with their units, stage and the last day of their delivery window. */
export async function* inboundChanges(
  amazon: Amazon,
  cursor: string | null,
  { signal }: Reading = {},
): AsyncGenerator<Page> {
  if (amazon.settings.fba === undefined) return;
  const before = readCursor(Since, cursor);
  const begun = amazon.now().toISOString();
  const after = new Date(
    before === null ? amazon.now().getTime() - OLDEST_MS : Date.parse(before.since) - OVERLAP_MS,
  ).toISOString();
  const changed = await changedPlans(amazon, after, before === null, signal);
  const shipped: Shipped[] = [];
  const open: string[] = [];
  for (const id of new Set([...(before?.open ?? []), ...changed])) {
    const ofPlan = await shipmentsOf(amazon, id, signal);
    if (ofPlan.some(({ shipment }) => !ENDED.has(shipment.status ?? ''))) open.push(id);
    shipped.push(...ofPlan);
  }
  const facts = supplyFacts(await withoutReceived(amazon, shipped, signal), amazon.settings);
  yield { facts, cursor: writeCursor({ since: begun, open }) };
}

async function changedPlans(
  amazon: Amazon,
  after: string,
  first: boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  let paginationToken: string | undefined;
  do {
    const answer = await amazon.api.call('listInboundPlans', {
      method: 'GET',
      path: BASE,
      query: { pageSize: 30, sortBy: 'LAST_UPDATED_TIME', sortOrder: 'DESC', paginationToken },
      answer: InboundPlansAnswer,
      signal,
    });
    for (const plan of answer.inboundPlans) {
      // newest first: all that follow are older
      if (new Date(plan.lastUpdatedAt).toISOString() < after) return ids;
      // a voided plan is told once more where its shipments were told before
      if (plan.status !== 'VOIDED' || !first) ids.push(plan.inboundPlanId);
    }
    paginationToken = answer.pagination?.nextToken;
  } while (paginationToken !== undefined);
  return ids;
}

async function shipmentsOf(amazon: Amazon, planId: string, signal?: AbortSignal): Promise<Shipped[]> {
  const path = `${BASE}/${encodeURIComponent(planId)}`;
  const plan = await amazon.api.call('getInboundPlan', { method: 'GET', path, answer: InboundPlan, signal });
  const shipped: Shipped[] = [];
  for (const { shipmentId } of plan.shipments) {
    const at = `${path}/shipments/${encodeURIComponent(shipmentId)}`;
    const shipment = await amazon.api.call('getShipment', {
      method: 'GET',
      path: at,
      answer: ShipmentAnswer,
      signal,
    });
    const items: { sku: string; quantity: number }[] = [];
    let paginationToken: string | undefined;
    do {
      const answer = await amazon.api.call('listShipmentItems', {
        method: 'GET',
        path: `${at}/items`,
        query: { pageSize: 100, paginationToken },
        answer: ShipmentItemsAnswer,
        signal,
      });
      for (const item of answer.items)
        items.push({ sku: skuOf(amazon.settings, item.msku), quantity: item.quantity });
      paginationToken = answer.pagination?.nextToken;
    } while (paginationToken !== undefined);
    shipped.push({ shipment, items: bySku(items) });
  }
  return shipped;
}

/**
 * Of a shipment that is being received only the units that are not in Amazon's stock yet are still to come. Amazon says them
 * by SKU and not by shipment: they are given to the shipments in turn, so that their sum is right.
 */
async function withoutReceived(
  amazon: Amazon,
  shipped: readonly Shipped[],
  signal?: AbortSignal,
): Promise<readonly Shipped[]> {
  const { settings } = amazon;
  const receiving = shipped.filter(({ shipment }) => shipment.status === RECEIVING);
  if (receiving.length === 0) return shipped;
  const skus = new Set(receiving.flatMap(({ items }) => items.map(({ sku }) => sku)));
  const sellerSkus = [...skus].flatMap((sku) => sellerSkusOf(settings, sku));
  const left = new Map<string, number>();
  for (const { sellerSku, inventoryDetails } of await summariesOf(amazon, sellerSkus, signal)) {
    if (!sellerSku) continue;
    const sku = skuOf(settings, sellerSku);
    left.set(sku, (left.get(sku) ?? 0) + (inventoryDetails?.inboundReceivingQuantity ?? 0));
  }
  return shipped.map(({ shipment, items }) => ({
    shipment,
    items:
      shipment.status !== RECEIVING
        ? items
        : items.map(({ sku, quantity }) => {
            const still = Math.min(quantity, left.get(sku) ?? 0);
            left.set(sku, (left.get(sku) ?? 0) - still);
            return { sku, quantity: still };
          }),
  }));
}

function supplyFacts(shipped: readonly Shipped[], settings: Settings): Fact[] {
  const { timeZone } = marketplaceOf(settings);
  const { location, transitDays } = settings.fba!;
  return shipped.flatMap(({ shipment, items }) => {
    const status = shipment.status ?? 'UNCONFIRMED';
    const stage = STAGES[status] ?? 'placed';
    const leaves = shipment.dates?.readyToShipWindow?.end;
    const expectedOn =
      shipment.selectedDeliveryWindow !== undefined
        ? dayIn(timeZone, shipment.selectedDeliveryWindow.endDate)
        : leaves !== undefined && transitDays !== undefined
          ? dayIn(timeZone, new Date(Date.parse(leaves) + transitDays * 86_400_000))
          : null;
    return items.map(({ sku, quantity }): Fact => {
      const ref = `${shipment.shipmentConfirmationId ?? shipment.shipmentId}/${sku}`.slice(0, 120);
      return {
        kind: 'supply',
        externalId: `${shipment.shipmentId}/${sku}`,
        ref,
        supply: {
          kind: 'transfer',
          sku,
          location,
          // what a closed shipment has not brought never comes
          quantity: status === 'CLOSED' ? 0 : quantity,
          expectedOn,
          stage,
          reason: `Amazon says ${status.toLowerCase().replaceAll('_', ' ')}`,
        },
      };
    });
  });
}

function bySku(items: readonly { sku: string; quantity: number }[]): { sku: string; quantity: number }[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of items) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}
