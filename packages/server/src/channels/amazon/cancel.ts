import { gunzipSync } from 'node:zlib';
import type { Outcome } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { skuOfItem } from './order-facts.ts';
import { orderNow } from './orders.ts';
import type { AmazonOrder } from './schemas/orders.ts';
import { CreateFeedAnswer, CreateFeedDocumentAnswer, DocumentAnswer, FeedAnswer } from './schemas/reports.ts';
import { notOurs } from './ship.ts';

export interface OrderToCancel {
  /** Amazon's order id. */
  readonly ref: string;
  readonly by: 'customer' | 'brand' | 'law' | 'channel';
  /** Left out: everything that is open. */
  readonly lines?: readonly { readonly line: string; readonly quantity: number }[] | undefined;
}

const FEED = 'POST_ORDER_ACKNOWLEDGEMENT_DATA';
const CONTENT_TYPE = 'text/xml; charset=UTF-8';
/** How long a pending order, which nobody may cancel, is left alone. */
const PENDING_MS = 60 * 60_000;

/**
 * Cancels an order by the feed in which a seller says that it will not ship it. Amazon works on it by itself: the handle is the
 * feed's, and `settleCancellation` says what came of it.
 */
export async function cancelOrder(
  amazon: Amazon,
  order: OrderToCancel,
  signal?: AbortSignal,
): Promise<Outcome> {
  const now = await orderNow(amazon, order.ref, signal);
  if (now === null) return refused(`Amazon has no order ${order.ref}`);
  const status = now.fulfillment?.fulfillmentStatus;
  if (status === 'CANCELLED') return { state: 'done' };
  if (status === 'PENDING' || status === 'PENDING_AVAILABILITY')
    return {
      state: 'later',
      after: new Date(amazon.now().getTime() + PENDING_MS),
      why: 'Amazon lets nobody cancel an order whose payment is pending.',
    };
  const why = notOurs(now) ?? notWhole(amazon, now, order);
  if (why !== null) return refused(why);
  return { state: 'pending', handle: await submit(amazon, feedOf(amazon, now, order), signal) };
}

/** What became of the feed. An order that is cancelled by then is cancelled, whoever did it. */
export async function settleCancellation(
  amazon: Amazon,
  handle: string,
  ref: string,
  signal?: AbortSignal,
): Promise<Outcome> {
  const feed = await amazon.api.call('getFeed', {
    method: 'GET',
    path: `/feeds/2021-06-30/feeds/${encodeURIComponent(handle)}`,
    answer: FeedAnswer,
    signal,
  });
  if (feed.processingStatus === 'IN_QUEUE' || feed.processingStatus === 'IN_PROGRESS')
    return { state: 'pending', handle };
  const order = await orderNow(amazon, ref, signal);
  if (order?.fulfillment?.fulfillmentStatus === 'CANCELLED') return { state: 'done' };
  if (feed.processingStatus !== 'DONE') return refused(`Amazon gave up the cancellation of order ${ref}`);
  const trouble =
    feed.resultFeedDocumentId === undefined
      ? null
      : await troubleIn(amazon, feed.resultFeedDocumentId, signal);
  // a feed without errors takes effect in the order a little later
  return trouble === null ? { state: 'done' } : refused(`Amazon did not cancel order ${ref}: ${trouble}`);
}

/** Amazon cancels orders, not units of them. */
function notWhole(amazon: Amazon, order: AmazonOrder, { lines }: OrderToCancel): string | null {
  const open = new Map<string, number>();
  for (const item of order.orderItems) {
    const fulfilled = item.fulfillment?.quantityFulfilled ?? 0;
    if (fulfilled > 0)
      return `part of order ${order.orderId} has shipped, and Amazon cancels only whole orders; what will not come is refunded in Seller Central`;
    const sku = skuOfItem(item, amazon.settings);
    const units = item.fulfillment?.quantityUnfulfilled ?? item.quantityOrdered;
    open.set(sku, (open.get(sku) ?? 0) + units);
  }
  if (lines === undefined) return null;
  const asked = new Map(lines.map((line) => [line.line, line.quantity]));
  for (const [sku, units] of open)
    if (units > 0 && (asked.get(sku) ?? 0) < units)
      return `Amazon cancels only whole orders, and ${units - (asked.get(sku) ?? 0)} of ${sku} in order ${order.orderId} would stay`;
  return null;
}

async function submit(amazon: Amazon, xml: string, signal?: AbortSignal): Promise<string> {
  const { feedDocumentId, url } = await amazon.api.call('createFeedDocument', {
    method: 'POST',
    path: '/feeds/2021-06-30/documents',
    body: { contentType: CONTENT_TYPE },
    answer: CreateFeedDocumentAnswer,
    signal,
  });
  const uploaded = await amazon.api.document(url, {
    method: 'PUT',
    headers: { 'content-type': CONTENT_TYPE },
    body: xml,
    ...(signal === undefined ? {} : { signal }),
  });
  await uploaded.body?.cancel();
  const { feedId } = await amazon.api.call('createFeed', {
    method: 'POST',
    path: '/feeds/2021-06-30/feeds',
    body: {
      feedType: FEED,
      marketplaceIds: [amazon.settings.marketplace],
      inputFeedDocumentId: feedDocumentId,
    },
    answer: CreateFeedAnswer,
    signal,
  });
  return feedId;
}

function feedOf({ settings }: Amazon, order: AmazonOrder, { by }: OrderToCancel): string {
  const reason = by === 'customer' ? 'BuyerCanceled' : 'NoInventory';
  const items = order.orderItems
    .map(
      ({ orderItemId }) =>
        `<Item><AmazonOrderItemCode>${escaped(orderItemId)}</AmazonOrderItemCode><CancelReason>${reason}</CancelReason></Item>`,
    )
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">
<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>${escaped(settings.sellerId ?? 'seller')}</MerchantIdentifier></Header>
<MessageType>OrderAcknowledgement</MessageType>
<Message><MessageID>1</MessageID><OrderAcknowledgement><AmazonOrderID>${escaped(order.orderId)}</AmazonOrderID><StatusCode>Failure</StatusCode>${items}</OrderAcknowledgement></Message>
</AmazonEnvelope>
`;
}

async function troubleIn(amazon: Amazon, documentId: string, signal?: AbortSignal): Promise<string | null> {
  const { url, compressionAlgorithm } = await amazon.api.call('getFeedDocument', {
    method: 'GET',
    path: `/feeds/2021-06-30/documents/${encodeURIComponent(documentId)}`,
    answer: DocumentAnswer,
    signal,
  });
  const response = await amazon.api.document(url, signal === undefined ? {} : { signal });
  const bytes = Buffer.from(await response.arrayBuffer());
  const xml = (compressionAlgorithm === 'GZIP' ? gunzipSync(bytes) : bytes).toString('utf8');
  const errors = Number(/<MessagesWithError>\s*(\d+)/.exec(xml)?.[1] ?? 0);
  if (errors === 0) return null;
  return /<ResultDescription>([^<]*)/.exec(xml)?.[1]?.trim().replace(/\.$/, '') || `${errors} errors`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const refused = (why: string): Outcome => ({ state: 'refused', why: `${why}.` });
