import type { Fact } from '../../connections/index.ts';
import { namesOf, switchesOf } from './line-names.ts';
import { minorUnits, moneyOf } from './money.ts';
import { type LineNode, numberOf, type OrderNode, paymentName, type TransactionNode } from './nodes.ts';
import type { ShopifySettings } from './settings.ts';

/** An order that awaits payment keeps its units this long, unless its terms say when payment is due (RULES 5). */
const PAYMENT_DAYS = 14;
const DAY_MS = 86_400_000;

type OrderFact = Extract<Fact, { kind: 'order' }>;
type Line = OrderFact['order']['lines'][number];

/**
 * An order as it stands now. A line's quantity is what is wanted of it still or has left (`currentQuantity`); what has left is
 * the part of it that is fulfilled. Units that were refunded, cancelled or edited away are in neither, so that the same order
 * read at any moment says the whole of it. An order of which nothing is wanted any more is a cancellation. Payments come
 * after their order.
 */
export function orderFacts(settings: ShopifySettings, order: OrderNode): Fact[] {
  if (order.test) return [];
  const lines = order.lineItems.nodes.filter(isGoods);
  const wanted =
    order.cancelledAt === null ? lines.filter((line) => line.currentQuantity > 0) : lines.filter(left);
  const names = namesOf(switchesOf(order.switches), order.lineItems.nodes);
  const lineName = ({ id }: LineNode) => names.get(numberOf(id)) ?? numberOf(id);
  const payments = order.transactions.flatMap((one) => paymentFact(settings, order, one));
  const { channel } = settings;
  const told = { externalId: order.id, sourceUpdatedAt: order.updatedAt };
  if (wanted.length === 0) {
    if (lines.length === 0) return [];
    return [
      {
        kind: 'cancellation',
        ...told,
        externalId: `${order.id}/none/${order.updatedAt}`,
        order: `${channel}:${order.name}`,
        cancellation: {
          by: order.cancelReason === 'CUSTOMER' ? 'customer' : 'channel',
          reason: order.cancelReason?.toLowerCase() ?? 'cancelled in Shopify',
        },
      },
      ...payments,
    ];
  }
  const { shippingAddress: ship, customer } = order;
  const shipping = minorUnits(order.totalShippingPriceSet.shopMoney.amount, order.currencyCode);
  const email = order.email?.trim() ?? '';
  const paymentDueAt = dueAt(order);
  const fact: OrderFact = {
    kind: 'order',
    ...told,
    order: {
      ref: order.name,
      channel,
      mode: 'placed',
      placedAt: order.processedAt ?? order.createdAt,
      sourceUpdatedAt: order.updatedAt,
      customer: {
        name: (customer?.displayName ?? ship?.name ?? '').slice(0, 300),
        ...(email !== '' && { email: email.slice(0, 320) }),
        ...phone(order.phone),
        ...(order.customerLocale !== null && { locale: order.customerLocale.slice(0, 35) }),
      },
      business: order.purchasingEntity?.__typename === 'PurchasingCompany',
      shipTo: {
        country: ship?.countryCodeV2 ?? order.billingAddress?.countryCodeV2 ?? 'US',
        ...(ship?.provinceCode && { region: ship.provinceCode.slice(0, 100) }),
        ...(ship?.zip && { zip: ship.zip.slice(0, 20) }),
      },
      ...(shipping > 0 && { shipping: { amount: shipping, currency: order.currencyCode } }),
      ...(paymentDueAt !== null && { paymentDueAt }),
      lines: wanted.map((line) => lineOf(order, line, lineName(line))),
    },
    shipped: wanted.map((line) => ({ line: lineName(line), quantity: shippedOf(line) })),
  };
  return [fact, ...payments];
}

/** Tips, gift cards and warranties are no goods; what has a SKU may be. */
const isGoods = (line: LineNode): boolean =>
  !line.isGiftCard && (line.requiresShipping || (line.variant?.sku ?? line.sku ?? '') !== '');

