import type { Action, Outcome } from '../../connections/index.ts';
import type { ShopifyClient } from './client.ts';
import { type FulfillmentOrderNode, gid, type OrderState } from './nodes.ts';
import * as operations from './operations.ts';
import type { ShopifyContext } from './settings.ts';

type Of<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/** Shopify takes ten holds of an app on one fulfilment order: by their handles, Kept never has more than one for each of its reasons. */
const HOLD: Readonly<Record<Of<'hold'>['reason'], { handle: string; reason: string }>> = {
  awaiting_stock: { handle: 'kept-stock', reason: 'INVENTORY_OUT_OF_STOCK' },
  awaiting_customer: { handle: 'kept-customer', reason: 'OTHER' },
  other: { handle: 'kept-other', reason: 'OTHER' },
};

interface Part {
  readonly order: FulfillmentOrderNode;
  /** Of the fulfilment order's own lines, so many units each. */
  readonly lines: { readonly id: string; readonly quantity: number }[];
  /** Whether these are all that the fulfilment order has left. */
  readonly whole: boolean;
}

const OPEN_STATUS = new Set(['OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS', 'INCOMPLETE']);

/** Where units of the order's lines lie among its fulfilment orders. */
export function partsOf(
  order: OrderState,
  lines: readonly { line: string | number; quantity: number }[],
  first: (one: FulfillmentOrderNode) => boolean,
): Part[] {
  const wanted = new Map(lines.map(({ line, quantity }) => [gid('LineItem', String(line)), quantity]));
  const open = order.fulfillmentOrders.nodes.filter((one) => OPEN_STATUS.has(one.status));
  const sorted = [...open.filter(first), ...open.filter((one) => !first(one))];
  return sorted.flatMap((one) => {
    const taken: { id: string; quantity: number }[] = [];
    let left = 0;
    for (const { id, remainingQuantity, lineItem } of one.lineItems.nodes) {
      const asked = wanted.get(lineItem.id) ?? 0;
      const quantity = Math.min(asked, remainingQuantity);
      if (quantity > 0) {
        taken.push({ id, quantity });
        wanted.set(lineItem.id, asked - quantity);
      }
      left += remainingQuantity - quantity;
    }
    return taken.length === 0 ? [] : [{ order: one, lines: taken, whole: left === 0 }];
  });
}

/**
 * Holds units back. What is paid is shipped by Shopify unless something holds it: payment status does not. Held units that are
 * a part of a fulfilment order are split off by Shopify.
 */
export async function holdUnits(
  client: ShopifyClient,
  context: ShopifyContext,
  order: OrderState,
  action: Of<'hold'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { handle, reason } = HOLD[action.reason];
  const held = (one: FulfillmentOrderNode) => one.fulfillmentHolds.some((hold) => hold.handle === handle);
  // Those that are held already count first: the same hold twice does not hold more units.
  const parts = partsOf(order, action.lines, held);
  if (parts.length === 0) context.log.info('Nothing was left to be held in Shopify.', { action: action.id });
  const waits = parts.filter((part) => !held(part.order));
  const busy = waits.find((part) => part.order.status === 'IN_PROGRESS');
  if (busy !== undefined)
    return {
      state: 'refused',
      why: 'A fulfilment service has taken these units on: ask it to stop in Shopify.',
    };
  for (const part of waits)
    await client.change(
      operations.HOLD,
      {
        id: part.order.id,
        hold: {
          reason,
          handle,
          reasonNotes: action.words.slice(0, 250),
          notifyMerchant: false,
          ...(part.whole ? {} : { fulfillmentOrderLineItems: part.lines }),
        },
      },
      { fine: ['DUPLICATE_FULFILLMENT_HOLD_HANDLE'], signal, once: true },
    );
  return { state: 'done' };
}

/** Lets units go: those that are a part of what is held are split off first, since a hold is of the whole. */
export async function releaseUnits(
  client: ShopifyClient,
  context: ShopifyContext,
  order: OrderState,
  action: Of<'release'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  // What goes already counts first.
  const parts = partsOf(
    order,
    action.lines,
    (one) => one.status === 'OPEN' && one.fulfillmentHolds.length === 0,
  );
  let others = 0;
  for (const part of parts) {
    const target = part.whole ? part.order : await splitOff(client, part, signal);
    const holds = target.fulfillmentHolds.filter((hold) => hold.heldByRequestingApp);
    others += target.fulfillmentHolds.length - holds.length;
    if (holds.length > 0)
      await client.change(
        operations.RELEASE,
        { id: target.id, holdIds: holds.map((hold) => hold.id) },
        { signal, once: true },
      );
    else if (target.status === 'SCHEDULED')
      await client.change(operations.OPEN, { id: target.id }, { signal, once: true });
  }
  if (others > 0)
    context.log.warn('Another app, or a person, still holds units in Shopify that Kept has released.', {
      action: action.id,
    });
  return { state: 'done' };
}

/**
 * Moves the days on which units go. A fulfilment order has one day, and of several due dates in one order Shopify keeps the
 * soonest: so units of another day are split off first. What is open and not scheduled has no day there, and stays as it is.
 */
export async function rescheduleUnits(
  client: ShopifyClient,
  context: ShopifyContext,
  order: OrderState,
  action: Of<'reschedule'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const notes = new Set<string>();
  let current = order;
  for (const [day, lines] of Map.groupBy(action.lines, (line) => line.shipBy)) {
    const at = `${day}T00:00:00Z`;
    const isThere = (one: FulfillmentOrderNode) =>
      one.fulfillAt !== null && Date.parse(one.fulfillAt) === Date.parse(at);
    for (const part of partsOf(current, lines, isThere)) {
      if (isThere(part.order)) continue;
      if (part.order.status !== 'SCHEDULED') {
        notes.add(
          'Units that are not scheduled have no day in Shopify: a hold keeps them until they may go.',
        );
        continue;
      }
      if (Date.parse(at) <= context.now().getTime()) {
        await client.change(operations.OPEN, { id: part.order.id }, { signal, once: true });
        continue;
      }
      const target = part.whole ? part.order : await splitOff(client, part, signal);
      await client.change(operations.RESCHEDULE, { id: target.id, at }, { signal });
    }
    const fresh = await client.ask<{ order: OrderState | null }>(
      operations.ORDER_STATE,
      { id: order.id },
      signal,
    );
    current = fresh.order ?? current;
  }
  for (const words of notes) context.log.info(words, { action: action.id });
  return { state: 'done' };
}

/** @returns the fulfilment order that has just these units, with the holds of the one that it came from */
async function splitOff(
  client: ShopifyClient,
  part: Part,
  signal?: AbortSignal,
): Promise<FulfillmentOrderNode> {
  const { fulfillmentOrderSplits } = await client.change<{
    fulfillmentOrderSplits: { remainingFulfillmentOrder: { id: string } }[];
  }>(
    operations.SPLIT,
    { splits: [{ fulfillmentOrderId: part.order.id, fulfillmentOrderLineItems: part.lines }] },
    { signal, once: true },
  );
  const { id } = fulfillmentOrderSplits[0]!.remainingFulfillmentOrder;
  const { fulfillmentOrder } = await client.ask<{ fulfillmentOrder: FulfillmentOrderNode | null }>(
    operations.FULFILLMENT_ORDER_BY_ID,
    { id },
    signal,
  );
  return fulfillmentOrder ?? { ...part.order, id };
}
