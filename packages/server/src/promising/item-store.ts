import type { ItemPosition } from '@kept/engine';
import type pg from 'pg';
import { texts } from '../platform/columns.ts';

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
  /** What it can be made with; as of its look-up, and not remembered. */
  readonly options: readonly string[];
  /** A kit as it is sold by itself, whatever its components are; null: no kit. */
  readonly own: KitOwn | null;
}

export interface KitOwn extends Pick<ItemPosition, 'lifecycle' | 'terms'> {
  /** Its policy's name. */
  readonly policy: string;
}

/** Items by SKU; a SKU that no item has is left out. */
export async function lookupItems(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Map<string, KnownItem>> {
  const { rows } = await client.query({
    name: 'lookup-items',
    text: `select i.item_id, i.sku, i.kit, i.terms, i.lifecycle, i.policy, d.uoms,
             (select json_agg(json_build_array(k.component_item_id, k.quantity) order by k.component_item_id)
              from kit_component k where k.brand_id = i.brand_id and k.kit_item_id = i.item_id) as components
           from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
           where i.brand_id = $1 and i.sku = any($2)`,
    values: [brandId, texts(skus, (sku) => sku)],
  });
  return new Map(
    rows.map((row) => {
      const components = (row.components ?? []) as [number, number][];
      const terms = row.terms === null ? null : JSON.parse(row.terms);
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
          perCustomer: terms?.preorder?.perCustomer ?? null,
          options: Object.keys(terms?.production?.options ?? {}),
          own: components.length > 0 ? { lifecycle: row.lifecycle, policy: row.policy, terms } : null,
        },
      ];
    }),
  );
}

/**
 * Items that a process has met, by SKU: a SKU keeps its item for ever, so that looking it up again would only tell the same.
 * Kits and units of measure may change, and are asked for each time. What turned into a kit or got another limit meanwhile is
 * seen under its lock (`LoadedItem`), and then all is to be forgotten.
 */
export interface ItemMemory {
  /** The items of these SKUs, looked up where they are not remembered. */
  lookup(client: pg.PoolClient, brandId: number, skus: readonly string[]): Promise<Map<string, KnownItem>>;
  forget(): void;
}

/** Beyond so many SKUs a process begins anew; one takes about 150 bytes. */
const MOST_REMEMBERED = 500_000;

export function createItemMemory(): ItemMemory {
  const known = new Map<string, KnownItem>();
  return {
    async lookup(client, brandId, skus) {
      const found = new Map<string, KnownItem>();
      const missing: string[] = [];
      for (const sku of skus) {
        const item = known.get(sku);
        if (item === undefined) missing.push(sku);
        else found.set(sku, item);
      }
      if (missing.length === 0) return found;
      for (const [sku, item] of await lookupItems(client, brandId, missing)) {
        found.set(sku, item);
        if (item.kit) continue;
        if (known.size >= MOST_REMEMBERED) known.clear();
        known.set(sku, item);
      }
      return found;
    },
    forget: () => known.clear(),
  };
}
