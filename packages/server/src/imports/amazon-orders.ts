import { MAXIMUM_LINE_AMOUNT, MAXIMUM_QUANTITY, type OrderLineInput } from '@kept/contract';
import type { z } from 'zod';
import { currencyOf } from './currency.ts';
import type { Format, Setup } from './format.ts';
import { GroupedRows, type Row } from './grouped-rows.ts';
import { perUnit } from './money.ts';
import { columnNames } from './places.ts';
import { WORTH_TOO_MUCH } from './problem.ts';
import { TOO_MANY } from './quantity.ts';
import type { Line, OrderHistory } from './records.ts';

type OrderLine = z.input<typeof OrderLineInput>;

/** A pending order keeps its units this long after Amazon last changed it (RULES 5). */
export const AMAZON_PAYMENT_DAYS = 7;

/**
 * Amazon's all-orders report (29 or 32 columns, by last update or by order date). item-price is for the whole quantity; cancelled
 * lines come without a quantity; pending orders come without prices and address. The report names no order items: a line is
 * named by its SKU, and rows of one SKU are one line, so that the order is the same when Amazon's API tells it (ADR 0071).
 */
export const amazonOrders: Format = {
  kind: 'amazon_orders',
  required: ['amazon-order-id', 'purchase-date', 'sku', 'quantity', 'item-price', 'order-status'],
  survey: (header) => ({
    dates: [header.column('purchase-date'), header.column('last-updated-date')],
    numbers: [header.column('item-price')],
    group: header.column('amazon-order-id'),
  }),
  open(setup) {
    const reader = new AmazonOrderReader(setup);
    return new GroupedRows(setup, { reference: reader.columns.id, mostRows: 5000 }, (rows, ref) =>
      reader.order(rows, ref),
    );
  },
};

/** What one row says of its SKU; amounts in minor units, of the whole quantity. */
interface Part {
  readonly sku: string;
  quantity: number;
  total: number;
  tax: number;
  discount: number;
}
const SUMS = ['quantity', 'total', 'tax', 'discount'] as const satisfies readonly (keyof Part)[];

/** All rows of an order's SKU together. */
interface Sold extends Part {
  shipped: number;
  cancelled: number;
  /** The first of them. */
  readonly row: number;
}

class AmazonOrderReader {
  readonly columns;
  readonly #setup: Setup;
  readonly #named: Record<string, string>;
  #ofFile: string | null = null;

