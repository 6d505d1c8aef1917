import type pg from 'pg';
import { bigints, ints, texts, timestamps } from '../platform/columns.ts';

export interface AccessRow {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly kind: 'read' | 'change' | 'sign_in';
  readonly route: string;
  /** JSON: what the address named. */
  readonly about: string;
  readonly status: number;
  readonly address: string | null;
}

export async function insertAccesses(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly AccessRow[],
): Promise<void> {
  await client.query({
    name: 'insert-accesses',
    text: `insert into access (brand_id, access_id, at, actor, kind, route, about, status, address)
           select $1, unnest($2::bigint[]), unnest($3::timestamptz[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
             unnest($7::text[]), unnest($8::int[]), unnest($9::text[])`,
    values: [
      brandId,
      bigints(rows, ({ id }) => id),
      timestamps(rows, ({ at }) => at),
      texts(rows, ({ actor }) => actor),
      texts(rows, ({ kind }) => kind),
      texts(rows, ({ route }) => route),
      texts(rows, ({ about }) => about),
      ints(rows, ({ status }) => status),
      texts(rows, ({ address }) => address),
    ],
  });
}

/** Accesses whose transactions are over, behind the reader's place, which moves past them; null: another process seals now. */
export async function takeAccesses(
  client: pg.PoolClient,
  brandId: number,
  limit: number,
): Promise<number[] | null> {
  await client.query(
    `insert into event_reader (brand_id, reader) values ($1, 'audit_access') on conflict do nothing`,
    [brandId],
  );
  const place = await client.query(
    `select transaction::text, event_id from event_reader where brand_id = $1 and reader = 'audit_access'
     for update skip locked`,
    [brandId],
  );
  const at = place.rows[0];
  if (at === undefined) return null;
  const settled = await client.query('select settled_transaction()::text as below');
  const { rows } = await client.query(
    `select access_id, transaction::text from access
     where brand_id = $1 and (transaction, access_id) > ($2::xid8, $3::bigint) and transaction < $4::xid8
     order by transaction, access_id limit $5`,
    [brandId, at.transaction, at.event_id, settled.rows[0].below, limit],
  );
  const last = rows.at(-1);
  if (last === undefined) return [];
  await client.query(
    `update event_reader set transaction = $2::xid8, event_id = $3 where brand_id = $1 and reader = 'audit_access'`,
    [brandId, last.transaction, last.access_id],
  );
  return rows.map(({ access_id }) => access_id);
}

export interface Seal {
  readonly number: number;
  readonly events: readonly number[];
  readonly accesses: readonly number[];
  readonly previous: string;
  readonly hash: string;
  readonly at: string;
}

/** SHA-256 over what the named rows hold: in the order of their ids, whatever the order of their names. */
export async function digestOfRows(
  client: pg.PoolClient,
  brandId: number,
  named: { events: readonly number[]; accesses: readonly number[] },
): Promise<{ digest: string; found: number }> {
  const { rows } = await client.query({
    name: 'audit-digest',
    text: `select count(*)::int as found, encode(sha256(convert_to(coalesce(string_agg(line, e'\\n' order by line), ''), 'UTF8')), 'hex')
             as digest
           from (
             select jsonb_build_array('event', event_id, kind, data, actor, extract(epoch from at))::text as line from event
             where brand_id = $1 and event_id = any ($2::bigint[])
             union all
             select jsonb_build_array('access', access_id, kind, actor, route, about, status, address, extract(epoch from at))::text
             from access where brand_id = $1 and access_id = any ($3::bigint[])) row`,
    values: [brandId, named.events, named.accesses],
  });
  return rows[0];
}

export async function latestSeal(client: pg.PoolClient, brandId: number): Promise<Seal | null> {
  const { rows } = await client.query(
    `select number, events, accesses, previous, hash, at from audit_seal where brand_id = $1 order by number desc limit 1`,
    [brandId],
  );
  return rows[0] ?? null;
}

export async function insertSeal(client: pg.PoolClient, brandId: number, seal: Seal): Promise<void> {
  await client.query(
    'insert into audit_seal (brand_id, number, events, accesses, previous, hash, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [brandId, seal.number, seal.events, seal.accesses, seal.previous, seal.hash, seal.at],
  );
}

/** Seals behind one, in their order. */
export async function sealsAfter(
  client: pg.PoolClient,
  brandId: number,
  number: number,
  limit: number,
): Promise<Seal[]> {
  const { rows } = await client.query(
    `select number, events, accesses, previous, hash, at from audit_seal where brand_id = $1 and number > $2
     order by number limit $3`,
    [brandId, number, limit],
  );
  return rows;
}

/** Rows that the places of the readers have passed, and no seal names. */
export async function rowsWithoutSeal(client: pg.PoolClient, brandId: number): Promise<number> {
  const { rows } = await client.query(
    `select (select count(*) from event e join event_reader r on r.brand_id = e.brand_id and r.reader = 'audit'
         where e.brand_id = $1 and (e.transaction, e.event_id) <= (r.transaction, r.event_id)
           and not exists (select from (select unnest(events) as id from audit_seal where brand_id = $1) s where s.id = e.event_id))
       + (select count(*) from access a join event_reader r on r.brand_id = a.brand_id and r.reader = 'audit_access'
         where a.brand_id = $1 and (a.transaction, a.access_id) <= (r.transaction, r.event_id)
           and not exists (select from (select unnest(accesses) as id from audit_seal where brand_id = $1) s where s.id = a.access_id)) as bare`,
    [brandId],
  );
  return rows[0].bare;
}

export interface AuditFilter {
  readonly from: string;
  readonly until: string;
  readonly actor?: string | undefined;
  readonly kind?: string | undefined;
  readonly about?: string | undefined;
}

export interface AuditRow {
  readonly source: 'event' | 'access';
  readonly id: number;
  readonly at: string;
  readonly actor: string | null;
  readonly kind: string;
  readonly about: string;
  readonly status: number | null;
  readonly address: string | null;
}

/** The latest first. @param after the last one of the page before: its instant, source and id */
export async function listAudit(
  client: pg.PoolClient,
  brandId: number,
  filter: AuditFilter,
  after: readonly [string, string, number] | null,
  limit: number,
): Promise<AuditRow[]> {
  const { rows } = await client.query(
    `select source, id, at, actor, kind, about, status, address from (
       select 'event' as source, event_id as id, at, actor, kind, data as about, null::int as status, null as address from event
       where brand_id = $1 and at >= $2 and at < $3
       union all
       select 'access', access_id, at, actor, case kind when 'read' then 'read ' when 'change' then 'changed ' else '' end || route,
         about, status, address
       from access where brand_id = $1 and at >= $2 and at < $3) row
     where ($4::text is null or actor = $4) and ($5::text is null or kind ilike '%' || $5 || '%')
       and ($6::text is null or position($6 in about) > 0)
       and ($7::timestamptz is null or (at, source, id) < ($7, $8, $9::bigint))
     order by at desc, source desc, id desc limit $10`,
    [
      brandId,
      filter.from,
      filter.until,
      filter.actor,
      filter.kind?.replaceAll(/[\\%_]/g, '\\$&'),
      filter.about,
      after?.[0],
      after?.[1],
      after?.[2],
      limit,
    ],
  );
  return rows;
}
