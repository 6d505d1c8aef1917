import type pg from 'pg';

/** The brand as its customers know it. */
export async function brandTitle(client: pg.PoolClient, brandId: number): Promise<string> {
  const { rows } = await client.query({
    name: 'brand-title',
    text: 'select title from brand where brand_id = $1',
    values: [brandId],
  });
  return rows[0]?.title ?? '';
}
