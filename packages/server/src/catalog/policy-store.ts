import type pg from 'pg';

/** `settings` is JSON of what the brand said, without the kind. */
export async function upsertPolicy(
  client: pg.PoolClient,
  brandId: number,
  policy: { name: string; kind: string; settings: string },
): Promise<void> {
  await client.query(
    `insert into policy (brand_id, name, kind, settings) values ($1, $2, $3, $4)
     on conflict (brand_id, name) do update set kind = excluded.kind, settings = excluded.settings`,
    [brandId, policy.name, policy.kind, policy.settings],
  );
}
