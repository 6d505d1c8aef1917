import type { LinePosition } from '@kept/engine';
import type pg from 'pg';
import { PART_ITEMS, readAllLines } from './line-store.ts';
import type { PositionRows } from './position-store.ts';

/** The days of a supply as they are stored, 'YYYY-MM-DD', and the units that are pegged. */
export interface StoredDays {
  readonly plannedOn: string | null;
  readonly promisableOn: string | null;
  readonly pegged: number;
}

/** The positions of some items, all as of one snapshot. */
export interface BookPart {
  readonly rows: PositionRows;
  /** By 'item:supply'. */
  readonly days: ReadonlyMap<string, StoredDays>;
  /** Every item up to and with this one has been told. */
  readonly until: number;
}

/** What was read is as of one snapshot, in a transaction of its own, which must have said nothing yet. */
export async function beginSnapshot(client: pg.PoolClient): Promise<void> {
  await client.query('set transaction isolation level repeatable read, read only');
}

/** The largest number of an item; 0: there is none. */
export async function lastItem(client: pg.PoolClient, brandId: number): Promise<number> {
  const { rows } = await client.query(
    'select coalesce(max(item_id), 0) as last from item where brand_id = $1',
    [brandId],
  );
  return rows[0].last;
}

/**
 * Positions of all items with open lines or open supply, from a part on, in parts of a few hundred items. Nothing is locked:
 * they tell how things stood.
 */
export async function* readBook(
  client: pg.PoolClient,
  brandId: number,
  firstPart: number,
  last: number,
): AsyncGenerator<BookPart> {
  const lines = readAllLines(client, brandId, firstPart);
  let ahead = await lines.next();
  for (let part = firstPart; part * PART_ITEMS <= last; part++) {
    const own: LinePosition[] = !ahead.done && ahead.value.part === part ? ahead.value.lines : [];
    const read = readPart(client, brandId, part, own);
    if (own.length > 0) ahead = await lines.next();
    yield await read;
  }
}

async function readPart(
  client: pg.PoolClient,
  brandId: number,
  part: number,
  lines: readonly LinePosition[],
): Promise<BookPart> {
  const values = [brandId, part * PART_ITEMS, (part + 1) * PART_ITEMS - 1];
  const within = 'brand_id = $1 and item_id between $2 and $3';
  const [items, stock, supplies, limits, holds] = await Promise.all([
    client.query({
      name: 'book-items',
      text: `select item_id, sku, lifecycle, policy, lead_time_days, launch_on, next_supply, backordered, kit, terms
             from item where ${within} order by sku`,
      values,
    }),
    client.query({
      name: 'book-stock',
      text: `select item_id, location_id, sellable, quality_hold, returned, damaged, reserved, held from stock where ${within}`,
      values,
    }),
    client.query({
      name: 'book-supplies',
      text: `select item_id, supply_id, kind, location_id, stage, open, received, pegged, held, expected_on, ref, line, schedule,
               planned_on, promisable_on, (select array[p.supplier, p.freight_mode] from purchase_order p
                 where supply.kind = 'purchase_order' and p.brand_id = supply.brand_id and p.ref = supply.ref) as sender
             from supply where ${within} and open > 0`,
      values,
    }),
    client.query({
      name: 'book-limits',
      text: `select item_id, channel_id, protected, maximum, buffer, unit, committed, from_on, until_on
             from item_channel where ${within}`,
      values,
    }),
    client.query({
      name: 'book-holds',
      text: `select hold_id, item_id, channel_id, expires_at, commitments from hold
             where ${within} and open order by expires_at, hold_id`,
      values,
    }),
  ]);
  const wanted = new Set(supplies.rows.map((row) => row.item_id));
  for (const line of lines) wanted.add(line.item);
  return {
    rows: {
      items: items.rows.filter((row) => wanted.has(row.item_id)),
      stock: stock.rows,
      supplies: supplies.rows,
      limits: limits.rows,
      holds: holds.rows,
      lines,
    },
    days: new Map(
      supplies.rows.map((row) => [
        `${row.item_id}:${row.supply_id}`,
        { plannedOn: row.planned_on, promisableOn: row.promisable_on, pegged: row.pegged },
      ]),
    ),
    until: values[2]!,
  };
}
