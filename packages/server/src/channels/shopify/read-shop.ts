import type { Fact, Page, Reading } from '../../connections/index.ts';
import { beginBulk, endOfBulk, gathered } from './bulk.ts';
import type { ShopifyClient } from './client.ts';
import type {
  InventoryNode,
  LineNode,
  LocationNode,
  Nodes,
  OrderNode,
  TransferNode,
  VariantNode,
} from './nodes.ts';
import { gid } from './nodes.ts';
import * as operations from './operations.ts';
import { movedItems, orderFacts } from './order-facts.ts';
import type { ShopifyContext } from './settings.ts';
import {
  channelFact,
  locationFacts,
  receivedItems,
  stockFacts,
  transferFacts,
  variantFacts,
} from './shop-facts.ts';

/** In the order of a back-fill: what is referred to comes first. */
export const STREAMS = ['shop', 'products', 'inventory', 'transfers', 'orders'] as const;
export type Stream = (typeof STREAMS)[number];

/** How far a search goes back before what was read last: Shopify's search lags behind its shop. */
const OVERLAP_MS = 5 * 60_000;
/** What has no search by its change is read whole, this often. */
const WHOLE_EVERY_MS = 10 * 60_000;
/** Facts of a page out of a file: a page is one step of a back-fill. */
const PAGE_NODES = 250;

/**
 * Where a stream has got to. A history is collected by a bulk operation (`bulk`), of whose file so many lines are applied;
 * then what changed since an instant is searched for, page by page (`after`), the newest change seen being `high`.
 */
interface Cursor {
  readonly since?: string;
  readonly bulk?: string;
  readonly lines?: number;
  readonly after?: string;
  readonly high?: string;
  /** When it was read whole. */
  readonly wholeAt?: string;
}

export interface ShopOf {
  readonly name: string;
  readonly currencyCode: string;
  readonly ianaTimezone: string;
}

interface Source<T extends { id: string; updatedAt: string }> {
  readonly bulk: string;
  readonly children: string | null;
  readonly page: string;
  readonly field: string;
  /** `fresh`: what was changed just now, and not a history. */
  facts(nodes: readonly T[], fresh: boolean): Promise<Fact[]>;
}

/** Reads one shop. */
export class ShopReader {
  readonly #client: ShopifyClient;
  readonly #context: ShopifyContext;
  #shop: Promise<ShopOf> | undefined;

  constructor(client: ShopifyClient, context: ShopifyContext) {
    this.#client = client;
    this.#context = context;
  }

