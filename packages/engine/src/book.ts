/** The backorder book: what its figures mean. Each formula stands here once; API, page and export read it from here. */

export type BookState = 'on_time' | 'late' | 'unbacked' | 'awaiting_consent';

/**
 * The state that a sum's key stands for: `unbacked`, `late` by its plan, or the last day on which it is still on time.
 * Days are 'YYYY-MM-DD'.
 */
export function bookStateOf(key: string, today: string): BookState {
  if (key === 'unbacked' || key === 'late' || key === 'awaiting_consent' || key === 'on_time') return key;
  return today > key ? 'late' : 'on_time';
}

export type AgeingBasis = 'order' | 'first' | 'latest';
export interface AgeBucket {
  readonly key: string;
  /** Days, both included; null: no end. */
  readonly from: number | null;
  readonly to: number | null;
}

const ORDER_BUCKETS = [
  [0, 7],
  [8, 14],
  [15, 30],
  [31, 60],
  [61, 90],
  [91, null],
] as const;
const PAST_BUCKETS = [
  [null, 0],
  [1, 7],
  [8, 14],
  [15, 30],
  [31, 60],
  [61, null],
] as const;

/** The buckets of an ageing, youngest first. Past a promise, the first one is what is not due yet. */
export function ageBuckets(basis: AgeingBasis): AgeBucket[] {
  const bounds: readonly (readonly [number | null, number | null])[] =
    basis === 'order' ? ORDER_BUCKETS : PAST_BUCKETS;
  return bounds.map(([from, to]) => ({
    key: from === null ? 'not due' : to === null ? `${from}+` : `${from}–${to}`,
    from,
    to,
  }));
}

/** The bucket of so many days; days before the first bucket count in it. */
export function ageBucketOf(days: number, buckets: readonly AgeBucket[]): AgeBucket {
  return buckets.find(({ to }) => to === null || days <= to) ?? buckets.at(-1)!;
}

/**
 * Minor units of one currency in another: `rate` is major units of the other for one of this, as a decimal text, so that no
 * digit of it is lost. Halves go to the even.
 */
export function convertMinor(amount: number, rate: string, digits: number, otherDigits: number): number {
  const [whole, fraction = ''] = rate.split('.');
  const scaled = BigInt(amount) * BigInt(whole! + fraction) * 10n ** BigInt(otherDigits);
  const divisor = 10n ** BigInt(fraction.length + digits);
  const quotient = scaled / divisor;
  const twice = 2n * (scaled - quotient * divisor);
  const up = twice < 0n ? -twice : twice;
  const away = up > divisor || (up === divisor && quotient % 2n !== 0n);
  return Number(away ? quotient + (scaled < 0n ? -1n : 1n) : quotient);
}

/** What was counted, by name; what nobody can count yet is left out. */
export type BookCounts = Readonly<Record<string, number | undefined>>;

export interface MetricDefinition {
  readonly id: string;
  readonly title: string;
  readonly unit: 'share' | 'days' | 'money' | 'count';
  readonly formula: string;
  readonly denominator: string;
  readonly source: string;
  /** Names of the counts; without `of` the count itself is the figure. */
  readonly count: string;
  readonly of?: string;
  /** Fewer in the denominator than this say nothing. */
  readonly least?: number;
}

const share = (
  id: string,
  title: string,
  count: string,
  of: string,
  [formula, denominator, source]: readonly [string, string, string],
): MetricDefinition => ({ id, title, unit: 'share', formula, denominator, source, count, of });

