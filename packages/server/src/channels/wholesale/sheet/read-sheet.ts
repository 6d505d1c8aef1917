import { dayOf } from '../dates.ts';
import type { OrderedLine, ReadMessage, ReceivedOrder } from '../documents.ts';
import { type Fault, isGrave, shown } from '../fault.ts';
import { NoInterchange } from '../no-interchange.ts';
import type { Partner } from '../partner.ts';
import type { Cell } from './rows.ts';

/** What a sheet's columns mean, by the headings that buyers give them. A partner's own go first. */
const HEADINGS = {
  number: ['po number', 'po', 'po no', 'purchase order', 'order', 'order number', 'order no', 'reference'],
  orderedOn: ['order date', 'po date', 'date'],
  line: ['line', 'line no', 'line number', 'position', 'pos'],
  sku: [
    'sku',
    'item',
    'item number',
    'item no',
    'item code',
    'style',
    'article',
    'product code',
    'vendor item',
  ],
  upc: ['upc', 'ean', 'gtin', 'barcode', 'upc code'],
  quantity: ['quantity', 'qty', 'order qty', 'qty ordered', 'units', 'pieces'],
  unit: ['unit', 'uom', 'unit of measure'],
  price: ['price', 'unit price', 'cost', 'unit cost', 'wholesale price', 'net price'],
  notBefore: ['ship not before', 'not before', 'start ship', 'ship from', 'ship date', 'requested ship date'],
  cancelAfter: ['cancel after', 'cancel date', 'cancel', 'ship not after', 'complete by', 'ship by'],
  shipTo: ['ship to', 'ship-to', 'store', 'store name', 'deliver to'],
  country: ['country', 'ship to country'],
  region: ['state', 'region', 'province'],
  zip: ['zip', 'postcode', 'postal code'],
} as const;
export type SheetField = keyof typeof HEADINGS;
const REQUIRED: readonly SheetField[] = ['number', 'quantity'];

/** A sheet of order lines as its orders, one message each: lines with the same number belong together. */
export function readSheet(
  rows: readonly (readonly Cell[])[],
  partner: Partner,
  today: string,
): ReadMessage[] {
  const head = rows.findIndex((row) => columnsOf(row, partner).size >= 3);
  if (head < 0)
    throw new NoInterchange(
      'No row has the headings of an order sheet: expected a PO number, an item and a quantity.',
    );
  const columns = columnsOf(rows[head]!, partner);
  const missing = REQUIRED.filter((one) => !columns.has(one));
  if (missing.length > 0 || !(columns.has('sku') || columns.has('upc')))
    throw new NoInterchange(
      `The sheet has no column for ${[...missing, ...(columns.has('sku') || columns.has('upc') ? [] : ['sku'])].join(' and ')}; it has ${[...columns.keys()].join(', ')}.`,
    );
  const orders = new Map<string, { lines: OrderedLine[]; faults: Fault[]; head: SheetRow }>();
  for (const [index, cells] of rows.entries()) {
    if (index <= head || cells.every((cell) => cell === null || cell === '')) continue;
    const row = new SheetRow(cells, columns, index + 1, partner);
    const number = row.text('number');
    const order = orders.get(number) ?? { lines: [], faults: [], head: row };
    orders.set(number, order);
    if (number === '') order.faults.push(row.fault('number', 'element_missing', 'a PO number is missing'));
    order.lines.push(lineOf(row, order.lines.length + 1, order.faults));
  }
  return [...orders].map(([number, { lines, faults, head: first }]) => {
    const orderedOn = first.day('orderedOn', faults) ?? today;
    return {
      type: 'sheet',
      control: number || `row ${first.row}`,
      faults,
      document: isGrave(faults) ? null : orderOf(number, orderedOn, first, lines),
    };
  });
}

function orderOf(
  number: string,
  orderedOn: string,
  first: SheetRow,
  lines: readonly OrderedLine[],
): ReceivedOrder {
  const country = first.text('country').toUpperCase();
  const shipTo = first.text('shipTo');
  const known = /^[A-Z]{2}$/.test(country) ? country : null;
  return {
    kind: 'order',
    purpose: 'original',
    number,
    release: null,
    orderedOn,
    currency: null,
    window: {},
    wantedOn: null,
    shipTo:
      shipTo === '' && known === null
        ? null
        : {
            name: shipTo,
            id: null,
            country: known,
            region: first.text('region') || null,
            zip: first.text('zip') || null,
          },
    buyer: null,
    lines,
  };
}

