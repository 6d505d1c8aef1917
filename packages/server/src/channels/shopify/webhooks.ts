import { createHmac } from 'node:crypto';
import type { Fact, Push, Received } from '../../connections/index.ts';
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
 * anew. The privacy topics become facts.
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
  const asked = PRIVACY[topic];
  if (asked !== undefined) return { authentic: true, id, facts: asked(id, body, settings) };
  const reread = REREADS[topic]?.(body);
  if (reread === undefined || reread.ids.length === 0) return { authentic: true, id };
  return { authentic: true, id, reread: [reread] };
}

const emailIn = ({ customer }: Payload): string =>
  (customer as { email?: string | null } | undefined)?.email?.trim() ?? '';

/**
 * What the law lets customers and shops ask: what is known of a customer, that a customer be forgotten, and, two days after the
 * app is gone, that everybody of the shop be.
 */
const PRIVACY: Readonly<Record<string, (id: string, body: Payload, settings: ShopifySettings) => Fact[]>> = {
  CUSTOMERS_DATA_REQUEST: (id, body) => {
    const email = emailIn(body);
    // Without an address nothing is known by which Kept could find them.
    return email === '' ? [] : [{ kind: 'data_request', externalId: `customers/data_request/${id}`, email }];
  },
  CUSTOMERS_REDACT: (id, body) => {
    const email = emailIn(body);
    const orders = Array.isArray(body.orders_to_redact) ? body.orders_to_redact : [];
    return [
      {
        kind: 'redaction',
        externalId: `customers/redact/${id}`,
        externalIds: orders.flatMap((one) => pushed('Order', one)),
        ...(email !== '' && { email }),
      },
    ];
  },
  SHOP_REDACT: (id, _body, { channel }) => [{ kind: 'redaction', externalId: `shop/redact/${id}`, channel }],
};
