import type pg from 'pg';
import { csvOf } from '../platform/csv.ts';
import { KeptError } from '../platform/errors.ts';
import { type OrderRow, readOrderRows } from './joint-store.ts';

/** The columns of the import template, so that what was exported can be read again. */
const COLUMNS = {
  ref: (row: OrderRow) => row.ref,
  supplier: (row: OrderRow) => row.supplier,
  placed_on: (row: OrderRow) => row.placedOn,
  stage: (row: OrderRow) => row.stage,
  currency: (row: OrderRow) => row.currency,
  line: (row: OrderRow) => String(JSON.parse(row.line)),
  sku: (row: OrderRow) => row.sku,
  title: (row: OrderRow) => row.title,
  quantity: (row: OrderRow) => String(row.quantity),
  unit_cost: (row: OrderRow) => (row.unitCost === null ? null : decimal(row.unitCost, row.currency!)),
  expected_on: (row: OrderRow) => row.expectedOn,
  location: (row: OrderRow) => row.location,
} as const;

/** A purchase order as a file for whoever places it. @throws KeptError `not_found` */
export async function purchaseOrderCsv(client: pg.PoolClient, brandId: number, ref: string): Promise<string> {
  const rows = await readOrderRows(client, brandId, ref);
  if (rows.length === 0)
    throw new KeptError('not_found', `There is no purchase order ${JSON.stringify(ref)}.`);
  const lines = rows.map((row) => Object.values(COLUMNS).map((read) => read(row)));
  return csvOf(Object.keys(COLUMNS), lines);
}

function decimal(minor: number, currency: string): string {
  const style = { style: 'currency', currency } as const;
  const digits = new Intl.NumberFormat('en', style).resolvedOptions().maximumFractionDigits ?? 2;
  return (minor / 10 ** digits).toFixed(digits);
}
