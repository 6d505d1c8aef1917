import { MAXIMUM_LINE_AMOUNT, type OrderLineInput } from '@kept/contract';
import type { z } from 'zod';
import { currencyOf } from './currency.ts';
import type { Format, Setup } from './format.ts';
import { GroupedRows, type Row } from './grouped-rows.ts';
import { columnNames } from './places.ts';
import { problem, WORTH_TOO_MUCH } from './problem.ts';
import type { OrderHistory } from './records.ts';

type OrderLine = z.input<typeof OrderLineInput>;

/** An order that awaits payment keeps its units this long, unless it says when payment is due (RULES 5). */
export const SHOPIFY_PAYMENT_DAYS = 14;

/**
 * Shopify's orders export. An order's first row holds its head; the rows of its other lines repeat the name and leave
 * the head blank. Columns come and go with the store's settings.
 */
export const shopifyOrders: Format = {
  kind: 'shopify_orders',
  required: ['name', 'created at', 'lineitem quantity', 'lineitem name', 'lineitem price', 'lineitem sku'],
  survey: (header) => ({
    dates: [header.column('created at'), header.column('cancelled at')],
    numbers: [header.column('lineitem price'), header.column('subtotal')],
    group: header.column('name'),
  }),
  open(setup) {
    const reader = new ShopifyOrderReader(setup);
    return new GroupedRows(setup, { reference: reader.columns.name, mostRows: 5000 }, (rows, ref) =>
      reader.order(rows, ref),
    );
  },
};

class ShopifyOrderReader {
  readonly columns;
  readonly #setup: Setup;
  readonly #channel: string;
  readonly #named: Record<string, string>;

  constructor(setup: Setup) {
    this.#setup = setup;
    const column = setup.header.column.bind(setup.header);
    this.columns = {
      name: column('name'),
      email: column('email'),
      financial: column('financial status'),
      fulfillment: column('fulfillment status'),
      currency: column('currency'),
      subtotal: column('subtotal'),
      shipping: column('shipping'),
      created: column('created at'),
      cancelled: column('cancelled at'),
      discountAmount: column('discount amount'),
      payment: column('payment method'),
      dueAt: column('next payment due at'),
      shippingName: column('shipping name'),
      billingName: column('billing name'),
      country: column('shipping country'),
      billingCountry: column('billing country'),
      region: column('shipping province'),
      zip: column('shipping zip'),
      quantity: column('lineitem quantity'),
      title: column('lineitem name'),
      price: column('lineitem price'),
      sku: column('lineitem sku'),
      ships: column('lineitem requires shipping'),
      status: column('lineitem fulfillment status'),
      discount: column('lineitem discount'),
    };
    this.#channel = setup.refs.channelOfFile('shopify');
    const c = this.columns;
    this.#named = columnNames({
      ref: c.name,
      placedAt: c.created,
      'customer.name': c.shippingName,
      'customer.email': c.email,
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
    if (this.#leaveOut(head, ref, first.line, rows.length)) return;
    cells.code(head, c.name, 'an order name');
    const placedAt = cells.instant(head, c.created);
    const cancelledAt = cells.instant(head, c.cancelled, false);
    const financial = cells.text(head, c.financial).toLowerCase().replaceAll(' ', '_');
    const currency = currencyOf(this.#setup, head, c.currency);
    const lines: OrderLine[] = [];
    const history: OrderHistory[] = [];
    const places: number[] = [];
    const gone = cancelledAt !== '' || ['voided', 'refunded', 'expired'].includes(financial);
    for (const [index, row] of rows.entries()) {
      cells.line = row.line;
      const line = this.#line(row.fields, index + 1, currency);
      if (!line) continue;
      lines.push(line);
      places.push(row.line);
      const shipped = this.#shipped(row.fields, head, line.quantity);
      const cancelled = gone || this.#restocked(row.fields) ? line.quantity - shipped : 0;
      if (shipped + cancelled > 0) history.push({ line: line.line, shipped, cancelled });
    }
    cells.line = first.line;
    const shipping = cells.amount(head, c.shipping, currency, -1);
    const paymentDueAt = this.#dueAt(head, financial, placedAt);
    const email = cells.words(head, c.email, 320);
    const name = cells.name(head, c.shippingName) || cells.name(head, c.billingName);
    const country = cells.country(head, cells.text(head, c.country) === '' ? c.billingCountry : c.country);
    const region = cells.words(head, c.region, 100);
    // Shopify keeps leading zeros of a zip code from spreadsheets with an apostrophe
    const zip = cells.words(head, c.zip, 20).replace(/^'/, '');
    if (cells.bad) return;
    if (lines.length === 0) {
      this.#setup.ignore(rows.length);
      return;
    }
    this.#allotDiscount(head, lines, currency);
    if (cells.bad) return;
    if (financial === 'partially_refunded' && !gone && history.length < lines.length) {
      this.#setup.warn(
        first.line,
        c.financial,
        financial,
        'the export does not tell which lines were refunded: the open ones stay open',
      );
    }
    for (const [index, line] of lines.entries()) {
      const row = rows.find((candidate) => candidate.line === places[index])!;
      refs.meetItem(line.sku, row.line, cells.text(row.fields, c.title), line.price);
    }
    const order = {
      ref,
      channel: this.#channel,
      mode: 'placed' as const,
      placedAt,
      customer: { name, ...(email && { email }) },
      shipTo: { country, ...(region && { region }), ...(zip && { zip }) },
      lines,
      ...(shipping > 0 && { shipping: { amount: shipping, currency } }),
      ...(paymentDueAt && { paymentDueAt }),
    };
    this.#setup.emit(
      { kind: 'order', order, ...(history.length > 0 && { history }) },
      { line: first.line, lines: places, columns: this.#named },
    );
  }

  /** Drafts (#D12) are not sold yet and the test gateway's orders never were: neither is an order. */
  #leaveOut(head: string[], ref: string, line: number, rows: number): boolean {
    const { cells } = this.#setup;
    const payment = cells.text(head, this.columns.payment);
    const why = /^#D\d+$/.test(ref) ? 'is a draft' : /bogus/i.test(payment) ? 'is a test order' : null;
    if (why === null) return false;
    this.#setup.warn(line, this.columns.name, ref, `${why}: left out`);
    this.#setup.ignore(rows);
    cells.bad = false;
    return true;
  }

  /** Null for a line that is wrong, or that nothing is shipped for (a tip, a gift card, a warranty). */
  #line(fields: string[], position: number, currency: string): OrderLine | null {
    const { cells, refs } = this.#setup;
    const c = this.columns;
    const text = cells.text(fields, c.sku);
    const ships = cells.text(fields, c.ships).toLowerCase() !== 'false';
    if (!ships && !refs.known.skus.has(text)) return null;
    if (text === '') {
      const title = cells.text(fields, c.title);
      cells.fail(
        c.sku,
        '',
        problem(
          `is missing for "${title.slice(0, 100)}"`,
          'a SKU: give the variant one in Shopify and export again',
        ),
      );
      return null;
    }
    const sku = cells.sku(fields, c.sku);
    const quantity = cells.units(fields, c.quantity, 1);
    const price = cells.amount(fields, c.price, currency);
    const discount = cells.amount(fields, c.discount, currency, 0);
    if (price * quantity > MAXIMUM_LINE_AMOUNT)
      cells.fail(c.price, cells.text(fields, c.price), WORTH_TOO_MUCH);
    if (discount > price * quantity) {
      cells.fail(
        c.discount,
        cells.text(fields, c.discount),
        problem('is more than the line is worth', 'at most price times quantity'),
      );
    }
    if (sku === '' || Number.isNaN(quantity) || Number.isNaN(price) || Number.isNaN(discount)) return null;
    return {
      line: position,
      sku,
      quantity,
      price: { amount: price, currency },
      ...(discount > 0 && { discount: { amount: discount, currency } }),
    };
  }

