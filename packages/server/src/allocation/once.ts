import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';

/** One transaction, and one answer per Idempotency-Key. */
export function onceByKey<T>(
  kept: Kept,
  request: {
    readonly brandId: number;
    readonly actor: string;
    readonly headers: { readonly 'idempotency-key'?: string | undefined };
    readonly method: string;
    readonly url: string;
    readonly body: unknown;
  },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const { brandId, actor } = request;
  const externalId = request.headers['idempotency-key'];
  const answer = (client: pg.PoolClient) => {
    if (externalId === undefined) return work(client);
    const source = `${request.method} ${request.url.split('?')[0]}`;
    const content = requestDigest(request.body ?? null);
    return once(client, brandId, { source, externalId, content, at: kept.clock.now() }, () => work(client));
  };
  return withBrand(kept.db, brandId, answer, { actor });
}
