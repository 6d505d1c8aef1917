import type { Action, Outcome } from '../../connections/index.ts';
import { type ShopifyClient, ShopifyRefusal } from './client.ts';
import { holdUnits, releaseUnits, rescheduleUnits } from './fulfillment-orders.ts';
import { asInShopify, namesOf, type Switches, switchesOf } from './line-names.ts';
import { decimalOf, type Money, minorUnits, moneyOf, type ShopMoney } from './money.ts';
import { gid, numberOf, type OrderState, paymentName } from './nodes.ts';
import * as operations from './operations.ts';
import type { ShopifyContext } from './settings.ts';

export const ACTIONS = ['cancel', 'refund', 'switch', 'hold', 'release', 'reschedule', 'tell_order'] as const;

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

const DONE: Outcome = { state: 'done' };

/** Carries an action out in the shop. Each looks first at what is there, so that what was done before is not done again. */
export async function act(
  client: ShopifyClient,
  context: ShopifyContext,
  asked: Action,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (!('order' in asked)) return { state: 'refused', why: `Shopify has no ${asked.kind}.` };
  try {
    const id = await orderId(client, asked.order, signal);
    if (id === null) return { state: 'refused', why: `The shop has no order ${asked.order.ref}.` };
    if (asked.kind === 'tell_order') return await tellPromise(client, id, asked, signal);
    const order = await stateOf(client, id, signal);
    if (order === null)
      return { state: 'refused', why: `The shop no longer has the order ${asked.order.ref}.` };
    const action = asInShopify(asked, namesOf(switchesOf(order.switches), order.lineItems.nodes));
    switch (action.kind) {
      case 'cancel':
        return action.whole && untouched(order)
          ? await cancelWhole(client, order, action, signal)
          : await cancelUnits(client, order, action, signal);
      case 'refund':
        return await refund(client, order, action, signal);
      case 'switch':
        return await switchUnits(client, context, order, action, signal);
      case 'hold':
        return await holdUnits(client, context, order, action, signal);
      case 'release':
        return await releaseUnits(client, context, order, action, signal);
      case 'reschedule':
        return await rescheduleUnits(client, context, order, action, signal);
      default:
        return { state: 'refused', why: `Shopify is not asked to ${action.kind}.` };
    }
  } catch (error) {
    if (error instanceof ShopifyRefusal) return { state: 'refused', why: error.message };
    throw error;
  }
}

/** What became of an order's cancellation, which Shopify works on by itself. */
export async function settle(
  client: ShopifyClient,
  action: Action,
  handle: string,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { job } = await client.ask<{ job: { done: boolean } | null }>(operations.JOB, { id: handle }, signal);
  if (job !== null && !job.done) return { state: 'pending', handle };
  if (action.kind !== 'cancel') return DONE;
  const id = await orderId(client, action.order, signal);
  const order = id === null ? null : await stateOf(client, id, signal);
  if (order === null || order.cancelledAt !== null) return DONE;
  return {
    state: 'refused',
    why: 'Shopify ended its work on the cancellation, and the order is not cancelled.',
  };
}

const stateOf = async (client: ShopifyClient, id: string, signal?: AbortSignal) =>
  (await client.ask<{ order: OrderState | null }>(operations.ORDER_STATE, { id }, signal)).order;

async function orderId(
  client: ShopifyClient,
  order: Of<'cancel'>['order'],
  signal?: AbortSignal,
): Promise<string | null> {
  const told = /^gid:\/\/shopify\/Order\/\d+/.exec(order.externalId ?? '')?.[0];
  if (told !== undefined) return told;
  const { orders } = await client.ask<{ orders: { nodes: { id: string; name: string }[] } }>(
    operations.ORDER_NAMED,
    { search: `name:${JSON.stringify(order.ref)}` },
    signal,
  );
  return orders.nodes.find((one) => one.name === order.ref)?.id ?? null;
}

/** Nothing has left: only then can Shopify cancel an order whole. */
const untouched = (order: OrderState) =>
  order.lineItems.nodes.every((line) => line.unfulfilledQuantity >= line.currentQuantity);

async function cancelWhole(
  client: ShopifyClient,
  order: OrderState,
  action: Of<'cancel'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (order.cancelledAt !== null) return DONE;
  // The money goes back by an action of its own: Kept knows what of it is due, and when.
  const reason = action.by === 'customer' ? 'CUSTOMER' : action.by === 'law' ? 'INVENTORY' : 'STAFF';
  const { job } = await client.change<{ job: { id: string; done: boolean } | null }>(
    operations.CANCEL,
    { id: order.id, reason, note: `${action.reason} (Kept)`.slice(0, 250) },
    { signal, once: true },
  );
  return job === null || job.done ? DONE : { state: 'pending', handle: job.id };
}

