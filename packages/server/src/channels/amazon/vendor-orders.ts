import type { OrderLineInput } from '@kept/contract';
import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import type { Vendor } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { minorUnits } from './money.ts';
import { inOrder } from './order-facts.ts';
import {
  type ItemQuantity,
  type VendorOrder,
  VendorOrderAnswer,
  type VendorOrderItem,
  VendorOrdersAnswer,
  VendorOrdersStatusAnswer,
} from './schemas/vendor.ts';
import { marketplaceOf, skuOf, type VendorSettings } from './settings.ts';
import { AmazonRefusal } from './trouble.ts';
import { type Answered, unitSizeOf } from './vendor-quantity.ts';
import { windowDays } from './vendor-window.ts';

const Since = z.object({ since: z.string() });
const BASE = '/vendor/orders/v1';
/** No question may span more than seven days. */
const WINDOW_MS = 7 * 86_400_000;
const OVERLAP_MS = 30 * 60_000;
/** Purchase orders older than this are closed. */
const OLDEST_MS = 90 * 86_400_000;

/** Amazon's purchase orders to a vendor: orders of a wholesale customer, with a window and rules for each line. */
export async function* purchaseOrderChanges(
  vendor: Vendor,
  cursor: string | null,
  { from: first, until, signal }: Reading = {},
): AsyncGenerator<Page> {
  const end = Math.min(vendor.now().getTime(), until?.getTime() ?? Number.POSITIVE_INFINITY);
  const since = readCursor(Since, cursor)?.since;
  const oldest = Math.min(OLDEST_MS, vendor.settings.historyDays * 86_400_000);
  const begin = since === undefined ? (first?.getTime() ?? end - oldest) : Date.parse(since) - OVERLAP_MS;
  for (let from = begin; from < end; ) {
    const to = Math.min(from + WINDOW_MS, end);
    const facts = await ordersBetween(
      vendor,
      new Date(from).toISOString(),
      new Date(to).toISOString(),
      signal,
    );
    yield {
      facts,
      cursor: writeCursor({ since: new Date(to).toISOString() }),
      ...(since === undefined && { progress: (to - begin) / (end - begin) }),
    };
    from = to;
  }
}

