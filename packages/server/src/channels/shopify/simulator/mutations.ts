import type { ShopQueries } from './queries.ts';
import {
  currentOf,
  numberIn,
  type SimFulfillmentOrder,
  type SimLine,
  type SimOrder,
  type SimShop,
} from './state.ts';

interface UserError {
  readonly code?: string;
  readonly field: readonly string[] | null;
  readonly message: string;
}

const no = (
  message: string,
  code?: string,
  field: readonly string[] | null = null,
): { userErrors: UserError[] } => ({
  userErrors: [{ ...(code === undefined ? {} : { code }), field, message }],
});

/** At most so many holds of one app lie on one fulfilment order. */
const MOST_HOLDS = 10;
const MOST_METAFIELDS = 25;

interface Edit {
  readonly order: SimOrder;
  readonly quantities: Map<SimLine, number>;
  readonly added: { readonly line: SimLine }[];
}

interface PartInput {
  readonly id: string;
  readonly quantity: number;
}

/** What apps may change in the shop, with the refusals that Shopify has for it. */
export class ShopMutations {
  readonly #shop: SimShop;
  readonly #queries: ShopQueries;
  readonly #edits = new Map<string, Edit>();
  readonly jobs = new Map<string, { asked: number; work: () => void }>();
  /** How often a job is asked for before it is done. */
  jobTakes = 1;

  constructor(shop: SimShop, queries: ShopQueries) {
    this.#shop = shop;
    this.#queries = queries;
  }

