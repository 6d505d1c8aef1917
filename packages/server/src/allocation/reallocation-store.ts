import type { Strategy, Transfer } from '@kept/engine';
import { dayNumber } from '@kept/engine';
import type pg from 'pg';
import type { LineKey } from './line-store.ts';

/** What was asked for. */
export interface Terms {
  readonly kind: 'strategies' | 'swaps';
  readonly strategies: Readonly<Record<string, Strategy>>;
  readonly otherwise: Strategy;
}

/** What was proposed; days as numbers. */
export interface Proposal {
  readonly transfers: readonly Transfer[];
  readonly exceptions: readonly (LineKey & {
    readonly strategy: Strategy;
    readonly missing: number;
    readonly requested: number | null;
  })[];
  readonly freed: number;
  readonly kept: number;
}

export interface StoredReallocation {
  readonly id: number;
  readonly item: number;
  readonly sku: string;
  /** The item's policy. */
  readonly policy: string;
  readonly terms: Terms;
  readonly proposal: Proposal;
  readonly digest: string;
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
  readonly approved: { readonly by: string; readonly at: string } | null;
}

export async function insertReallocation(
  client: pg.PoolClient,
  brandId: number,
  one: Omit<StoredReallocation, 'sku' | 'policy' | 'approved'>,
): Promise<void> {
  await client.query(
    `insert into reallocation (brand_id, reallocation_id, item_id, terms, proposal, digest, reason, actor, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      brandId,
      one.id,
      one.item,
      JSON.stringify(one.terms),
      JSON.stringify(one.proposal),
      one.digest,
      one.reason,
      one.actor,
      one.at,
    ],
  );
}

/** Of two that approve at once, the second finds that it is approved; answers whether this was the first. */
export async function insertApproval(
  client: pg.PoolClient,
  brandId: number,
  { id, event, actor, at }: { id: number; event: number; actor: string; at: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into reallocation_approval (brand_id, reallocation_id, event_id, actor, at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [brandId, id, event, actor, at],
  );
  return rowCount === 1;
}

const REALLOCATIONS = `
  select r.reallocation_id, r.item_id, i.sku, i.policy, r.terms, r.proposal, r.digest, r.reason, r.actor, r.at,
    a.actor as approved_by, a.at as approved_at
  from reallocation r join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
  left join reallocation_approval a on a.brand_id = r.brand_id and a.reallocation_id = r.reallocation_id`;

export async function readReallocation(
  client: pg.PoolClient,
  brandId: number,
  id: number,
): Promise<StoredReallocation | null> {
  const { rows } = await client.query(`${REALLOCATIONS} where r.brand_id = $1 and r.reallocation_id = $2`, [
    brandId,
    id,
  ]);
  return rows.length === 0 ? null : reallocationFrom(rows[0]);
}

/** Newest first, after one; one more than `limit`. */
export async function listReallocations(
  client: pg.PoolClient,
  brandId: number,
  sku: string | undefined,
  after: number | null,
  limit: number,
): Promise<StoredReallocation[]> {
  const { rows } = await client.query(
    `${REALLOCATIONS} where r.brand_id = $1 and ($2::text is null or i.sku = $2)
       and ($3::bigint is null or r.reallocation_id < $3) order by r.reallocation_id desc limit $4`,
    [brandId, sku ?? null, after, limit + 1],
  );
  return rows.map(reallocationFrom);
}

/** The day that each open line of an item asked for: what its channel said, else its first promise; by 'order:line'. */
export async function readRequestedDays(
  client: pg.PoolClient,
  brandId: number,
  item: number,
): Promise<Map<string, number>> {
  const { rows } = await client.query(
    `select distinct c.order_id, c.line, coalesce(l.stated_ship_by, p.ship_by) as day from commitment c
     join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
     left join promise p on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line and p.version = 1
     where c.brand_id = $1 and c.item_id = $2 and coalesce(l.stated_ship_by, p.ship_by) is not null`,
    [brandId, item],
  );
  return new Map(rows.map((row) => [`${row.order_id}:${row.line}`, dayNumber(row.day)]));
}

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function reallocationFrom(row: any): StoredReallocation {
  return {
    id: row.reallocation_id,
    item: row.item_id,
    sku: row.sku,
    policy: row.policy,
    terms: JSON.parse(row.terms),
    proposal: JSON.parse(row.proposal),
    digest: row.digest,
    reason: row.reason,
    actor: row.actor,
    at: row.at,
    approved: row.approved_at === null ? null : { by: row.approved_by, at: row.approved_at },
  };
}

/** A supply as people call it, and the day its units would be promised for. */
export interface NamedSupply {
  readonly kind: string;
  readonly ref: string;
  readonly line: string | null;
  readonly promisableOn: string | null;
}

/** Supplies by 'item:supply'. */
export async function readNamedSupplies(
  client: pg.PoolClient,
  brandId: number,
  wanted: readonly { readonly item: number; readonly supply: number }[],
): Promise<Map<string, NamedSupply>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await client.query(
    `select s.item_id, s.supply_id, s.kind, s.ref, s.line, s.promisable_on from supply s
     where s.brand_id = $1 and (s.item_id, s.supply_id) in (select * from unnest($2::int[], $3::int[]))`,
    [brandId, wanted.map((one) => one.item), wanted.map((one) => one.supply)],
  );
  return new Map(
    rows.map((row) => [
      `${row.item_id}:${row.supply_id}`,
      {
        kind: row.kind,
        ref: row.ref,
        line: row.line === '' ? null : row.line,
        promisableOn: row.promisable_on,
      },
    ]),
  );
}
