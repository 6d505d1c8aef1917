import { MAXIMUM_LINE_AMOUNT, type OrderLineInput } from '@kept/contract';
import type { z } from 'zod';
import { currencyOf } from './currency.ts';
import type { Format, Setup } from './format.ts';
import { GroupedRows, type Row } from './grouped-rows.ts';
import type { Column } from './header.ts';
import { readMeasured } from './measured.ts';
import { perUnit } from './money.ts';
import { columnNames } from './places.ts';
import { problem, WORTH_TOO_MUCH } from './problem.ts';
import type { OrderHistory } from './records.ts';

const RETURN = problem('is negative: a return or a credit', 'at least 1 unit, or --returns ignore');
const LINE_KINDS = ['sale', 'replacement', 'gift'] as const;
type OrderLine = z.input<typeof OrderLineInput>;

/** Customer orders from Kept's own template or any system: a row for each line, the rows of an order under its reference. */
export const orders: Format = {
  kind: 'orders',
  required: [],
  survey: (_header, field) => ({
    dates: [
      'placed_at',
      'not_before',
      'cancel_after',
      'stated_ship_by',
      'stated_deliver_by',
      'source_updated_at',
      'payment_due_at',
    ].map(field),
    numbers: ['price', 'discount', 'tax', 'quantity'].map(field),
    group: field('ref'),
  }),
  open(setup) {
    const reader = new OrderReader(setup);
    const { columns } = reader;
    const header = [columns.placedAt, columns.customer, columns.email, columns.country, columns.channel];
    return new GroupedRows(
      setup,
      {
        reference: columns.ref,
        mostRows: 5000,
        continues: (fields) => header.every((column) => setup.cells.text(fields, column) === ''),
      },
      (rows, ref) => reader.order(rows, ref),
    );
  },
};

class OrderReader {
  readonly columns;
  readonly #setup: Setup;
  readonly #channel: string;
  readonly #named: Record<string, string>;

