import type { Cluster } from './cluster.ts';
import { type Call, SILENCE, send } from './http.ts';
import { type ItemUnits, itemWith } from './item-model.ts';

/**
 * The items of a round: few, so that everybody meets. Each round has its own, so that its beginning is known and its queues
 * are its own.
 */
export interface Shelf {
  readonly round: number;
  /** Only stock, for orders and carts. */
  readonly flash: readonly string[];
  /** Stock and a purchase order, for orders and carts. */
  readonly carted: readonly string[];
  /** Stock and a purchase order that moves, for requests and for orders that a channel has sold already. */
  readonly queued: readonly string[];
  /** Sold together, in kits, within limits, from two locations: their histories are not checked, their rows are. */
  readonly wild: readonly string[];
  readonly kit: string;
  /** The beginning of each item whose history is checked. */
  readonly beginnings: ReadonlyMap<string, ItemUnits>;
}

export const CHANNELS = ['web', 'wholesale'] as const;
const PRICE = { amount: 1000, currency: 'USD' };

/** Day of the calendar in so many days. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Every item's purchase order has its name. */
export function purchaseOrderOf(sku: string): string {
  return `PO-${sku}`;
}

/** Makes channels, locations and items with their stock and supply, one after the other. */
export async function stockShelf(cluster: Cluster, round: number): Promise<Shelf> {
  const name = (kind: string) => `${kind}-${round}`;
  const shelf = {
    round,
    flash: [name('flash-a'), name('flash-b')],
    carted: [name('carted')],
    queued: [name('queued-a'), name('queued-b')],
    wild: [name('wild-a'), name('wild-b'), name('wild-c')],
    kit: name('kit'),
    beginnings: new Map<string, ItemUnits>(),
  };
  if (round === 1) await furnish(cluster);
  for (const sku of [...shelf.flash, ...shelf.carted, ...shelf.queued, ...shelf.wild])
    await say(cluster, { method: 'PUT', path: `/v1/items/${sku}`, body: { title: sku, price: PRICE } });
  const kit = {
    title: 'A kit',
    price: PRICE,
    components: [component(shelf.wild[0]!, 1), component(shelf.wild[1]!, 2)],
  };
  await say(cluster, { method: 'PUT', path: `/v1/items/${shelf.kit}`, body: kit });
  await say(cluster, {
    method: 'PUT',
    path: `/v1/items/${shelf.wild[2]}/channels/wholesale`,
    body: { protected: 6, maximum: 40 },
  });
  for (const sku of shelf.flash) await begin(cluster, shelf.beginnings, sku, 40, 0);
  for (const sku of shelf.carted) await begin(cluster, shelf.beginnings, sku, 12, 30);
  for (const sku of shelf.queued) await begin(cluster, shelf.beginnings, sku, 6, 25);
  for (const sku of shelf.wild) await begin(cluster, new Map(), sku, 20, 30);
  return shelf;
}

async function furnish(cluster: Cluster): Promise<void> {
  for (const code of CHANNELS)
    await say(cluster, { method: 'PUT', path: `/v1/channels/${code}`, body: { title: code, kind: code } });
  await say(cluster, {
    method: 'PUT',
    path: '/v1/locations/main',
    body: { title: 'Warehouse', channels: CHANNELS },
  });
  await say(cluster, {
    method: 'PUT',
    path: '/v1/locations/shop',
    body: { title: 'Shop', channels: ['web'] },
  });
}

async function begin(
  cluster: Cluster,
  beginnings: Map<string, ItemUnits>,
  sku: string,
  stock: number,
  coming: number,
): Promise<void> {
  beginnings.set(sku, itemWith(stock, coming));
  const counted = { sku, location: 'main', counted: stock, reason: 'opening' };
  await say(cluster, { method: 'POST', path: '/v1/stock/adjustments', body: counted });
  if (coming === 0) return;
  const body = purchaseOrderBody(sku, coming, dayFromNow(20), 'confirmed');
  await say(cluster, { method: 'PUT', path: `/v1/purchase-orders/${purchaseOrderOf(sku)}`, body });
}

export function purchaseOrderBody(sku: string, quantity: number, expectedOn: string | null, stage: string) {
  return {
    supplier: 'acme',
    placedOn: dayFromNow(-10),
    stage,
    lines: [{ line: 1, sku, quantity, expectedOn, location: 'main' }],
  };
}

const component = (sku: string, quantity: number) => ({ sku, quantity });

/** While nobody is killed everything is answered. */
async function say(cluster: Cluster, call: Call): Promise<void> {
  const answer = await send(cluster.seats[0]!.address!, call);
  if (answer === null || answer === SILENCE) throw new Error(`${call.method} ${call.path}: no answer`);
  if (answer.status >= 300)
    throw new Error(`${call.method} ${call.path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}
