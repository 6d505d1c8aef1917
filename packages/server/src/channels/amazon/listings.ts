import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { minorUnits } from './money.ts';
import { type ListingsItem, SearchListingsAnswer } from './schemas/listings.ts';
import { marketplaceOf, type Settings, skuOf } from './settings.ts';
import { AmazonRefusal } from './trouble.ts';

const Since = z.object({ since: z.string() });
/** Stock that the seller ships goes by this name. */
export const OWN_STOCK = 'DEFAULT';
const OVERLAP_MS = 60 * 60_000;
/** No search may go through more results than this: a bigger catalogue is read by windows of when items were last changed. */
const MOST_RESULTS = 1000;

export async function searchListings(
  amazon: Amazon,
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
  signal?: AbortSignal,
): Promise<z.output<typeof SearchListingsAnswer>> {
  const { marketplace, sellerId } = amazon.settings;
  return amazon.api.call('searchListingsItems', {
    method: 'GET',
    path: `/listings/2021-08-01/items/${encodeURIComponent(sellerId ?? '')}`,
    query: { marketplaceIds: [marketplace], pageSize: 20, ...query },
    answer: SearchListingsAnswer,
    signal,
  });
}

/** What the seller lists: items with their titles and prices, and which of Amazon's listings is which item. */
export async function* listingChanges(
  amazon: Amazon,
  cursor: string | null,
  { signal }: Reading = {},
): AsyncGenerator<Page> {
  if (amazon.settings.sellerId === undefined) return;
  const since = readCursor(Since, cursor)?.since;
  const begun = amazon.now().toISOString();
  let after = since === undefined ? undefined : new Date(Date.parse(since) - OVERLAP_MS).toISOString();
  let pageToken: string | undefined;
  let seen = 0;
  let newest = after ?? '';
  for (;;) {
    let answer: z.output<typeof SearchListingsAnswer>;
    try {
      answer = await searchListings(
        amazon,
        {
          includedData: ['summaries', 'offers', 'fulfillmentAvailability'],
          sortBy: 'lastUpdatedDate',
          sortOrder: 'ASC',
          lastUpdatedAfter: after,
          pageToken,
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof AmazonRefusal) || error.status !== 400 || pageToken === undefined) throw error;
      pageToken = undefined;
      after = newest === '' ? after : newest;
      seen = 0;
      continue;
    }
    seen += answer.items.length;
    for (const item of answer.items) {
      const at = summaryOf(item, amazon.settings)?.lastUpdatedDate;
      if (at !== undefined && at > newest) newest = at;
    }
    pageToken = answer.pagination?.nextToken;
    if (seen >= MOST_RESULTS && newest !== '' && newest !== after) {
      // the rest is asked for from the newest item on that was seen
      pageToken = undefined;
      after = newest;
      seen = 0;
      yield {
        facts: answer.items.flatMap((item) => listingFacts(item, amazon.settings)),
        cursor: writeCursor({ since: newest }),
      };
      continue;
    }
    const done = pageToken === undefined;
    yield {
      facts: answer.items.flatMap((item) => listingFacts(item, amazon.settings)),
      cursor: writeCursor({ since: done ? begun : (since ?? '1970-01-01T00:00:00.000Z') }),
    };
    if (done) return;
  }
}

/** Whether Amazon ships it: it counts that stock itself, under a name of its own. */
export const isAmazons = (item: ListingsItem): boolean =>
  item.fulfillmentAvailability.some((one) => one.fulfillmentChannelCode !== OWN_STOCK);

export const summaryOf = (item: ListingsItem, settings: Settings) =>
  item.summaries.find((one) => one.marketplaceId === settings.marketplace);

function listingFacts(item: ListingsItem, settings: Settings): Fact[] {
  const { currency } = marketplaceOf(settings);
  const summary = summaryOf(item, settings);
  const sku = skuOf(settings, item.sku);
  const title = summary?.itemName?.trim().slice(0, 500) || item.sku;
  const offer = item.offers.find((one) => one.marketplaceId === settings.marketplace);
  const price = offer === undefined || offer.price.currencyCode !== currency ? null : minorUnits(offer.price);
  const sourceUpdatedAt = summary?.lastUpdatedDate;
  const facts: Fact[] = [];
  if (settings.itemsFromListings && price !== null && price >= 0)
    facts.push({
      kind: 'item',
      externalId: item.sku,
      sourceUpdatedAt,
      item: { sku, title, price: { amount: price, currency } },
    });
  facts.push({
    kind: 'listing',
    externalId: item.sku,
    sourceUpdatedAt,
    channel: isAmazons(item) && settings.fba !== undefined ? settings.fba.channel : settings.channel,
    listing: { externalId: item.sku, sku, title },
  });
  return facts;
}
