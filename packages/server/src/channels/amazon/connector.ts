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
import { openAccount, type Pace } from './account.ts';
import { cancelOrder, settleCancellation } from './cancel.ts';
import { checkConnection } from './check.ts';
import type { Amazon } from './context.ts';
import { inventoryChanges } from './fba-inventory.ts';
import { inboundChanges } from './inbound.ts';
import { listingChanges } from './listings.ts';
import { notified } from './notifications.ts';
import { factsNow, orderChanges, orderNow } from './orders.ts';
import { publish } from './publish.ts';
import { Queue } from './queue.ts';
import { sellerMetrics, sellerOrderOf } from './seller-metrics.ts';
import { AmazonSecrets, AmazonSettings, marketplaceOf, type Secrets, type Settings } from './settings.ts';
import { confirmShipment } from './ship.ts';
import { unsubscribeAll } from './subscriptions.ts';

const METRIC_DAYS_MS = 31 * 86_400_000;

/**
 * Amazon: a seller's orders, stock and listings in one marketplace. Orders that the brand ships itself and those that Amazon
 * ships are two channels.
 */
export function amazonConnector(pace: Pace = {}): Connector<Settings, Secrets> {
  return {
    kind: 'amazon',
    role: 'channel',
    title: 'Amazon',
    streams: ['listings', 'fba_inventory', 'inbound', 'orders', 'notifications'],
    can: {
      push: false,
      publish: true,
      act: ['cancel', 'confirm_shipment', 'refund', 'switch'],
    },
    settings: AmazonSettings,
    secrets: AmazonSecrets,
    open: (context) => open(context, pace),
  };
}

function open(context: ConnectionContext<Settings, Secrets>, pace: Pace): Connection {
  const { settings, secrets } = context;
  const account = openAccount(context, pace);
  const { now } = account;
  const amazon: Amazon = {
    ...account,
    settings,
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
          fetch: (url, init) => context.fetch(url, init),
        });
  const streams: Readonly<Record<string, (cursor: string | null, reading: Reading) => AsyncIterable<Page>>> =
    {
      listings: (cursor, reading) => listingChanges(amazon, cursor, reading),
      fba_inventory: (cursor, reading) => inventoryChanges(amazon, cursor, reading),
      inbound: (cursor, reading) => inboundChanges(amazon, cursor, reading),
      orders: (cursor, reading) => orderChanges(amazon, cursor, reading),
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
        facts.push(...((await factsNow(amazon, id, signal)) ?? []));
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
  if (!('order' in action)) return refused('Amazon is no place for purchase orders of the brand’s own');
  const { ref } = action.order;
  switch (action.kind) {
    case 'cancel': {
      const lines = action.whole ? undefined : named(action.lines);
      return cancelOrder(amazon, { ref, by: action.by, lines }, signal);
    }
    case 'confirm_shipment': {
      const { id, carrier, tracking, shippedAt } = action;
      return confirmShipment(
        amazon,
        { id, ref, lines: named(action.lines), carrier, tracking, shippedAt },
        signal,
      );
    }
    case 'refund': {
      const order = await orderNow(amazon, ref, signal);
      // Amazon gives the money back itself when an order is cancelled
      if (order?.fulfillment?.fulfillmentStatus === 'CANCELLED') return { state: 'done' };
      return refused('Amazon handles the money of its buyers: give it back in Seller Central');
    }
    case 'switch':
      return refused(
        'Amazon lets nobody change what an order is of: the buyer has to cancel and to order anew',
      );
    case 'tell_order':
      // a buyer's order is as it was sold
      return { state: 'done' };
    default:
      return refused(`Amazon has no way to ${action.kind} an order`);
  }
}

const named = (lines: readonly { readonly line: string | number; readonly quantity: number }[]) =>
  lines.map(({ line, quantity }) => ({ line: String(line), quantity }));

const refused = (why: string): Outcome => ({ state: 'refused', why: `${why}.` });