  root() {
    const shop = this.#shop;
    return {
      productVariantsBulkUpdate: (args: {
        productId: string;
        variants: { id: string; inventoryPolicy?: 'CONTINUE' | 'DENY' }[];
      }) => {
        const product = this.#queries.product(args.productId);
        if (product === null) return no('Product does not exist', 'PRODUCT_DOES_NOT_EXIST');
        const changed = args.variants.map(({ id, inventoryPolicy }) => {
          const variant = shop.variants.find((one) => one.id === id && one.product.id === args.productId);
          if (variant !== undefined && inventoryPolicy !== undefined) {
            variant.inventoryPolicy = inventoryPolicy;
            variant.updatedAt = shop.now();
            shop.onChange('PRODUCTS_UPDATE', { id: numberIn(args.productId) });
          }
          return variant === undefined ? null : this.#queries.variant(id);
        });
        const errors = changed.includes(null)
          ? no('Product variant does not exist', 'PRODUCT_VARIANT_DOES_NOT_EXIST').userErrors
          : [];
        return { productVariants: changed.filter((one) => one !== null), userErrors: errors };
      },
      metafieldsSet: ({
        metafields,
      }: {
        metafields: { ownerId: string; key: string; value: string; type?: string }[];
      }) => {
        if (metafields.length > MOST_METAFIELDS)
          return no(`Exceeded the maximum of ${MOST_METAFIELDS} metafields`, 'LESS_THAN_OR_EQUAL_TO');
        const owners = metafields.map((one) => this.#metafieldsOf(one.ownerId));
        if (owners.includes(null)) return no('Owner does not exist', 'INVALID');
        const bad = metafields.find(
          (one) =>
            (one.type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(one.value)) ||
            (one.type === 'json' && !isJson(one.value)),
        );
        if (bad !== undefined)
          return no(`Value is not a ${bad.type}`, 'INVALID_VALUE', ['metafields', bad.key]);
        for (const [index, { key, value }] of metafields.entries()) owners[index]!.set(key, value);
        // An order with another metafield is an order that was updated, and told as such.
        for (const order of shop.orders)
          if (metafields.some((one) => one.ownerId === order.id)) shop.touch(order);
        return { metafields: metafields.map((one) => ({ id: `${one.ownerId}/${one.key}` })), userErrors: [] };
      },
      metafieldsDelete: ({ metafields }: { metafields: { ownerId: string; key: string }[] }) => {
        for (const { ownerId, key } of metafields) this.#metafieldsOf(ownerId)?.delete(key);
        return { deletedMetafields: metafields.map(({ key }) => ({ key })), userErrors: [] };
      },
      metafieldDefinitionCreate: ({ definition }: { definition: { ownerType: string; key: string } }) => {
        const { ownerType, key } = definition;
        if (shop.definitions.some((one) => one.ownerType === ownerType && one.key === key))
          return { createdDefinition: null, ...no('Key is in use', 'TAKEN') };
        const made = { id: shop.id('MetafieldDefinition'), ownerType, key };
        shop.definitions.push(made);
        return { createdDefinition: made, userErrors: [] };
      },
      metafieldDefinitionDelete: ({ id }: { id: string }) => {
        const at = shop.definitions.findIndex((one) => one.id === id);
        if (at < 0) return no('Definition not found', 'NOT_FOUND');
        const [{ ownerType, key }] = shop.definitions.splice(at, 1) as [(typeof shop.definitions)[number]];
        const owners = ownerType === 'ORDER' ? shop.orders : shop.variants;
        for (const { metafields } of owners) metafields.delete(key);
        return { deletedDefinitionId: id, userErrors: [] };
      },
      webhookSubscriptionCreate: (args: { topic: string; webhookSubscription: { uri: string } }) => {
        const { uri } = args.webhookSubscription;
        if (shop.subscriptions.some((one) => one.topic === args.topic && one.uri === uri))
          return { webhookSubscription: null, ...no('Address for this topic has already been taken') };
        const made = { id: shop.id('WebhookSubscription'), topic: args.topic, uri };
        shop.subscriptions.push(made);
        return { webhookSubscription: made, userErrors: [] };
      },
      webhookSubscriptionDelete: ({ id }: { id: string }) => {
        const at = shop.subscriptions.findIndex((one) => one.id === id);
        if (at < 0) return no('Webhook subscription does not exist');
        shop.subscriptions.splice(at, 1);
        return { deletedWebhookSubscriptionId: id, userErrors: [] };
      },
      sellingPlanGroupCreate: (args: {
        input: { merchantCode: string };
        resources?: { productVariantIds?: string[] };
      }) => {
        const group = {
          id: shop.id('SellingPlanGroup'),
          merchantCode: args.input.merchantCode,
          input: args.input,
          variants: new Set(args.resources?.productVariantIds),
        };
        shop.planGroups.push(group);
        return { sellingPlanGroup: group, userErrors: [] };
      },
      sellingPlanGroupAddProductVariants: (args: { id: string; productVariantIds: string[] }) => {
        const group = shop.planGroups.find((one) => one.id === args.id);
        if (group === undefined) return no('Selling plan group does not exist', 'GROUP_DOES_NOT_EXIST');
        for (const id of args.productVariantIds) group.variants.add(id);
        return { sellingPlanGroup: group, userErrors: [] };
      },
      sellingPlanGroupRemoveProductVariants: (args: { id: string; productVariantIds: string[] }) => {
        const group = shop.planGroups.find((one) => one.id === args.id);
        if (group === undefined) return no('Selling plan group does not exist', 'GROUP_DOES_NOT_EXIST');
        const removed = args.productVariantIds.filter((id) => group.variants.delete(id));
        return { removedProductVariantIds: removed, userErrors: [] };
      },
      sellingPlanGroupDelete: ({ id }: { id: string }) => {
        const at = shop.planGroups.findIndex((one) => one.id === id);
        if (at < 0) return no('Selling plan group does not exist', 'GROUP_DOES_NOT_EXIST');
        shop.planGroups.splice(at, 1);
        return { deletedSellingPlanGroupId: id, userErrors: [] };
      },
      ...this.#ofOrders(),
      ...this.#ofEdits(),
      ...this.#ofFulfillmentOrders(),
    };
  }

  #ofOrders() {
    const shop = this.#shop;
    return {
      /** A job: it is worked on while it is asked about. */
      orderCancel: (args: { orderId: string; reason: string; restock: boolean }) => {
        const order = shop.orders.find((one) => one.id === args.orderId);
        const errors = (message: string, code: string) => ({
          job: null,
          orderCancelUserErrors: [{ code, field: ['orderId'], message }],
        });
        if (order === undefined) return errors('Order not found', 'NOT_FOUND');
        if (order.cancelledAt !== null) return errors('Order is already cancelled', 'INVALID');
        if (order.lines.some((line) => line.fulfilled > 0))
          return errors('Cannot cancel an order with fulfilled items', 'INVALID');
        const id = shop.id('Job');
        const work = () => {
          for (const line of order.lines) shop.remove(order, line, currentOf(line), args.restock);
          order.cancelledAt = shop.now();
          order.cancelReason = args.reason;
          shop.touch(order, 'ORDERS_CANCELLED');
        };
        this.jobs.set(id, { asked: 0, work });
        return { job: { id, done: false }, orderCancelUserErrors: [] };
      },
      refundCreate: ({
        input,
      }: {
        input: {
          orderId: string;
          note?: string;
          refundLineItems?: {
            lineItemId: string;
            quantity: number;
            restockType?: string;
            locationId?: string;
          }[];
          transactions?: { parentId?: string; amount: string; gateway: string; kind: string }[];
        };
      }) => {
        const order = shop.orders.find((one) => one.id === input.orderId);
        if (order === undefined) return no('Order not found');
        const lines = (input.refundLineItems ?? []).map((one) => ({
          ...one,
          line: order.lines.find((line) => line.id === one.lineItemId),
        }));
        for (const { line, quantity, restockType, locationId } of lines) {
          if (line === undefined) return no('Line item not found', undefined, ['refundLineItems']);
          if (quantity > currentOf(line)) return no('Quantity cannot refund more items than were purchased');
          if (restockType === 'CANCEL' && locationId === undefined)
            return no('Location is required to restock');
        }
        for (const { parentId, amount } of input.transactions ?? []) {
          const parent = order.transactions.find((one) => one.id === parentId);
          if (parent === undefined) return no('Parent transaction not found', undefined, ['transactions']);
          const given = order.transactions
            .filter((one) => one.parent === parent.id && one.kind === 'REFUND')
            .reduce((sum, one) => sum + Number(one.amount), 0);
          if (Number(amount) > Number(parent.amount) - given + 1e-9)
            return no('Refund amount is greater than what is left of the payment', undefined, [
              'transactions',
            ]);
        }
        for (const { line, quantity, restockType } of lines)
          shop.remove(order, line!, quantity, restockType === 'CANCEL');
        const transactions: string[] = [];
        for (const { parentId, amount, gateway } of input.transactions ?? []) {
          const id = shop.id('OrderTransaction');
          transactions.push(id);
          order.transactions.push({
            id,
            kind: 'REFUND',
            status: 'SUCCESS',
            gateway,
            amount: Number(amount).toFixed(2),
            parent: parentId ?? null,
            processedAt: shop.now(),
          });
        }
        const refund = { id: shop.id('Refund'), note: input.note ?? null, transactions };
        order.refunds.push(refund);
        shop.touch(order, 'ORDERS_UPDATED');
        shop.onChange('REFUNDS_CREATE', { id: numberIn(refund.id), order_id: numberIn(order.id) });
        return { refund: this.#queries.refund(refund), userErrors: [] };
      },
    };
  }

  #ofEdits() {
    const shop = this.#shop;
    return {
      orderEditBegin: ({ id }: { id: string }) => {
        const order = shop.orders.find((one) => one.id === id);
        if (order === undefined) return no('The order does not exist');
        if (order.cancelledAt !== null) return no('The order cannot be edited');
        const edit = shop.id('CalculatedOrder');
        this.#edits.set(edit, { order, quantities: new Map(), added: [] });
        const nodes = order.lines.map((line) => ({
          id: `gid://shopify/CalculatedLineItem/${numberIn(line.id)}`,
          sku: line.variant.sku,
          quantity: currentOf(line),
          editableQuantity: currentOf(line) - line.fulfilled,
          variant: { id: line.variant.id },
        }));
        return { calculatedOrder: { id: edit, lineItems: { nodes } }, userErrors: [] };
      },
      orderEditSetQuantity: (args: { id: string; lineItemId: string; quantity: number }) => {
        const edit = this.#edits.get(args.id);
        const line = edit?.order.lines.find((one) => numberIn(one.id) === numberIn(args.lineItemId));
        if (edit === undefined || line === undefined) return no('The line item does not exist');
        if (args.quantity < line.fulfilled) return no('Fulfilled units cannot be removed');
        edit.quantities.set(line, args.quantity);
        return { calculatedOrder: { id: args.id }, userErrors: [] };
      },
      orderEditAddVariant: (args: { id: string; variantId: string; quantity: number }) => {
        const edit = this.#edits.get(args.id);
        const variant = shop.variants.find((one) => one.id === args.variantId);
        if (edit === undefined || variant === undefined) return no('The variant does not exist');
        const line: SimLine = {
          id: shop.id('LineItem'),
          variant,
          quantity: args.quantity,
          removed: 0,
          fulfilled: 0,
          unitPrice: variant.price,
          discount: '0.00',
          plan: null,
        };
        edit.added.push({ line });
        const id = `gid://shopify/CalculatedLineItem/${numberIn(line.id)}`;
        return {
          calculatedLineItem: { id, originalUnitPriceSet: this.#queries.money(variant.price) },
          calculatedOrder: { id: args.id },
          userErrors: [],
        };
      },
      orderEditAddLineItemDiscount: (args: {
        id: string;
        lineItemId: string;
        discount: { fixedValue?: { amount: string } };
      }) => {
        const added = this.#edits
          .get(args.id)
          ?.added.find(({ line }) => numberIn(line.id) === numberIn(args.lineItemId));
        if (added === undefined) return no('Only added line items take a discount');
        const off = Number(args.discount.fixedValue?.amount ?? 0);
        if (off > Number(added.line.unitPrice)) return no('The discount is more than the price');
        added.line.discount = off.toFixed(2);
        return { calculatedOrder: { id: args.id }, userErrors: [] };
      },
      orderEditCommit: ({ id }: { id: string }) => {
        const edit = this.#edits.get(id);
        if (edit === undefined) return no('The edit does not exist');
        this.#edits.delete(id);
        const { order } = edit;
        for (const [line, quantity] of edit.quantities)
          shop.remove(order, line, currentOf(line) - quantity, true);
        const place = shop.locations[0]!.id;
        for (const { line } of edit.added) {
          order.lines.push(line);
          shop.move(line.variant.item, place, 'available', -line.quantity);
          shop.move(line.variant.item, place, 'committed', line.quantity);
          const part = {
            id: shop.id('FulfillmentOrderLineItem'),
            line,
            total: line.quantity,
            remaining: line.quantity,
          };
          const one = { id: shop.id('FulfillmentOrder'), order: order.id, fulfillAt: null, location: place };
          shop.fulfillmentOrders.push({ ...one, status: 'OPEN', holds: [], lines: [part] });
        }
        shop.touch(order);
        shop.onChange('ORDERS_EDITED', { order_edit: { order_id: numberIn(order.id) } });
        return { order: { id: order.id }, userErrors: [] };
      },
    };
  }

  #ofFulfillmentOrders() {
    const shop = this.#shop;
    const find = (id: string) => shop.fulfillmentOrders.find((one) => one.id === id);
    const view = (one: SimFulfillmentOrder | undefined) => this.#queries.fulfillmentOrder(one);
    return {
      fulfillmentOrderHold: (args: {
        id: string;
        fulfillmentHold: { reason: string; handle?: string; fulfillmentOrderLineItems?: PartInput[] };
      }) => {
        const one = find(args.id);
        const { handle = null, reason, fulfillmentOrderLineItems: parts } = args.fulfillmentHold;
        if (one === undefined)
          return no('Fulfillment order could not be found.', 'FULFILLMENT_ORDER_NOT_FOUND');
        if (one.holds.some((hold) => hold.ours && hold.handle === handle))
          return no(
            'The handle is already used by this app on this fulfillment order.',
            'DUPLICATE_FULFILLMENT_HOLD_HANDLE',
          );
        if (one.holds.filter((hold) => hold.ours).length >= MOST_HOLDS)
          return no('The maximum number of holds has been reached.', 'FULFILLMENT_ORDER_HOLD_LIMIT_REACHED');
        if (parts?.length && one.holds.length > 0)
          return no(
            'The fulfillment order is not in a splittable state.',
            'FULFILLMENT_ORDER_NOT_SPLITTABLE',
          );
        const target = parts?.length ? this.#split(one, parts) : one;
        if (target === null) return no('Invalid line item quantity requested.', 'INVALID_LINE_ITEM_QUANTITY');
        const hold = { id: shop.id('FulfillmentHold'), handle, reason, ours: true };
        target.holds.push(hold);
        target.status = 'ON_HOLD';
        this.#moved(target);
        return {
          fulfillmentHold: hold,
          fulfillmentOrder: view(target),
          remainingFulfillmentOrder: target === one ? null : view(one),
          userErrors: [],
        };
      },
      fulfillmentOrderReleaseHold: (args: { id: string; holdIds?: string[] }) => {
        const one = find(args.id);
        if (one === undefined) return no('Fulfillment order not found.', 'FULFILLMENT_ORDER_NOT_FOUND');
        const keep = one.holds.filter(
          (hold) => args.holdIds !== undefined && !args.holdIds.includes(hold.id),
        );
        one.holds.splice(0, one.holds.length, ...keep);
        if (one.holds.length === 0 && one.status === 'ON_HOLD')
          one.status = one.fulfillAt === null ? 'OPEN' : 'SCHEDULED';
        this.#moved(one);
        return { fulfillmentOrder: view(one), userErrors: [] };
      },
      fulfillmentOrderSplit: (args: {
        fulfillmentOrderSplits: { fulfillmentOrderId: string; fulfillmentOrderLineItems: PartInput[] }[];
      }) => {
        const made = args.fulfillmentOrderSplits.map((split) => {
          const one = find(split.fulfillmentOrderId);
          return { one, part: one === undefined ? null : this.#split(one, split.fulfillmentOrderLineItems) };
        });
        if (made.some(({ part }) => part === null))
          return no('The fulfillment order cannot be split so.', 'INVALID_LINE_ITEM_QUANTITY');
        return {
          fulfillmentOrderSplits: made.map(({ one, part }) => ({
            fulfillmentOrder: view(one),
            remainingFulfillmentOrder: view(part!),
          })),
          userErrors: [],
        };
      },
      fulfillmentOrderReschedule: (args: { id: string; fulfillAt: string }) => {
        const one = find(args.id);
        if (one?.status !== 'SCHEDULED')
          return no('Fulfillment order must be scheduled.', 'FULFILLMENT_ORDER_NOT_SCHEDULED');
        if (args.fulfillAt <= shop.now()) return no('Fulfill at must be in the future.');
        one.fulfillAt = args.fulfillAt;
        this.#moved(one);
        return { fulfillmentOrder: view(one), userErrors: [] };
      },
      fulfillmentOrderOpen: ({ id }: { id: string }) => {
        const one = find(id);
        if (one?.status !== 'SCHEDULED') return no('Fulfillment order must be scheduled.');
        one.status = 'OPEN';
        one.fulfillAt = null;
        this.#moved(one);
        return { fulfillmentOrder: view(one), userErrors: [] };
      },
    };
  }

  /** Units of a fulfilment order go into one of their own, with its holds. */
  #split(one: SimFulfillmentOrder, parts: readonly PartInput[]): SimFulfillmentOrder | null {
    const taken = parts.map(({ id, quantity }) => ({
      quantity,
      from: one.lines.find((line) => line.id === id),
    }));
    if (taken.some(({ from, quantity }) => from === undefined || quantity < 1 || quantity > from.remaining))
      return null;
    const made: SimFulfillmentOrder = {
      id: this.#shop.id('FulfillmentOrder'),
      order: one.order,
      status: one.status,
      fulfillAt: one.fulfillAt,
      location: one.location,
      holds: one.holds.map((hold) => ({ ...hold, id: this.#shop.id('FulfillmentHold') })),
      lines: taken.map(({ from, quantity }) => ({
        id: this.#shop.id('FulfillmentOrderLineItem'),
        line: from!.line,
        total: quantity,
        remaining: quantity,
      })),
    };
    for (const { from, quantity } of taken) {
      from!.remaining -= quantity;
      from!.total -= quantity;
    }
    this.#shop.fulfillmentOrders.push(made);
    return made;
  }

  #moved(one: SimFulfillmentOrder): void {
    const order = this.#shop.orders.find((order) => order.id === one.order);
    if (order !== undefined) this.#shop.touch(order);
  }

  job(id: string): { id: string; done: boolean } | null {
    const job = this.jobs.get(id);
    if (job === undefined) return null;
    job.asked++;
    if (job.asked === this.jobTakes) job.work();
    return { id, done: job.asked >= this.jobTakes };
  }

  #metafieldsOf(owner: string): Map<string, string> | null {
    const all = owner.includes('/Order/') ? this.#shop.orders : this.#shop.variants;
    return all.find((one) => one.id === owner)?.metafields ?? null;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
