import { gzipSync } from 'node:zlib';
import { type Asked, invalid, notFound, ok, type Said } from './answers.ts';
import { openOf } from './order-routes.ts';
import type { SimulatedOrder, World } from './world.ts';

/** Reports and Feeds: asked for, worked on for a while, and then a document. */
export function reportRoutes(world: World, base: () => string, polls: () => number) {
  return {
    createReport({ body }: Asked): Said {
      const { reportType, dataStartTime, dataEndTime } = body as CreateReportBody;
      if (!reportType.startsWith('GET_FLAT_FILE_ALL_ORDERS_DATA_BY'))
        return invalid(`The simulator makes no report ${reportType}.`);
      const from = dataStartTime ?? '1970-01-01T00:00:00Z';
      const to = dataEndTime ?? world.instant();
      if (Date.parse(to) - Date.parse(from) > 30 * 86_400_000 + 1000)
        return invalid('A report spans at most 30 days.');
      const reportId = String(50_000 + world.number());
      world.reports.set(reportId, {
        reportId,
        reportType,
        from,
        to,
        createdTime: world.instant(),
        polls: polls(),
        documentId: null,
        failed: false,
      });
      return ok({ reportId }, 202);
    },

    getReport({ names }: Asked): Said {
      const report = world.reports.get(names.reportId!);
      if (report === undefined) return notFound('The report');
      const about = {
        reportId: report.reportId,
        reportType: report.reportType,
        createdTime: report.createdTime,
        dataStartTime: report.from,
        dataEndTime: report.to,
        marketplaceIds: [world.marketplace],
      };
      if (report.failed) return ok({ ...about, processingStatus: 'FATAL' });
      if (report.polls > 0) {
        report.polls--;
        return ok({ ...about, processingStatus: report.polls > 0 ? 'IN_QUEUE' : 'IN_PROGRESS' });
      }
      const orders = [...world.orders.values()].filter(
        (one) => one.lastUpdatedTime >= report.from && one.lastUpdatedTime < report.to,
      );
      if (orders.length === 0) return ok({ ...about, processingStatus: 'CANCELLED' });
      report.documentId ??= keep(`report-${report.reportId}`, gzipSync(flatFileOf(world, orders)));
      return ok({ ...about, processingStatus: 'DONE', reportDocumentId: report.documentId });
    },

    getReportDocument({ names }: Asked): Said {
      const id = names.reportDocumentId!;
      if (!world.documents.has(id)) return notFound('The document');
      return ok({ reportDocumentId: id, url: `${base()}/documents/${id}`, compressionAlgorithm: 'GZIP' });
    },

    createFeedDocument(): Said {
      const feedDocumentId = `feed-document-${world.number()}`;
      return ok({ feedDocumentId, url: `${base()}/documents/${feedDocumentId}` }, 201);
    },

    createFeed({ body }: Asked): Said {
      const { feedType, inputFeedDocumentId } = body as CreateFeedBody;
      if (feedType !== 'POST_ORDER_ACKNOWLEDGEMENT_DATA')
        return invalid(`The simulator takes no feed ${feedType}.`);
      if (!world.documents.has(inputFeedDocumentId)) return invalid('The document was not uploaded.');
      const feedId = String(80_000 + world.number());
      world.feeds.set(feedId, {
        feedId,
        feedType,
        createdTime: world.instant(),
        inputId: inputFeedDocumentId,
        polls: polls(),
        resultId: null,
      });
      return ok({ feedId }, 202);
    },

    getFeed({ names }: Asked): Said {
      const feed = world.feeds.get(names.feedId!);
      if (feed === undefined) return notFound('The feed');
      const about = { feedId: feed.feedId, feedType: feed.feedType, createdTime: feed.createdTime };
      if (feed.polls > 0) {
        feed.polls--;
        return ok({ ...about, processingStatus: 'IN_PROGRESS' });
      }
      feed.resultId ??= keep(`feed-result-${feed.feedId}`, Buffer.from(work(world, feed.inputId)));
      return ok({ ...about, processingStatus: 'DONE', resultFeedDocumentId: feed.resultId });
    },

    getFeedDocument({ names }: Asked): Said {
      const id = names.feedDocumentId!;
      if (!world.documents.has(id)) return notFound('The document');
      return ok({ feedDocumentId: id, url: `${base()}/documents/${id}` });
    },
  };

  function keep(id: string, content: Buffer): string {
    world.documents.set(id, content);
    return id;
  }
}

