import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import { BackfillCursor, backfill } from './backfill.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inOrder, orderFacts } from './order-facts.ts';
import { AmazonOrder, GetOrderAnswer, SearchOrdersAnswer } from './schemas/orders.ts';
import { AmazonRefusal } from './trouble.ts';

/** What was read before is read again for this long: Amazon shows some changes late. */
const OVERLAP_MS = 10 * 60_000;
/** Amazon answers nothing younger than two minutes. */
const SETTLED_MS = 2 * 60_000;

/** What a history may span to be read order by order; longer ones come by report. */
const SHORT_MS = 2 * 86_400_000;

/** What Kept needs to know of an order, and nothing of its buyer. */
const INCLUDED = ['RECIPIENT', 'PROCEEDS', 'CANCELLATION', 'FULFILLMENT', 'PACKAGES'] as const;

const Since = z.object({
  since: z.string(),
  /** A scan that was interrupted: where it began, up to when it goes, and its next page. */
  scan: z.object({ until: z.string(), token: z.string() }).optional(),
});

/**
 * Orders as they change. A new connection reads its history from reports first: by pages of a hundred every three minutes,
 * which is what Amazon lets searchOrders do, a history would take days.
 */
export async function* orderChanges(
  amazon: Amazon,
  cursor: string | null,
  reading: Reading = {},
): AsyncGenerator<Page> {
  const since = readCursor(Since, cursor);
  if (since !== null) {
    yield* scan(amazon, since, reading);
    return;
  }
  const begin = beginOf(amazon, reading);
  const end = reading.until ?? amazon.now();
  if (cursor === null && end.getTime() - begin.getTime() <= SHORT_MS)
    yield* scan(amazon, { since: new Date(begin.getTime() + OVERLAP_MS).toISOString() }, reading);
  else
    yield* backfill(amazon, readCursor(BackfillCursor, cursor), { ...reading, from: begin }, (from) =>
      writeCursor({ since: from }),
    );
}

/** Amazon keeps two years of orders. */
const beginOf = (amazon: Amazon, { from }: Reading): Date =>
  from ?? new Date(amazon.now().getTime() - amazon.settings.historyDays * 86_400_000);

async function* scan(
  amazon: Amazon,
  { since, scan }: z.output<typeof Since>,
  { until, signal }: Reading,
): AsyncGenerator<Page> {
  const settled = new Date(amazon.now().getTime() - SETTLED_MS);
  const before = scan?.until ?? (until !== undefined && until < settled ? until : settled).toISOString();
  const after = new Date(Date.parse(since) - OVERLAP_MS).toISOString();
  if (before <= after) return;
  let token = scan?.token;
  for (;;) {
    let answer: z.output<typeof SearchOrdersAnswer>;
    try {
      answer = await amazon.api.call('searchOrders', {
        method: 'GET',
        path: '/orders/2026-01-01/orders',
        query: {
          lastUpdatedAfter: after,
          lastUpdatedBefore: before,
          marketplaceIds: [amazon.settings.marketplace],
          maxResultsPerPage: 100,
          includedData: INCLUDED,
          paginationToken: token,
        },
        answer: SearchOrdersAnswer,
        signal,
      });
    } catch (error) {
      // a page's token lives for a while only: the scan begins again, and what was applied stays as it is
      if (!(error instanceof AmazonRefusal) || error.status !== 400 || token === undefined) throw error;
      token = undefined;
      continue;
    }
    token = answer.pagination?.nextToken;
    const facts = inOrder(answer.orders.flatMap((order) => factsAsTold(amazon, order)));
    yield {
      facts,
      cursor: writeCursor(
        token === undefined ? { since: before } : { since, scan: { until: before, token } },
      ),
    };
    if (token === undefined) return;
  }
}

/** What an order says, as it came. One that is not as Amazon publishes it is handed over as it is, to be kept with what is wrong. */
function factsAsTold(amazon: Amazon, told: unknown): Fact[] {
  const order = AmazonOrder.safeParse(told);
  if (order.success) return factsOf(amazon, order.data);
  const { orderId } = (told ?? {}) as { orderId?: unknown };
  return [{ kind: 'order', externalId: String(orderId ?? 'without an id'), order: told as never }];
}

/** One order as it is now, for whoever has to do something about it. Null: Amazon does not know it. */
export async function orderNow(
  amazon: Amazon,
  orderId: string,
  signal?: AbortSignal,
): Promise<AmazonOrder | null> {
  const told = await toldNow(amazon, orderId, signal);
  return told === null ? null : AmazonOrder.parse(told);
}

/** What one order says now, for whoever heard that it changed. Null: Amazon does not know it. */
export async function factsNow(
  amazon: Amazon,
  orderId: string,
  signal?: AbortSignal,
): Promise<Fact[] | null> {
  const told = await toldNow(amazon, orderId, signal);
  return told === null ? null : factsAsTold(amazon, told);
}

async function toldNow(amazon: Amazon, orderId: string, signal?: AbortSignal): Promise<unknown> {
  try {
    const { order } = await amazon.api.call('getOrder', {
      method: 'GET',
      path: `/orders/2026-01-01/orders/${encodeURIComponent(orderId)}`,
      query: { includedData: INCLUDED },
      answer: GetOrderAnswer,
      signal,
    });
    return order;
  } catch (error) {
    if (error instanceof AmazonRefusal && error.status === 404) return null;
    throw error;
  }
}

/** Orders that Amazon ships for the brand's other channels come in with those channels' own. */
function factsOf(amazon: Amazon, order: AmazonOrder): Fact[] {
  const { marketplaceId, channelName } = order.salesChannel;
  if (channelName !== 'AMAZON') return [];
  if (marketplaceId !== undefined && marketplaceId !== amazon.settings.marketplace) return [];
  return orderFacts(order, amazon.settings);
}
