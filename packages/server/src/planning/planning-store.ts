import type { Stage } from '@kept/engine';
import type pg from 'pg';

/** An item as planning sees it: its terms, what is there, and what is coming. */
export interface PlannedItem {
  readonly item: number;
  readonly sku: string;
  readonly title: string;
  readonly lifecycle: 'upcoming' | 'active' | 'discontinued';
  readonly policy: string;
  readonly supplier: string | null;
  readonly leadTimeDays: number | null;
  readonly moq: number | null;
  readonly orderMultiple: number | null;
  /** Minor units. */
  readonly cost: number | null;
  readonly costCurrency: string | null;
  readonly alternatives: readonly string[];
}

/** Items in SKU order after one, or one by its SKU; kits have no stock of their own and are left out. */
export async function readPlannedItems(
  client: pg.PoolClient,
  brandId: number,
  filter: {
    readonly sku?: string | undefined;
    readonly supplier?: string | undefined;
    readonly items?: readonly number[] | undefined;
  },
  after: string | null,
  limit: number,
): Promise<PlannedItem[]> {
  const { rows } = await client.query(
    `select i.item_id, i.sku, i.lifecycle, i.policy, d.title, d.supplier, d.cost, d.cost_currency, d.alternatives,
       coalesce(i.lead_time_days, s.lead_time_days) as lead_time_days, coalesce(d.moq, s.moq) as moq, d.order_multiple
     from item i join item_detail d on d.brand_id = i.brand_id and d.item_id = i.item_id
     left join supplier s on s.brand_id = d.brand_id and s.code = d.supplier
     where i.brand_id = $1 and not i.kit and ($2::text is null or i.sku > $2) and ($3::text is null or i.sku = $3)
       and ($4::text is null or d.supplier = $4) and ($5::int[] is null or i.item_id = any($5))
     order by i.sku limit $6`,
    [brandId, after, filter.sku ?? null, filter.supplier ?? null, filter.items ?? null, limit],
  );
  return rows.map((row) => ({
    item: row.item_id,
    sku: row.sku,
    title: row.title,
    lifecycle: row.lifecycle,
    policy: row.policy,
    supplier: row.supplier,
    leadTimeDays: row.lead_time_days,
    moq: row.moq,
    orderMultiple: row.order_multiple,
    cost: row.cost,
    costCurrency: row.cost_currency,
    alternatives: row.alternatives,
  }));
}

export interface PlannedSupply {
  readonly name: string;
  readonly kind: string;
  readonly stage: Stage;
  readonly supplier: string | null;
  readonly freight: string | null;
  readonly open: number;
  readonly pegged: number;
  readonly held: number;
  readonly expectedOn: string | null;
  /** The day its units leave if it comes when expected. */
  readonly plannedOn: string | null;
}

export interface Standing {
  readonly stock: readonly {
    readonly location: string;
    readonly sellable: number;
    readonly reserved: number;
    readonly held: number;
  }[];
  readonly supplies: readonly PlannedSupply[];
  readonly reserved: number;
  readonly pegged: number;
  readonly waiting: number;
}

/** What lies there, what is coming and who waits, by item. */
export async function readStandings(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
): Promise<Map<number, Standing>> {
  const stock = await client.query(
    `select s.item_id, l.code, s.sellable, s.reserved, s.held from stock s
     join location l on l.brand_id = s.brand_id and l.location_id = s.location_id
     where s.brand_id = $1 and s.item_id = any($2) order by s.item_id, l.code`,
    [brandId, items],
  );
  const supplies = await client.query(
    `select s.item_id, s.ref, s.kind, s.stage, s.open, s.pegged, s.held, s.expected_on, s.planned_on, p.supplier, p.freight_mode
     from supply s
     left join purchase_order p on p.brand_id = s.brand_id and s.kind = 'purchase_order' and p.ref = s.ref
     where s.brand_id = $1 and s.item_id = any($2) and s.open > 0 and s.stage <> 'cancelled'
     order by s.item_id, s.planned_on nulls last, s.ref, s.line, s.schedule`,
    [brandId, items],
  );
  const open = await client.query(
    `select item_id, kind, sum(quantity)::int as units from commitment
     where brand_id = $1 and item_id = any($2) group by item_id, kind`,
    [brandId, items],
  );
  const standings = new Map(
    items.map((item) => [
      item,
      {
        stock: [] as Standing['stock'][number][],
        supplies: [] as PlannedSupply[],
        reserved: 0,
        pegged: 0,
        waiting: 0,
      },
    ]),
  );
  for (const row of stock.rows)
    standings
      .get(row.item_id)!
      .stock.push({ location: row.code, sellable: row.sellable, reserved: row.reserved, held: row.held });
  for (const row of supplies.rows)
    standings.get(row.item_id)!.supplies.push({
      name: row.ref,
      kind: row.kind,
      stage: row.stage,
      supplier: row.supplier,
      freight: row.freight_mode,
      open: row.open,
      pegged: row.pegged,
      held: row.held,
      expectedOn: row.expected_on,
      plannedOn: row.planned_on,
    });
  for (const row of open.rows) {
    const kind = (['reserved', 'pegged', 'waiting'] as const)[row.kind as 0 | 1 | 2];
    standings.get(row.item_id)![kind] = row.units;
  }
  return standings;
}

/** The first location that is open, by its code: where a draft goes unless told. */
export async function firstLocation(client: pg.PoolClient, brandId: number): Promise<string | null> {
  const { rows } = await client.query(
    'select code from location where brand_id = $1 and not closed order by location_id limit 1',
    [brandId],
  );
  return rows[0]?.code ?? null;
}
