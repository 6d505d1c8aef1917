import type { Client } from './client.ts';
import type { Cart, Deed } from './deed.ts';
import type { Answer } from './http.ts';
import type { Happening } from './item-model.ts';
import { type AskedLine, type OwnLine, OwnOrder, openOf } from './own-order.ts';
import { CHANNELS, dayFromNow } from './shelf.ts';

/** What customers do: order, fill carts, cancel, change; and what the warehouse does with an order. */

const PRICE = { amount: 1000, currency: 'USD' };
const HOLD_CHANNEL = 'web';
/** Seconds. A short one is over while the round still runs. */
const SHORT_HOLD = 1;
const LONG_HOLD = 3600;

interface OrderKind {
  readonly mode: 'request' | 'placed';
  /** Of one item whose history is checked. */
  readonly checked: boolean;
}

/** An order of some units of each SKU. It has a ref, and sometimes an Idempotency-Key as well. */
export function order(
  client: Client,
  skus: readonly string[],
  { mode, checked }: OrderKind,
  cart?: Cart,
): Deed {
  const { chance } = client;
  const tag = client.nextTag();
  // A cart is its channel's: an order of another one does not get its units.
  const channel = checked || cart !== undefined ? HOLD_CHANNEL : chance.oneOf(CHANNELS);
  const asked = skus.map((sku, index): AskedLine => ({ line: index + 1, sku, quantity: chance.whole(1, 4) }));
  if (cart !== undefined)
    (asked[0] as { quantity: number }).quantity = Math.max(1, cart.quantity + chance.whole(-1, 1));
  const own = new OwnOrder(tag, channel, mode, asked);
  const body = {
    ref: tag,
    channel,
    mode,
    placedAt: new Date().toISOString(),
    customer: {
      name: `Customer of ${client.name}`,
      class: checked ? undefined : chance.oneOf(['vip', undefined]),
    },
    shipTo: { country: 'US' },
    shipComplete: !checked && chance.maybe(0.3),
    allowPartial: chance.maybe(0.4),
    lines: asked.map(({ line, sku, quantity }) => ({
      line,
      sku,
      quantity,
      price: PRICE,
      ...(cart === undefined ? {} : { hold: cart.id }),
      ...(!checked && chance.maybe(0.1) ? { notBefore: dayFromNow(25) } : {}),
    })),
  };
  const [first] = asked;
  return {
    tag,
    kind: 'order',
    method: 'POST',
    path: '/v1/orders',
    body,
    key: chance.maybe(0.3) ? tag : undefined,
    repeatable: true,
    accepted: [200, 201],
    refused: [409],
    order: own,
    asked,
    cart,
    ...(checked
      ? { item: first!.sku, happening: (answer) => ordered(answer, mode, first!.quantity, cart) }
      : {}),
  };
}

function ordered(
  answer: Answer,
  mode: OrderKind['mode'],
  asked: number,
  cart: Cart | undefined,
): Happening | null {
  const kept = cart === undefined ? {} : { cart: cart.id! };
  if (answer.status === 409)
    return { kind: 'refusal', asked, available: answer.body.lines[0].available, ...kept };
  const [line] = answer.body.lines;
  // What an order that is known already waits for now says nothing about how it began.
  if (mode === 'placed') {
    const waiting = answer.status === 201 ? unitsOf(line.commitments, 'waiting') : null;
    return { kind: 'placed', quantity: asked, waiting };
  }
  return { kind: 'request', asked, accepted: line.ordered, ...kept };
}

function unitsOf(commitments: readonly { kind: string; quantity: number }[], kind: string): number {
  return commitments.reduce((units, one) => units + (one.kind === kind ? one.quantity : 0), 0);
}

export function hold(client: Client, sku: string, checked: boolean): Deed {
  const { chance } = client;
  const tag = client.nextTag();
  const quantity = chance.whole(1, 3);
  const ttlSeconds = chance.maybe(0.4) ? SHORT_HOLD : LONG_HOLD;
  const cart: Cart = { sku, quantity, id: null, expiresAt: 0, over: false };
  const named = checked || chance.maybe(0.7);
  return {
    tag,
    kind: 'hold',
    method: 'POST',
    path: '/v1/holds',
    body: { sku, quantity, channel: HOLD_CHANNEL, ttlSeconds },
    key: named ? tag : undefined,
    repeatable: named,
    accepted: [201],
    refused: [409],
    cart,
    ...(checked
      ? {
          item: sku,
          happening: ({ status, body }): Happening =>
            status === 201
              ? { kind: 'hold', cart: body.id, quantity }
              : { kind: 'no_hold', asked: quantity, available: body.lines[0].available },
        }
      : {}),
  };
}