/** A key keeps what it did for some hours; its name in the note keeps it for good. */
const noteOf = ({ id, reason }: { id: string; reason: string }) => `${reason.slice(0, 120)} [kept ${id}]`;
const refundOf = (order: OrderState, { id }: { id: string }) =>
  order.refunds.find((one) => one.note?.endsWith(`[kept ${id}]`) === true);
/** The money that went back is told as a payment, too: by this name it is one and the same. */
const givenBack = (refund: OrderState['refunds'][number]): Outcome => {
  const [first] = refund.transactions.nodes;
  return { state: 'done', ...(first !== undefined && { reference: paymentName(first.id) }) };
};

/** Units of lines: a refund without money, under the action's own key, so that the same twice takes them once. */
async function cancelUnits(
  client: ShopifyClient,
  order: OrderState,
  action: Of<'cancel'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (order.cancelledAt !== null || refundOf(order, action) !== undefined) return DONE;
  const refundLineItems = action.lines.map(({ line, quantity }) => {
    const lineItemId = gid('LineItem', String(line));
    const place = order.fulfillmentOrders.nodes.find((one) =>
      one.lineItems.nodes.some((part) => part.lineItem.id === lineItemId && part.remainingQuantity > 0),
    )?.assignedLocation.location?.id;
    return {
      lineItemId,
      quantity,
      ...(place === undefined ? { restockType: 'NO_RESTOCK' } : { restockType: 'CANCEL', locationId: place }),
    };
  });
  await client.change(
    operations.REFUND,
    { input: { orderId: order.id, note: noteOf(action), notify: false, refundLineItems }, key: action.id },
    { signal },
  );
  return DONE;
}

/** Money back the way it came, the payment named or else the last first, never more than a payment still has. */
async function refund(
  client: ShopifyClient,
  order: OrderState,
  action: Of<'refund'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const before = refundOf(order, action);
  if (before !== undefined) return givenBack(before);
  const paid = order.transactions.filter((one) => one.status === 'SUCCESS');
  const named = paid.filter((one) => paymentName(one.id) === action.payment);
  const parents = (named.length > 0 ? named : paid.toReversed()).filter((one) =>
    ['SALE', 'CAPTURE'].includes(one.kind),
  );
  let missing = action.amount.amount;
  const transactions: Record<string, unknown>[] = [];
  for (const parent of parents) {
    const given = paid
      .filter((one) => one.kind === 'REFUND' && one.parentTransaction?.id === parent.id)
      .reduce((sum, one) => sum + moneyOf(one.amountSet.shopMoney).amount, 0);
    const part = Math.min(missing, moneyOf(parent.amountSet.shopMoney).amount - given);
    if (part <= 0) continue;
    missing -= part;
    transactions.push({
      orderId: order.id,
      parentId: parent.id,
      kind: 'REFUND',
      gateway: parent.gateway ?? '',
      amount: decimalOf({ amount: part, currency: action.amount.currency }),
    });
  }
  if (transactions.length === 0)
    return {
      state: 'refused',
      why: 'Nothing that was paid on this order in Shopify is left to be given back.',
    };
  if (missing > 0)
    return {
      state: 'refused',
      why: `Only ${decimalOf({ amount: action.amount.amount - missing, currency: action.amount.currency })} ${action.amount.currency} are left to be given back.`,
    };
  const { refund: made } = await client.change<{ refund: OrderState['refunds'][number] }>(
    operations.REFUND,
    { input: { orderId: order.id, note: noteOf(action), notify: false, transactions }, key: action.id },
    { signal },
  );
  return givenBack(made);
}

/**
 * A switch is one edit of the order: units of the one line go, a line of the other variant comes, at the price that Kept and
 * the customer agreed on. Edits take no key: what the line had before is written down with the order first, so that an
 * attempt whose answer was lost is seen to have been done. One that was left before its end changes nothing.
 */
