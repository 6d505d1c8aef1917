import { csvOf } from '../../../platform/csv.ts';
import type { SentDocument } from '../documents.ts';

const HEADS = {
  answer: ['po_number', 'line', 'item', 'quantity', 'unit', 'status', 'ships_on', 'our_reference'],
  ship_notice: ['po_number', 'line', 'item', 'quantity', 'unit', 'shipped_on', 'carrier', 'tracking'],
  availability: ['item', 'quantity', 'unit', 'from'],
} as const;

/** A document as a sheet for partners who read it themselves. */
export function writeSheet(document: SentDocument): string {
  const rows: (string | number)[][] = [];
  const item = (numbers: readonly { value: string }[]) => numbers[0]?.value ?? '';
  if (document.kind === 'answer')
    for (const line of document.lines)
      for (const lot of line.lots)
        rows.push([
          document.number,
          line.line,
          item(line.numbers),
          lot.quantity,
          line.unit,
          lot.status.replaceAll('_', ' '),
          lot.shipsOn ?? '',
          document.reference,
        ]);
  else if (document.kind === 'ship_notice')
    for (const line of document.lines)
      rows.push([
        document.number,
        line.line,
        item(line.numbers),
        line.quantity,
        line.unit,
        document.shippedOn,
        document.carrier ?? '',
        document.tracking ?? '',
      ]);
  else
    for (const one of document.items) {
      rows.push([item(one.numbers), one.now, one.unit, 'now']);
      for (const later of one.later) rows.push([item(one.numbers), later.quantity, one.unit, later.from]);
    }
  return csvOf(HEADS[document.kind], rows);
}
