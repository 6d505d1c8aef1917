import { MAXIMUM_QUANTITY, type PurchaseOrderLine } from '@kept/contract';
import type { z } from 'zod';
import { currencyOf } from './currency.ts';
import type { Format, Setup } from './format.ts';
import { GroupedRows, type Row } from './grouped-rows.ts';
import { readMeasured } from './measured.ts';
import { columnNames } from './places.ts';
import { problem } from './problem.ts';
import { TOO_MANY } from './quantity.ts';
import type { ImportRecord } from './records.ts';
import { readStage } from './stages.ts';

type OrderLine = z.input<typeof PurchaseOrderLine>;
type Stage = NonNullable<OrderLine['stage']>;

/**
 * Purchase orders from any ERP: a row for each line or delivery, the rows of an order under its number. ERPs that
 * leave the order's own columns blank behind its first row (Odoo, ERPNext) are read so.
 */
export const purchaseOrders: Format = {
  kind: 'purchase_orders',
  required: [],
  survey: (_header, field) => ({
    dates: [field('expected_on'), field('placed_on')],
    numbers: [field('unit_cost'), field('quantity'), field('received'), field('remaining')],
    group: field('ref'),
  }),
  open(setup) {
    const reader = new PurchaseOrderReader(setup);
    const { ref, supplier, placedOn } = reader.columns;
    return new GroupedRows(
      setup,
      {
        reference: ref,
        mostRows: 10_000,
        continues: (fields) =>
          [supplier, placedOn].every((column) => setup.cells.text(fields, column) === ''),
      },
      (rows, number) => reader.purchaseOrder(rows, number),
    );
  },
};

class PurchaseOrderReader {
  readonly columns;
  readonly #setup: Setup;
  readonly #location: string;
  readonly #supplier: string | null;
  readonly #named: Record<string, string>;

