import { decimalOf } from '../platform/format.ts';
import type { Backorder } from './backorders.ts';

const columns = [
  'order',
  'line',
  'sku',
  'title',
  'channel',
  'customer',
  'quantity',
  'value',
  'currency',
  'waiting_since',
  'promised_ship_by',
  'backed_by',
  'state',
] as const;

/** Lines as a CSV file, as an address of its own. */
export function csvOf(lines: readonly Backorder[]): string {
  const rows = lines.map((line) => [
    line.order,
    line.line,
    line.sku,
    line.title,
    line.channel,
    line.customer,
    line.quantity,
    decimalOf(line.value),
    line.value.currency,
    line.waitingSince,
    line.promise?.shipBy ?? '',
    [...new Set(line.commitments.flatMap(({ supply }) => supply?.purchaseOrder ?? supply?.ref ?? []))].join(
      ' ',
    ),
    line.state,
  ]);
  const text = [columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`${text}\r\n`)}`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula is text. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