const shippedOf = (line: LineNode): number => Math.max(0, line.currentQuantity - line.unfulfilledQuantity);
const left = (line: LineNode): boolean => shippedOf(line) > 0;

/** Goods of the order that have left: what lies where they left from is to be counted again after it. */
export const movedItems = (orders: readonly OrderNode[]): string[] => [
  ...new Set(
    orders.flatMap((order) =>
      order.lineItems.nodes.flatMap((line) =>
        left(line) && line.variant !== null ? [line.variant.inventoryItem.id] : [],
      ),
    ),
  ),
];

function lineOf(order: OrderNode, line: LineNode, name: string): Line {
  const currency = order.currencyCode;
  const { quantity: ordered, currentQuantity } = line;
  const quantity = order.cancelledAt === null ? currentQuantity : shippedOf(line);
  const part = (amounts: readonly { amount: string }[]) => {
    const whole = amounts.reduce((sum, one) => sum + minorUnits(one.amount, currency), 0);
    return ordered === 0 ? 0 : Math.round((whole * quantity) / ordered);
  };
  const unit = moneyOf(line.originalUnitPriceSet.shopMoney);
  let discount = Math.min(
    part(line.discountAllocations.map((one) => one.allocatedAmountSet.shopMoney)),
    unit.amount * quantity,
  );
  let price = unit.amount;
  const tax = part(line.taxLines.map((one) => one.priceSet.shopMoney));
  if (order.taxesIncluded && tax > 0) {
    // Kept's prices are before tax: what of a whole unit price is left over is discounted, so that the line stays the same.
    const net = unit.amount * quantity - tax;
    price = Math.ceil(net / quantity);
    discount += price * quantity - net;
    discount = Math.min(discount, price * quantity);
  }
  return {
    line: name,
    sku: skuOf(line),
    quantity,
    price: { amount: price, currency },
    ...(discount > 0 && { discount: { amount: discount, currency } }),
    ...(tax > 0 && { tax: { amount: tax, currency } }),
  };
}

/** What the variant is called now: items are known by that. One without a SKU is named so that whoever mends it finds it. */
const skuOf = (line: LineNode): string =>
  line.variant?.sku?.trim() ||
  line.sku?.trim() ||
  `variant ${line.variant === null ? line.name : numberOf(line.variant.id)}`.slice(0, 120);

/** Until when an unpaid order keeps its units. */
function dueAt(order: OrderNode): string | null {
  if (
    order.displayFinancialStatus !== 'PENDING' ||
    order.purchasingEntity?.__typename === 'PurchasingCompany'
  )
    return null;
  const days = order.paymentTerms?.dueInDays ?? PAYMENT_DAYS;
  return new Date(Date.parse(order.createdAt) + days * DAY_MS).toISOString();
}

function phone(told: string | null): { phone?: string } {
  return told !== null && /^\+[1-9][\d ()-]{5,24}$/.test(told.trim()) ? { phone: told.trim() } : {};
}

const PAYMENT: Readonly<Record<string, 'authorised' | 'captured' | 'refunded'>> = {
  AUTHORIZATION: 'authorised',
  SALE: 'captured',
  CAPTURE: 'captured',
  REFUND: 'refunded',
};

function paymentFact(settings: ShopifySettings, order: OrderNode, one: TransactionNode): Fact[] {
  const kind = PAYMENT[one.kind];
  if (kind === undefined || one.status !== 'SUCCESS') return [];
  const network = one.paymentDetails?.company?.toLowerCase();
  return [
    {
      kind: 'payment',
      externalId: one.id,
      order: `${settings.channel}:${order.name}`,
      payment: {
        id: paymentName(one.id),
        kind,
        amount: moneyOf(one.amountSet.shopMoney),
        at: one.processedAt ?? order.createdAt,
        provider: 'shopify',
        reference: order.id,
        ...(one.authorizationExpiresAt !== null && { captureBefore: one.authorizationExpiresAt }),
        ...(network !== undefined && { network: network.slice(0, 40) }),
        ...(one.parentTransaction !== null && { of: paymentName(one.parentTransaction.id) }),
      },
    },
  ];
}