  constructor(setup: Setup) {
    this.#setup = setup;
    const { field } = setup;
    this.columns = {
      ref: field('ref'),
      supplier: field('supplier'),
      placedOn: field('placed_on'),
      stage: field('stage'),
      currency: field('currency'),
      freightMode: field('freight_mode'),
      line: field('line'),
      sku: field('sku'),
      title: field('title'),
      quantity: field('quantity'),
      received: field('received'),
      remaining: field('remaining'),
      expectedOn: field('expected_on'),
      location: field('location'),
      unitCost: field('unit_cost'),
      uom: field('uom'),
      factor: field('factor'),
    };
    this.#supplier = setup.refs.supplierOfFile();
    this.#location = this.columns.location.index < 0 ? setup.refs.locationOfFile() : '';
    const { ref, supplier, placedOn, currency, freightMode, stage, ...line } = this.columns;
    this.#named = {
      ...columnNames({ ref, supplier, placedOn, currency, freightMode, stage }),
      ...Object.fromEntries(
        Object.entries(columnNames({ ...line, stage })).map(([path, name]) => [`lines.*.${path}`, name]),
      ),
    };
  }

  purchaseOrder(rows: Row[], number: string): void {
    const { cells, refs } = this.#setup;
    const c = this.columns;
    const [first] = rows as [Row];
    const head = first.fields;
    cells.line = first.line;
    cells.code(head, c.ref, 'a purchase order number');
    const supplier = this.#supplierOf(head);
    const placedOn = cells.day(head, c.placedOn);
    const currency = currencyOf(this.#setup, head, c.currency);
    const freightMode = cells.words(head, c.freightMode);
    const lines: OrderLine[] = [];
    const places: number[] = [];
    const byName = new Map<string, OrderLine>();
    const met: [string, number, string, number][] = [];
    for (const [index, row] of rows.entries()) {
      cells.line = row.line;
      const read = this.#line(row.fields, index + 1, currency);
      const title = cells.words(row.fields, c.title);
      if (!read) continue;
      const there = byName.get(String(read.line));
      if (there) {
        this.#delivery(there, read);
        continue;
      }
      byName.set(String(read.line), read);
      lines.push(read);
      places.push(row.line);
      met.push([read.sku, row.line, title, read.unitCost?.amount ?? -1]);
    }
    if (cells.bad) return;
    for (const [sku, line, title, cost] of met)
      refs.meetItem(sku, line, title, null, cost < 0 ? null : { amount: cost, currency });
    for (const [index, line] of lines.entries()) refs.meetLocation(line.location, places[index]!);
    refs.meetSupplier(supplier, first.line);
    const stages = new Set(lines.map((line) => line.stage));
    const stage = stages.size === 1 ? lines[0]!.stage! : headStage(lines);
    // the header's stage stands for every line that has no other
    for (const line of lines) if (line.stage === stage) delete line.stage;
    const assumed: NonNullable<Extract<ImportRecord, { kind: 'purchase_order' }>['assumed']> = [];
    if (placedOn === null) assumed.push('placedOn');
    if (c.stage.index < 0) assumed.push('stage');
    const purchaseOrder = {
      supplier,
      placedOn: placedOn ?? refs.known.today,
      stage,
      currency,
      lines,
      ...(freightMode && { freightMode }),
    };
    this.#setup.emit(
      { kind: 'purchase_order', ref: number, purchaseOrder, ...(assumed.length > 0 && { assumed }) },
      { line: first.line, lines: places, columns: this.#named },
    );
  }

  #line(fields: string[], position: number, currency: string): OrderLine | null {
    const { cells } = this.#setup;
    const c = this.columns;
    const sku = this.#sku(fields);
    const quantityColumn = c.quantity.index >= 0 ? c.quantity : c.remaining;
    const measured = readMeasured(cells, fields, { ...c, quantity: quantityColumn }, sku, 0);
    const scale = measured.factor;
    const received = this.#received(fields, measured.quantity, scale);
    const expectedOn = cells.day(fields, c.expectedOn);
    const location = this.#location || cells.location(fields, c.location);
    const name = cells.code(fields, c.line, 'a line', false);
    const unitCost = cells.amount(fields, c.unitCost, currency, -1);
    const status = cells.text(fields, c.stage);
    const stage = readStage(status);
    if (typeof stage !== 'string') cells.fail(c.stage, status, stage);
    if (cells.bad) return null;
    return {
      line: name || position,
      sku,
      quantity: measured.quantity,
      expectedOn,
      location,
      stage: stage as Stage,
      // a cost per piece of a case need not be whole: it is rounded, and only informs
      ...(unitCost >= 0 && { unitCost: { amount: Math.round(unitCost / scale), currency } }),
      ...(measured.uom !== undefined && { uom: measured.uom }),
      ...(received > 0 && { received }),
    };
  }

  /** Units that have come, told as such or as what is still open. */
  #received(fields: string[], ordered: number, factor: number): number {
    const { cells } = this.#setup;
    const c = this.columns;
    if (cells.text(fields, c.received) !== '') {
      const read =
        factor > 1 ? cells.unitsTimes(fields, c.received, factor, 0) : cells.units(fields, c.received, 0);
      return Number.isNaN(read) ? 0 : read;
    }
    if (c.quantity.index < 0 || cells.text(fields, c.remaining) === '') return 0;
    const open =
      factor > 1 ? cells.unitsTimes(fields, c.remaining, factor, 0) : cells.units(fields, c.remaining, 0);
    if (open > ordered) {
      cells.fail(
        c.remaining,
        cells.text(fields, c.remaining),
        problem('is more than was ordered', `at most ${ordered}`),
      );
    }
    return Number.isNaN(open) ? 0 : Math.max(0, ordered - open);
  }

  /** "[FURN_8888] Office Lamp" is how Odoo names a product: the SKU stands in the brackets. */
  #sku(fields: string[]): string {
    const { cells } = this.#setup;
    const text = cells.text(fields, this.columns.sku);
    const match = /^\[([^\]]+)\]/.exec(text);
    if (!match || cells.refs.known.skus.has(text)) return cells.sku(fields, this.columns.sku);
    const inside = match[1]!.trim();
    return cells.resolved(this.columns.sku, text, cells.refs.sku(inside));
  }

  #supplierOf(fields: string[]): string {
    const { cells } = this.#setup;
    if (this.#supplier !== null) return this.#supplier;
    const name = cells.code(fields, this.columns.supplier, 'a supplier, or --supplier CODE');
    return name === '' ? '' : cells.resolved(this.columns.supplier, name, cells.refs.supplier(name));
  }

  /** A line that comes again with another date is delivered in parts; with the same date it is there twice. */
  #delivery(line: OrderLine, again: OrderLine): void {
    const { cells } = this.#setup;
    const c = this.columns;
    const days = line.schedules?.map((schedule) => schedule.expectedOn) ?? [line.expectedOn];
    if (again.sku !== line.sku || again.location !== line.location || days.includes(again.expectedOn)) {
      cells.fail(
        c.line,
        String(again.line),
        problem('is there twice in this purchase order', 'each line once, or once for each delivery date'),
      );
      return;
    }
    line.schedules ??= [{ id: 1, quantity: line.quantity, expectedOn: line.expectedOn, stage: line.stage }];
    line.schedules.push({
      id: line.schedules.length + 1,
      quantity: again.quantity,
      expectedOn: again.expectedOn,
      stage: again.stage,
    });
    line.quantity += again.quantity;
    if (line.quantity > MAXIMUM_QUANTITY) cells.fail(c.quantity, String(line.quantity), TOO_MANY);
    const dates = [...days, again.expectedOn];
    line.expectedOn = dates.includes(null) ? null : dates.sort().at(-1)!;
    if (again.received) line.received = (line.received ?? 0) + again.received;
    if (line.schedules.length > 500)
      cells.fail(c.line, String(line.line), problem('has more than 500 deliveries', 'at most 500'));
  }
}

/** The stage of an order whose lines differ: the least advanced of those that are not cancelled. */
function headStage(lines: OrderLine[]): Stage {
  const order: Stage[] = [
    'draft',
    'placed',
    'confirmed',
    'in_production',
    'in_transit',
    'arrived',
    'cancelled',
  ];
  return lines.map((line) => line.stage!).reduce((a, b) => (order.indexOf(b) < order.indexOf(a) ? b : a));
}