/** Revenue and customer impact, over the orders placed in a period unless told. */
export const BOOK_METRICS: readonly MetricDefinition[] = [
  {
    id: 'revenue_kept',
    title: 'Revenue kept',
    unit: 'money',
    formula: 'net value of backordered units that have shipped',
    denominator: 'none: an amount',
    source: 'book entries of the period that began a wait, shipments since',
    count: 'keptValue',
  },
  {
    id: 'revenue_at_risk',
    title: 'Revenue at risk',
    unit: 'money',
    formula: 'net value of open backorders that are late, unbacked or await consent',
    denominator: 'none: an amount',
    source: 'the book now, by state',
    count: 'riskValue',
  },
  {
    id: 'cancelled_value',
    title: 'Cancelled while waiting',
    unit: 'money',
    formula: 'net value that cancellations took out of the book',
    denominator: 'none: an amount',
    source: 'the book’s days of the period, kind cancelled',
    count: 'cancelledValue',
  },
  share('first_promise_accuracy', 'First promise kept', 'firstKept', 'firstPromises', [
    'first promises of backordered lines whose units shipped by their day ÷ those judged',
    'first promises of lines not wholly cancelled whose day is over, or that shipped in full',
    'promise ledger version 1, shipments',
  ]),
  share('latest_promise_accuracy', 'Latest promise kept', 'latestKept', 'latestPromises', [
    'latest promises of backordered lines whose units shipped by their day ÷ those judged',
    'latest promises of lines not wholly cancelled whose day is over, or that shipped in full',
    'promise ledger, newest version; shipments',
  ]),
  {
    id: 'slip_days',
    title: 'Slip',
    unit: 'days',
    formula: 'Σ (latest promised day − first promised day) ÷ lines',
    denominator: 'backordered lines of the period with a promise',
    source: 'promise ledger, first and newest version',
    count: 'slipDays',
    of: 'slipLines',
  },
  {
    id: 'wait_median',
    title: 'Wait, median',
    unit: 'days',
    formula: 'median of days from the order to its last shipment',
    denominator: 'backordered lines of the period that shipped in full, what was cancelled left out',
    source: 'orders, shipments',
    count: 'waitMedian',
  },
  {
    id: 'wait_p90',
    title: 'Wait, 90th percentile',
    unit: 'days',
    formula: '90th percentile of days from the order to its last shipment',
    denominator: 'backordered lines of the period that shipped in full, what was cancelled left out',
    source: 'orders, shipments',
    count: 'waitP90',
  },
  share('otif', 'On time and in full', 'otifOrders', 'dueOrders', [
    'orders whose every unit shipped by its first promised day ÷ orders due',
    'orders placed in the period, not wholly cancelled, whose first promised day is over or that have shipped in full',
    'orders, first promises, shipments',
  ]),
  share('fill_rate', 'Fill rate', 'stockUnits', 'demandUnits', [
    '(units ordered − units that went on backorder) ÷ units asked for, refused ones included',
    'units asked for in the period, cancelled ones included, replacements left out',
    'order lines, book entries of kind new',
  ]),
  share('backorder_rate_lines', 'Backorder rate, lines', 'backorderLines', 'orderLines', [
    'lines that came into the book ÷ lines ordered',
    'lines of orders placed in the period, replacements left out',
    'order lines, book entries of kind new',
  ]),
  share('backorder_rate_units', 'Backorder rate, units', 'backorderUnits', 'orderUnits', [
    'units that came into the book ÷ units ordered',
    'units ordered in the period, replacements left out',
    'order lines, book entries of kind new',
  ]),
  share('backorder_rate_value', 'Backorder rate, value', 'backorderValue', 'orderValue', [
    'net value that came into the book ÷ net value ordered',
    'net value ordered in the period, in the brand’s currency only',
    'order lines, book entries of kind new',
  ]),
  share('coverage', 'Coverage', 'peggedUnits', 'openUnits', [
    'open backordered units that a dated supply backs ÷ all of them',
    'units in the book now',
    'the book now, by what its units wait for',
  ]),
  share('cancellation_rate', 'Cancellation rate', 'cancelledLines', 'backorderLines', [
    'lines that came into the book and were cancelled while waiting ÷ lines that came in',
    'lines that came into the book in the period',
    'book entries of kind new and cancelled',
  ]),
  share('consent_rate', 'Consent rate', 'waitChoices', 'choices', [
    'choices to wait ÷ choices made',
    'choices of customers in the period: wait, switch, cancel',
    'customer choices',
  ]),
  share('repurchase_waited', 'Repurchase, those who waited', 'waitedAgain', 'waited', [
    'customers who waited and ordered again within 90 days ÷ customers who waited',
    'customers with a backordered order in the period, by e-mail, 90 days or longer ago',
    'orders, book entries of kind new',
  ]),
  share('repurchase_not_waited', 'Repurchase, those who did not', 'notWaitedAgain', 'notWaited', [
    'customers who never waited and ordered again within 90 days ÷ such customers',
    'customers with an order in the period and none on backorder, by e-mail, 90 days or longer ago',
    'orders, book entries of kind new',
  ]),
  share('disputes', 'Disputes', 'disputedOrders', 'backorderOrders', [
    'backordered orders with a dispute ÷ backordered orders',
    'orders that came into the book in the period',
    'payments of kind disputed',
  ]),
  {
    id: 'contacts_per_order',
    title: 'Contacts per backordered order',
    unit: 'count',
    formula: 'contacts about backordered orders ÷ backordered orders',
    denominator: 'orders that came into the book in the period',
    source: 'what a helpdesk told by POST /v1/contacts, by order; no value until it has told anything',
    count: 'contacts',
    of: 'backorderOrders',
  },
];

export interface Metric extends Omit<MetricDefinition, 'count' | 'of' | 'least'> {
  /** Null: not enough data. Shares are 0 to 1, money is minor units of the brand's currency. */
  readonly value: number | null;
  readonly numerator: number | null;
  readonly over: number | null;
}

/** Each metric from what was counted; one whose denominator is 0, or whose count nobody gave, has no value. */
export function bookMetrics(counts: BookCounts): Metric[] {
  return BOOK_METRICS.map(({ count, of, least = 1, ...told }) => {
    const numerator = counts[count] ?? null;
    const over = of === undefined ? null : (counts[of] ?? null);
    const enough = numerator !== null && (of === undefined || (over !== null && over >= least));
    return {
      ...told,
      numerator,
      over,
      value: enough ? (of === undefined ? numerator : numerator! / over!) : null,
    };
  });
}
