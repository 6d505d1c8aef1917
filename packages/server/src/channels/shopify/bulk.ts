import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { Busy } from '../../connections/index.ts';
import { type ShopifyClient, ShopifyRefusal } from './client.ts';
import { BULK_RUN, BULK_STATUS } from './operations.ts';
import type { ShopifyContext } from './settings.ts';

export interface BulkOperation {
  readonly id: string;
  readonly status: string;
  readonly errorCode: string | null;
  readonly objectCount: string | number;
  readonly url: string | null;
}

/** Shopify works on it; more than this is not waited for in one reading. */
const PATIENCE_MS = 60_000;
const ASKED_EVERY_MS = 1_000;

/** Begins one. @throws Busy where the shop already runs as many as it may */
export async function beginBulk(
  client: ShopifyClient,
  context: ShopifyContext,
  query: string,
  signal?: AbortSignal,
): Promise<string> {
  try {
    const { bulkOperation } = await client.change<{ bulkOperation: { id: string } }>(
      BULK_RUN,
      { query },
      { signal },
    );
    return bulkOperation.id;
  } catch (error) {
    if (error instanceof ShopifyRefusal && /already in progress|limit/i.test(error.message))
      throw new Busy(new Date(context.now().getTime() + 60_000), error.message);
    throw error;
  }
}

/** Waits until it is over. @throws Busy where that takes longer than a reading should */
export async function endOfBulk(
  client: ShopifyClient,
  context: ShopifyContext,
  id: string,
  signal?: AbortSignal,
): Promise<BulkOperation | null> {
  const began = performance.now();
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, ASKED_EVERY_MS)) {
    const { bulkOperation } = await client.ask<{ bulkOperation: BulkOperation | null }>(
      BULK_STATUS,
      { id },
      signal,
    );
    if (bulkOperation === null || !['CREATED', 'RUNNING', 'CANCELING'].includes(bulkOperation.status))
      return bulkOperation;
    if (performance.now() - began > PATIENCE_MS)
      throw new Busy(new Date(context.now().getTime() + 30_000), 'Shopify is still collecting the history.');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    signal?.throwIfAborted();
  }
}

export interface Gathered<T> {
  readonly node: T;
  /** Lines of the file up to and with this one's last. */
  readonly lines: number;
}

/**
 * The objects of a bulk operation's file, each with its children, which follow it. Lines before `after` are passed over: that
 * is where an earlier reading got to.
 */
export async function* gathered<T extends { id: string }>(
  client: ShopifyClient,
  url: string,
  children: string | null,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<Gathered<T>> {
  const body = await client.download(url, signal);
  const reader = createInterface({
    input: Readable.fromWeb(body as never),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  let line = 0;
  let parent: (Record<string, unknown> & { id: string }) | null = null;
  try {
    for await (const text of reader) {
      line++;
      if (line <= after || text === '') continue;
      const row = JSON.parse(text) as Record<string, unknown> & { id: string; __parentId?: string };
      if (row.__parentId === undefined) {
        if (parent !== null) yield { node: parent as unknown as T, lines: line - 1 };
        parent = children === null ? row : { ...row, [children]: { nodes: [] } };
      } else if (parent !== null && children !== null && row.__parentId === parent.id)
        (parent[children] as { nodes: unknown[] }).nodes.push(row);
    }
    if (parent !== null) yield { node: parent as unknown as T, lines: line };
  } finally {
    reader.close();
  }
}
