import { createHash } from 'node:crypto';
import type pg from 'pg';
import { KeptError } from './errors.ts';

/** A fact by the name its sender gave it. */
export interface Received {
  /** What is named: `POST /v1/orders`, `receipt:PO-1`. One name means one thing per source. */
  readonly source: string;
  readonly externalId: string;
  /** A digest of what was said (`requestDigest`), to tell a repetition from something else under the same name. */
  readonly content: string;
  /** When it was recorded. */
  readonly at: Date;
}

/**
 * Takes a fact in once: the first time does `work` and keeps its answer as JSON, every later time gives that answer again.
 * The name is written before the work, so that of two that come at once the second waits for the first and then repeats
 * it. Where `work` throws, the caller's transaction takes the name back with everything else.
 * @throws KeptError `idempotency_conflict` where the name was used for other content
 */
export async function once<T>(
  client: pg.PoolClient,
  brandId: number,
  { source, externalId, content, at }: Received,
  work: () => Promise<T>,
): Promise<T> {
  const { rowCount } = await client.query({
    name: 'inbox-take',
    text: `insert into inbox (brand_id, source, external_id, content, answer, at) values ($1, $2, $3, $4, '', $5)
           on conflict do nothing`,
    values: [brandId, source, externalId, content, at],
  });
  if (rowCount === 0) return repeat<T>(client, brandId, source, externalId, content);
  const answer = await work();
  await client.query({
    name: 'inbox-answer',
    text: 'update inbox set answer = $4 where brand_id = $1 and source = $2 and external_id = $3',
    values: [brandId, source, externalId, JSON.stringify(answer ?? null)],
  });
  return answer;
}

async function repeat<T>(
  client: pg.PoolClient,
  brandId: number,
  source: string,
  externalId: string,
  content: string,
): Promise<T> {
  const { rows } = await client.query({
    name: 'inbox-repeat',
    text: 'select content, answer from inbox where brand_id = $1 and source = $2 and external_id = $3',
    values: [brandId, source, externalId],
  });
  const known = rows[0];
  if (known.content !== content)
    throw new KeptError(
      'idempotency_conflict',
      `${JSON.stringify(externalId)} was sent before to ${source}, with other content. Repeat it as it was, or give what is new an id or Idempotency-Key of its own.`,
    );
  return JSON.parse(known.answer);
}

/** A digest of what plain data says: the same whatever the order of its keys. */
export function requestDigest(content: unknown): string {
  return createHash('sha256').update(stable(content)).digest('base64url');
}

/** JSON with the keys of every object in order. */
function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => `${JSON.stringify(key)}:${stable(one)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