  #shipped(fields: string[], head: string[], quantity: number): number {
    const { cells } = this.#setup;
    const c = this.columns;
    const status = (cells.text(fields, c.status) || cells.text(head, c.fulfillment)).toLowerCase();
    if (status === 'fulfilled' || status === 'shipped') return quantity;
    if (status === 'partial' && quantity > 1 && cells.text(fields, c.status) !== '') {
      this.#setup.warn(
        cells.line,
        c.status,
        status,
        'the export does not tell how many units were shipped: taken as none',
      );
    }
    return 0;
  }

  #restocked(fields: string[]): boolean {
    return this.#setup.cells.text(fields, this.columns.status).toLowerCase() === 'restocked';
  }

  #dueAt(head: string[], financial: string, placedAt: string): string {
    const { cells } = this.#setup;
    if (!['pending', 'authorized_pending', 'unpaid'].includes(financial) || placedAt === '') return '';
    const told = cells.instant(head, this.columns.dueAt, false);
    if (told !== '') return told;
    return new Date(Date.parse(placedAt) + SHOPIFY_PAYMENT_DAYS * 86_400_000)
      .toISOString()
      .replace('.000Z', 'Z');
  }

  /**
   * A discount code's amount stands with the order, not with its lines. Where the lines, less it, make the subtotal,
   * it is allotted to them by their worth, the remainder to the last; where they do not (an edited order), it is not.
   */
  #allotDiscount(head: string[], lines: OrderLine[], currency: string): void {
    const { cells } = this.#setup;
    const c = this.columns;
    const total = cells.amount(head, c.discountAmount, currency, 0);
    const subtotal = cells.amount(head, c.subtotal, currency, -1);
    if (!(total > 0) || subtotal < 0) return;
    const worth = lines.map((line) => line.price.amount * line.quantity - (line.discount?.amount ?? 0));
    const all = worth.reduce((sum, part) => sum + part, 0);
    const missing = all - subtotal;
    if (missing <= 0 || missing > total || missing > all) return;
    for (const [index, share] of shares(missing, worth).entries()) {
      const line = lines[index]!;
      const discount = (line.discount?.amount ?? 0) + share;
      if (discount > 0) line.discount = { amount: discount, currency };
    }
  }
}

/** An amount split by weights, exactly: each part is cut down to a whole minor unit, and the last with room takes the rest. */
export function shares(amount: number, weights: number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const parts = weights.map((weight) =>
    total === 0 ? 0 : Number((BigInt(amount) * BigInt(weight)) / BigInt(total)),
  );
  let rest = amount - parts.reduce((sum, part) => sum + part, 0);
  for (let index = parts.length - 1; index >= 0 && rest > 0; index--) {
    const room = Math.min(rest, weights[index]! - parts[index]!);
    parts[index] = parts[index]! + room;
    rest -= room;
  }
  return parts;
}