/** A cart becomes an order: exactly its units, or one less or more. It may be over meanwhile. */
export function consume(client: Client, sku: string, checked: boolean): Deed | null {
  const cart = client.carts.find((one) => one.sku === sku && !one.over);
  if (cart === undefined) return null;
  cart.over = true;
  return order(client, [sku], { mode: 'request', checked }, cart);
}

export function release(client: Client, sku: string, checked: boolean): Deed | null {
  const cart = client.carts.find((one) => one.sku === sku && !one.over);
  if (cart === undefined) return null;
  cart.over = true;
  return {
    tag: client.nextTag(),
    kind: 'release',
    method: 'DELETE',
    path: `/v1/holds/${cart.id}`,
    repeatable: true,
    accepted: [204],
    cart,
    ...(checked ? { item: sku, happening: () => ({ kind: 'release', cart: cart.id! }) } : {}),
  };
}

/** Some or all open units of a line, by an id of its own or, as people do, without one. */
export function cancel(client: Client, sku: string, checked: boolean): Deed | null {
  const found = ownLine(client, sku, (line) => openOf(line));
  if (found === null) return null;
  const { own, line, most } = found;
  const tag = client.nextTag();
  const quantity = client.chance.whole(1, most);
  const named = client.chance.maybe(0.7);
  return {
    tag,
    kind: 'cancellation',
    method: 'POST',
    path: `${own.path}/cancellations`,
    body: { ...(named ? { id: tag } : {}), lines: [{ line: line.line, quantity }], reason: tag },
    repeatable: named,
    accepted: [200],
    order: own,
    change: () => own.cancel(line, quantity),
    ...(checked ? { item: sku, happening: () => ({ kind: 'cancel', quantity }) } : {}),
  };
}

/** Units that Kept said were reserved; of orders that a channel sold also others, for a warehouse may do so. */
export function ship(client: Client, sku: string, checked: boolean): Deed | null {
  const found = ownLine(client, sku, (line) => Math.min(openOf(line), checked ? line.reserved : 99));
  if (found === null) return null;
  const { own, line, most } = found;
  const tag = client.nextTag();
  const quantity = client.chance.whole(1, most);
  return {
    tag,
    kind: 'shipment',
    method: 'POST',
    path: `${own.path}/shipments`,
    body: { lines: [{ line: line.line, quantity }], tracking: tag },
    key: tag,
    repeatable: true,
    accepted: [200],
    order: own,
    change: () => own.ship(line, quantity),
    ...(checked ? { item: sku, happening: () => ({ kind: 'ship', quantity }) } : {}),
  };
}

/** A line gets another quantity. More may be refused to a request. */
export function change(client: Client, sku: string, checked: boolean): Deed | null {
  const found = ownLine(client, sku, (line) => openOf(line));
  if (found === null) return null;
  const { own, line } = found;
  const tag = client.nextTag();
  const has = line.ordered - line.cancelled;
  const quantity = Math.max(line.shipped, has + client.chance.oneOf([-2, -1, 1, 2]));
  if (quantity === has || quantity === 0) return null;
  return {
    tag,
    kind: 'change',
    method: 'POST',
    path: `${own.path}/changes`,
    body: { id: tag, lines: [{ line: line.line, quantity }], reason: tag },
    repeatable: true,
    accepted: [200],
    refused: quantity > has && own.mode === 'request' ? [409] : [],
    order: own,
    change: () => own.resize(line, quantity),
    ...(checked ? { item: sku, happening: (answer) => resized(answer, own, quantity - has) } : {}),
  };
}

function resized(answer: Answer, own: OwnOrder, more: number): Happening {
  if (more < 0) return { kind: 'cancel', quantity: -more };
  if (answer.status === 409)
    return { kind: 'refusal', asked: more, available: answer.body.lines[0].available };
  return own.mode === 'placed'
    ? { kind: 'placed', quantity: more, waiting: null }
    : { kind: 'request', asked: more, accepted: more };
}

/** A line of one of the client's own orders of which something can be done. */
function ownLine(
  client: Client,
  sku: string,
  mostOf: (line: OwnLine) => number,
): { own: OwnOrder; line: OwnLine; most: number } | null {
  const found = client.orders.flatMap((own) =>
    own.sure
      ? own.lines.flatMap((line) => {
          const most = line.sku === sku ? mostOf(line) : 0;
          return most > 0 ? [{ own, line, most }] : [];
        })
      : [],
  );
  return found.length === 0 ? null : client.chance.oneOf(found);
}
