import type pg from 'pg';

export interface DropRow {
  readonly ref: string;
  readonly item: number;
  readonly sku: string;
  readonly channel: string;
  readonly units: number;
  readonly each: number;
  readonly method: 'first_come' | 'draw';
  readonly closesAt: string;
  readonly offerMinutes: number;
  readonly seed: string;
  readonly seedDigest: string;
  readonly beacon: string | null;
  readonly entriesDigest: string | null;
  readonly state: 'joining' | 'offering' | 'done';
  readonly entries: number;
  readonly offered: number;
  readonly taken: number;
}

export interface EntryRow {
  readonly entry: string;
  readonly number: number;
  readonly email: string;
  readonly locale: string | null;
  readonly rank: number | null;
  readonly state: 'waiting' | 'offered' | 'taken' | 'passed';
  readonly hold: string | null;
  readonly expiresAt: string | null;
}

const ENTRY = `select entry_id as entry, number, email, locale, rank, state, hold_id as hold,
  expires_at as "expiresAt" from limited_release_entry`;

/** What is known of a drop without a look at its list; null: there is none. */
export async function lockDrop(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<Pick<DropRow, 'sku' | 'state' | 'closesAt'> | null> {
  const { rows } = await client.query(
    `select i.sku, r.state, r.closes_at as "closesAt" from limited_release r
     join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
     where r.brand_id = $1 and r.ref = $2 for update of r`,
    [brandId, ref],
  );
  return rows[0] ?? null;
}

export async function readDrop(client: pg.PoolClient, brandId: number, ref: string): Promise<DropRow | null> {
  const { rows } = await client.query(
    `select r.*, i.sku, c.code as channel,
       (select json_build_object('entries', count(*), 'offered', count(*) filter (where e.state = 'offered'),
          'taken', count(*) filter (where e.state = 'taken'))
        from limited_release_entry e where e.brand_id = r.brand_id and e.ref = r.ref) as counts
     from limited_release r
     join item i on i.brand_id = r.brand_id and i.item_id = r.item_id
     join channel c on c.brand_id = r.brand_id and c.channel_id = r.channel_id
     where r.brand_id = $1 and r.ref = $2`,
    [brandId, ref],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    ref: row.ref,
    item: row.item_id,
    sku: row.sku,
    channel: row.channel,
    units: row.units,
    each: row.each,
    method: row.method,
    closesAt: row.closes_at,
    offerMinutes: row.offer_minutes,
    seed: row.seed,
    seedDigest: row.seed_digest,
    beacon: row.beacon,
    entriesDigest: row.entries_digest,
    state: row.state,
    ...row.counts,
  };
}

/** Drops of an item that are not over. */
export async function openDropOf(
  client: pg.PoolClient,
  brandId: number,
  item: number,
): Promise<string | null> {
  const { rows } = await client.query(
    `select ref from limited_release where brand_id = $1 and item_id = $2 and state <> 'done'`,
    [brandId, item],
  );
  return rows[0]?.ref ?? null;
}

/** @returns false where there is one of that name already */
export async function insertDrop(
  client: pg.PoolClient,
  brandId: number,
  drop: Omit<
    DropRow,
    'sku' | 'channel' | 'beacon' | 'entriesDigest' | 'state' | 'entries' | 'offered' | 'taken'
  > & {
    readonly channelId: number;
  },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into limited_release (brand_id, ref, item_id, channel_id, units, each, method, closes_at, offer_minutes, seed,
       seed_digest, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'joining') on conflict (brand_id, ref) do nothing`,
    [
      brandId,
      drop.ref,
      drop.item,
      drop.channelId,
      drop.units,
      drop.each,
      drop.method,
      drop.closesAt,
      drop.offerMinutes,
      drop.seed,
      drop.seedDigest,
    ],
  );
  return rowCount === 1;
}

/** Drops whose list is over, or whose offers have to be looked at. */
export async function dropsDue(client: pg.PoolClient, brandId: number, now: string): Promise<string[]> {
  const { rows } = await client.query(
    `select ref from limited_release where brand_id = $1 and (state = 'offering' or (state = 'joining' and closes_at <= $2))
     order by ref`,
    [brandId, now],
  );
  return rows.map((row) => row.ref);
}

export async function setDropState(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  state: DropRow['state'],
  drawn: { readonly beacon: string | null; readonly entriesDigest: string } | null = null,
): Promise<void> {
  await client.query(
    `update limited_release set state = $3, beacon = coalesce($4, beacon), entries_digest = coalesce($5, entries_digest)
     where brand_id = $1 and ref = $2`,
    [brandId, ref, state, drawn?.beacon ?? null, drawn?.entriesDigest ?? null],
  );
}

/** Puts somebody at the end of a list that is locked. @returns the number in the order of joining */
export async function insertEntry(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  entry: {
    readonly entry: string;
    readonly email: string;
    readonly locale: string | null;
    readonly at: string;
  },
): Promise<number> {
  const { rows } = await client.query(
    `insert into limited_release_entry (brand_id, ref, entry_id, number, email, locale, joined_at, state)
     select $1, $2, $3, 1 + coalesce((select max(number) from limited_release_entry where brand_id = $1 and ref = $2), 0),
       $4, $5, $6, 'waiting'
     returning number`,
    [brandId, ref, entry.entry, entry.email, entry.locale, entry.at],
  );
  return rows[0].number;
}

/** In rank order, before the draw in the order of joining. */
export async function readEntries(client: pg.PoolClient, brandId: number, ref: string): Promise<EntryRow[]> {
  const { rows } = await client.query(
    `${ENTRY} where brand_id = $1 and ref = $2 order by coalesce(rank, number), number`,
    [brandId, ref],
  );
  return rows;
}

/** By ticket, or by address; null: the list has no such. A list may be long: one of it is not looked for among all. */
export async function readEntry(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  by: { readonly entry: string } | { readonly email: string },
): Promise<EntryRow | null> {
  const [column, value] = 'entry' in by ? ['entry_id', by.entry] : ['email', by.email];
  const { rows } = await client.query(`${ENTRY} where brand_id = $1 and ref = $2 and ${column} = $3`, [
    brandId,
    ref,
    value,
  ]);
  return rows[0] ?? null;
}

export async function writeRanks(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  ranks: readonly { readonly entry: string; readonly rank: number }[],
): Promise<void> {
  await client.query(
    `update limited_release_entry e set rank = n.rank from unnest($3::text[], $4::int[]) as n(entry_id, rank)
     where e.brand_id = $1 and e.ref = $2 and e.entry_id = n.entry_id`,
    [brandId, ref, ranks.map((one) => one.entry), ranks.map((one) => one.rank)],
  );
}

export async function setEntry(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  entry: string,
  to: {
    readonly state: EntryRow['state'];
    readonly hold?: string;
    readonly offeredAt?: string;
    readonly expiresAt?: string;
  },
): Promise<void> {
  await client.query(
    `update limited_release_entry set state = $4, hold_id = coalesce($5, hold_id), offered_at = coalesce($6, offered_at),
       expires_at = coalesce($7, expires_at)
     where brand_id = $1 and ref = $2 and entry_id = $3`,
    [brandId, ref, entry, to.state, to.hold ?? null, to.offeredAt ?? null, to.expiresAt ?? null],
  );
}

/** Which of some holds an order has used up, and which are still kept. */
export async function holdStates(
  client: pg.PoolClient,
  brandId: number,
  holds: readonly string[],
): Promise<Map<string, { open: boolean; used: boolean }>> {
  const { rows } = await client.query(
    'select hold_id, open, used_by is not null as used from hold where brand_id = $1 and hold_id = any($2)',
    [brandId, holds],
  );
  return new Map(rows.map((row) => [row.hold_id, { open: row.open, used: row.used }]));
}
