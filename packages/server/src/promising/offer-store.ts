import type pg from 'pg';

/** What shoppers read of an item, beside what backs it. */
export interface ItemWords {
  readonly title: string;
  readonly price: { readonly amount: number; readonly currency: string };
  readonly alternatives: readonly { readonly sku: string; readonly title: string }[];
}

/** By item; alternatives that no item has are left out, and so are those that are no longer sold. */
export async function readItemWords(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Map<number, ItemWords>> {
  const { rows } = await client.query({
    name: 'item-words',
    text: `select d.item_id, d.title, d.price, d.currency,
             (select json_agg(json_build_object('sku', a.sku, 'title', ad.title) order by w.place)
              from unnest(d.alternatives) with ordinality as w(sku, place)
              join item a on a.brand_id = d.brand_id and a.sku = w.sku and a.lifecycle <> 'discontinued'
              join item_detail ad on ad.brand_id = a.brand_id and ad.item_id = a.item_id) as alternatives
           from item_detail d where d.brand_id = $1 and d.item_id = any($2)`,
    values: [brandId, items],
  });
  return new Map(
    rows.map((row) => [
      row.item_id,
      {
        title: row.title,
        price: { amount: row.price, currency: row.currency },
        alternatives: row.alternatives ?? [],
      },
    ]),
  );
}
