import type pg from 'pg';

/** An item as it is stored, and as PUT says it: null where nothing was said. */
export interface ItemRow {
  sku: string;
  lifecycle: 'upcoming' | 'active' | 'discontinued';
  policy: string;
  leadTimeDays: number | null;
  launchOn: string | null;
  title: string;
  price: number;
  currency: string;
  cost: number | null;
  costCurrency: string | null;
  supplier: string | null;
  moq: number | null;
  orderMultiple: number | null;
  alternatives: string[];
  uoms: Record<string, number>;
  /** Empty for anything but a kit. */
  components: { sku: string; quantity: number }[];
}
export type StoredItem = ItemRow & { readonly item: number };

export async function lockItemsBySku(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Set<string>> {
  const { rows } = await client.query(
    'select sku from item where brand_id = $1 and sku = any($2) order by sku for update',
    [brandId, skus],
  );
  return new Set(rows.map((row) => row.sku));
}

export async function readItems(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Map<string, StoredItem>> {
  const { rows } = await client.query(`${ITEM} where i.brand_id = $1 and i.sku = any($2)`, [brandId, skus]);
  return new Map(rows.map((row) => [row.sku as string, itemFrom(row)]));
}

/** In SKU order, after a SKU; one more than `limit`, to tell whether there is a next page. */
export async function listItems(
  client: pg.PoolClient,
  brandId: number,
  after: string | null,
  limit: number,
): Promise<StoredItem[]> {
  const { rows } = await client.query(
    `${ITEM} where i.brand_id = $1 and ($2::text is null or i.sku > $2) order by i.sku limit $3`,
    [brandId, after, limit + 1],
  );
  return rows.map(itemFrom);
}

const ITEM = `
  select i.item_id, i.sku, i.lifecycle, i.policy, i.lead_time_days, i.launch_on, d.title, d.price, d.currency, d.cost,
    d.cost_currency, d.supplier, d.moq, d.order_multiple, d.alternatives, d.uoms,
    (select json_agg(json_build_object('sku', c.sku, 'quantity', k.quantity) order by c.sku)
     from kit_component k join item c on c.brand_id = k.brand_id and c.item_id = k.component_item_id
     where k.brand_id = i.brand_id and k.kit_item_id = i.item_id) as components
  from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id`;

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function itemFrom(row: any): StoredItem {
  return {
    item: row.item_id,
    sku: row.sku,
    lifecycle: row.lifecycle,
    policy: row.policy,
    leadTimeDays: row.lead_time_days,
    launchOn: row.launch_on,
    title: row.title,
    price: row.price,
    currency: row.currency,
    cost: row.cost,
    costCurrency: row.cost_currency,
    supplier: row.supplier,
    moq: row.moq,
    orderMultiple: row.order_multiple,
    alternatives: row.alternatives,
    uoms: JSON.parse(row.uoms),
    components: row.components ?? [],
  };
}

/** Writes items that are new. Under the brand's lock. */
export async function insertItems(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly ItemRow[],
): Promise<Map<string, number>> {
  const inserted = await client.query(
    `insert into item (brand_id, item_id, sku, lifecycle, policy, lead_time_days, launch_on, kit)
     select $1, (select coalesce(max(item_id), 0) from item where brand_id = $1) + n, sku, lifecycle, policy, lead_time_days,
       launch_on, kit
     from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::date[], $7::boolean[])
       with ordinality as r(sku, lifecycle, policy, lead_time_days, launch_on, kit, n)
     returning item_id, sku`,
    [brandId, ...itemColumns(rows)],
  );
  const ids = new Map<string, number>(inserted.rows.map((row) => [row.sku, row.item_id]));
  await upsertDetails(
    client,
    brandId,
    rows.map((row) => ({ ...row, item: ids.get(row.sku)! })),
  );
  return ids;
}

export async function updateItems(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly StoredItem[],
): Promise<void> {
  await client.query(
    `update item i set lifecycle = r.lifecycle, policy = r.policy, lead_time_days = r.lead_time_days,
       launch_on = r.launch_on, kit = r.kit,
       was_kit = i.was_kit or i.kit
     from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::date[], $7::boolean[])
       as r(sku, lifecycle, policy, lead_time_days, launch_on, kit)
     where i.brand_id = $1 and i.sku = r.sku`,
    [brandId, ...itemColumns(rows)],
  );
  await upsertDetails(client, brandId, rows);
}

const itemColumns = (rows: readonly ItemRow[]) => [
  rows.map((row) => row.sku),
  rows.map((row) => row.lifecycle),
  rows.map((row) => row.policy),
  rows.map((row) => row.leadTimeDays),
  rows.map((row) => row.launchOn),
  rows.map((row) => row.components.length > 0),
];

async function upsertDetails(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly StoredItem[],
): Promise<void> {
  await client.query(
    `insert into item_detail (brand_id, item_id, title, price, currency, cost, cost_currency, supplier, moq, order_multiple,
       uoms, alternatives)
     select $1, item_id, title, price, currency, cost, cost_currency, supplier, moq, order_multiple, uoms,
       array(select json_array_elements_text(alternatives::json))
     from unnest($2::int[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::int[],
       $10::int[], $11::text[], $12::text[])
       as r(item_id, title, price, currency, cost, cost_currency, supplier, moq, order_multiple, uoms, alternatives)
     on conflict (brand_id, item_id) do update set title = excluded.title, price = excluded.price,
       currency = excluded.currency, cost = excluded.cost, cost_currency = excluded.cost_currency,
       supplier = excluded.supplier, moq = excluded.moq, order_multiple = excluded.order_multiple, uoms = excluded.uoms,
       alternatives = excluded.alternatives`,
    [
      brandId,
      rows.map((row) => row.item),
      rows.map((row) => row.title),
      rows.map((row) => row.price),
      rows.map((row) => row.currency),
      rows.map((row) => row.cost),
      rows.map((row) => row.costCurrency),
      rows.map((row) => row.supplier),
      rows.map((row) => row.moq),
      rows.map((row) => row.orderMultiple),
      rows.map((row) => JSON.stringify(row.uoms)),
      rows.map((row) => JSON.stringify(row.alternatives)),
    ],
  );
}

/** The whole make-up of kits. */
export async function replaceComponents(
  client: pg.PoolClient,
  brandId: number,
  kits: readonly StoredItem[],
): Promise<void> {
  await client.query('delete from kit_component where brand_id = $1 and kit_item_id = any($2)', [
    brandId,
    kits.map((kit) => kit.item),
  ]);
  const rows = kits.flatMap((kit) => kit.components.map((component) => ({ kit: kit.item, ...component })));
  await client.query(
    `insert into kit_component (brand_id, kit_item_id, component_item_id, quantity)
     select $1, r.kit, i.item_id, r.quantity from unnest($2::int[], $3::text[], $4::int[]) as r(kit, sku, quantity)
     join item i on i.brand_id = $1 and i.sku = r.sku`,
    [brandId, rows.map((row) => row.kit), rows.map((row) => row.sku), rows.map((row) => row.quantity)],
  );
}

/** Which of the SKUs are kits, and which are a kit's component (with one of those kits). */
export async function readKitRoles(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<Map<string, { kit: boolean; partOf: string | null }>> {
  const { rows } = await client.query(
    `select i.sku, i.kit,
       (select min(p.sku) from kit_component k join item p on p.brand_id = k.brand_id and p.item_id = k.kit_item_id
        where k.brand_id = i.brand_id and k.component_item_id = i.item_id) as part_of
     from item i where i.brand_id = $1 and i.sku = any($2)`,
    [brandId, skus],
  );
  return new Map(rows.map((row) => [row.sku as string, { kit: row.kit, partOf: row.part_of }]));
}

export interface ItemStock {
  readonly location: string;
  readonly sellable: number;
  readonly reserved: number;
  readonly held: number;
  readonly qualityHold: number;
  readonly returned: number;
  readonly damaged: number;
}

/** What lies where of some items, and how much of them is on backorder. */
export async function readStanding(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Map<number, { stock: ItemStock[]; backordered: number }>> {
  const { rows } = await client.query(
    `select i.item_id, i.backordered, l.code, s.sellable, s.reserved, s.held, s.quality_hold, s.returned, s.damaged
     from item i
     left join stock s on s.brand_id = i.brand_id and s.item_id = i.item_id
     left join location l on l.brand_id = s.brand_id and l.location_id = s.location_id
     where i.brand_id = $1 and i.item_id = any($2) order by i.item_id, l.code`,
    [brandId, items],
  );
  const standing = new Map<number, { stock: ItemStock[]; backordered: number }>();
  for (const row of rows) {
    const one = standing.get(row.item_id) ?? {
      stock: [] as ItemStock[],
      backordered: row.backordered as number,
    };
    standing.set(row.item_id, one);
    if (row.code === null) continue;
    one.stock.push({
      location: row.code,
      sellable: row.sellable,
      reserved: row.reserved,
      held: row.held,
      qualityHold: row.quality_hold,
      returned: row.returned,
      damaged: row.damaged,
    });
  }
  return standing;
}
