import { createHash } from 'node:crypto';
import type pg from 'pg';
import { texts } from './columns.ts';
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

/** A fact of a batch, by its sender's name; null: it has none. */
export type Named = Pick<Received, 'externalId' | 'content'> | null;

/**
 * Takes the names of facts that came together, as `once` does for one. Of two of one name the first is taken; the second is
 * for the caller to answer with the first's.
 * @returns per fact: null where it is to be done, else the answer it had before, or the error `idempotency_conflict`
 */
export async function takeTogether<T>(
  client: pg.PoolClient,
  brandId: number,
  source: string,
  facts: readonly Named[],
  at: Date,
): Promise<({ readonly answer: T } | KeptError | null)[]> {
  const names = new Map(facts.flatMap((fact) => (fact === null ? [] : [[fact.externalId, fact.content]])));
  // In order, so that two batches with names in common wait for each other and never both.
  const wanted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  const { rows } = await client.query<{ external_id: string }>({
    name: 'inbox-take-together',
    text: `insert into inbox (brand_id, source, external_id, content, answer, at)
           select $1, $2, n.external_id, n.content, '', $5 from unnest($3::text[], $4::text[]) as n(external_id, content)
           on conflict do nothing returning external_id`,
    values: [brandId, source, texts(wanted, ([name]) => name), texts(wanted, ([, content]) => content), at],
  });
  const taken = new Set(rows.map((row) => row.external_id));
  if (taken.size === wanted.length) return facts.map(() => null);
  const known = await client.query<{ external_id: string; content: string; answer: string }>({
    name: 'inbox-repeat-together',
    text: `select external_id, content, answer from inbox
           where brand_id = $1 and source = $2 and external_id = any($3)`,
    values: [brandId, source, texts(wanted, ([name]) => name)],
  });
  const before = new Map(known.rows.map((row) => [row.external_id, row]));
  return facts.map((fact) => {
    if (fact === null || taken.has(fact.externalId)) return null;
    const row = before.get(fact.externalId)!;
    return row.content === fact.content
      ? { answer: JSON.parse(row.answer) as T }
      : otherContent(source, fact.externalId);
  });
}

/** Keeps the answers to facts whose names were taken together; undefined gives the name back, for the fact came to nothing. */
export async function answerTogether(
  client: pg.PoolClient,
  brandId: number,
  source: string,
  answers: readonly { readonly externalId: string; readonly answer: unknown }[],
): Promise<void> {
  const done = answers.filter((one) => one.answer !== undefined);
  const undone = answers.filter((one) => one.answer === undefined);
  const statements: Promise<unknown>[] = [];
  if (done.length > 0)
    statements.push(
      client.query({
        name: 'inbox-answer-together',
        text: `update inbox set answer = n.answer from unnest($3::text[], $4::text[]) as n(external_id, answer)
               where brand_id = $1 and source = $2 and inbox.external_id = n.external_id`,
        values: [
          brandId,
          source,
          texts(done, (one) => one.externalId),
          texts(done, (one) => JSON.stringify(one.answer)),
        ],
      }),
    );
  if (undone.length > 0)
    statements.push(
      client.query({
        name: 'inbox-give-back',
        text: 'delete from inbox where brand_id = $1 and source = $2 and external_id = any($3)',
        values: [brandId, source, texts(undone, (one) => one.externalId)],
      }),
    );
  await Promise.all(statements);
}

/** A name that was used for something else. */
export function otherContent(source: string, externalId: string): KeptError {
  return new KeptError(
    'idempotency_conflict',
    `${JSON.stringify(externalId)} was sent before to ${source}, with other content. Repeat it as it was, or give what is new an id or Idempotency-Key of its own.`,
  );
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
  if (known.content !== content) throw otherContent(source, externalId);
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