function lineOf(row: SheetRow, n: number, faults: Fault[]): OrderedLine {
  const quantity = row.number('quantity', faults);
  if (quantity === null) faults.push(row.fault('quantity', 'element_missing', 'a quantity is missing'));
  const price = row.number('price', faults);
  const [notBefore, cancelAfter] = [row.day('notBefore', faults), row.day('cancelAfter', faults)];
  const [upc, sku] = [row.text('upc'), row.text('sku')];
  return {
    line: row.text('line') || String(n),
    quantity: quantity === null ? 0 : Number(quantity),
    unit: row.text('unit').toUpperCase() || 'EA',
    price,
    priceUnits: 1,
    numbers: [
      ...(sku === '' ? [] : [{ qualifier: 'SK', value: sku }]),
      ...(upc === '' ? [] : [{ qualifier: 'UP', value: upc }]),
    ],
    description: null,
    window: {
      ...(notBefore === null ? {} : { notBefore }),
      ...(cancelAfter === null ? {} : { cancelAfter }),
    },
    wantedOn: notBefore,
    schedules: [],
  };
}

function columnsOf(row: readonly Cell[], partner: Partner): Map<SheetField, number> {
  const columns = new Map<SheetField, number>();
  const own = Object.entries(partner.sheet?.columns ?? {});
  for (const [index, cell] of row.entries()) {
    if (typeof cell !== 'string') continue;
    const heading = cell
      .trim()
      .toLowerCase()
      .replaceAll(/[#.:*]+/g, '')
      .replaceAll(/[\s_]+/g, ' ')
      .trim();
    const named = own.find(([, wanted]) => wanted.trim().toLowerCase() === cell.trim().toLowerCase())?.[0];
    const field = (named ??
      Object.entries(HEADINGS).find(([, headings]) =>
        (headings as readonly string[]).includes(heading),
      )?.[0]) as SheetField | undefined;
    if (field !== undefined && (named !== undefined || !columns.has(field))) columns.set(field, index);
  }
  return columns;
}

class SheetRow {
  readonly row: number;
  private readonly cells: readonly Cell[];
  private readonly columns: ReadonlyMap<SheetField, number>;
  private readonly partner: Partner;

  constructor(
    cells: readonly Cell[],
    columns: ReadonlyMap<SheetField, number>,
    row: number,
    partner: Partner,
  ) {
    this.cells = cells;
    this.columns = columns;
    this.row = row;
    this.partner = partner;
  }

  private cell(field: SheetField): Cell {
    const column = this.columns.get(field);
    return column === undefined ? null : (this.cells[column] ?? null);
  }

  text(field: SheetField): string {
    const cell = this.cell(field);
    if (cell === null) return '';
    if (cell instanceof Date) return cell.toISOString().slice(0, 10);
    return String(cell)
      .replaceAll(/[\p{Cc}]/gu, ' ')
      .trim();
  }

  /** A decimal as text, exactly as it stands; null: nothing does. */
  number(field: SheetField, faults: Fault[]): string | null {
    const text = this.text(field).replace(/^[$€£]\s*/, '');
    if (text === '') return null;
    // A comma before exactly three digits parts thousands; another one is a decimal comma.
    const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)
      ? text.replaceAll(',', '')
      : text.replace(/^(\d+),(\d{1,2})$/, '$1.$2');
    if (/^\d+(\.\d+)?$/.test(plain)) return plain;
    faults.push(this.fault(field, 'number_invalid', `${shown(text)} is no number`));
    return null;
  }

  /** Days are as the sheet's cells have them, else ISO, else in the partner's order of day and month. */
  day(field: SheetField, faults: Fault[]): string | null {
    const text = this.text(field);
    if (text === '') return null;
    const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
    const parts = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$/.exec(text);
    const two = (part: string) => part.padStart(2, '0');
    const dayFirst = this.partner.sheet?.dates === 'day_first' || text.includes('.');
    const day = iso
      ? dayOf(`${iso[1]}${iso[2]}${iso[3]}`)
      : parts
        ? dayOf(`${parts[3]}${two(parts[dayFirst ? 2 : 1]!)}${two(parts[dayFirst ? 1 : 2]!)}`)
        : null;
    if (day === null) faults.push(this.fault(field, 'date_invalid', `${shown(text)} is no day`));
    return day;
  }

  fault(field: SheetField, kind: Fault['kind'], words: string): Fault {
    return {
      kind,
      level: 'element',
      grave: true,
      segment: field,
      position: this.row,
      words: `Row ${this.row}, ${field}: ${words}.`,
    };
  }
}
