import { z } from 'zod';
import type { Fact, Page, Reading } from '../../connections/index.ts';
import type { Amazon } from './context.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { InventorySummariesAnswer, type InventorySummary } from './schemas/inventory.ts';
import { type Settings, skuOf } from './settings.ts';
import { AmazonRefusal } from './trouble.ts';

const Since = z.object({ since: z.string() });
/** Summaries are behind by minutes; what was read is read again for this long. */
const OVERLAP_MS = 30 * 60_000;
/** A page's token lives for thirty seconds: a walk that was too slow begins again, this often. */
const WALKS = 3;

/**
 * Stock in Amazon's warehouses: all of it when the connection is new, then what changed. Of the seller SKUs that are one item
 * only the sum is its stock, so an item with several is read whole.
 */
export async function* inventoryChanges(
  amazon: Amazon,
  cursor: string | null,
  { signal }: Reading = {},
): AsyncGenerator<Page> {
  if (amazon.settings.fba === undefined) return;
  const since = readCursor(Since, cursor)?.since;
  const begun = amazon.now().toISOString();
  const startDateTime =
    since === undefined ? undefined : new Date(Date.parse(since) - OVERLAP_MS).toISOString();
  for (let walk = 1; ; walk++) {
    try {
      // the token would be stale if a page were applied between two requests: they are read ahead by one
      let next: string | undefined;
      let held: readonly InventorySummary[] | null = null;
      do {
        const answer = await summaries(amazon, { startDateTime, nextToken: next }, signal);
        next = answer.pagination?.nextToken;
        if (held !== null)
          yield {
            facts: await inventoryFacts(amazon, held, signal),
            cursor: writeCursor({ since: since ?? '1970-01-01T00:00:00.000Z' }),
          };
        held = answer.payload.inventorySummaries;
      } while (next !== undefined);
      yield { facts: await inventoryFacts(amazon, held, signal), cursor: writeCursor({ since: begun }) };
      return;
    } catch (error) {
      if (!(error instanceof AmazonRefusal) || error.status !== 400 || walk >= WALKS) throw error;
    }
  }
}

function summaries(
  amazon: Amazon,
  query: {
    startDateTime?: string | undefined;
    nextToken?: string | undefined;
    sellerSkus?: readonly string[];
  },
  signal?: AbortSignal,
): Promise<z.output<typeof InventorySummariesAnswer>> {
  const { marketplace } = amazon.settings;
  return amazon.api.call('getInventorySummaries', {
    method: 'GET',
    path: '/fba/inventory/v1/summaries',
    query: {
      details: 'true',
      granularityType: 'Marketplace',
      granularityId: marketplace,
      marketplaceIds: [marketplace],
      ...query,
    },
    answer: InventorySummariesAnswer,
    signal,
  });
}

/** Amazon takes fifty SKUs a request. */
const SKUS_PER_REQUEST = 50;

/** Summaries of the seller SKUs as they are now. */
export async function summariesOf(
  amazon: Amazon,
  sellerSkus: readonly string[],
  signal?: AbortSignal,
): Promise<InventorySummary[]> {
  const found: InventorySummary[] = [];
  for (let from = 0; from < sellerSkus.length; from += SKUS_PER_REQUEST) {
    const some = sellerSkus.slice(from, from + SKUS_PER_REQUEST);
    let nextToken: string | undefined;
    do {
      const answer = await summaries(amazon, { sellerSkus: some, nextToken }, signal);
      found.push(...answer.payload.inventorySummaries);
      nextToken = answer.pagination?.nextToken;
    } while (nextToken !== undefined);
  }
  return found;
}

/** Stock of the items that changed; of an item with several seller SKUs all of them are read. */
export async function inventoryFacts(
  amazon: Amazon,
  changed: readonly InventorySummary[],
  signal?: AbortSignal,
): Promise<Fact[]> {
  const { settings } = amazon;
  const siblings = new Map<string, string[]>();
  for (const [seller, own] of Object.entries(settings.skus))
    siblings.set(own, [...(siblings.get(own) ?? []), seller]);
  const shared = new Set([...siblings].filter(([, sellers]) => sellers.length > 1).map(([own]) => own));
  const single = changed.filter((one) => one.sellerSku && !shared.has(skuOf(settings, one.sellerSku)));
  const touched = new Set(changed.flatMap((one) => (one.sellerSku ? [skuOf(settings, one.sellerSku)] : [])));
  const whole = [...touched].filter((own) => shared.has(own)).flatMap((own) => siblings.get(own)!);
  const rest = whole.length === 0 ? [] : await summariesOf(amazon, whole, signal);
  return stockFacts([...single, ...rest], settings, amazon.now().toISOString());
}

/**
 * Fulfillable units are sellable; those that Amazon keeps for customers' orders are on hand as well, and are stock as far as
 * the orders are in Kept (RULES 6). Units between its warehouses are neither. What cannot be sold is damaged.
 */
export function stockFacts(all: readonly InventorySummary[], settings: Settings, readAt: string): Fact[] {
  const location = settings.fba!.location;
  const sums = new Map<string, { sellable: number; reserved: number; damaged: number; at: string }>();
  for (const { sellerSku, inventoryDetails: details, lastUpdatedTime } of all) {
    if (!sellerSku || details === undefined) continue;
    const sku = skuOf(settings, sellerSku);
    const sum = sums.get(sku) ?? { sellable: 0, reserved: 0, damaged: 0, at: '' };
    sum.sellable += details.fulfillableQuantity ?? 0;
    sum.reserved += details.reservedQuantity?.pendingCustomerOrderQuantity ?? 0;
    sum.damaged += details.unfulfillableQuantity?.totalUnfulfillableQuantity ?? 0;
    const at = lastUpdatedTime ? instantOr(lastUpdatedTime, readAt) : readAt;
    if (at > sum.at) sum.at = at;
    sums.set(sku, sum);
  }
  return [...sums].flatMap(([sku, { sellable, reserved, damaged, at }]): Fact[] => {
    const stock = { kind: 'stock' as const, sku, location, sourceUpdatedAt: at };
    return [
      {
        ...stock,
        externalId: `${sku}/sellable`,
        condition: 'sellable',
        counted: sellable,
        ...(reserved > 0 && { reserved }),
      },
      { ...stock, externalId: `${sku}/damaged`, condition: 'damaged', counted: damaged },
    ];
  });
}

function instantOr(text: string, otherwise: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? otherwise : new Date(at).toISOString();
}
