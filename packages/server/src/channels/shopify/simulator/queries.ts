import {
  currentOf,
  numberIn,
  onHand,
  type SimFulfillmentOrder,
  type SimLine,
  type SimOrder,
  type SimShop,
  type STATES,
} from './state.ts';

/** How a shop's state is answered: objects whose fields with arguments are functions, as graphql-js executes them. */

interface PageArgs {
  readonly first?: number;
  readonly after?: string | null;
  readonly query?: string | null;
}

export interface Asking {
  /** A bulk operation asks for everything. */
  readonly bulk: boolean;
}

/** A connection over objects that have an id. */
export function connection<T extends { id: string }>(
  all: readonly T[],
  { first, after }: PageArgs,
  { bulk }: Asking,
) {
  const begin = after == null ? 0 : all.findIndex((one) => one.id === after) + 1;
  const nodes = bulk ? all : all.slice(begin, begin + (first ?? 50));
  const end = bulk ? all.length : begin + nodes.length;
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: node.id, node })),
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: begin > 0,
      startCursor: nodes[0]?.id ?? null,
      endCursor: nodes.at(-1)?.id ?? null,
    },
  };
}

/** Shopify's search, as far as Kept uses it: terms that all have to hold. */
export function matching(
  query: string | null | undefined,
  fields: Readonly<Record<string, string | null>>,
): boolean {
  if (!query) return true;
  for (const [, name, operator, quoted, double, plain] of query.matchAll(
    /(\w+):(>=|<=|>|<)?(?:'([^']*)'|"([^"]*)"|(\S+))/g,
  )) {
    const wanted = quoted ?? double ?? plain ?? '';
    const has = fields[name!] ?? '';
    const holds =
      operator === '>='
        ? has >= wanted
        : operator === '<='
          ? has <= wanted
          : operator === '>'
            ? has > wanted
            : operator === '<'
              ? has < wanted
              : has.toLowerCase() === wanted.toLowerCase();
    if (!holds) return false;
  }
  return true;
}

const metafieldOf =
  (metafields: ReadonlyMap<string, string>, owner: string) =>
  ({ key }: { key: string }) => {
    const value = metafields.get(key);
    return value === undefined ? null : { __typename: 'Metafield', id: `${owner}/${key}`, key, value };
  };

export class ShopQueries {
  readonly #shop: SimShop;
  constructor(shop: SimShop) {
    this.#shop = shop;
  }

  money(amount: string | number) {
    const money = { amount: Number(amount).toFixed(2), currencyCode: this.#shop.currency };
    return { shopMoney: money, presentmentMoney: money };
  }

  location(id: string) {
    const found = this.#shop.locations.find((one) => one.id === id);
    return found === undefined ? null : { __typename: 'Location', ...found };
  }

  variants() {
    return this.#shop.variants.map((one) => this.variant(one.id)!);
  }

  variant(id: string) {
    const one = this.#shop.variants.find((variant) => variant.id === id);
    if (one === undefined) return null;
    const { product, title } = one;
    return {
      __typename: 'ProductVariant',
      id: one.id,
      sku: one.sku,
      title,
      displayName: `${product.title} - ${title}`,
      price: one.price,
      updatedAt: one.updatedAt,
      inventoryPolicy: one.inventoryPolicy,
      inventoryItem: () => this.item(one.item),
      product: () => this.product(product.id),
      metafield: metafieldOf(one.metafields, one.id),
    };
  }

  product(id: string) {
    const variants = this.#shop.variants.filter((one) => one.product.id === id);
    const product = variants[0]?.product;
    if (product === undefined) return null;
    return {
      __typename: 'Product',
      ...product,
      variants: (args: PageArgs, asking: Asking) =>
        connection(
          variants.map((one) => this.variant(one.id)!),
          args,
          asking,
        ),
    };
  }

  items() {
    return this.#shop.variants.map((one) => this.item(one.item)!);
  }

  item(id: string): (Record<string, unknown> & { id: string; updatedAt: string }) | null {
    const variant = this.#shop.variants.find((one) => one.item === id);
    if (variant === undefined) return null;
    return {
      __typename: 'InventoryItem',
      id,
      sku: variant.sku,
      tracked: variant.tracked,
      unitCost: variant.unitCost,
      updatedAt: variant.updatedAt,
      inventoryLevels: (args: PageArgs, asking: Asking) =>
        connection(
          [...(this.#shop.levels.get(id) ?? [])].map(([location, level]) => ({
            id: `gid://shopify/InventoryLevel/${numberIn(location)}?inventory_item_id=${numberIn(id)}`,
            updatedAt: level.updatedAt,
            isActive: true,
            location: () => this.location(location),
            quantities: ({ names }: { names: string[] }) =>
              names.map((name) => ({
                name,
                quantity: name === 'on_hand' ? onHand(level) : (level[name as (typeof STATES)[number]] ?? 0),
              })),
          })),
          args,
          asking,
        ),
    };
  }

