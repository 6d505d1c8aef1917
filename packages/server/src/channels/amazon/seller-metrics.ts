import type { SoldOrder } from '../../connections/index.ts';
import { dayIn } from './calendar-day.ts';

/** One order that the seller ships itself, as Kept knows it. Instants are ISO 8601, days 'YYYY-MM-DD'. */
export interface SellerOrder {
  readonly placedAt: string;
  /** The last day to ship that Amazon told the buyer; null: not said. */
  readonly shipBy: string | null;
  /** When its last unit left; null while units are open. */
  readonly shippedOn: string | null;
  /** The day by which Kept now plans to ship what is open; null: shipped, ended, or nothing backs it. */
  readonly plannedOn: string | null;
  /** Who ended it before anything shipped. */
  readonly cancelledBy: 'seller' | 'buyer' | null;
  /** Units that nothing backs: somebody will have to cancel them. */
  readonly unbacked: boolean;
}

/** The law's cancellations are the seller's as well: Amazon counts whatever the seller ends. */
const BY_SELLER: ReadonlySet<string> = new Set(['brand', 'law']);

/** Kept's record of an order as Amazon's metrics take it, in the marketplace's days. */
export function sellerOrderOf(order: SoldOrder, timeZone: string): SellerOrder {
  const { cancelledBy } = order;
  return {
    placedAt: new Date(order.placedAt).toISOString(),
    shipBy: order.shipBy,
    shippedOn: order.shippedAt === null ? null : dayIn(timeZone, order.shippedAt),
    plannedOn: order.plannedOn,
    cancelledBy: cancelledBy === null ? null : BY_SELLER.has(cancelledBy) ? 'seller' : 'buyer',
    unbacked: order.unbacked,
  };
}

export interface Rate {
  readonly count: number;
  readonly of: number;
  /** 0 where there are no orders. */
  readonly share: number;
}

export interface SellerMetrics {
  /** Orders of the last 30 days that left late, or are late and have not left. */
  readonly late: Rate;
  /** The same with those that will leave late as things stand. */
  readonly lateSoon: Rate;
  /** Orders of the last 7 days that the seller cancelled before shipping. */
  readonly cancelled: Rate;
  /** The same with those that nothing backs. */
  readonly cancelledSoon: Rate;
}

const LATE_DAYS = 30;
const CANCELLED_DAYS = 7;
const DAY_MS = 86_400_000;

/**
 * Amazon's late shipment rate (orders confirmed after their last ship day, over 30 days) and pre-fulfilment cancel rate (orders that
 * the seller cancelled, over 7 days), of Kept's own orders, as they are and as they will be if nothing changes. Amazon counts
 * once an order has left: what is late and still here is counted at once, so that the rate is seen before Amazon's.
 * Source: Amazon Seller Central, "Order performance metrics": below 4 % and below 2.5 %.
 */
export function sellerMetrics(orders: readonly SellerOrder[], now: Date, today: string): SellerMetrics {
  const since = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
  const month = orders.filter((one) => one.placedAt >= since(LATE_DAYS) && one.cancelledBy === null);
  const week = orders.filter((one) => one.placedAt >= since(CANCELLED_DAYS));
  const isLate = ({ shipBy, shippedOn }: SellerOrder) => shipBy !== null && (shippedOn ?? today) > shipBy;
  const willBeLate = (one: SellerOrder) =>
    isLate(one) ||
    (one.shipBy !== null && one.shippedOn === null && one.plannedOn !== null && one.plannedOn > one.shipBy);
  const isCancelled = (one: SellerOrder) => one.cancelledBy === 'seller';
  const willBeCancelled = (one: SellerOrder) =>
    isCancelled(one) || (one.cancelledBy === null && one.shippedOn === null && one.unbacked);
  return {
    late: rate(month, isLate),
    lateSoon: rate(month, willBeLate),
    cancelled: rate(week, isCancelled),
    cancelledSoon: rate(week, willBeCancelled),
  };
}

function rate(orders: readonly SellerOrder[], counts: (order: SellerOrder) => boolean): Rate {
  const count = orders.filter(counts).length;
  return { count, of: orders.length, share: orders.length === 0 ? 0 : count / orders.length };
}
