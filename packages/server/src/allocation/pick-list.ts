import type pg from 'pg';
import { csvOf } from '../platform/csv.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { type PickRow, readPicks } from './release-store.ts';

/** Units that were released and are not shipped yet, by place: what somebody walks through the warehouse with. */
export async function pickList(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  location: string | undefined,
) {
  const settings = await loadSettings(client, kept.db, brandId);
  const codeOf = (place: number) => settings.locations[place]?.code ?? '';
  const picks = stillToPick(await readPicks(client, brandId))
    .map(({ row, quantity }) => ({
      location: codeOf(row.place),
      order: row.order,
      line: row.line,
      sku: row.sku,
      title: row.title,
      quantity,
      customer: row.customer,
      country: row.country,
      shipBy: row.shipBy,
      releasedAt: row.releasedAt,
      releasedBy: row.releasedBy,
    }))
    .filter((pick) => location === undefined || pick.location === location);
  const text = (pick: (typeof picks)[number]) =>
    [pick.location, pick.sku, pick.shipBy ?? '9', pick.order].join('\n');
  picks.sort((a, b) => (text(a) < text(b) ? -1 : 1));
  return { items: picks, asOf: kept.clock.now().toISOString() };
}

/** What was shipped was released first: of each line the newest releases are still open. */
function stillToPick(rows: readonly PickRow[]): { row: PickRow; quantity: number }[] {
  const left = new Map<string, number>();
  return rows
    .map((row) => {
      const key = `${row.orderId}:${row.number}:${row.item}`;
      const open = left.get(key) ?? row.picking;
      const quantity = Math.min(open, row.quantity);
      left.set(key, open - quantity);
      return { row, quantity };
    })
    .filter(({ quantity }) => quantity > 0);
}

const COLUMNS = [
  'location',
  'sku',
  'title',
  'quantity',
  'order',
  'line',
  'customer',
  'country',
  'shipBy',
  'releasedAt',
  'releasedBy',
] as const;

/** With a line of headings. */
export function pickListCsv({ items }: Awaited<ReturnType<typeof pickList>>): string {
  return csvOf(
    COLUMNS,
    items.map((pick) => COLUMNS.map((column) => pick[column])),
  );
}
