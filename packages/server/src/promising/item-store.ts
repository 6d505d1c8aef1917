import type pg from 'pg';

/** What others need to know of an item to speak of it. */
export interface KnownItem {
  readonly item: number;
  readonly sku: string;
  readonly kit: boolean;
  /** The items that its units are taken from: itself, or a kit's components. */
  readonly legs: readonly { readonly item: number; readonly per: number }[];
  /** Stock units per unit of measure. */
  readonly uoms: Readonly<Record<string, number>>;
  /** Most units of one customer; null: no limit. */
  readonly perCustomer: number | null;
}

/** Items by SKU; a SKU that no item has is left out. */
export async function lookupItems(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Map<string, KnownItem>> {
  const { rows } = await client.query({
    name: 'lookup-items',
    text: `select i.item_id, i.sku, i.kit, i.terms, d.uoms,
             (select json_agg(json_build_array(k.component_item_id, k.quantity) order by k.component_item_id)
              from kit_component k where k.brand_id = i.brand_id and k.kit_item_id = i.item_id) as components
           from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
           where i.brand_id = $1 and i.sku = any($2)`,
    values: [brandId, skus],
  });
  return new Map(
    rows.map((row) => {
      const components = (row.components ?? []) as [number, number][];
      const legs =
        components.length > 0
          ? components.map(([item, per]) => ({ item, per }))
          : [{ item: row.item_id, per: 1 }];
      return [
        row.sku as string,
        {
          item: row.item_id,
          sku: row.sku,
          kit: components.length > 0,
          legs,
          uoms: JSON.parse(row.uoms),
          perCustomer: row.terms === null ? null : (JSON.parse(row.terms).preorder?.perCustomer ?? null),
        },
      ];
    }),
  );
}