  constructor(setup: Setup) {
    this.#setup = setup;
    const column = setup.header.column.bind(setup.header);
    this.columns = {
      id: column('amazon-order-id'),
      purchased: column('purchase-date'),
      updated: column('last-updated-date'),
      status: column('order-status'),
      salesChannel: column('sales-channel'),
      title: column('product-name'),
      sku: column('sku'),
      itemStatus: column('item-status'),
      quantity: column('quantity'),
      currency: column('currency'),
      price: column('item-price'),
      tax: column('item-tax'),
      shipping: column('shipping-price'),
      shippingTax: column('shipping-tax'),
      discount: column('item-promotion-discount'),
      region: column('ship-state'),
      zip: column('ship-postal-code'),
      country: column('ship-country'),
      business: column('is-business-order'),
    };
    if (setup.options.channel !== undefined) this.#ofFile = setup.refs.channelOfFile('amazon');
    const c = this.columns;
    this.#named = columnNames({
      ref: c.id,
      placedAt: c.purchased,
      'shipTo.country': c.country,
      'lines.*.sku': c.sku,
      'lines.*.quantity': c.quantity,
      'lines.*.price': c.price,
      'lines.*.discount': c.discount,
    });
  }

  order(rows: Row[], ref: string): void {
    const { cells, refs } = this.#setup;
    const c = this.columns;
    const [first] = rows as [Row];
    const head = first.fields;
    cells.line = first.line;
    const salesChannel = cells.text(head, c.salesChannel);
    if (/^non-?amazon/i.test(salesChannel)) {
      // what Amazon ships for the brand's other channels comes in with those channels' own orders
      this.#setup.warn(first.line, c.salesChannel, salesChannel, 'was not sold on Amazon: left out');
      this.#setup.ignore(rows.length);
      cells.bad = false;
      return;
    }
    cells.code(head, c.id, 'an order id');
    const channel = this.#channel(salesChannel);
    const placedAt = cells.instant(head, c.purchased);
    const sourceUpdatedAt = cells.instant(head, c.updated, false);
    const status = cells.text(head, c.status).toLowerCase();
    const currency = currencyOf(this.#setup, head, c.currency);
    const sold = new Map<string, Sold>();
    const withoutQuantity = new Set<string>();
    let shipping = 0;
    let shippingTax = 0;
    for (const row of rows) {
      cells.line = row.line;
      const fields = row.fields;
      const state = (cells.text(fields, c.itemStatus) || status).toLowerCase();
      const cancelled = isCancelled(state) || isCancelled(status);
      shipping += cells.amount(fields, c.shipping, currency, 0);
      shippingTax += cells.amount(fields, c.shippingTax, currency, 0);
      if (cancelled && /^0*$/.test(cells.text(fields, c.quantity))) {
        const sku = cells.sku(fields, c.sku);
        if (sku !== '') withoutQuantity.add(sku);
        continue;
      }
      const part = this.#part(fields, currency);
      if (!part) continue;
      const known = sold.get(part.sku);
      const line = known ?? { ...part, shipped: 0, cancelled: 0, row: row.line };
      if (known) this.#join(known, part);
      else sold.set(part.sku, line);
      refs.meetItem(part.sku, row.line, cells.words(fields, c.title), {
        amount: perUnit(part.total, part.quantity).price,
        currency,
      });
      if (cancelled) line.cancelled += part.quantity;
      else if (isShipped(state)) line.shipped += part.quantity;
    }
    const lines = [...sold.values()].map((line) => lineOf(line, currency));
    const history: OrderHistory[] = [...sold.values()]
      .filter((line) => line.shipped + line.cancelled > 0)
      .map(({ sku, shipped, cancelled }) => ({ line: sku, shipped, cancelled }));
    const gone: Line[] = [...withoutQuantity].filter((sku) => !sold.has(sku));
    cells.line = first.line;
    const country = cells.country(head, c.country);
    const region = cells.words(head, c.region, 100);
    const zip = cells.words(head, c.zip, 20);
    const business = cells.flag(head, c.business);
    if (cells.bad) return;
    const places = [...sold.values()].map((line) => line.row);
    const place = { line: first.line, lines: places, columns: this.#named };
    if (lines.length > 0) {
      const order = {
        ref,
        channel,
        mode: 'placed' as const,
        placedAt,
        // Amazon's report names no buyer
        customer: { name: '' },
        shipTo: { country, ...(region && { region }), ...(zip && { zip }) },
        lines,
        ...(sourceUpdatedAt && { sourceUpdatedAt }),
        ...(business && { business }),
        ...(shipping > 0 && { shipping: { amount: shipping, currency } }),
        ...(shippingTax > 0 && { shippingTax: { amount: shippingTax, currency } }),
        ...(status.startsWith('pending') && { paymentDueAt: dueAt(sourceUpdatedAt || placedAt) }),
      };
      this.#setup.emit({ kind: 'order', order, ...(history.length > 0 && { history }) }, place);
    }
    if (gone.length > 0) this.#setup.emit({ kind: 'order_cancellation', channel, ref, lines: gone }, place);
  }

  #part(fields: string[], currency: string): Part | null {
    const { cells } = this.#setup;
    const c = this.columns;
    const sku = cells.sku(fields, c.sku);
    const quantity = cells.units(fields, c.quantity, 1);
    const total = cells.amount(fields, c.price, currency, 0);
    if (total > MAXIMUM_LINE_AMOUNT) cells.fail(c.price, cells.text(fields, c.price), WORTH_TOO_MUCH);
    const tax = cells.amount(fields, c.tax, currency, 0);
    const promotion = Math.abs(this.#signedAmount(fields, currency));
    if (
      sku === '' ||
      Number.isNaN(quantity) ||
      Number.isNaN(total) ||
      Number.isNaN(tax) ||
      Number.isNaN(promotion)
    )
      return null;
    return { sku, quantity, total, tax, discount: Math.min(promotion, total) };
  }

  #join(line: Sold, part: Part): void {
    const { cells } = this.#setup;
    const c = this.columns;
    for (const sum of SUMS) line[sum] += part[sum];
    if (line.quantity > MAXIMUM_QUANTITY) cells.fail(c.quantity, String(line.quantity), TOO_MANY);
    if (line.total > MAXIMUM_LINE_AMOUNT) cells.fail(c.price, String(line.total), WORTH_TOO_MUCH);
  }

  /** Reports have been seen with the promotion as a positive and as a negative amount. */
  #signedAmount(fields: string[], currency: string): number {
    const { cells } = this.#setup;
    const column = this.columns.discount;
    if (column.index < 0) return 0;
    const bare = cells.text(fields, column).replace(/^-/, '');
    const copy = fields.slice();
    copy[column.index] = bare;
    return cells.amount(copy, column, currency, 0);
  }

  /** A marketplace that is a channel of its own by code or title (Amazon.de), else the only Amazon channel. */
  #channel(salesChannel: string): string {
    const { refs } = this.#setup;
    if (this.#setup.options.channel === undefined && salesChannel !== '') {
      const found = refs.channel(salesChannel);
      if (typeof found === 'string') return found;
    }
    return (this.#ofFile ??= refs.channelOfFile('amazon'));
  }
}

function lineOf({ sku, quantity, total, tax, discount: promotion }: Sold, currency: string): OrderLine {
  const split = perUnit(total, quantity);
  const discount = split.discount + promotion;
  return {
    line: sku,
    sku,
    quantity,
    price: { amount: split.price, currency },
    ...(discount > 0 && { discount: { amount: discount, currency } }),
    ...(tax > 0 && { tax: { amount: tax, currency } }),
  };
}

const isCancelled = (status: string) => /^cancell?ed/.test(status);
const isShipped = (status: string) => /^(shipped|complete)/.test(status);
const dueAt = (from: string) =>
  new Date(Date.parse(from) + AMAZON_PAYMENT_DAYS * 86_400_000).toISOString().replace('.000Z', 'Z');