  constructor(setup: Setup) {
    this.#setup = setup;
    const { field } = setup;
    this.columns = {
      ref: field('ref'),
      channel: field('channel'),
      placedAt: field('placed_at'),
      sourceUpdatedAt: field('source_updated_at'),
      customer: field('customer'),
      email: field('email'),
      class: field('class'),
      country: field('country'),
      region: field('region'),
      zip: field('zip'),
      business: field('business'),
      shipComplete: field('ship_complete'),
      shipping: field('shipping'),
      shippingTax: field('shipping_tax'),
      paymentDueAt: field('payment_due_at'),
      currency: field('currency'),
      line: field('line'),
      sku: field('sku'),
      title: field('title'),
      quantity: field('quantity'),
      price: field('price'),
      discount: field('discount'),
      tax: field('tax'),
      kind: field('line_kind'),
      uom: field('uom'),
      factor: field('factor'),
      shipped: field('shipped'),
      cancelled: field('cancelled'),
      notBefore: field('not_before'),
      cancelAfter: field('cancel_after'),
      statedShipBy: field('stated_ship_by'),
      statedDeliverBy: field('stated_deliver_by'),
    };
    this.#channel = this.columns.channel.index < 0 ? setup.refs.channelOfFile(null) : '';
    const { sku, quantity, price, discount, tax, kind, uom, line, ...head } = this.columns;
    const lines = { line, sku, quantity, price, discount, tax, kind, uom };
    this.#named = {
      ...columnNames(head),
      ...columnNames({
        'customer.name': head.customer,
        'customer.email': head.email,
        'shipTo.country': head.country,
      }),
      ...Object.fromEntries(
        Object.entries(columnNames(lines)).map(([path, name]) => [`lines.*.${path}`, name]),
      ),
    };
  }

  /** One order out of its rows; its head is the first row's. */
  order(rows: Row[], ref: string): void {
    const { cells, refs, options } = this.#setup;
    const c = this.columns;
    const withoutReturns = options.returns === 'ignore';
    const kept = withoutReturns ? rows.filter((row) => !this.#isReturn(row.fields)) : rows;
    this.#setup.ignore(rows.length - kept.length);
    const first = kept[0];
    if (!first) {
      cells.bad = false;
      return;
    }
    cells.line = first.line;
    const head = first.fields;
    cells.code(head, c.ref, 'a reference');
    const channel = this.#channel || this.#channelOf(head);
    const placedAt = cells.instant(head, c.placedAt);
    const currency = currencyOf(this.#setup, head, c.currency);
    const email = cells.words(head, c.email, 320);
    const kind = cells.words(head, c.class);
    const region = cells.words(head, c.region, 100);
    const zip = cells.words(head, c.zip, 20);
    const shipping = cells.amount(head, c.shipping, currency, -1);
    const shippingTax = cells.amount(head, c.shippingTax, currency, -1);
    const sourceUpdatedAt = cells.instant(head, c.sourceUpdatedAt, false);
    const paymentDueAt = cells.instant(head, c.paymentDueAt, false);
    const customer = {
      name: cells.name(head, c.customer).replace(/^(\d+)\.0$/, '$1'),
      ...(email && { email }),
      ...(kind && { class: kind }),
    };
    const shipTo = {
      country: cells.country(head, c.country),
      ...(region && { region }),
      ...(zip && { zip }),
    };
    const business = cells.flag(head, c.business);
    const shipComplete = cells.flag(head, c.shipComplete);
    const lines: OrderLine[] = [];
    const history: OrderHistory[] = [];
    const places: number[] = [];
    const names = c.line.index < 0 ? null : new Set<string>();
    for (const [index, row] of rows.entries()) {
      const fields = row.fields;
      // a return keeps its position, so that the lines behind it are named the same with and without it
      if (withoutReturns && this.#isReturn(fields)) continue;
      cells.line = row.line;
      if (row !== first && cells.text(fields, c.placedAt) !== '') cells.instant(fields, c.placedAt);
      const line = this.#line(fields, index + 1, currency, names, history);
      if (line) lines.push(line);
      places.push(row.line);
    }
    if (cells.bad) return;
    for (const [index, row] of kept.entries()) {
      const line = lines[index]!;
      refs.meetItem(
        line.sku,
        row.line,
        options.createItems ? cells.words(row.fields, c.title) : '',
        line.price,
      );
    }
    if (cells.bad) return;
    const money = (amount: number) => ({ amount, currency });
    const order = {
      ref,
      channel,
      mode: 'placed' as const,
      placedAt,
      customer,
      shipTo,
      lines,
      ...(business && { business }),
      ...(shipComplete && { shipComplete }),
      ...(shipping >= 0 && { shipping: money(shipping) }),
      ...(shippingTax >= 0 && { shippingTax: money(shippingTax) }),
      ...(sourceUpdatedAt && { sourceUpdatedAt }),
      ...(paymentDueAt && { paymentDueAt }),
    };
    const place = { line: first.line, lines: places, columns: this.#named };
    this.#setup.emit(
      history.length > 0 ? { kind: 'order', order, history } : { kind: 'order', order },
      place,
    );
  }

  #line(
    fields: string[],
    position: number,
    currency: string,
    names: Set<string> | null,
    history: OrderHistory[],
  ): OrderLine | null {
    const { cells } = this.#setup;
    const c = this.columns;
    const sku = cells.sku(fields, c.sku);
    const name = cells.code(fields, c.line, 'a line', false);
    if (names !== null) {
      const key = name || String(position);
      if (names.has(key))
        cells.fail(c.line, name, problem('is there twice in this order', 'each line of an order once'));
      names.add(key);
    }
    const returned = this.#isReturn(fields);
    if (returned) cells.fail(c.quantity, cells.text(fields, c.quantity), RETURN);
    const measured = returned ? { quantity: Number.NaN, factor: 1 } : readMeasured(cells, fields, c, sku, 1);
    let price = cells.amount(fields, c.price, currency);
    let discount = cells.amount(fields, c.discount, currency, 0);
    if (measured.factor > 1 && price >= 0 && measured.quantity > 0) {
      // the price is for the file's unit: its total is kept to the minor unit
      const split = perUnit(Math.round((price * measured.quantity) / measured.factor), measured.quantity);
      price = split.price;
      discount += split.discount;
    }
    if (price * measured.quantity > MAXIMUM_LINE_AMOUNT)
      cells.fail(c.price, cells.text(fields, c.price), WORTH_TOO_MUCH);
    if (discount > price * measured.quantity) {
      cells.fail(
        c.discount,
        cells.text(fields, c.discount),
        problem('is more than the line is worth', 'at most price times quantity'),
      );
    }
    const tax = cells.amount(fields, c.tax, currency, -1);
    const kind = cells.text(fields, c.kind).toLowerCase();
    if (kind !== '' && !LINE_KINDS.includes(kind as 'sale')) {
      cells.fail(c.kind, kind, problem('is not a kind of line', LINE_KINDS.join(', ')));
    }
    const line = name || position;
    const shipped = cells.units(fields, c.shipped, 0, 0);
    const cancelled = cells.units(fields, c.cancelled, 0, 0);
    if (shipped + cancelled > measured.quantity) {
      cells.fail(
        c.shipped,
        String(shipped),
        problem('with what is cancelled is more than was ordered', `at most ${measured.quantity}`),
      );
    }
    if (shipped + cancelled > 0) history.push({ line, shipped, cancelled });
    const days = this.#days(fields);
    if (cells.bad) return null;
    const money = (amount: number) => ({ amount, currency });
    return {
      line,
      sku,
      quantity: measured.quantity,
      price: money(price),
      ...(discount > 0 && { discount: money(discount) }),
      ...(tax > 0 && { tax: money(tax) }),
      ...(kind !== '' && kind !== 'sale' && { kind: kind as 'gift' }),
      ...(measured.uom !== undefined && { uom: measured.uom }),
      ...days,
    };
  }

  #days(
    fields: string[],
  ): Partial<Pick<OrderLine, 'notBefore' | 'cancelAfter' | 'statedShipBy' | 'statedDeliverBy'>> {
    const days: Record<string, string> = {};
    for (const name of ['notBefore', 'cancelAfter', 'statedShipBy', 'statedDeliverBy'] as const) {
      const column: Column = this.columns[name];
      if (column.index < 0) continue;
      const day = this.#setup.cells.day(fields, column);
      if (day !== null) days[name] = day;
    }
    return days;
  }

  #channelOf(fields: string[]): string {
    const { cells, refs } = this.#setup;
    const text = cells.code(fields, this.columns.channel, 'a channel', false);
    if (text === '') return cells.bad ? '' : refs.channelOfFile(null);
    return cells.resolved(this.columns.channel, text, refs.channelOfRow(text, cells.line));
  }

  #isReturn(fields: string[]): boolean {
    return this.#setup.cells.text(fields, this.columns.quantity).startsWith('-');
  }
}
