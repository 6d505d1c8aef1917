import type { OrderLineInput } from '@kept/contract';
import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { minorUnits } from './money.ts';
import {
  type ItemQuantity,
  type VendorOrder,
  type VendorOrderItem,
  VendorOrdersAnswer,
} from './schemas/vendor.ts';
import { marketplaceOf, type Settings, skuOf } from './settings.ts';
import { windowDays } from './vendor-window.ts';

const Since = z.object({ since: z.string() });
/** No question may span more than seven days. */
const WINDOW_MS = 7 * 86_400_000;
const OVERLAP_MS = 30 * 60_000;
/** Purchase orders older than this are closed. */
const OLDEST_MS = 90 * 86_400_000;

/** Amazon's purchase orders to a vendor: orders of a wholesale customer, with a window and rules for each line. */
export async function* vendorOrderChanges(
  amazon: Amazon,
  cursor: string | null,
  { from: first, until, signal }: Reading = {},
): AsyncGenerator<Page> {
  if (amazon.settings.vendor === undefined) return;
  const end = Math.min(amazon.now().getTime(), until?.getTime() ?? Number.POSITIVE_INFINITY);
  const since = readCursor(Since, cursor)?.since;
  const oldest = Math.min(OLDEST_MS, amazon.settings.historyDays * 86_400_000);
  const begin = since === undefined ? (first?.getTime() ?? end - oldest) : Date.parse(since) - OVERLAP_MS;
  for (let from = begin; from < end; ) {
    const to = Math.min(from + WINDOW_MS, end);
    const facts = await ordersBetween(
      amazon,
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

async function ordersBetween(
  amazon: Amazon,
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
      const { payload } = await amazon.api.call('getPurchaseOrders', {
        method: 'GET',
        path: '/vendor/orders/v1/purchaseOrders',
        query: {
          ...asked,
          limit: 100,
          includeDetails: 'true',
          sortOrder: 'ASC',
          orderingVendorCode: amazon.settings.vendor?.code,
          nextToken,
        },
        answer: VendorOrdersAnswer,
        signal,
      });
      for (const order of payload.orders) orders.set(order.purchaseOrderNumber, order);
      nextToken = payload.pagination?.nextToken;
    } while (nextToken !== undefined);
  }
  return [...orders.values()].flatMap((order) => vendorOrderFacts(order, amazon.settings));
}

/** Purchase orders in stock units: a case is as many of them as it holds. */
export function vendorOrderFacts(order: VendorOrder, settings: Settings): Fact[] {
  const details = order.orderDetails;
  const channel = settings.vendor!.channel;
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
    const quantity = piecesOf(item.orderedQuantity);
    if (quantity === 0) return [];
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

export const skuOfVendorItem = (item: VendorOrderItem, settings: Settings): string => {
  const named = item.vendorProductIdentifier || item.amazonProductIdentifier;
  return named ? skuOf(settings, named) : `amazon-item-${item.itemSequenceNumber}`;
};

/** Stock units in one unit of Amazon's quantity. */
export const unitSizeOf = ({ unitOfMeasure, unitSize }: ItemQuantity): number =>
  unitOfMeasure === 'Cases' ? (unitSize ?? 1) : 1;

export const piecesOf = (quantity: ItemQuantity): number => quantity.amount * unitSizeOf(quantity);

/** The cost is of one piece, whether cases or pieces were ordered. */
function costOf(item: VendorOrderItem, currency: string): number {
  const { amount, currencyCode } = item.netCost ?? {};
  if (amount === undefined || (currencyCode ?? currency) !== currency) return 0;
  return Math.max(0, minorUnits({ amount, currencyCode: currency }) ?? 0);
}
