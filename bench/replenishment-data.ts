import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { PooledSeries } from '../packages/engine/src/pooled-forecast.ts';

/** A folder of the VN2 inventory planning challenge. */
export interface Shop {
  readonly names: readonly string[];
  readonly history: readonly (PooledSeries & { readonly demand: Float64Array })[];
  readonly start: readonly Position[];
  /** Weeks after the history, where a judge gave them; null: the history itself is played. */
  readonly actual: readonly Float64Array[] | null;
}

/** On hand, and what arrives in the next weeks. */
export interface Position {
  onHand: number;
  arriving: number[];
}

/** Weeks from an order to its arrival. */
const LEAD_WEEKS = 2;

/** Reads sales-to-*.csv, in-stock-to-*.csv, initial-state.csv and, where there are, master.csv and actual.csv. */
export function readShop(folder: string, files: readonly string[]): Shop {
  const find = (start: string) => {
    const file = files.find((name) => name.startsWith(start) && name.endsWith('.csv'));
    if (!file)
      throw new Error(
        `${folder} holds no ${start}*.csv; a folder of VN2 files is expected with --data FOLDER.`,
      );
    return read(join(folder, file));
  };
  const sales = find('sales-to-');
  const onShelf = new Map(find('in-stock-to-').rows.map((row) => [nameOf(row), row]));
  const state = new Map(find('initial-state').rows.map((row) => [nameOf(row), row]));
  const weeks = sales.header.slice(2);
  const master = join(folder, 'master.csv');
  const stores = existsSync(master) ? new Map(read(master).rows.map((row) => [nameOf(row), row])) : null;
  const file = join(folder, 'actual.csv');
  const actual = existsSync(file) ? read(file) : null;
  const played = actual && new Map(actual.rows.map((row) => [nameOf(row), row]));
  const missing = <Row>(row: Row | undefined, name: string, where: string): Row => {
    if (row === undefined) throw new Error(`${where} has no row for store and product ${name}.`);
    return row;
  };
  const names = sales.rows.map(nameOf);
  return {
    names,
    history: sales.rows.map((row, index) => {
      const format = stores?.get(names[index]!)?.Format;
      const shelf = missing(onShelf.get(names[index]!), names[index]!, 'in-stock-to-*.csv');
      return {
        demand: Float64Array.from(weeks, (week) => Number(row[week] ?? 0)),
        inStock: weeks.map((week) => /^(true|1)$/i.test(shelf[week] ?? '')),
        groups: [`store ${row.Store}`, ...(format === undefined ? [] : [`format ${format}`])],
      };
    }),
    start: names.map((name) => {
      const row = missing(state.get(name), name, 'initial-state.csv');
      return {
        onHand: Number(row['End Inventory']),
        arriving: Array.from({ length: LEAD_WEEKS }, (_, week) =>
          Number(row[`In Transit W+${week + 1}`] ?? 0),
        ),
      };
    }),
    actual:
      actual && played
        ? names.map((name) => {
            const row = missing(played.get(name), name, 'actual.csv');
            return Float64Array.from(actual.header.slice(2), (week) => Number(row[week] ?? 0));
          })
        : null,
  };
}

function read(file: string): { header: string[]; rows: Record<string, string>[] } {
  const text = readFileSync(file, 'utf8');
  const rows = parse(text, { columns: true, bom: true, skip_empty_lines: true }) as Record<string, string>[];
  return { header: Object.keys(rows[0] ?? {}), rows };
}

function nameOf(row: Record<string, string>): string {
  return `${row.Store} ${row.Product}`;
}
