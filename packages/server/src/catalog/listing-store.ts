import type pg from 'pg';

export type ListingState = 'mapped' | 'unmapped' | 'duplicate';
export interface ListingRow {
  channel: number;
  externalId: string;
  /** As the channel has it, mapped or not. */
  sku: string | null;
  title: string;
  state: ListingState;
  item: number | null;
}

/** The listings themselves, and every other one that their SKUs are mapped to in the same channel. */
export async function readListings(
  client: pg.PoolClient,
  brandId: number,
  wanted: readonly { channel: number; externalId: string; sku: string | null }[],
): Promise<ListingRow[]> {
  const { rows } = await client.query(
    `select channel_id, external_id, sku, title, state, item_id from listing
     where brand_id = $1 and (
       (channel_id, external_id) in (select * from unnest($2::int[], $3::text[]))
       or (state = 'mapped' and (channel_id, sku) in (select * from unnest($2::int[], $4::text[]))))`,
    [
      brandId,
      wanted.map((one) => one.channel),
      wanted.map((one) => one.externalId),
      wanted.map((one) => one.sku),
    ],
  );
  return rows.map((row) => ({
    channel: row.channel_id,
    externalId: row.external_id,
    sku: row.sku,
    title: row.title,
    state: row.state,
    item: row.item_id,
  }));
}

export async function upsertListings(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly ListingRow[],
): Promise<void> {
  await client.query(
    `insert into listing (brand_id, channel_id, external_id, sku, title, item_id, state)
     select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[])
     on conflict (brand_id, channel_id, external_id) do update set sku = excluded.sku, title = excluded.title,
       item_id = excluded.item_id, state = excluded.state`,
    [
      brandId,
      rows.map((row) => row.channel),
      rows.map((row) => row.externalId),
      rows.map((row) => row.sku),
      rows.map((row) => row.title),
      rows.map((row) => row.item),
      rows.map((row) => row.state),
    ],
  );
}