async function switchUnits(
  client: ShopifyClient,
  context: ShopifyContext,
  order: OrderState,
  { id, from, to }: Of<'switch'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const lineId = gid('LineItem', String(from.line));
  const line = order.lineItems.nodes.find((one) => one.id === lineId);
  if (line === undefined) return { state: 'refused', why: `The order has no line ${from.line} in Shopify.` };
  const switches = switchesOf(order.switches);
  const before = switches[id]?.before;
  if (before !== undefined && line.currentQuantity <= before - from.quantity) return DONE;
  if (line.unfulfilledQuantity < from.quantity)
    return { state: 'refused', why: `Only ${line.unfulfilledQuantity} of the line have not left yet.` };
  const { productVariants } = await client.ask<{ productVariants: { nodes: { id: string; sku: string }[] } }>(
    operations.VARIANT_BY_SKU,
    { search: `sku:${JSON.stringify(to.sku)}` },
    signal,
  );
  const found = productVariants.nodes.filter((one) => one.sku === to.sku);
  if (found.length !== 1)
    return { state: 'refused', why: `The shop has ${found.length} variants with the SKU ${to.sku}.` };
  const noted: Switches = {
    ...switches,
    [id]: {
      before: line.currentQuantity,
      lines: order.lineItems.nodes.map((one) => numberOf(one.id)),
      line: String(to.line),
      sku: to.sku,
    },
  };
  const field = { ownerId: order.id, namespace: '$app', key: 'switches', type: 'json' };
  await client.change(
    operations.SET_METAFIELDS,
    { metafields: [{ ...field, value: JSON.stringify(noted) }] },
    { signal },
  );
  const { calculatedOrder } = await client.change<{
    calculatedOrder: { id: string; lineItems: { nodes: { id: string; quantity: number }[] } };
  }>(operations.EDIT_BEGIN, { id: order.id }, { signal });
  const calculated = calculatedOrder.lineItems.nodes.find((one) => numberOf(one.id) === numberOf(lineId));
  if (calculated === undefined) return { state: 'refused', why: 'Shopify does not let this line be edited.' };
  const edit = { id: calculatedOrder.id };
  await client.change(
    operations.EDIT_QUANTITY,
    { ...edit, line: calculated.id, quantity: calculated.quantity - from.quantity },
    { signal },
  );
  const { calculatedLineItem } = await client.change<{
    calculatedLineItem: { id: string; originalUnitPriceSet: { shopMoney: ShopMoney } };
  }>(operations.EDIT_ADD, { ...edit, variant: found[0]!.id, quantity: to.quantity }, { signal, once: true });
  const off = discountOf(calculatedLineItem.originalUnitPriceSet.shopMoney, to.price);
  if (off > 0)
    await client.change(
      operations.EDIT_DISCOUNT,
      {
        ...edit,
        line: calculatedLineItem.id,
        discount: {
          description: 'As agreed for the switch',
          fixedValue: {
            amount: decimalOf({ amount: off, currency: to.price.currency }),
            currencyCode: to.price.currency,
          },
        },
      },
      { signal, once: true },
    );
  await client.change(
    operations.EDIT_COMMIT,
    { ...edit, note: `Switched by Kept (${id})` },
    { signal, once: true },
  );
  if (off < 0)
    context.log.warn(
      'Shopify charges less for a switch than was agreed: an edit can lower a price, not raise it.',
      {
        action: id,
      },
    );
  return DONE;
}

/** Minor units a unit: what the shop's price is above the agreed one. */
const discountOf = ({ amount, currencyCode }: ShopMoney, agreed: Money) =>
  minorUnits(amount, currencyCode) - agreed.amount;

/** The promise stands with the order, where the shop's own pages and mails can show it. */
async function tellPromise(
  client: ShopifyClient,
  id: string,
  { state, order }: Of<'tell_order'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (state === null)
    return { state: 'refused', why: `${order.ref} was refused by Kept, and the shop has sold it.` };
  const days = state.lines.flatMap((line) => line.promise?.shipBy ?? []).toSorted();
  // Lines that came by a switch have another name there; only where there are some is the order asked for them.
  const own = state.lines.some(({ line }) => !/^\d+$/.test(String(line)));
  const there = own ? await stateOf(client, id, signal) : null;
  const numbers = new Map(
    there === null
      ? []
      : [...namesOf(switchesOf(there.switches), there.lineItems.nodes)].map(([number, name]) => [
          name,
          number,
        ]),
  );
  const lines = state.lines.map(({ line, promise }) => ({
    line: numbers.get(String(line)) ?? line,
    shipBy: promise?.shipBy ?? null,
  }));
  const field = (key: string, type: string, value: string) => ({
    ownerId: id,
    namespace: '$app',
    key,
    type,
    value,
  });
  const last = days.at(-1);
  await client.change(
    operations.SET_METAFIELDS,
    {
      metafields: [
        field('promise', 'json', JSON.stringify({ lines })),
        ...(last === undefined ? [] : [field('promised_ship_date', 'date', last)]),
      ],
    },
    { signal },
  );
  return DONE;
}
