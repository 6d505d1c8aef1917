import { createHmac } from 'node:crypto';
import type { Push, Received } from '../../connections/index.ts';
import { sameBytes } from './install.ts';
import { pushed, type Stream } from './read-shop.ts';
import type { ShopifySecrets, ShopifySettings } from './settings.ts';

type Payload = Record<string, unknown>;

/** What each topic tells to be read anew: payloads are the old API's shapes and may come late, twice or in another order. */
const REREADS: Readonly<Record<string, (body: Payload) => { stream: Stream; ids: string[] }>> = {
  ORDERS_CREATE: (body) => order(body.id),
  ORDERS_UPDATED: (body) => order(body.id),
  ORDERS_EDITED: (body) => order((body.order_edit as Payload | undefined)?.order_id),
  ORDERS_CANCELLED: (body) => order(body.id),
  ORDERS_PAID: (body) => order(body.id),
  REFUNDS_CREATE: (body) => order(body.order_id),
  ORDER_TRANSACTIONS_CREATE: (body) => order(body.order_id),
  FULFILLMENTS_CREATE: (body) => order(body.order_id),
  FULFILLMENTS_UPDATE: (body) => order(body.order_id),
  INVENTORY_LEVELS_UPDATE: (body) => ({
    stream: 'inventory',
    ids: pushed('InventoryItem', body.inventory_item_id),
  }),
  INVENTORY_LEVELS_CONNECT: (body) => ({
    stream: 'inventory',
    ids: pushed('InventoryItem', body.inventory_item_id),
  }),
  INVENTORY_LEVELS_DISCONNECT: (body) => ({
    stream: 'inventory',
    ids: pushed('InventoryItem', body.inventory_item_id),
  }),
  INVENTORY_TRANSFERS_READY_TO_SHIP: () => transfers(),
  INVENTORY_TRANSFERS_UPDATE_ITEM_QUANTITIES: () => transfers(),
  INVENTORY_TRANSFERS_COMPLETE: () => transfers(),
  INVENTORY_TRANSFERS_CANCEL: () => transfers(),
  INVENTORY_SHIPMENTS_CREATE: () => transfers(),
  INVENTORY_SHIPMENTS_MARK_IN_TRANSIT: () => transfers(),
  INVENTORY_SHIPMENTS_UPDATE_TRACKING: () => transfers(),
  INVENTORY_SHIPMENTS_RECEIVE_ITEMS: () => transfers(),
  PRODUCTS_CREATE: (body) => ({ stream: 'products', ids: pushed('Product', body.id) }),
  PRODUCTS_UPDATE: (body) => ({ stream: 'products', ids: pushed('Product', body.id) }),
  LOCATIONS_CREATE: () => ({ stream: 'shop', ids: ['shop'] }),
  LOCATIONS_UPDATE: () => ({ stream: 'shop', ids: ['shop'] }),
  LOCATIONS_DEACTIVATE: () => ({ stream: 'shop', ids: ['shop'] }),
};

const order = (id: unknown) => ({ stream: 'orders' as const, ids: pushed('Order', id) });
const transfers = () => ({ stream: 'transfers' as const, ids: ['all'] });

/** Topics that the app subscribes to itself. The three of privacy are set with the app, and come to the same address. */
export const TOPICS = [...Object.keys(REREADS), 'APP_UNINSTALLED', 'APP_SCOPES_UPDATE'] as const;

/**
 * A webhook is authentic by its HMAC-SHA256 over the bytes as they came, with the app's secret; then what it is about is read
 * anew. The privacy topics become facts: Kept forgets what it was told of a customer, or of all of the shop's.
 */
export function receiveWebhook(settings: ShopifySettings, secrets: ShopifySecrets, push: Push): Received {
  const header = (name: string) => {
    const value = push.headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? '';
  };
  const given = Buffer.from(header('x-shopify-hmac-sha256'), 'base64');
  const made = createHmac('sha256', secrets.clientSecret).update(push.body).digest();
  if (!sameBytes(given, made)) return { authentic: false, why: 'It is not signed with this app’s secret.' };
  if (header('x-shopify-shop-domain').toLowerCase() !== settings.shop)
    return { authentic: false, why: 'It is about another shop.' };
  const topic = header('x-shopify-topic').toUpperCase().replaceAll('/', '_');
  const id = header('x-shopify-webhook-id') || header('x-shopify-event-id') || made.toString('base64url');
  let body: Payload;
  try {
    body = JSON.parse(push.body.toString()) as Payload;
  } catch {
    return { authentic: false, why: 'It is not JSON.' };
  }
  if (topic === 'APP_UNINSTALLED')
    return { authentic: true, id, ended: 'The app was uninstalled in Shopify.' };
  if (topic === 'CUSTOMERS_REDACT') return { authentic: true, id, facts: [redaction(id, body)] };
  const reread = REREADS[topic]?.(body);
  if (reread === undefined || reread.ids.length === 0) return { authentic: true, id };
  return { authentic: true, id, reread: [reread] };
}

function redaction(id: string, body: Payload) {
  const customer = (body.customer ?? {}) as { email?: string | null };
  const email = customer.email?.trim() ?? '';
  // The orders are named by their numbers, and are known here by their names: those of the customer are found by the address.
  return {
    kind: 'redaction' as const,
    externalId: `customers/redact/${id}`,
    orders: [],
    ...(email !== '' && { email }),
  };
}
