/**
 * Makes the demo brand's files from their public sources. They are committed; this says how they came to be:
 *
 *   node examples/demo/derive.ts [FOLDER]      FOLDER (../shared/data unless told) holds the two sources
 *
 *   online_retail_2010-12_2011-12.csv.gz  →  items.csv, order-lines.csv.gz   (see orders.ts)
 *   supplier-deliveries-2006-2011.csv     →  slips.csv                       (see slips.ts)
 *
 * The same sources always give the same bytes. Without the sources nothing is touched.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { deriveOrders, type RetailRow } from './derive/orders.ts';
import { type DeliveryRow, deriveSlips } from './derive/slips.ts';

const sources = process.argv[2] ?? '../shared/data';
const here = import.meta.dirname;
const rowsOf = <T>(text: Buffer): T[] => parse(text, { columns: true, bom: true }) as T[];
const csvOf = (rows: (string | number)[][]): string =>
  rows
    .map((row) =>
      row.map((cell) => (/[",\n]/.test(`${cell}`) ? `"${`${cell}`.replaceAll('"', '""')}"` : cell)).join(','),
    )
    .join('\n')
    .concat('\n');

const retail = join(sources, 'online_retail_2010-12_2011-12.csv.gz');
const deliveries = join(sources, 'supplier-deliveries-2006-2011.csv');
for (const file of [retail, deliveries])
  if (!existsSync(file)) {
    console.error(`${file} is not there: name the folder that holds it. Nothing was changed.`);
    process.exit(2);
  }

const { items, lines } = deriveOrders(rowsOf<RetailRow>(gunzipSync(readFileSync(retail))));
writeFileSync(join(here, 'items.csv'), csvOf(items));
writeFileSync(join(here, 'order-lines.csv.gz'), gzipSync(csvOf(lines), { level: 9 }));
writeFileSync(join(here, 'slips.csv'), csvOf(deriveSlips(rowsOf<DeliveryRow>(readFileSync(deliveries)))));
console.log(`${items.length - 1} items, ${lines.length - 1} order lines`);