  async *changes(stream: string, text: string | null, reading: Reading): AsyncGenerator<Page> {
    const cursor: Cursor = text === null ? {} : (JSON.parse(text) as Cursor);
    if (stream === 'products') return yield* this.#follow(this.#products(reading.signal), cursor, reading);
    if (stream === 'inventory') return yield* this.#follow(this.#inventory(reading.signal), cursor, reading);
    if (stream === 'orders') return yield* this.#follow(this.#orders(reading.signal), cursor, reading);
    const now = this.#context.now();
    if (cursor.wholeAt !== undefined && now.getTime() - Date.parse(cursor.wholeAt) < WHOLE_EVERY_MS) return;
    const done = JSON.stringify({ wholeAt: now.toISOString() } satisfies Cursor);
    if (stream === 'shop')
      yield { facts: await this.#whatTheShopIs(reading.signal), cursor: done, progress: 1 };
    else yield* this.#transfers(cursor, done, reading.signal);
  }

  /** Counts change without their item being changed, so that only reading them all finds what no webhook told. */
  async *reconcile(stream: string, since: Date, reading: Reading): AsyncGenerator<Page> {
    const from = stream === 'inventory' ? undefined : since;
    if (stream === 'shop' || stream === 'transfers') yield* this.changes(stream, null, reading);
    else yield* this.changes(stream, null, { ...reading, from });
  }

  async reread(stream: string, ids: readonly string[], signal?: AbortSignal): Promise<Fact[]> {
    const nodes = async <T>(operation: string, most: number): Promise<T[]> => {
      const found: T[] = [];
      for (let from = 0; from < ids.length; from += most) {
        const asked = ids.slice(from, from + most);
        const answer = await this.#client.ask<{ nodes: (T | null)[] }>(operation, { ids: asked }, signal);
        found.push(...answer.nodes.filter((one): one is Awaited<T> & T => one !== null));
      }
      return found;
    };
    if (stream === 'orders')
      return this.#orders(signal).facts(await nodes<OrderNode>(operations.ORDERS_BY_ID, 7), true);
    if (stream === 'inventory') return this.#counted(ids, signal);
    if (stream === 'products') {
      const variants: VariantNode[] = [];
      for (const id of ids)
        if (id.includes('/Product/')) variants.push(...(await this.#variantsOf(id, signal)));
      const named = ids.filter((id) => !id.includes('/Product/'));
      if (named.length > 0)
        for (let from = 0; from < named.length; from += 100) {
          const asked = { ids: named.slice(from, from + 100) };
          const answer = await this.#client.ask<{ nodes: (VariantNode | null)[] }>(
            operations.VARIANTS_BY_ID,
            asked,
            signal,
          );
          variants.push(...answer.nodes.filter((one) => one !== null));
        }
      return this.#products(signal).facts(variants, true);
    }
    const pages =
      stream === 'shop' ? [{ facts: await this.#whatTheShopIs(signal) }] : this.#transfers({}, '', signal);
    const facts: Fact[] = [];
    for await (const page of pages) facts.push(...page.facts);
    return facts;
  }

  shop(signal?: AbortSignal): Promise<ShopOf> {
    this.#shop ??= this.#client
      .ask<{ shop: ShopOf }>(operations.SHOP, {}, signal)
      .then((answer) => answer.shop)
      .catch((error) => {
        this.#shop = undefined;
        throw error;
      });
    return this.#shop;
  }

  async #whatTheShopIs(signal?: AbortSignal): Promise<Fact[]> {
    const { settings } = this.#context;
    const { name } = await this.shop(signal);
    const locations = await this.#all<LocationNode>(operations.LOCATIONS, 'locations', signal);
    return [channelFact(settings, name), ...locationFacts(settings, locations)];
  }

  #products(signal?: AbortSignal): Source<VariantNode> {
    return {
      bulk: operations.BULK_VARIANTS,
      children: null,
      page: operations.VARIANTS,
      field: 'productVariants',
      facts: async (variants) =>
        variantFacts(this.#context.settings, (await this.shop(signal)).currencyCode, variants),
    };
  }

  #inventory(signal?: AbortSignal): Source<InventoryNode> {
    const { settings, log, now } = this.#context;
    return {
      bulk: operations.BULK_INVENTORY,
      children: 'inventoryLevels',
      page: operations.INVENTORY,
      field: 'inventoryItems',
      facts: async (items, fresh) => {
        const readAt = now();
        const whole = fresh
          ? await Promise.all(items.map((item) => this.#withAllLevels(item, signal)))
          : items;
        return stockFacts(settings, whole, readAt, (words, data) => log.warn(words, data));
      },
    };
  }

  #orders(signal?: AbortSignal): Source<OrderNode> {
    const { settings } = this.#context;
    return {
      bulk: operations.BULK_ORDERS,
      children: 'lineItems',
      page: operations.ORDERS,
      field: 'orders',
      facts: async (orders, fresh) => {
        const whole: OrderNode[] = [];
        for (const order of orders) whole.push(await this.#withAllLines(order, signal));
        const facts = whole.flatMap((order) => orderFacts(settings, order));
        if (!fresh) return facts;
        // What left takes stock away in Kept as well; the count, read after it, says how much lies there now.
        return [...facts, ...(await this.#counted(movedItems(whole), signal))];
      },
    };
  }

  async #counted(ids: readonly string[], signal?: AbortSignal): Promise<Fact[]> {
    if (!this.#context.settings.stock) return [];
    const items: InventoryNode[] = [];
    const readAt = this.#context.now();
    for (let from = 0; from < ids.length; from += 15) {
      const answer = await this.#client.ask<{ nodes: (InventoryNode | null)[] }>(
        operations.INVENTORY_BY_ID,
        { ids: ids.slice(from, from + 15) },
        signal,
      );
      for (const one of answer.nodes) if (one !== null) items.push(await this.#withAllLevels(one, signal));
    }
    return stockFacts(this.#context.settings, items, readAt, (words, data) =>
      this.#context.log.warn(words, data),
    );
  }

  async *#follow<T extends { id: string; updatedAt: string }>(
    source: Source<T>,
    cursor: Cursor,
    reading: Reading,
  ): AsyncGenerator<Page> {
    const began = this.#context.now().toISOString();
    if (cursor.since === undefined) yield* this.#history(source, cursor, began, reading);
    else yield* this.#search(source, cursor, reading);
  }

  /** By a bulk operation; where Shopify gives it up, by pages. */
  async *#history<T extends { id: string; updatedAt: string }>(
    source: Source<T>,
    cursor: Cursor,
    began: string,
    reading: Reading,
  ): AsyncGenerator<Page> {
    const { signal } = reading;
    const high = cursor.high ?? began;
    let id = cursor.bulk;
    if (id === undefined) {
      const query = operations.bulkQuery(source.bulk, between(reading.from?.toISOString(), reading.until));
      id = await beginBulk(this.#client, this.#context, query, signal);
      yield { facts: [], cursor: JSON.stringify({ bulk: id, lines: 0, high } satisfies Cursor), progress: 0 };
    }
    const operation = await endOfBulk(this.#client, this.#context, id, signal);
    if (operation?.status !== 'COMPLETED') {
      const why = operation?.errorCode ?? operation?.status ?? 'it is no longer there';
      this.#context.log.warn(`The bulk operation gave no file (${why}); the history is read page by page.`);
      const since = (reading.from ?? new Date(0)).toISOString();
      return yield* this.#search(source, { since }, reading);
    }
    const total = Number(operation.objectCount);
    const following: Cursor = { since: high };
    // From the very beginning: what was over before Kept knew of it is no news.
    const told = reading.from === undefined ? withoutGone : (facts: Fact[]) => facts;
    if (operation.url === null) return yield { facts: [], cursor: JSON.stringify(following), progress: 1 };
    let nodes: T[] = [];
    let lines = cursor.lines ?? 0;
    for await (const one of gathered<T>(this.#client, operation.url, source.children, lines, signal)) {
      nodes.push(one.node);
      lines = one.lines;
      if (nodes.length < PAGE_NODES) continue;
      const at: Cursor = { bulk: id, lines, high };
      yield {
        facts: told(await source.facts(nodes, false)),
        cursor: JSON.stringify(at),
        progress: total === 0 ? 1 : Math.min(1, lines / total),
      };
      nodes = [];
    }
    yield { facts: told(await source.facts(nodes, false)), cursor: JSON.stringify(following), progress: 1 };
  }

  async *#search<T extends { id: string; updatedAt: string }>(
    source: Source<T>,
    cursor: Cursor,
    reading: Reading,
  ): AsyncGenerator<Page> {
    const since = cursor.since!;
    const search = between(new Date(Date.parse(since) - OVERLAP_MS).toISOString(), reading.until);
    let { after, high = since } = cursor;
    for (;;) {
      const answer = await this.#client.ask<Record<string, Nodes<T>>>(
        source.page,
        { after: after ?? null, search },
        reading.signal,
      );
      const { nodes, pageInfo } = answer[source.field]!;
      for (const { updatedAt } of nodes) if (updatedAt > high) high = updatedAt;
      const more = pageInfo?.hasNextPage === true && pageInfo.endCursor !== null;
      const next: Cursor = more ? { since, after: pageInfo.endCursor!, high } : { since: high };
      const facts = await source.facts(nodes, true);
      if (facts.length > 0 || JSON.stringify(next) !== JSON.stringify(cursor))
        yield { facts, cursor: JSON.stringify(next) };
      if (!more) return;
      after = pageInfo.endCursor!;
    }
  }

  async *#transfers(cursor: Cursor, done: string, signal?: AbortSignal): AsyncGenerator<Page> {
    const { settings, log, now } = this.#context;
    const { ianaTimezone } = await this.shop(signal);
    let { after } = cursor;
    for (;;) {
      const readAt = now();
      const { inventoryTransfers } = await this.#client.ask<{ inventoryTransfers: Nodes<TransferNode> }>(
        operations.TRANSFERS,
        { after: after ?? null },
        signal,
      );
      const { nodes, pageInfo } = inventoryTransfers;
      for (const { name, lineItems, shipments } of nodes)
        if (lineItems.pageInfo?.hasNextPage || shipments.pageInfo?.hasNextPage)
          log.warn(`Transfer ${name} has more lines or shipments than are read; split it.`, {
            transfer: name,
          });
      const counts = await this.#counted(receivedItems(nodes), signal);
      const facts = [...counts, ...transferFacts(settings, ianaTimezone, nodes, readAt)];
      const more = pageInfo?.hasNextPage === true && pageInfo.endCursor !== null;
      yield { facts, cursor: more ? JSON.stringify({ after: pageInfo.endCursor! } satisfies Cursor) : done };
      if (!more) return;
      after = pageInfo.endCursor!;
    }
  }

  async #variantsOf(product: string, signal?: AbortSignal): Promise<VariantNode[]> {
    const found: VariantNode[] = [];
    for (let after: string | null = null; ; ) {
      const answer: { product: { variants: Nodes<VariantNode> } | null } = await this.#client.ask(
        operations.PRODUCT_VARIANTS,
        { id: product, after },
        signal,
      );
      if (answer.product === null) return found;
      const { nodes, pageInfo } = answer.product.variants;
      found.push(...nodes);
      if (!pageInfo?.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }

  async #withAllLines(order: OrderNode, signal?: AbortSignal): Promise<OrderNode> {
    let page = order.lineItems.pageInfo;
    if (!page?.hasNextPage) return order;
    const nodes = [...order.lineItems.nodes];
    while (page?.hasNextPage) {
      const answer: { order: { lineItems: Nodes<LineNode> } | null } = await this.#client.ask(
        operations.MORE_LINES,
        { id: order.id, after: page.endCursor },
        signal,
      );
      nodes.push(...(answer.order?.lineItems.nodes ?? []));
      page = answer.order?.lineItems.pageInfo;
    }
    return { ...order, lineItems: { nodes } };
  }

  async #withAllLevels(item: InventoryNode, signal?: AbortSignal): Promise<InventoryNode> {
    let page = item.inventoryLevels.pageInfo;
    if (!page?.hasNextPage) return item;
    const nodes = [...item.inventoryLevels.nodes];
    while (page?.hasNextPage) {
      const answer: { inventoryItem: InventoryNode | null } = await this.#client.ask(
        operations.MORE_LEVELS,
        { id: item.id, after: page.endCursor },
        signal,
      );
      nodes.push(...(answer.inventoryItem?.inventoryLevels.nodes ?? []));
      page = answer.inventoryItem?.inventoryLevels.pageInfo;
    }
    return { ...item, inventoryLevels: { nodes } };
  }

  async #all<T>(operation: string, field: string, signal?: AbortSignal): Promise<T[]> {
    const found: T[] = [];
    for (let after: string | null = null; ; ) {
      const answer: Record<string, Nodes<T>> = await this.#client.ask(operation, { after }, signal);
      const { nodes, pageInfo } = answer[field]!;
      found.push(...nodes);
      if (!pageInfo?.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }
}

/** Orders that were given up, with their payments. */
function withoutGone(facts: Fact[]): Fact[] {
  const gone = new Set(facts.flatMap((one) => (one.kind === 'cancellation' ? [one.order] : [])));
  return facts.filter((one) => !('order' in one && typeof one.order === 'string' && gone.has(one.order)));
}

/** Shopify's search: what was changed from an instant on, and until another. */
function between(from: string | undefined, until: Date | undefined): string {
  const terms = [
    ...(from === undefined ? [] : [`updated_at:>='${from}'`]),
    ...(until === undefined ? [] : [`updated_at:<='${until.toISOString()}'`]),
  ];
  return terms.join(' AND ');
}

/** What a push names, as the id that queries take. */
export const pushed = (type: string, id: unknown): string[] => (id == null ? [] : [gid(type, String(id))]);
