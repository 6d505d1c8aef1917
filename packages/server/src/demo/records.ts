/** The demo brand in the contract's words: what an import of the brand's own files would hold. */
import type { ImportRecord } from '../imports/index.ts';
import { hashOf } from './chance.ts';
import { TIME_ZONE } from './dates.ts';
import { personOf } from './people.ts';
import { type Purchase, type PurchaseLine, receivedOf } from './purchases.ts';
import type { SampleItem } from './sample.ts';
import { STORIES } from './stories.ts';
import { costOf, orderSizeOf, PENCE_TO, SUPPLIERS, supplierOf } from './suppliers.ts';
import type { World, WorldOrder } from './world.ts';

const gbp = (amount: number) => ({ amount, currency: 'GBP' });
const KEY_ACCOUNTS = 8;
type RecordOf<Kind extends ImportRecord['kind']> = Extract<ImportRecord, { kind: Kind }>;

export const CHANNELS: RecordOf<'channel'>[] = [
  { kind: 'channel', channel: { code: 'web', title: 'Online shop', kind: 'shopify', messages: 'email' } },
  {
    kind: 'channel',
    channel: { code: 'wholesale', title: 'Wholesale', kind: 'wholesale', messages: 'email' },
  },
  {
    kind: 'channel',
    channel: {
      code: 'amazon',
      title: 'Amazon United Kingdom',
      kind: 'amazon',
      maximumPromiseDays: 30,
      messages: 'channel',
    },
  },
];
const PLACE = { timeZone: TIME_ZONE, country: 'GB' };
export const LOCATIONS: RecordOf<'location'>[] = [
  {
    kind: 'location',
    location: {
      code: 'warehouse',
      title: 'Own warehouse',
      channels: ['web', 'wholesale'],
      cutOff: '14:00',
      ...PLACE,
    },
  },
  {
    kind: 'location',
    location: { code: 'fba', title: 'Fulfilment by Amazon', channels: ['amazon'], ...PLACE },
  },
];

export const supplierRecords = (): RecordOf<'supplier'>[] =>
  SUPPLIERS.map(({ code, title, leadTimeDays, paymentTerms, abandoned }) => ({
    kind: 'supplier',
    supplier: { code, title, status: abandoned ? 'abandoned' : 'active', leadTimeDays, paymentTerms },
  }));

/** Items that name others (kits, alternatives) come after those. */
export function itemRecords({ items, shift }: World): RecordOf<'item'>[] {
  const records = items.map((item): RecordOf<'item'> => {
    const story = STORIES.find(({ sku }) => sku === item.sku)?.item;
    const base = {
      sku: item.sku,
      title: item.title,
      price: gbp(item.pence),
      lifecycle: story?.lifecycle ?? ('active' as const),
    };
    if (story?.components) return { kind: 'item', item: { ...base, components: story.components } };
    const supplier = supplierOf(item);
    return {
      kind: 'item',
      item: {
        ...base,
        cost: gbp(costOf(item)),
        supplier: supplier.code,
        policy: story?.policy ?? ('backorder' as const),
        leadTimeDays: story?.leadTimeDays ?? supplier.leadTimeDays,
        ...orderSizeOf(item),
        ...(story?.alternatives ? { alternatives: story.alternatives } : {}),
        ...(story?.launchIn ? { launchOn: shift.dayOf(shift.today + story.launchIn) } : {}),
      },
    };
  });
  const namesOthers = ({ item }: RecordOf<'item'>) => Number(Boolean(item.components ?? item.alternatives));
  return records.sort((one, other) => namesOthers(one) - namesOthers(other));
}

export function* stockRecords({ items, shelves }: World): Generator<RecordOf<'stock'>> {
  for (const { sku } of items) {
    if (STORIES.some((story) => story.sku === sku && story.item?.components)) continue;
    const { warehouse, fba } = shelves.get(sku)!;
    yield { kind: 'stock', sku, location: 'warehouse', condition: 'sellable', counted: warehouse.sellable };
    yield { kind: 'stock', sku, location: 'fba', condition: 'sellable', counted: fba.sellable };
    for (const [condition, counted] of [
      ['quality_hold', warehouse.qualityHold],
      ['returned', warehouse.returned],
      ['damaged', warehouse.damaged],
    ] as const)
      if (counted > 0) yield { kind: 'stock', sku, location: 'warehouse', condition, counted };
  }
}

