/**
 * The sample of orders. Source: "Online Retail" (Chen 2015, CC BY 4.0). What is done to it:
 *
 *  - the last 26 weeks; products only (no postage, fees, vouchers, adjustments), sold at a price;
 *  - about 300 products: the 120 with the most lines, every fourth of the next 700, and those the stories name;
 *  - one customer in eight, with all of their orders; of orders without a customer (a shop's consumers, booked many to an
 *    invoice) each run of one to three lines becomes one consumer's order, and one in four is kept;
 *  - channel: customers whose middle order is large are wholesale, the others and the consumers buy on the web, some in the
 *    United Kingdom on Amazon;
 *  - equal numbers of the three Regency teacups in one order become a kit of the three;
 *  - a credit note of the same customer, product and quantity marks the line as cancelled.
 */
import { hashOf, shareOf, wholeOf } from '../../../packages/server/src/demo/chance.ts';
import { titleOf } from './titles.ts';

export type RetailRow = Record<
  | 'InvoiceNo'
  | 'StockCode'
  | 'Description'
  | 'Quantity'
  | 'InvoiceDate'
  | 'UnitPrice'
  | 'CustomerID'
  | 'Country',
  string
>;

const FIRST_DAY = '2011-06-13';
/** The stories' products whose ranks the sample would leave out, and those of which it keeps more than its share. */
const NAMED = ['23552'];
const MORE: Record<string, number> = { '23084': 0.34, '23552': 0.05 };
/** A kit of the three, and the share of the orders that hold them which is kept beyond the sampled customers' own. */
const KIT = { sku: 'KIT-22699', of: ['22697', '22698', '22699'], kept: 0.3 };
const CUSTOMERS_KEPT = 0.12;
const CONSUMERS_KEPT = 0.25;
const WHOLESALE_UNITS = 150;
const CONSUMER_POOL = 1400;
const COUNTRIES: Record<string, string> = {
  'United Kingdom': 'GB',
  Germany: 'DE',
  France: 'FR',
  EIRE: 'IE',
  Netherlands: 'NL',
  Spain: 'ES',
  Belgium: 'BE',
  Portugal: 'PT',
  Switzerland: 'CH',
  Australia: 'AU',
  Finland: 'FI',
  Norway: 'NO',
  Italy: 'IT',
  Sweden: 'SE',
  'Channel Islands': 'JE',
  Denmark: 'DK',
  Austria: 'AT',
  Poland: 'PL',
  Japan: 'JP',
  Israel: 'IL',
  USA: 'US',
  Singapore: 'SG',
  Iceland: 'IS',
  Greece: 'GR',
};

interface Line {
  order: string;
  placed: string;
  channel: string;
  customer: number;
  country: string;
  sku: string;
  quantity: number;
  cancelled: number;
  pence: number;
}

export function deriveOrders(source: RetailRow[]): {
  items: (string | number)[][];
  lines: (string | number)[][];
} {
  const window = source.filter(
    (row) =>
      row.InvoiceDate >= FIRST_DAY &&
      /^\d{5}[A-Z]*$/i.test(row.StockCode) &&
      Number(row.UnitPrice) > 0 &&
      COUNTRIES[row.Country],
  );
  const sold = window.filter((row) => Number(row.Quantity) > 0);
  const chosen = chooseItems(sold);
  const credited = creditsOf(window.filter((row) => row.InvoiceNo.startsWith('C')));
  const kept = sold.filter((row) => chosen.has(row.StockCode.toUpperCase()));
  const lines = [
    ...customersLines(
      kept.filter((row) => row.CustomerID !== ''),
      credited,
    ),
    ...consumersLines(kept.filter((row) => row.CustomerID === '')),
  ];
  const packed = withKits(merged(lines));
  packed.sort(
    (one, other) =>
      one.placed.localeCompare(other.placed) ||
      one.order.localeCompare(other.order) ||
      one.sku.localeCompare(other.sku),
  );
  return {
    items: [
      ['sku', 'title', 'pence'],
      ...itemRows(kept, new Set(packed.map((line) => line.sku))),
      [KIT.sku, 'Regency tea for three: green, pink and roses teacup and saucer', 885],
    ],
    lines: [
      ['order', 'placed', 'channel', 'customer', 'country', 'sku', 'quantity', 'cancelled', 'pence'],
      ...packed.map((line) => [
        line.order,
        line.placed,
        line.channel,
        line.customer,
        line.country,
        line.sku,
        line.quantity,
        line.cancelled,
        line.pence,
      ]),
    ],
  };
}

