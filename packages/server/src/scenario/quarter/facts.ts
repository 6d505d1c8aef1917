import { demoReceipts, demoRecords, demoRevisions } from '../../demo/index.ts';
import type { ImportRecord } from '../../imports/index.ts';
import type { QuarterTerms } from './terms.ts';

type RecordOf<Kind extends ImportRecord['kind']> = Extract<ImportRecord, { kind: Kind }>;
type Order = RecordOf<'order'>['order'];
type PurchaseOrder = RecordOf<'purchase_order'>;

/** What happens in the quarter, by day: the demo brand's own orders, purchase orders, revisions and receipts. */
export interface QuarterFacts {
  readonly items: readonly RecordOf<'item'>['item'][];
  readonly suppliers: readonly RecordOf<'supplier'>['supplier'][];
  readonly purchaseOrders: readonly { readonly on: string; readonly ref: string; readonly body: object }[];
  readonly revisions: readonly { readonly on: string; readonly ref: string; readonly body: object }[];
  readonly receipts: readonly { readonly on: string; readonly ref: string; readonly body: object }[];
  readonly orders: readonly { readonly on: string; readonly order: Order }[];
}

const dayOf = (instant: string) => instant.slice(0, 10);
/** The same for the same words: FNV-1a. */
export function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  return hash;
}

/** The demo brand sells little to the United States. Every third order of its shop goes there here, so that all tables are asked. */
const shipToOf = (order: Order) =>
  hashOf(order.ref) % 3 === 0 && !order.business ? { country: 'US' } : order.shipTo;

/**
 * The demo brand's quarter that ends on a day, cut down to the items that slip most often, with empty shelves at its begin: so
 * that everybody waits for a purchase order.
 */
export function quarterFacts(
  from: string,
  until: string,
  { items: itemCount, orders: orderCount, lateness }: QuarterTerms,
): QuarterFacts {
  const records = [...demoRecords(until, new Date(`${until}T23:59:59Z`))];
  const of = <Kind extends ImportRecord['kind']>(kind: Kind) =>
    records.filter((record): record is RecordOf<Kind> => record.kind === kind);
  const inside = (on: string) => on >= from && on < until;
  const revisions = demoRevisions(until);
  const receipts = demoReceipts(until);
  const coming = of('purchase_order').filter(({ ref }) => {
    const own = receipts.filter((one) => one.purchaseOrder === ref);
    return own.length > 0 && own.every((one) => dayOf(one.at) >= from);
  });
  const slips = new Map<string, number>();
  for (const { ref, purchaseOrder } of coming)
    for (const line of purchaseOrder.lines) {
      const moved = revisions.filter(
        (one) => one.purchaseOrder === ref && one.line === line.line && inside(dayOf(one.at)),
      );
      slips.set(line.sku, (slips.get(line.sku) ?? 0) + moved.filter((one) => one.expectedOn !== null).length);
    }
  const plain = of('item').filter(({ item }) => !item.components && item.policy === 'backorder');
  const items = plain
    .map(({ item }) => item)
    .filter((item) => (slips.get(item.sku) ?? 0) > 0)
    .toSorted((a, b) => slips.get(b.sku)! - slips.get(a.sku)! || (a.sku < b.sku ? -1 : 1))
    .slice(0, itemCount);
  const skus = new Set(items.map((item) => item.sku));
  const all = of('order')
    .map(({ order }) => ({ ...order, lines: order.lines.filter((line) => skus.has(line.sku)).slice(0, 2) }))
    .filter((order) => order.channel !== 'amazon' && order.lines.length > 0 && inside(dayOf(order.placedAt)));
  // Evenly over the quarter.
  const every = Math.max(1, Math.floor(all.length / orderCount));
  const orders = all.filter((_, index) => index % every === 0).slice(0, orderCount);
  // As much less comes as is ordered less, and half of that: what comes is short.
  const share = orders.length / Math.max(1, all.length) / 2;
  return {
    items: items.map(({ alternatives: _, ...item }) => item),
    suppliers: of('supplier').map((one) => one.supplier),
    ...supplyFacts(coming, skus, { from, inside, revisions, receipts, share, lateness }),
    orders: orders.map((order) => ({
      on: dayOf(order.placedAt),
      order: { ...order, shipTo: shipToOf(order) },
    })),
  };
}

