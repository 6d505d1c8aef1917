import type {
  Action,
  Connection,
  ConnectionContext,
  Connector,
  Fact,
  Outcome,
  Page,
  Reading,
} from '../../connections/index.ts';
import { acknowledge } from './acknowledge.ts';
import { cancelOrder, settleCancellation } from './cancel.ts';
import { checkConnection } from './check.ts';
import type { Amazon } from './context.ts';
import { inventoryChanges } from './fba-inventory.ts';
import { inboundChanges } from './inbound.ts';
import { listingChanges } from './listings.ts';
import { notified } from './notifications.ts';
import { factsOf, orderChanges, orderNow } from './orders.ts';
import { publish } from './publish.ts';
import { Queue } from './queue.ts';
import { sellerMetrics, sellerOrderOf } from './seller-metrics.ts';
import { AmazonSecrets, AmazonSettings, marketplaceOf, type Secrets, type Settings } from './settings.ts';
import { confirmShipment } from './ship.ts';
import { SellingPartnerApi } from './sp-api.ts';
import { unsubscribeAll } from './subscriptions.ts';
import { coverOf } from './vendor-cover.ts';
import { vendorOrderChanges } from './vendor-orders.ts';

/** How much waiting is done in place, and how long: tests shorten it. */
export interface Pace {
  readonly patienceMs?: number;
  readonly pauseMs?: number;
  readonly monotonicMs?: () => number;
}

const METRIC_DAYS_MS = 31 * 86_400_000;

/**
 * Amazon: a seller's orders, stock and listings in one marketplace, or a vendor's purchase orders. Orders that the brand ships
 * itself, those that Amazon ships and those that Amazon places are three channels.
 */
export function amazonConnector(pace: Pace = {}): Connector<Settings, Secrets> {
  return {
    kind: 'amazon',
    role: 'channel',
    title: 'Amazon',
    streams: ['listings', 'fba_inventory', 'inbound', 'orders', 'vendor_orders', 'notifications'],
    can: {
      push: false,
      publish: true,
      act: ['cancel', 'confirm_shipment', 'tell_order', 'refund', 'switch'],
    },
    settings: AmazonSettings,
    secrets: AmazonSecrets,
    open: (context) => open(context, pace),
  };
}

function open(context: ConnectionContext<Settings, Secrets>, pace: Pace): Connection {
  const { settings } = context;
  let secrets = context.secrets;
  const now = () => context.now();
  const fetch = (url: string, init: RequestInit) => context.fetch(url, init);
  const amazon: Amazon = {
    settings,
    now,
    warn: (words, data) => context.log.warn(words, data),
    api: new SellingPartnerApi({
      ...pace,
      settings,
      secrets: () => secrets,
      now,
      fetch,
      async saveSecrets(renewed) {
        await context.saveSecrets(renewed);
        secrets = renewed;
      },
    }),
    async metrics(today) {
      const since = new Date(now().getTime() - METRIC_DAYS_MS);
      const { timeZone } = marketplaceOf(settings);
      const orders = (await context.soldOrders?.(settings.channel, since)) ?? [];
      return sellerMetrics(
        orders.map((order) => sellerOrderOf(order, timeZone)),
        now(),
        today,
      );
    },
  };
  const queue = () =>
    settings.queue === undefined ||
    secrets.awsAccessKeyId === undefined ||
    secrets.awsSecretAccessKey === undefined
      ? null
      : new Queue({
          ...settings.queue,
          accessKeyId: secrets.awsAccessKeyId,
          secretAccessKey: secrets.awsSecretAccessKey,
          now,
          fetch,
        });
  const streams: Readonly<Record<string, (cursor: string | null, reading: Reading) => AsyncIterable<Page>>> =
    {
      listings: (cursor, reading) => listingChanges(amazon, cursor, reading),
      fba_inventory: (cursor, reading) => inventoryChanges(amazon, cursor, reading),
      inbound: (cursor, reading) => inboundChanges(amazon, cursor, reading),
      orders: (cursor, reading) => orderChanges(amazon, cursor, reading),
      vendor_orders: (cursor, reading) => vendorOrderChanges(amazon, cursor, reading),
      notifications: (cursor, reading) => notified(amazon, queue(), cursor, reading),
    };
  return {
    check: (signal) => checkConnection(amazon, secrets, signal),
    changes(stream, cursor, reading) {
      const read = streams[stream];
      if (read === undefined) throw new Error(`Amazon has no stream ${stream}`);
      return read(cursor, reading);
    },
    async reread(stream, ids, signal) {
      const facts: Fact[] = [];
      if (stream !== 'orders') return facts;
      for (const id of ids) {
        const order = await orderNow(amazon, id, signal);
        if (order !== null) facts.push(...factsOf(amazon, order));
      }
      return facts;
    },
    publish: (availabilities, signal) => publish(amazon, availabilities, signal),
    act: (action, signal) => act(amazon, action, signal),
    async settle(action, handle, signal) {
      if (action.kind !== 'cancel') return { state: 'done' };
      return settleCancellation(amazon, handle, action.order.ref, signal);
    },
    disconnect: (signal) => unsubscribeAll(amazon, signal),
  };
}

async function act(amazon: Amazon, action: Action, signal?: AbortSignal): Promise<Outcome> {
  const { settings } = amazon;
  if (!('order' in action)) return refused('Amazon is no place for purchase orders of the brand’s own');
  const { ref, channel } = action.order;
  const ofVendor = channel === settings.vendor?.channel;
  switch (action.kind) {
    case 'tell_order':
      // only Amazon as a customer is told what was decided of its order; a buyer's order is as it was sold
      if (!ofVendor || action.state === null) return { state: 'done' };
      return acknowledge(amazon, ref, coverOf(action.state, action.at), signal);
    case 'cancel':
      // what a vendor will not ship is told with the answer to the purchase order
      if (ofVendor) return { state: 'done', note: 'Told with the answer to the purchase order.' };
      return cancelOrder(
        amazon,
        { ref, by: action.by, ...(!action.whole && { lines: named(action.lines) }) },
        signal,
      );
    case 'confirm_shipment':
      if (ofVendor)
        return refused(
          'Amazon hears of a vendor’s shipments by an advance shipment notice, which Kept does not send',
        );
      return confirmShipment(
        amazon,
        {
          id: action.id,
          ref,
          lines: named(action.lines),
          carrier: action.carrier,
          tracking: action.tracking,
          shippedAt: action.shippedAt,
        },
        signal,
      );
    case 'refund': {
      const order = ofVendor ? null : await orderNow(amazon, ref, signal);
      if (order?.fulfillment?.fulfillmentStatus === 'CANCELLED')
        return {
          state: 'done',
          note: 'Amazon gives the money back itself when an order is cancelled.',
        };
      return refused('Amazon handles the money of its buyers: give it back in Seller Central');
    }
    case 'switch':
      return refused(
        'Amazon lets nobody change what an order is of: the buyer has to cancel and to order anew',
      );
    default:
      return refused(`Amazon has no way to ${action.kind} an order`);
  }
}

const named = (lines: readonly { readonly line: string | number; readonly quantity: number }[]) =>
  lines.map(({ line, quantity }) => ({ line: String(line), quantity }));

const refused = (why: string): Outcome => ({ state: 'refused', why: `${why}.` });
