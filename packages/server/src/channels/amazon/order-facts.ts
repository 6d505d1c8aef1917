import type { OrderInput, OrderLineInput } from '@kept/contract';
import type { z } from 'zod';
import type { Fact } from '../../connections/index.ts';
import { perUnit } from '../../imports/index.ts';
import { dayIn } from './calendar-day.ts';
import { minorUnits } from './money.ts';
import type { AmazonOrder, AmazonOrderItem } from './schemas/orders.ts';
import { marketplaceOf, type Settings, skuOf } from './settings.ts';

type Order = z.input<typeof OrderInput>;
type OrderLine = z.input<typeof OrderLineInput>;

/** A pending order keeps its units this long after Amazon last changed it (RULES 5). */
const PAYMENT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Units of a line over all of an order's items of one SKU. */
interface Sums {
  readonly sku: string;
  ordered: number;
  shipped: number;
  cancelled: number;
  total: number;
  tax: number;
  discount: number;
}

/**
 * What an order of Amazon is in Kept: the order as it was sold, what of it has shipped, and what was cancelled.
 *
 * Lines are named by their SKU, and items of one SKU are one line: Amazon's reports, which histories come from, name no
 * order items, and the same order must be the same lines whichever way it came (ADR 0071).
 */
export function orderFacts(order: AmazonOrder, settings: Settings): Fact[] {
  const { currency, country, timeZone } = marketplaceOf(settings);
  const status = order.fulfillment?.fulfillmentStatus ?? 'UNSHIPPED';
  const sums = sumsOf(order, settings, currency);
  const shipBy = order.fulfillment?.shipByWindow?.latestDateTime;
  const deliverBy = order.fulfillment?.deliverByWindow?.latestDateTime;
  const whole = status === 'CANCELLED' || status === 'UNFULFILLABLE';
  const lines = sums.flatMap((sum): OrderLine[] => {
    // of an order that has ended as a whole the lines stay, and its cancellation tells who ended it
    const quantity = whole ? sum.ordered : sum.ordered - sum.cancelled;
    if (quantity <= 0) return [];
    const { price, discount } = perUnit(sum.total, sum.ordered);
    const off = Math.min(discount + sum.discount, price * quantity);
    return [
      {
        line: sum.sku,
        sku: sum.sku,
        quantity,
        price: { amount: price, currency },
        ...(off > 0 && { discount: { amount: off, currency } }),
        ...(sum.tax > 0 && { tax: { amount: sum.tax, currency } }),
        ...(shipBy !== undefined && { statedShipBy: dayIn(timeZone, shipBy) }),
        ...(deliverBy !== undefined && { statedDeliverBy: dayIn(timeZone, deliverBy) }),
      },
    ];
  });
  const channel = channelOf(order, settings);
  const about = {
    externalId: order.orderId,
    sourceUpdatedAt: new Date(order.lastUpdatedTime).toISOString(),
  };
  const facts: Fact[] = [];
  if (lines.length > 0) {
    const shipped = sums
      .filter((sum) => sum.shipped > 0)
      .map((sum) => ({ line: sum.sku, quantity: sum.shipped }));
    facts.push({
      ...about,
      kind: 'order',
      order: {
        ref: order.orderId,
        channel,
        mode: 'placed',
        placedAt: new Date(order.createdTime).toISOString(),
        sourceUpdatedAt: about.sourceUpdatedAt,
        // Amazon speaks to its buyers itself: who they are is not asked for
        customer: { name: '' },
        business: order.programs?.includes('AMAZON_BUSINESS') ?? false,
        shipTo: shipToOf(order, country),
        lines,
        ...moneyOf(order, currency),
        ...replacedBy(order, channel),
        ...(status.startsWith('PENDING') && {
          paymentDueAt: new Date(Date.parse(order.lastUpdatedTime) + PAYMENT_DAYS * DAY_MS).toISOString(),
        }),
      },
      ...(shipped.length > 0 && { shipped }),
    });
  }
  if (whole) facts.push(cancellationOf(order, channel, about));
  return facts;
}

/** Orders first, then what ended some of them: facts of one kind that stand together are applied at once. */
export function inOrder(facts: readonly Fact[]): Fact[] {
  const isOrder = (fact: Fact) => fact.kind === 'order';
  return [...facts.filter(isOrder), ...facts.filter((fact) => !isOrder(fact))];
}

/** Orders that Amazon ships from its own warehouses are a channel of their own, drawn on its location alone. */
export function channelOf(order: AmazonOrder, settings: Settings): string {
  return isAmazonFulfilled(order) && settings.fba !== undefined ? settings.fba.channel : settings.channel;
}