function supplyFacts(
  coming: readonly PurchaseOrder[],
  skus: ReadonlySet<string>,
  {
    from,
    inside,
    revisions,
    receipts,
    share,
    lateness,
  }: {
    from: string;
    inside: (on: string) => boolean;
    revisions: ReturnType<typeof demoRevisions>;
    receipts: ReturnType<typeof demoReceipts>;
    share: number;
    lateness: number;
  },
): Pick<QuarterFacts, 'purchaseOrders' | 'revisions' | 'receipts'> {
  const scaled = (quantity: number) => Math.max(1, Math.floor(quantity * share));
  const wanted = coming.flatMap(({ ref, purchaseOrder }) => {
    const lines = purchaseOrder.lines.filter((line) => skus.has(line.sku));
    return lines.length === 0 ? [] : [{ ref, purchaseOrder, lines }];
  });
  const known = new Set(wanted.flatMap(({ ref, lines }) => lines.map((line) => `${ref} ${line.line}`)));
  const isKnown = (one: { purchaseOrder: string; line: number }) =>
    known.has(`${one.purchaseOrder} ${one.line}`);
  const firstDay = new Map(
    wanted.flatMap(({ ref, lines }) =>
      lines.map((line) => [`${ref} ${line.line}`, line.expectedOn] as const),
    ),
  );
  /** So many times as late as it was, by its first day. */
  const later = (one: { purchaseOrder: string; line: number }, day: string | null) => {
    const first = firstDay.get(`${one.purchaseOrder} ${one.line}`) ?? null;
    if (first === null || day === null || day <= first) return day;
    const late = Date.parse(day) - Date.parse(first);
    return new Date(Date.parse(first) + Math.round((late * lateness) / 86_400_000) * 86_400_000)
      .toISOString()
      .slice(0, 10);
  };
  // What had been said of a purchase order before the quarter stands at its begin.
  const saidBefore = (ref: string, line: unknown) =>
    revisions.filter((one) => one.purchaseOrder === ref && one.line === line && dayOf(one.at) < from).at(-1);
  return {
    purchaseOrders: wanted.map(({ ref, purchaseOrder, lines }) => ({
      on: purchaseOrder.placedOn < from ? from : purchaseOrder.placedOn,
      ref,
      body: {
        supplier: purchaseOrder.supplier,
        placedOn: purchaseOrder.placedOn,
        stage: 'confirmed',
        freightMode: purchaseOrder.freightMode,
        lines: lines.map(({ received: _, schedules: __, unitCost: ___, ...line }) => ({
          ...line,
          quantity: scaled(line.quantity),
          expectedOn: saidBefore(ref, line.line)?.expectedOn ?? line.expectedOn,
        })),
      },
    })),
    revisions: revisions
      .filter((one) => isKnown(one) && inside(dayOf(one.at)) && one.stage !== 'arrived')
      .map(({ at, purchaseOrder, line, expectedOn, reason }) => ({
        on: dayOf(at),
        ref: purchaseOrder,
        body: { line, expectedOn: later({ purchaseOrder, line }, expectedOn), reason },
      })),
    receipts: receipts
      .filter((one) => isKnown(one) && inside(later(one, dayOf(one.at))!))
      .map(({ at, purchaseOrder, id, line, quantity, location, condition, close }) => ({
        on: later({ purchaseOrder, line }, dayOf(at))!,
        ref: purchaseOrder,
        body: { id, line, quantity: scaled(quantity), location, condition, close },
      })),
  };
}