function chooseItems(sold: RetailRow[]): Set<string> {
  const count = new Map<string, number>();
  for (const { StockCode } of sold)
    count.set(StockCode.toUpperCase(), (count.get(StockCode.toUpperCase()) ?? 0) + 1);
  const ranked = [...count]
    .sort((one, other) => other[1] - one[1] || one[0].localeCompare(other[0]))
    .map(([sku]) => sku);
  return new Set([
    ...ranked.filter((_, rank) => rank < 120 || (rank < 820 && rank % 4 === 0)),
    ...NAMED,
    ...KIT.of,
  ]);
}

/** Credited quantities by customer and product, taken from the latest matching line backwards. */
function creditsOf(credits: RetailRow[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const row of credits) {
    const key = `${row.CustomerID}/${row.StockCode.toUpperCase()}`;
    found.set(key, [...(found.get(key) ?? []), -Number(row.Quantity)]);
  }
  return found;
}

function customersLines(rows: RetailRow[], credited: Map<string, number[]>): Line[] {
  const units = new Map<string, Map<string, number>>();
  for (const row of rows) {
    const orders = units.get(row.CustomerID) ?? new Map<string, number>();
    orders.set(row.InvoiceNo, (orders.get(row.InvoiceNo) ?? 0) + Number(row.Quantity));
    units.set(row.CustomerID, orders);
  }
  const trios = trioOrders(rows);
  const lines: Line[] = [];
  for (const row of rows) {
    const sku = row.StockCode.toUpperCase();
    const more = KIT.of.includes(sku) && trios.has(row.InvoiceNo) ? KIT.kept : (MORE[sku] ?? 0);
    const kept = shareOf('customer', row.CustomerID) < CUSTOMERS_KEPT;
    if (!kept && shareOf('more', sku in MORE ? sku : '', row.InvoiceNo) >= more) continue;
    const sizes = [...units.get(row.CustomerID)!.values()].sort((one, other) => one - other);
    const wholesale = sizes[sizes.length >> 1]! >= WHOLESALE_UNITS;
    const amazon = !wholesale && row.Country === 'United Kingdom' && shareOf('amazon', row.CustomerID) < 0.15;
    const credits = credited.get(`${row.CustomerID}/${sku}`) ?? [];
    const match = credits.indexOf(Number(row.Quantity));
    if (match >= 0) credits.splice(match, 1);
    lines.push({
      order: row.InvoiceNo,
      placed: row.InvoiceDate.slice(0, 16),
      channel: wholesale ? 'wholesale' : amazon ? 'amazon' : 'web',
      customer: 20_000 + (hashOf('number', row.CustomerID) % 79_999),
      country: COUNTRIES[row.Country]!,
      sku,
      quantity: Number(row.Quantity),
      cancelled: match >= 0 ? Number(row.Quantity) : 0,
      pence: Math.round(Number(row.UnitPrice) * 100),
    });
  }
  return lines;
}

/** Orders that hold all of the kit's components. */
function trioOrders(rows: RetailRow[]): Set<string> {
  const cups = new Map<string, Set<string>>();
  for (const { InvoiceNo, StockCode } of rows)
    if (KIT.of.includes(StockCode)) cups.set(InvoiceNo, (cups.get(InvoiceNo) ?? new Set()).add(StockCode));
  return new Set([...cups].filter(([, of]) => of.size === KIT.of.length).map(([order]) => order));
}