  orders() {
    return this.#shop.orders.toSorted((a, b) =>
      a.updatedAt < b.updatedAt ? -1 : a.updatedAt > b.updatedAt ? 1 : 0,
    );
  }

  order(order: SimOrder | undefined) {
    if (order === undefined) return null;
    const shop = this.#shop;
    const refunded = order.transactions.some((one) => one.kind === 'REFUND');
    return {
      __typename: 'Order',
      id: order.id,
      name: order.name,
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      processedAt: order.createdAt,
      cancelledAt: order.cancelledAt,
      cancelReason: order.cancelReason,
      test: false,
      confirmed: true,
      sourceName: order.sourceName,
      displayFinancialStatus: refunded ? 'PARTIALLY_REFUNDED' : order.paid ? 'PAID' : 'PENDING',
      customerLocale: 'en-US',
      email: order.email,
      phone: null,
      currencyCode: shop.currency,
      taxesIncluded: false,
      customer: { id: `gid://shopify/Customer/${numberIn(order.id)}`, displayName: order.customer, tags: [] },
      purchasingEntity: { __typename: 'Customer' },
      shippingAddress: {
        name: order.customer,
        countryCodeV2: order.country,
        provinceCode: 'NY',
        zip: '10001',
      },
      billingAddress: { countryCodeV2: order.country },
      totalShippingPriceSet: this.money(0),
      paymentTerms: null,
      metafield: metafieldOf(order.metafields, order.id),
      refunds: order.refunds.map((one) => this.refund(one)),
      transactions: order.transactions.map((one) => ({
        ...one,
        authorizationExpiresAt: null,
        amountSet: this.money(one.amount),
        parentTransaction: one.parent === null ? null : { id: one.parent },
        paymentDetails: { __typename: 'CardPaymentDetails', company: 'Visa' },
      })),
      lineItems: (args: PageArgs, asking: Asking) =>
        connection(
          order.lines.map((line) => this.line(line)),
          args,
          asking,
        ),
      fulfillmentOrders: (args: PageArgs, asking: Asking) =>
        connection(
          shop.fulfillmentOrders
            .filter((one) => one.order === order.id)
            .map((one) => this.fulfillmentOrder(one)!),
          args,
          asking,
        ),
    };
  }

  refund(one: SimOrder['refunds'][number]) {
    return {
      ...one,
      transactions: (args: PageArgs, asking: Asking) =>
        connection(
          one.transactions.map((id) => ({ id })),
          args,
          asking,
        ),
    };
  }

  line(line: SimLine) {
    const current = currentOf(line);
    return {
      id: line.id,
      sku: line.variant.sku,
      name: line.variant.product.title,
      quantity: line.quantity,
      currentQuantity: current,
      unfulfilledQuantity: Math.max(0, current - line.fulfilled),
      requiresShipping: true,
      isGiftCard: false,
      variant: () => this.variant(line.variant.id),
      sellingPlan: line.plan,
      originalUnitPriceSet: this.money(line.unitPrice),
      discountAllocations:
        Number(line.discount) === 0
          ? []
          : [{ allocatedAmountSet: this.money(Number(line.discount) * line.quantity) }],
      taxLines: [],
    };
  }

  fulfillmentOrder(one: SimFulfillmentOrder | undefined) {
    if (one === undefined) return null;
    return {
      __typename: 'FulfillmentOrder',
      id: one.id,
      status: one.status,
      fulfillAt: one.fulfillAt,
      assignedLocation: { location: () => this.location(one.location) },
      fulfillmentHolds: one.holds.map((hold) => ({ ...hold, heldByRequestingApp: hold.ours })),
      lineItems: (args: PageArgs, asking: Asking) =>
        connection(
          one.lines.map(({ id, line, total, remaining }) => ({
            id,
            totalQuantity: total,
            remainingQuantity: remaining,
            lineItem: { id: line.id },
          })),
          args,
          asking,
        ),
    };
  }

  transfer(id: string) {
    const one = this.#shop.transfers.find((transfer) => transfer.id === id)!;
    const place = (location: string | null) =>
      location === null ? null : { location: () => this.location(location) };
    return {
      __typename: 'InventoryTransfer',
      id: one.id,
      name: one.name,
      status: one.status,
      origin: place(one.origin),
      destination: place(one.destination),
      lineItems: (args: PageArgs, asking: Asking) =>
        connection(
          one.lines.map((line) => ({
            id: line.id,
            inventoryItem: () => this.item(line.variant.item),
            totalQuantity: line.total,
            shippedQuantity: line.shipped,
          })),
          args,
          asking,
        ),
      shipments: (args: PageArgs, asking: Asking) =>
        connection(
          one.shipments.map((shipment) => ({
            id: shipment.id,
            name: shipment.id,
            status: shipment.status,
            dateShipped: null,
            tracking: { arrivesAt: shipment.arrivesAt },
            lineItems: (inner: PageArgs, innerAsking: Asking) =>
              connection(
                shipment.lines.map((line) => ({
                  id: line.id,
                  inventoryItem: () => this.item(line.variant.item),
                  quantity: line.quantity,
                  unreceivedQuantity: line.quantity - line.received,
                })),
                inner,
                innerAsking,
              ),
          })),
          args,
          asking,
        ),
    };
  }

  /** What the root answers, apart from what the server itself keeps. */
  root(scopes: () => readonly string[]) {
    const shop = this.#shop;
    const searched =
      <T extends { id: string }>(
        all: () => readonly T[],
        fields: (one: T) => Record<string, string | null>,
      ) =>
      (args: PageArgs, asking: Asking) =>
        connection(
          all().filter((one) => matching(args.query, fields(one))),
          args,
          asking,
        );
    return {
      shop: () => ({
        id: 'gid://shopify/Shop/1',
        name: shop.name,
        myshopifyDomain: shop.domain,
        currencyCode: shop.currency,
        ianaTimezone: shop.timeZone,
      }),
      currentAppInstallation: () => ({ accessScopes: scopes().map((handle) => ({ handle })) }),
      locations: (args: PageArgs, asking: Asking) => connection(shop.locations, args, asking),
      productVariants: searched(
        () => this.variants(),
        (one) => ({ updated_at: one.updatedAt, sku: one.sku }),
      ),
      inventoryItems: searched(
        () => this.items(),
        (one) => ({ updated_at: one.updatedAt }),
      ),
      inventoryItem: ({ id }: { id: string }) => this.item(id),
      product: ({ id }: { id: string }) => this.product(id),
      orders: (args: PageArgs, asking: Asking) => {
        const found = this.orders().filter((one) =>
          matching(args.query, { updated_at: one.updatedAt, name: one.name }),
        );
        const page = connection(found, args, asking);
        const nodes = page.nodes.map((one) => this.order(one)!);
        return { ...page, nodes, edges: nodes.map((node) => ({ cursor: node.id, node })) };
      },
      order: ({ id }: { id: string }) => this.order(shop.orders.find((one) => one.id === id)),
      fulfillmentOrder: ({ id }: { id: string }) =>
        this.fulfillmentOrder(shop.fulfillmentOrders.find((one) => one.id === id)),
      fulfillmentOrders: searched(
        () => shop.fulfillmentOrders.map((one) => this.fulfillmentOrder(one)!),
        (one) => ({ status: one.status.toLowerCase() }),
      ),
      inventoryTransfers: (args: PageArgs, asking: Asking) =>
        connection(
          shop.transfers.map((one) => this.transfer(one.id)),
          args,
          asking,
        ),
      sellingPlanGroups: (args: PageArgs, asking: Asking) => connection(shop.planGroups, args, asking),
      webhookSubscriptions: (args: PageArgs, asking: Asking) => connection(shop.subscriptions, args, asking),
      metafieldDefinitions: (args: PageArgs & { ownerType: string }, asking: Asking) =>
        connection(
          shop.definitions.filter((one) => one.ownerType === args.ownerType),
          args,
          asking,
        ),
      nodes: ({ ids }: { ids: string[] }) =>
        ids.map((id) =>
          id.includes('/ProductVariant/')
            ? this.variant(id)
            : id.includes('/InventoryItem/')
              ? this.item(id)
              : id.includes('/Order/')
                ? this.order(shop.orders.find((one) => one.id === id))
                : null,
        ),
    };
  }
}
