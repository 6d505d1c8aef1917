import type { Action } from '../../connections/index.ts';
import type { ImportResult } from '../../imports/index.ts';
import { type CsvCell, csvOf } from '../../platform/csv.ts';
import { decimalOf } from '../money.ts';

function csv([columns = [], ...rows]: readonly (readonly unknown[])[]): string {
  const cell = (value: unknown): CsvCell =>
    value === null || value === undefined ? null : typeof value === 'number' ? value : String(value);
  return csvOf(
    columns.map(String),
    rows.map((row) => row.map(cell)),
  );
}

/** What a file's name may hold; an action's id is told apart by its letters. */
const named = (text: string) => text.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 120);

/** An action as a file for the ERP: of the same name whenever it is tried again. Null: there is no such file. */
export function written(action: Action): { name: string; csv: string } | null {
  switch (action.kind) {
    case 'draft_purchase_order': {
      const { ref, purchaseOrder } = action;
      const { supplier, placedOn, lines } = purchaseOrder;
      const head = [
        'ref',
        'supplier',
        'placed_on',
        'line',
        'sku',
        'quantity',
        'expected_on',
        'location',
        'unit_cost',
        'currency',
      ];
      const rows = lines.map((line) => [
        ref,
        supplier,
        placedOn,
        line.line,
        line.sku,
        line.quantity,
        line.expectedOn,
        line.location,
        line.unitCost === undefined ? '' : decimalOf(line.unitCost),
        line.unitCost?.currency ?? purchaseOrder.currency ?? '',
      ]);
      return { name: `draft-purchase-order-${named(ref)}.csv`, csv: csv([head, ...rows]) };
    }
    case 'promise_date': {
      const { id, purchaseOrder, line, schedule, sku, expectedOn, reason } = action;
      const head = ['purchase_order', 'line', 'schedule', 'sku', 'expected_on', 'reason'];
      const rows = [head, [purchaseOrder, line, schedule, sku, expectedOn, reason]];
      return { name: `promise-date-${named(id)}.csv`, csv: csv(rows) };
    }
    case 'write_receipt': {
      const { id, purchaseOrder, line, schedule, sku, quantity, location, close, at } = action;
      const head = ['purchase_order', 'line', 'schedule', 'sku', 'quantity', 'location', 'close', 'at'];
      const rows = [head, [purchaseOrder, line, schedule, sku, quantity, location, close ? 'yes' : 'no', at]];
      return { name: `receipt-${named(id)}.csv`, csv: csv(rows) };
    }
    default:
      return null;
  }
}

/** The rows of a file that cannot be read, so that they can be found and mended. */
export function problemsCsv({ errors, message }: Pick<ImportResult, 'errors' | 'message'>): string {
  const head = ['line', 'column', 'value', 'problem', 'expected'];
  const rows = errors.map((one) => [one.line, one.column, one.value, one.message, one.expected]);
  return csv([head, ...(rows.length > 0 ? rows : [['', '', '', message, '']])]);
}
