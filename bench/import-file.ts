import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ImportFile {
  readonly path: string;
  /** What it is, for whoever reads the figures. */
  readonly what: string;
}

/** As many rows, orders, items and customers as UCI's Online Retail has. */
const ROWS = 541_909;
const ROWS_AN_ORDER = 21;
const ITEMS = 4000;
const CUSTOMERS = 4372;

/** Where the developers of Kept keep it; too large for the project. */
const BESIDE = fileURLToPath(
  new URL('../../shared/data/online_retail_2010-12_2011-12.csv.gz', import.meta.url),
);

/**
 * UCI "Online Retail" (CC BY 4.0), at the path told, else where developers keep it, else a made one of its shape and size in
 * `directory`.
 * @param share of its rows, of the made one alone
 */
export async function importFile(
  told: string | undefined,
  directory: string,
  share: number,
): Promise<ImportFile> {
  if (told !== undefined) return { path: told, what: `the file ${told}` };
  if (share === 1 && existsSync(BESIDE)) return { path: BESIDE, what: 'UCI Online Retail, 541,909 rows' };
  const rows = Math.round(ROWS * share);
  const path = join(directory, 'orders.csv');
  await makeFile(path, rows);
  const why = share === 1 ? ', because UCI Online Retail is not here' : '';
  return { path, what: `a made file of ${rows.toLocaleString('en')} rows like UCI Online Retail${why}` };
}

async function makeFile(path: string, rows: number): Promise<void> {
  const file = await open(path, 'w');
  let text = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
  const begin = Date.UTC(2010, 11, 1, 8);
  for (let row = 0; row < rows; row++) {
    const order = Math.floor(row / ROWS_AN_ORDER);
    const item = (row * 7919 + order * 31) % ITEMS;
    const at = new Date(begin + order * 1_200_000).toISOString().slice(0, 19).replace('T', ' ');
    const customer = 12_346 + (order % CUSTOMERS);
    text += `${536_365 + order},${20_000 + item},ITEM NUMBER ${item},${1 + (row % 24)},${at},${1 + (item % 15)}.${10 + (item % 90)},${customer}.0,United Kingdom\n`;
    if (text.length > 1 << 20) {
      await file.write(text);
      text = '';
    }
  }
  await file.write(text);
  await file.close();
}