export const isAmazonFulfilled = (order: AmazonOrder): boolean => order.fulfillment?.fulfilledBy === 'AMAZON';

/** Kept's name of an item's SKU; a listing without one goes by its ASIN, so that what was sold is not lost. */
export const skuOfItem = (item: AmazonOrderItem, settings: Settings): string =>
  item.product.sellerSku
    ? skuOf(settings, item.product.sellerSku)
    : (item.product.asin ?? `amazon-item-${item.orderItemId}`);

function sumsOf(order: AmazonOrder, settings: Settings, currency: string): Sums[] {
  const bySku = new Map<string, Sums>();
  const cancelledWhole = order.fulfillment?.fulfillmentStatus === 'CANCELLED';
  for (const item of order.orderItems) {
    const sku = skuOfItem(item, settings);
    let sum = bySku.get(sku);
    if (sum === undefined) {
      sum = { sku, ordered: 0, shipped: 0, cancelled: 0, total: 0, tax: 0, discount: 0 };
      bySku.set(sku, sum);
    }
    const ordered = item.quantityOrdered;
    const shipped = Math.min(item.fulfillment?.quantityFulfilled ?? 0, ordered);
    const open = item.fulfillment?.quantityUnfulfilled;
    const ended = cancelledWhole || item.cancellation?.cancellationExecution !== undefined;
    sum.ordered += ordered;
    sum.shipped += shipped;
    sum.cancelled +=
      open === undefined ? (ended ? ordered - shipped : 0) : Math.max(0, ordered - shipped - open);
    sum.total += amountOf(item, 'ITEM', currency) ?? priceOf(item, currency) * ordered;
    sum.tax += amountOf(item, 'TAX', currency) ?? 0;
    sum.discount += Math.abs(amountOf(item, 'DISCOUNT', currency) ?? 0);
  }
  return [...bySku.values()];
}

function priceOf(item: AmazonOrderItem, currency: string): number {
  const price = item.product.price?.unitPrice;
  return price === undefined || price.currencyCode !== currency ? 0 : Math.max(0, minorUnits(price) ?? 0);
}

function amountOf(item: AmazonOrderItem, type: string, currency: string): number | null {
  const found = item.proceeds?.breakdowns?.filter(
    (one) => one.type === type && one.subtotal.currencyCode === currency,
  );
  if (found === undefined || found.length === 0) return null;
  return found.reduce((sum, one) => sum + (minorUnits(one.subtotal) ?? 0), 0);
}

function moneyOf(order: AmazonOrder, currency: string): Pick<Order, 'shipping'> {
  const shipping = order.orderItems.reduce(
    (sum, item) => sum + (amountOf(item, 'SHIPPING', currency) ?? 0),
    0,
  );
  return shipping > 0 ? { shipping: { amount: shipping, currency } } : {};
}

/** An exchange or replacement follows the order that it replaces. */
function replacedBy(order: AmazonOrder, channel: string): Pick<Order, 'replaces'> {
  const original = order.associatedOrders?.find((one) => one.associationType === 'REPLACEMENT_ORIGINAL_ID');
  return original?.orderId === undefined ? {} : { replaces: `${channel}:${original.orderId}` };
}

function shipToOf(order: AmazonOrder, country: string): Order['shipTo'] {
  const address = order.recipient?.deliveryAddress;
  const code = address?.countryCode?.toUpperCase();
  return {
    country: code !== undefined && /^[A-Z]{2}$/.test(code) ? code : country,
    ...(address?.stateOrRegion && { region: address.stateOrRegion.slice(0, 100) }),
    ...(address?.postalCode && { zip: address.postalCode.slice(0, 20) }),
  };
}

function cancellationOf(
  order: AmazonOrder,
  channel: string,
  about: Pick<Fact, 'externalId' | 'sourceUpdatedAt'>,
): Fact {
  const executions = order.orderItems.flatMap((item) => item.cancellation?.cancellationExecution ?? []);
  const who = executions.find((one) => one.cancelledBy !== undefined)?.cancelledBy;
  const why = executions.find((one) => one.cancelReason !== undefined)?.cancelReason;
  return {
    ...about,
    kind: 'cancellation',
    order: `${channel}:${order.orderId}`,
    cancellation: {
      id: `${order.orderId}/cancelled`,
      by: who === 'MERCHANT' ? 'brand' : who === 'BUYER' ? 'customer' : 'channel',
      reason: why?.trim().slice(0, 500) || 'cancelled on Amazon',
    },
  };
}