interface CreateReportBody {
  readonly reportType: string;
  readonly dataStartTime?: string;
  readonly dataEndTime?: string;
}
interface CreateFeedBody {
  readonly feedType: string;
  readonly inputFeedDocumentId: string;
}

/** Cancels the order that the feed says will not be shipped, as Amazon would, or says why not. */
function work(world: World, inputId: string): string {
  const xml = world.documents.get(inputId)!.toString('utf8');
  const id = /<AmazonOrderID>([^<]+)</.exec(xml)?.[1] ?? '';
  const order = world.orders.get(id);
  const cancels = /<StatusCode>Failure</.test(xml) && /<CancelReason>\w+</.test(xml);
  const problem = !cancels
    ? 'The feed is not a cancellation.'
    : order === undefined
      ? `There is no order ${id}.`
      : order.status !== 'UNSHIPPED' || order.fulfilledBy === 'AMAZON'
        ? `Order ${id} is ${order.status} and cannot be cancelled.`
        : null;
  if (problem === null && order !== undefined) {
    order.status = 'CANCELLED';
    order.cancelledBy = /<CancelReason>BuyerCanceled</.test(xml) ? 'BUYER' : 'MERCHANT';
    for (const item of order.items) item.cancelled = item.quantity - item.fulfilled;
    order.lastUpdatedTime = world.instant();
  }
  const errors = problem === null ? 0 : 1;
  return `<?xml version="1.0"?><AmazonEnvelope><Message><ProcessingReport><ProcessingSummary><MessagesProcessed>1</MessagesProcessed><MessagesWithError>${errors}</MessagesWithError></ProcessingSummary>${
    problem === null
      ? ''
      : `<Result><ResultCode>Error</ResultCode><ResultDescription>${problem}</ResultDescription></Result>`
  }</ProcessingReport></Message></AmazonEnvelope>`;
}

const COLUMNS =
  'amazon-order-id merchant-order-id purchase-date last-updated-date order-status fulfillment-channel sales-channel order-channel url ship-service-level product-name sku asin item-status quantity currency item-price item-tax shipping-price shipping-tax gift-wrap-price gift-wrap-tax item-promotion-discount ship-promotion-discount ship-city ship-state ship-postal-code ship-country promotion-ids is-business-order purchase-order-number price-designation';

const STATUS = {
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'Shipping',
  SHIPPED: 'Shipped',
  CANCELLED: 'Cancelled',
} as const;

/** The all-orders report, tab-delimited, one row an item; of a cancelled one without quantity and price. */
function flatFileOf(world: World, orders: readonly SimulatedOrder[]): string {
  const names = COLUMNS.split(' ');
  const rows = [names.join('\t')];
  for (const order of orders)
    for (const item of order.items) {
      const cancelled = order.status === 'CANCELLED';
      const priced = !cancelled && order.status !== 'PENDING';
      const state = cancelled ? 'Cancelled' : openOf(item) === 0 ? 'Shipped' : 'Unshipped';
      const cells: Record<string, string> = {
        'amazon-order-id': order.orderId,
        'purchase-date': order.createdTime,
        'last-updated-date': order.lastUpdatedTime,
        'order-status': STATUS[order.status],
        'fulfillment-channel': order.fulfilledBy === 'AMAZON' ? 'Amazon' : 'Merchant',
        'sales-channel': order.channelName === 'AMAZON' ? 'Amazon.com' : 'Non-Amazon',
        'product-name': item.title,
        sku: item.sellerSku,
        asin: item.asin,
        'item-status': state,
        quantity: cancelled ? '0' : String(item.quantity - item.cancelled),
        currency: priced ? world.currency : '',
        'item-price': priced ? (Number(item.unitPrice) * (item.quantity - item.cancelled)).toFixed(2) : '',
        'ship-state': order.region,
        'ship-postal-code': order.zip,
        'ship-country': order.country,
        'is-business-order': String(order.programs.includes('AMAZON_BUSINESS')),
      };
      rows.push(names.map((name) => cells[name] ?? '').join('\t'));
    }
  return `${rows.join('\r\n')}\r\n`;
}