export const isClosed = (purchase: Purchase): boolean =>
  purchase.lines.every((line) => receivedOf(line) === line.quantity);

/** A purchase order as it was placed; what came of it already is counted as received. */
export function purchaseRecord(purchase: Purchase, { shift, items }: World): RecordOf<'purchase_order'> {
  const day = (at: number | null) => (at === null ? null : shift.dayOf(at));
  const bySku = new Map(items.map((item) => [item.sku, item]));
  const { currency } = purchase.supplier;
  const lineOf = (line: PurchaseLine) => ({
    line: line.line,
    sku: line.sku,
    quantity: line.quantity,
    unitCost: { amount: foreignCost(bySku.get(line.sku)!, currency), currency },
    expectedOn: day(line.firstExpected),
    location: line.location,
    received: receivedOf(line),
    ...(line.schedules
      ? {
          schedules: line.schedules.map((part, index) => ({
            id: index + 1,
            quantity: part.quantity,
            expectedOn: day(part.expected),
          })),
        }
      : {}),
  });
  return {
    kind: 'purchase_order',
    ref: purchase.ref,
    purchaseOrder: {
      supplier: purchase.supplier.code,
      placedOn: shift.dayOf(purchase.placed),
      stage: purchase.draft ? 'draft' : isClosed(purchase) ? 'arrived' : 'placed',
      freightMode: purchase.mode,
      currency,
      lines: purchase.lines.map(lineOf),
    },
  };
}

const foreignCost = (item: SampleItem, currency: 'GBP' | 'EUR' | 'USD'): number =>
  Math.round(costOf(item) * PENCE_TO[currency]);

/** The wholesale customers that bought most, by value. */
export function keyAccounts(orders: WorldOrder[]): Set<number> {
  const value = new Map<number, number>();
  for (const order of orders)
    if (order.channel === 'wholesale')
      for (const line of order.lines)
        value.set(order.customer, (value.get(order.customer) ?? 0) + line.quantity * line.pence);
  const ranked = [...value].sort((one, other) => other[1] - one[1] || one[0] - other[0]);
  return new Set(ranked.slice(0, KEY_ACCOUNTS).map(([customer]) => customer));
}

export function orderRecord(order: WorldOrder, key: Set<number>, { shift }: World): RecordOf<'order'> {
  const wholesale = order.channel === 'wholesale';
  const { window } = order;
  const history = order.lines
    .filter((line) => line.shipped || line.cancelled > 0)
    .map(({ line, quantity, cancelled, shipped }) => ({ line, shipped: shipped ? quantity : 0, cancelled }));
  return {
    kind: 'order',
    order: {
      ref: order.ref,
      channel: order.channel,
      mode: 'placed',
      placedAt: shift.instantOf(order.day, order.minute),
      customer: {
        ...personOf(order.customer, order.country, wholesale),
        ...(wholesale ? { class: key.has(order.customer) ? 'key' : 'trade' } : {}),
      },
      business: wholesale,
      shipTo: { country: order.country },
      ...(order.shipComplete ? { shipComplete: true } : {}),
      lines: order.lines.map(({ line, sku, quantity, pence }) => ({
        line,
        sku,
        quantity,
        price: gbp(pence),
        ...(window
          ? {
              notBefore: shift.dayOf(order.day + window.notBefore),
              cancelAfter: shift.dayOf(order.day + window.cancelAfter),
            }
          : {}),
      })),
    },
    ...(history.length > 0 ? { history } : {}),
  };
}

/** A minute of the working day, the same for the same words. */
export const officeMinute = (...words: (string | number)[]): number => 8 * 60 + (hashOf(...words) % (9 * 60));