/** Whatever was placed, changed by Amazon or answered between two instants, as it is now. */
async function ordersBetween(
  vendor: Vendor,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<Fact[]> {
  const orders = new Map<string, VendorOrder>();
  for (const asked of [
    { createdAfter: from, createdBefore: to },
    { changedAfter: from, changedBefore: to },
  ]) {
    let nextToken: string | undefined;
    do {
      const { payload } = await vendor.api.call('getPurchaseOrders', {
        method: 'GET',
        path: `${BASE}/purchaseOrders`,
        query: {
          ...asked,
          limit: 100,
          includeDetails: 'true',
          sortOrder: 'ASC',
          orderingVendorCode: vendor.settings.vendorCode,
          nextToken,
        },
        answer: VendorOrdersAnswer,
        signal,
      });
      for (const order of payload.orders) orders.set(order.purchaseOrderNumber, order);
      nextToken = payload.pagination?.nextToken;
    } while (nextToken !== undefined);
  }
  const answered = await answers(vendor, { updatedAfter: from, updatedBefore: to }, signal);
  for (const number of answered.keys())
    if (!orders.has(number)) {
      const order = await purchaseOrder(vendor, number, signal);
      if (order !== null) orders.set(number, order);
    }
  const facts = [...orders.values()].flatMap((order) =>
    vendorOrderFacts(order, vendor.settings, answered.get(order.purchaseOrderNumber)),
  );
  return inOrder(facts);
}

/** Purchase orders of the last days that were placed before an instant and are not answered. */
export async function unanswered(vendor: Vendor, before: Date, signal?: AbortSignal): Promise<string[]> {
  const { payload } = await vendor.api.call('getPurchaseOrders', {
    method: 'GET',
    path: `${BASE}/purchaseOrders`,
    query: {
      createdAfter: new Date(before.getTime() - WINDOW_MS).toISOString(),
      createdBefore: before.toISOString(),
      purchaseOrderState: 'New',
      includeDetails: 'false',
      orderingVendorCode: vendor.settings.vendorCode,
    },
    answer: VendorOrdersAnswer,
    signal,
  });
  return payload.orders.map((order) => order.purchaseOrderNumber);
}

/** A purchase order as it is now; none where Amazon does not know it. */
export async function purchaseOrderNow(
  vendor: Vendor,
  number: string,
  signal?: AbortSignal,
): Promise<Fact[]> {
  const order = await purchaseOrder(vendor, number, signal);
  if (order === null) return [];
  const answered = await answers(vendor, { purchaseOrderNumber: number }, signal);
  return vendorOrderFacts(order, vendor.settings, answered.get(number));
}

async function purchaseOrder(
  vendor: Vendor,
  number: string,
  signal?: AbortSignal,
): Promise<VendorOrder | null> {
  try {
    const { payload } = await vendor.api.call('getPurchaseOrder', {
      method: 'GET',
      path: `${BASE}/purchaseOrders/${encodeURIComponent(number)}`,
      answer: VendorOrderAnswer,
      signal,
    });
    return payload;
  } catch (error) {
    if (error instanceof AmazonRefusal && error.status === 404) return null;
    throw error;
  }
}

/** What Amazon was answered, by purchase order and line, in its own units. */
export async function answers(
  vendor: Vendor,
  about: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Map<string, Map<string, Answered>>> {
  const answered = new Map<string, Map<string, Answered>>();
  let nextToken: string | undefined;
  do {
    const { payload } = await vendor.api.call('getPurchaseOrdersStatus', {
      method: 'GET',
      path: `${BASE}/purchaseOrdersStatus`,
      query: { ...about, nextToken },
      answer: VendorOrdersStatusAnswer,
      signal,
    });
    for (const { purchaseOrderNumber, itemStatus } of payload.ordersStatus) {
      const lines = new Map<string, Answered>();
      for (const { itemSequenceNumber, acknowledgementStatus: status } of itemStatus)
        if (status !== undefined && status.confirmationStatus !== 'UNCONFIRMED')
          lines.set(itemSequenceNumber, {
            accepted: status.acceptedQuantity?.amount ?? 0,
            rejected: status.rejectedQuantity?.amount ?? 0,
          });
      answered.set(purchaseOrderNumber, lines);
    }
    nextToken = payload.pagination?.nextToken;
  } while (nextToken !== undefined);
  return answered;
}

/**
 * Purchase orders in stock units: a case is as many of them as it holds. What was rejected is wanted no more: Amazon will
 * not take it, so nothing is kept for it.
 */
export function vendorOrderFacts(
  order: VendorOrder,
  settings: VendorSettings,
  answered: ReadonlyMap<string, Answered> = new Map(),
): Fact[] {
  const details = order.orderDetails;
  const { channel } = settings;
  if (details === undefined) return [];
  const { country, currency, timeZone } = marketplaceOf(settings);
  const changed = [
    details.purchaseOrderChangedDate,
    details.purchaseOrderStateChangedDate,
    details.purchaseOrderDate,
  ]
    .flatMap((at) => (at === undefined ? [] : [new Date(at).toISOString()]))
    .sort();
  const about = { externalId: order.purchaseOrderNumber, sourceUpdatedAt: changed.at(-1) };
  const ship = windowDays(details.shipWindow, timeZone);
  const deliver = windowDays(details.deliveryWindow, timeZone);
  const lines = details.items.flatMap((item): z.input<typeof OrderLineInput>[] => {
    const rejected =
      (answered.get(item.itemSequenceNumber)?.rejected ?? 0) * unitSizeOf(item.orderedQuantity);
    const quantity = piecesOf(item.orderedQuantity) - rejected;
    if (quantity <= 0) return [];
    return [
      {
        line: item.itemSequenceNumber,
        sku: skuOfVendorItem(item, settings),
        quantity,
        price: { amount: costOf(item, currency), currency },
        ...(ship !== null && { notBefore: ship.from, statedShipBy: ship.until }),
        ...(deliver !== null && { statedDeliverBy: deliver.until }),
        // what may not be backordered is worth nothing to Amazon once its window is over
        ...(!item.isBackOrderAllowed && ship !== null && { cancelAfter: ship.until }),
      },
    ];
  });
  const address = details.shipToParty?.address;
  const code = address?.countryCode?.toUpperCase();
  const facts: Fact[] = [];
  if (lines.length > 0)
    facts.push({
      ...about,
      kind: 'order',
      order: {
        ref: order.purchaseOrderNumber,
        channel,
        mode: 'placed',
        placedAt: new Date(details.purchaseOrderDate).toISOString(),
        sourceUpdatedAt: about.sourceUpdatedAt,
        customer: { name: 'Amazon' },
        business: true,
        shipTo: {
          country: code !== undefined && /^[A-Z]{2}$/.test(code) ? code : country,
          ...(address?.stateOrRegion && { region: address.stateOrRegion.slice(0, 100) }),
          ...(address?.postalCode && { zip: address.postalCode.slice(0, 20) }),
        },
        lines,
      },
    });
  if (lines.length === 0 || order.purchaseOrderState === 'Closed')
    facts.push({
      ...about,
      kind: 'cancellation',
      order: `${channel}:${order.purchaseOrderNumber}`,
      cancellation: {
        id: `${order.purchaseOrderNumber}/closed`,
        by: 'channel',
        reason: 'Amazon closed the purchase order',
      },
    });
  return facts;
}

const skuOfVendorItem = (item: VendorOrderItem, settings: VendorSettings): string => {
  const named = item.vendorProductIdentifier || item.amazonProductIdentifier;
  return named ? skuOf(settings, named) : `amazon-item-${item.itemSequenceNumber}`;
};

const piecesOf = (quantity: ItemQuantity): number => quantity.amount * unitSizeOf(quantity);

/** The cost is of one piece, whether cases or pieces were ordered. */
function costOf(item: VendorOrderItem, currency: string): number {
  const { amount, currencyCode } = item.netCost ?? {};
  if (amount === undefined || (currencyCode ?? currency) !== currency) return 0;
  return Math.max(0, minorUnits({ amount, currencyCode: currency }) ?? 0);
}
