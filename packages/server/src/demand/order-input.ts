import { hash } from 'node:crypto';
import type { OrderInput } from '@kept/contract';
import type { z } from 'zod';

/** An order as the contract reads it, defaults filled in. */
export type Order = z.output<typeof OrderInput>;
export type OrderLineInput = Order['lines'][number];

/** What had happened to a line before Kept knew the order: units, by the line's place in the order. */
export interface LineHistory {
  readonly shipped: number;
  readonly cancelled: number;
}

/**
 * A digest of what was asked, by which the same order is told from another with its name (RULES 2). When a source last
 * touched the order is not part of what it says. It is what `requestDigest` makes of the same content, for a fifth of the
 * time: every field is named here, in order, and none is looked for.
 */
export function contentOf(order: Order): string {
  return hash('sha256', JSON.stringify(inOrder(order)), 'base64url');
}

/** Every field, also those that an order may leave out: the compiler misses one that is new. */
type Whole<T> = { [Field in keyof Required<T>]: T[Field] };

function inOrder(order: Order): Omit<Whole<Order>, 'sourceUpdatedAt'> {
  return {
    acceptBackorder: order.acceptBackorder,
    allowPartial: order.allowPartial,
    business: order.business,
    channel: order.channel,
    customer: customerInOrder(order.customer),
    lines: order.lines.map(lineInOrder),
    mode: order.mode,
    paymentDueAt: order.paymentDueAt,
    placedAt: order.placedAt,
    ref: order.ref,
    replaces: order.replaces,
    shipComplete: order.shipComplete,
    shipTo: shipToInOrder(order.shipTo),
    shipping: priceInOrder(order.shipping),
    shippingTax: priceInOrder(order.shippingTax),
  };
}

const customerInOrder = (customer: Order['customer']): Whole<Order['customer']> => ({
  class: customer.class,
  email: customer.email,
  locale: customer.locale,
  name: customer.name,
  phone: customer.phone,
});

const shipToInOrder = (shipTo: Order['shipTo']): Whole<Order['shipTo']> => ({
  country: shipTo.country,
  region: shipTo.region,
  zip: shipTo.zip,
});

const lineInOrder = (line: OrderLineInput): Whole<OrderLineInput> => ({
  cancelAfter: line.cancelAfter,
  discount: priceInOrder(line.discount),
  hold: line.hold,
  kind: line.kind,
  line: line.line,
  notBefore: line.notBefore,
  options: line.options,
  price: priceInOrder(line.price)!,
  quantity: line.quantity,
  sku: line.sku,
  statedDeliverBy: line.statedDeliverBy,
  statedShipBy: line.statedShipBy,
  tax: priceInOrder(line.tax),
  uom: line.uom,
});

type Price = OrderLineInput['price'];

const priceInOrder = (price: Price | undefined): Whole<Price> | undefined =>
  price === undefined ? undefined : { amount: price.amount, currency: price.currency };
