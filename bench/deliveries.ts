import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { SlipReceipt } from '../packages/engine/src/slip-learn.ts';

/** Purchase-order lines of a file such as the USAID SCMS delivery history: when they were due, when they came, whose they are. */

const DUE = 'Scheduled Delivery Date';
const CAME = 'Delivered to Client Date';
const NEEDED = [DUE, CAME, 'Vendor', 'Shipment Mode', 'Country'];

export interface Deliveries {
  readonly receipts: readonly SlipReceipt[];
  /** Why rows were left out, and how many. */
  readonly leftOut: ReadonlyMap<string, number>;
}

export async function readDeliveries(file: string): Promise<Deliveries> {
  const rows: Record<string, string>[] = parse(await readFile(file), {
    columns: (header: string[]) => header.map((name) => name.trim()),
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
  });
  const missing = NEEDED.filter((name) => rows.length > 0 && !(name in rows[0]!));
  if (missing.length > 0) throw new Error(`${file} has no column ${missing.join(', ')}`);
  const receipts: SlipReceipt[] = [];
  const leftOut = new Map<string, number>();
  const leave = (why: string) => leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
  for (const row of rows) {
    const expected = readDay(row[DUE] ?? '');
    const received = readDay(row[CAME] ?? '');
    if (expected === null) leave(`no day in ${DUE}`);
    else if (received === null) leave(`no day in ${CAME}`);
    else
      receipts.push({
        expected,
        received,
        supplier: named(row.Vendor),
        freight: named(row['Shipment Mode']),
        place: named(row.Country),
        stage: null,
        priorDays: 10,
      });
  }
  return { receipts, leftOut };
}

function named(text: string | undefined): string | null {
  const name = text?.trim() ?? '';
  return name === '' || /^N\/A\b/i.test(name) ? null : name;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** '2-Jun-06', '2-Jun-2006', '6/2/06' (month first), '2006-06-02' as a day number; null for text and for days there are none of. */
export function readDay(text: string): number | null {
  const named = /^(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d{2}|\d{4})$/.exec(text.trim());
  if (named !== null) return civil(named[3]!, MONTHS.indexOf(named[2]!.toLowerCase()) + 1, Number(named[1]));
  const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text.trim());
  if (slashed !== null) return civil(slashed[3]!, Number(slashed[1]), Number(slashed[2]));
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$/.exec(text.trim());
  return iso === null ? null : civil(iso[1]!, Number(iso[2]), Number(iso[3]));
}

function civil(yearText: string, month: number, day: number): number | null {
  const year = Number(yearText) + (yearText.length === 2 ? 2000 : 0);
  const date = new Date(Date.UTC(year, month - 1, day));
  return month < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day
    ? null
    : date.getTime() / 86_400_000;
}
