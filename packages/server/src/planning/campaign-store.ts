import type pg from 'pg';

/** A promotion; days as 'YYYY-MM-DD'. */
export interface CampaignRow {
  readonly ref: string;
  readonly title: string;
  readonly fromOn: string;
  readonly untilOn: string;
  readonly toldOn: string;
  /** Null: every item, every channel. */
  readonly skus: readonly string[] | null;
  readonly channels: readonly string[] | null;
  readonly lift: number | null;
  readonly ended: boolean;
}

const CAMPAIGN = `ref, title, from_on as "fromOn", until_on as "untilOn", told_on as "toldOn", skus, channels, lift, ended`;

export async function readCampaigns(
  client: pg.PoolClient,
  brandId: number,
  filter: { readonly ref?: string; readonly since?: string } = {},
): Promise<CampaignRow[]> {
  const { rows } = await client.query(
    `select ${CAMPAIGN} from campaign where brand_id = $1 and ($2::text is null or ref = $2)
       and ($3::date is null or until_on >= $3) order by from_on, ref`,
    [brandId, filter.ref ?? null, filter.since ?? null],
  );
  return rows;
}

/** The day planning was told stays what it was at first. */
export async function upsertCampaign(
  client: pg.PoolClient,
  brandId: number,
  row: CampaignRow,
): Promise<CampaignRow> {
  const { rows } = await client.query(
    `insert into campaign (brand_id, ref, title, from_on, until_on, told_on, skus, channels, lift, ended)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (brand_id, ref) do update set title = excluded.title, from_on = excluded.from_on, until_on = excluded.until_on,
       told_on = least(campaign.told_on, excluded.told_on), skus = excluded.skus, channels = excluded.channels,
       lift = excluded.lift, ended = excluded.ended
     returning ${CAMPAIGN}`,
    [
      brandId,
      row.ref,
      row.title,
      row.fromOn,
      row.untilOn,
      row.toldOn,
      row.skus,
      row.channels,
      row.lift,
      row.ended,
    ],
  );
  return rows[0];
}

/** Those of some SKUs that are not there. */
export async function unknownSkus(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query(
    `select s.sku from unnest($2::text[]) as s(sku) where not exists (select from item where brand_id = $1 and sku = s.sku)`,
    [brandId, skus],
  );
  return rows.map((row) => row.sku);
}