/** Invoices without a customer gather a day's consumers: cut into their small orders, at hours of that day. */
function consumersLines(rows: RetailRow[]): Line[] {
  const lines: Line[] = [];
  let invoice = '';
  let part = 0;
  let left = 0;
  for (const row of rows) {
    if (row.InvoiceNo !== invoice) [invoice, part, left] = [row.InvoiceNo, 0, 0];
    if (left === 0) [part, left] = [part + 1, wholeOf(1, 3, 'lines', invoice, part)];
    left--;
    const sku = row.StockCode.toUpperCase();
    if (
      shareOf('consumer', invoice, part) >= CONSUMERS_KEPT &&
      shareOf('more', sku, invoice) >= (MORE[sku] ?? 0)
    )
      continue;
    const [hour, minute] = [wholeOf(7, 20, 'hour', invoice, part), wholeOf(0, 59, 'minute', invoice, part)];
    const two = (number: number) => String(number).padStart(2, '0');
    lines.push({
      order: `${invoice}-${part}`,
      placed: `${row.InvoiceDate.slice(0, 10)} ${two(hour)}:${two(minute)}`,
      channel:
        row.Country === 'United Kingdom' && shareOf('channel', invoice, part) < 0.35 ? 'amazon' : 'web',
      customer: 100_000 + wholeOf(0, CONSUMER_POOL - 1, 'consumer', row.Country, invoice, part),
      country: COUNTRIES[row.Country]!,
      sku,
      quantity: Math.min(Number(row.Quantity), wholeOf(2, 6, 'units', invoice, part, sku)),
      cancelled: 0,
      pence: Math.round(Number(row.UnitPrice) * 100),
    });
  }
  return lines;
}

/** The source repeats a product inside an invoice: one line each, at the first one's price. */
function merged(lines: Line[]): Line[] {
  const found = new Map<string, Line>();
  for (const line of lines) {
    const key = `${line.order}/${line.sku}`;
    const first = found.get(key);
    if (first) {
      first.quantity += line.quantity;
      first.cancelled += line.cancelled;
    } else found.set(key, { ...line });
  }
  // A credit for one of the repeats is a smaller line.
  for (const line of found.values())
    if (line.cancelled < line.quantity) [line.quantity, line.cancelled] = [line.quantity - line.cancelled, 0];
  return [...found.values()];
}

function withKits(lines: Line[]): Line[] {
  const cups = new Map<string, Line[]>();
  for (const line of lines)
    if (KIT.of.includes(line.sku)) cups.set(line.order, [...(cups.get(line.order) ?? []), line]);
  const kits: Line[] = [];
  for (const trio of cups.values()) {
    if (trio.length < KIT.of.length || trio.some((line) => line.cancelled > 0)) continue;
    const quantity = Math.min(...trio.map((line) => line.quantity));
    const pence = trio.reduce((sum, line) => sum + line.pence, 0);
    kits.push({ ...trio[0]!, sku: KIT.sku, quantity, pence });
    for (const line of trio) line.quantity -= quantity;
  }
  return [...lines, ...kits].filter((line) => line.quantity > 0);
}

/** SKU, title and list price: the price most often asked for fewer than 24 units. */
function itemRows(rows: RetailRow[], skus: Set<string>): (string | number)[][] {
  const prices = new Map<string, Map<number, number>>();
  const titles = new Map<string, string>();
  for (const row of rows) {
    const sku = row.StockCode.toUpperCase();
    if (!titles.has(sku)) titles.set(sku, titleOf(row.Description));
    const price = Math.round(Number(row.UnitPrice) * 100);
    const weight = row.CustomerID !== '' && Number(row.Quantity) < 24 ? 1000 : 1;
    const seen = prices.get(sku) ?? new Map<number, number>();
    prices.set(sku, seen.set(price, (seen.get(price) ?? 0) + weight));
  }
  return [...titles]
    .filter(([sku]) => skus.has(sku))
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([sku, title]) => [
      sku,
      title,
      [...prices.get(sku)!].sort((one, other) => other[1] - one[1] || one[0] - other[0])[0]![0],
    ]);
}
