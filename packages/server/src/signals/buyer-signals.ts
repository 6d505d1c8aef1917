import type { SignalRow } from './signal-store.ts';

/** What buyers must see: facts that are looked for, and end by themselves. */
export const BUYER_SIGNALS = [
  'queue_outgrows_supply',
  'promises_unbacked',
  'purchase_order_overdue',
  'slip_breaks_promises',
  'runs_out_before_supply',
  'supplier_worsens',
  'moq_bites',
  'campaign_without_cover',
  'hold_blocks_queue',
  'cannot_replenish',
] as const;
export type BuyerSignalKind = (typeof BUYER_SIGNALS)[number];
/** `promises_unbacked` has the words of the kill switch, which raises it too. */
type Worded = Exclude<BuyerSignalKind, 'promises_unbacked'>;

export interface Choice {
  readonly choice: string;
  readonly words: string;
  readonly call?: { readonly method: string; readonly path: string; readonly body?: unknown };
}

interface Told {
  words(row: SignalRow): string;
  /** What ends it, the first choice first. */
  choices(row: SignalRow): Choice[];
}

const units = (count: unknown) => (Number(count) === 1 ? '1 unit' : `${Math.round(Number(count))} units`);
const promises = (count: unknown) => (Number(count) === 1 ? '1 order' : `${count} orders`);
const days = (count: unknown) => (Number(count) === 1 ? '1 day' : `${Math.round(Number(count))} days`);
const rate = (count: unknown) => Math.round(Number(count) * 10) / 10;
/** Minor units as money. */
function money(amount: unknown, currency: unknown): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: String(currency) });
  return format.format(Number(amount) / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

const itemPath = (sku: string | null) => `/v1/items/${encodeURIComponent(sku ?? '')}`;
const orderPath = (ref: unknown) => `/v1/purchase-orders/${encodeURIComponent(String(ref))}`;

const reorder = ({ sku }: SignalRow): Choice => ({
  choice: 'reorder',
  words: 'Order more: accept what is suggested, as it is or with another quantity.',
  call: { method: 'POST', path: `/v1/reorder-suggestions/${encodeURIComponent(sku ?? '')}/accept` },
});
const stopSelling = ({ sku }: SignalRow): Choice => ({
  choice: 'stop_selling',
  words: 'Take no more backorders of it.',
  call: { method: 'PATCH', path: itemPath(sku), body: { policy: 'out_of_stock' } },
});
const substitute = ({ sku, alternatives }: SignalRow): Choice => ({
  choice: 'substitute',
  words:
    alternatives.length > 0
      ? `Offer what is like it: ${alternatives.join(', ')}.`
      : 'Name an item that is like it, to be offered instead.',
  call: { method: 'PATCH', path: itemPath(sku) },
});
const revise = ({ data }: SignalRow, words: string): Choice => ({
  choice: 'revise',
  words,
  call: { method: 'POST', path: `${orderPath(data.purchaseOrder)}/revisions` },
});

export const BUYER_WORDS: Readonly<Record<Worded, Told>> = {
  queue_outgrows_supply: {
    words: ({ sku, data }) =>
      `${units(data.queue)} of ${sku} wait, ${rate(data.joiningWeekly)} a week join and ${rate(data.incomingWeekly)} a week come in: in ${data.weeks} weeks ${data.queueThen} will wait.`,
    choices: (row) => [reorder(row), substitute(row), stopSelling(row)],
  },
  purchase_order_overdue: {
    words: ({ data }) =>
      `${data.purchaseOrder} of ${data.supplier} was expected on ${data.expectedOn}, ${days(data.overdueDays)} ago: ${units(data.units)} are open${Number(data.pegged) > 0 ? `, and customers wait for ${data.pegged} of them` : ''}.`,
    choices: (row) => [
      revise(row, 'Ask the supplier, and say the day that is expected now, with its reason.'),
      {
        choice: 'receive',
        words: 'It is here: record what came.',
        call: { method: 'POST', path: `${orderPath(row.data.purchaseOrder)}/receipts` },
      },
    ],
  },
  slip_breaks_promises: {
    words: ({ data }) =>
      `${data.purchaseOrder} of ${data.supplier} comes after what ${promises(data.orders)} were promised: ${units(data.units)}, ${money(data.value, data.currency)}, up to ${days(data.days)} late.`,
    choices: (row) => [
      revise(row, 'Have it brought forward, and say the new day.'),
      {
        choice: 'reallocate',
        words: 'See who could be served from elsewhere, and who would lose by it.',
        call: { method: 'POST', path: '/v1/what-if' },
      },
      {
        choice: 'tell',
        words: 'Tell the customers their new day.',
        call: { method: 'GET', path: '/v1/messages' },
      },
    ],
  },
  runs_out_before_supply: {
    words: ({ sku, data }) =>
      `${sku} will go on backorder by ${data.on} (${Math.round(100 * Number(data.probability))} % likely): ${units(data.free)} are free, ${rate(data.weekly)} a week are asked for, and ${data.nextPurchaseOrder === null ? 'nothing is on its way' : `${data.nextPurchaseOrder} comes on ${data.nextOn}`}.`,
    choices: (row) => [
      ...(row.data.nextPurchaseOrder === null
        ? []
        : [
            {
              ...revise(
                { ...row, data: { purchaseOrder: row.data.nextPurchaseOrder } },
                'Have the next delivery brought forward.',
              ),
              choice: 'expedite',
            },
          ]),
      reorder(row),
      substitute(row),
    ],
  },
  supplier_worsens: {
    words: ({ data }) =>
      `${data.supplier} is getting later: ${rate(data.lately)} days on average in the last quarter (${data.deliveriesLately} deliveries), ${rate(data.before)} in the year before (${data.deliveriesBefore}).`,
    choices: ({ data }) => [
      {
        choice: 'lead_time',
        words: 'Plan with the lead time that it really takes.',
        call: { method: 'PUT', path: `/v1/suppliers/${encodeURIComponent(String(data.supplier))}` },
      },
    ],
  },
  moq_bites: {
    words: ({ sku, data }) =>
      `${sku} fell to its reorder point on ${data.crossedOn} and needs ${units(data.needed)}; ${data.supplier ?? 'its supplier'} takes no fewer than ${data.moq}. As long as nobody decides, nothing is ordered.`,
    choices: (row) => [
      {
        ...reorder(row),
        choice: 'order_moq',
        words: `Order ${row.data.moq}: the rest lies longer.`,
      },
      {
        choice: 'negotiate',
        words: 'Agree on fewer with the supplier, and record it.',
        call: { method: 'PATCH', path: itemPath(row.sku) },
      },
      stopSelling(row),
    ],
  },
  campaign_without_cover: {
    words: ({ sku, data }) =>
      `Campaign ${data.title} (${data.fromOn} to ${data.untilOn}) will ask for ${units(data.wanted)} of ${sku}; ${Number(data.free) + Number(data.incoming)} are there or come in time, ${data.missing} are missing.`,
    choices: (row) => [
      reorder(row),
      {
        choice: 'change_campaign',
        words: 'Move the campaign, or leave the item out of it.',
        call: { method: 'PUT', path: `/v1/campaigns/${encodeURIComponent(String(row.data.campaign))}` },
      },
    ],
  },
  hold_blocks_queue: {
    words: ({ sku, data }) =>
      `${units(data.held)} of ${sku} lie there and cannot ship, while ${units(data.queue)} are waited for: released, they serve ${data.serves}.`,
    choices: ({ sku }) => [
      {
        choice: 'release',
        words: 'Check them, and release what is good.',
        call: {
          method: 'POST',
          path: '/v1/stock/adjustments',
          body: { sku, from: 'quality_hold', to: 'sellable' },
        },
      },
    ],
  },
  cannot_replenish: {
    words: ({ sku, data }) =>
      `${sku} has ${units(data.queue)} on backorder and cannot be replenished: ${NO_SUPPLY[String(data.why)] ?? data.why}.`,
    choices: (row) => [
      stopSelling(row),
      substitute(row),
      {
        choice: 'supplier',
        words: 'Find another supplier for it.',
        call: { method: 'PATCH', path: itemPath(row.sku) },
      },
    ],
  },
};

const NO_SUPPLY: Record<string, string> = {
  discontinued: 'it is discontinued',
  no_supplier: 'it has no supplier, and nothing is on its way',
  supplier_abandoned: 'its supplier was given up',
};

export function isBuyerSignal(kind: string): kind is Worded {
  return kind in BUYER_WORDS;
}
