import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inventoryFacts } from './fba-inventory.ts';
import { factsNow } from './orders.ts';
import type { Queue, QueueMessage } from './queue.ts';
import type { InventorySummary } from './schemas/inventory.ts';
import { InventoryChange, Notification, OrderChange } from './schemas/notifications.ts';
import { subscribe } from './subscriptions.ts';

const Subscribed = z.object({ subscribed: z.string() });

/** Batches of ten that one run takes: what is left waits for the next. */
const MOST_BATCHES = 50;

/** What one batch of messages says has changed. */
interface News {
  readonly orders: Set<string>;
  readonly stock: InventorySummary[];
}

/**
 * What Amazon tells by itself, out of the queue. A message says only that something changed: the order is read as it is now, so
 * that one that comes twice, late or out of order does no harm. It is taken away once what it led to is applied; one that
 * never comes is made good by the stream of orders.
 */
export async function* notified(
  amazon: Amazon,
  queue: Queue | null,
  cursor: string | null,
  { signal }: Reading = {},
): AsyncGenerator<Page> {
  if (queue === null) return;
  let subscribed = readCursor(Subscribed, cursor)?.subscribed;
  if (subscribed === undefined || subscribed !== amazon.settings.queue!.arn) {
    await subscribe(amazon, signal);
    subscribed = amazon.settings.queue!.arn;
  }
  const next = writeCursor({ subscribed });
  for (let batch = 0; batch < MOST_BATCHES; batch++) {
    const messages = await queue.receive(signal);
    if (messages.length === 0) break;
    const news = newsIn(amazon, messages);
    const facts: Fact[] = [];
    for (const id of news.orders) {
      const told = await factsNow(amazon, id, signal);
      if (told === null) amazon.warn('Amazon told of an order that it does not know.', { order: id });
      else facts.push(...told);
    }
    // None of a seller without stock at Amazon, who has no location for it.
    if (news.stock.length > 0) facts.push(...(await inventoryFacts(amazon, news.stock, signal)));
    yield { facts, cursor: next };
    await queue.remove(messages, signal);
  }
  yield { facts: [], cursor: next };
}

function newsIn(amazon: Amazon, messages: readonly QueueMessage[]): News {
  const news: News = { orders: new Set(), stock: [] };
  for (const { body } of messages) {
    const notification = Notification.safeParse(jsonOr(body));
    if (!notification.success || !read(amazon, notification.data, news))
      amazon.warn('A notification of Amazon could not be read.', { body: body.slice(0, 2000) });
  }
  return news;
}

/** @returns whether it could be read; what Kept has no use for is read, too */
function read(
  amazon: Amazon,
  { notificationType, payload, eventTime }: z.output<typeof Notification>,
  news: News,
): boolean {
  const { marketplace, fba } = amazon.settings;
  switch (notificationType) {
    case 'ORDER_CHANGE': {
      const change = OrderChange.safeParse(payload);
      if (!change.success) return false;
      const { AmazonOrderId, Summary } = change.data.OrderChangeNotification;
      if (Summary?.MarketplaceId === undefined || Summary.MarketplaceId === marketplace)
        news.orders.add(AmazonOrderId);
      return true;
    }
    case 'FBA_INVENTORY_AVAILABILITY_CHANGES': {
      const change = InventoryChange.safeParse(payload);
      if (!change.success) return false;
      const here = change.data.FulfillmentInventoryByMarketplace.find(
        (one) => one.MarketplaceId === marketplace,
      );
      if (here === undefined || fba === undefined) return true;
      const { Fulfillable, Unfulfillable, ReservedQuantityBreakdown } = here.FulfillmentInventory;
      news.stock.push({
        sellerSku: change.data.SKU,
        lastUpdatedTime: eventTime,
        inventoryDetails: {
          fulfillableQuantity: Fulfillable,
          reservedQuantity: { pendingCustomerOrderQuantity: ReservedQuantityBreakdown.PendingCustomerOrder },
          unfulfillableQuantity: { totalUnfulfillableQuantity: Unfulfillable },
        },
      });
      return true;
    }
    default:
      return true;
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
