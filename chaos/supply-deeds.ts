import type { Client } from './client.ts';
import type { Deed } from './deed.ts';
import type { Happening } from './item-model.ts';
import { dayFromNow, purchaseOrderBody, purchaseOrderOf } from './shelf.ts';

/** What happens to stock and supply: facts, which are never refused. */

export function adjust(client: Client, sku: string, { delta }: { delta: number }, checked: boolean): Deed {
  const tag = client.nextTag();
  const location = checked ? 'main' : client.chance.oneOf(['main', 'shop']);
  // With a key it can be said again; without, nobody knows whether it was heard.
  const named = client.chance.maybe(0.6);
  return {
    ...adjustment(tag, named, { sku, location, delta, reason: tag }),
    refused: delta < 0 ? [409, 422] : [],
    ...(checked ? { item: sku, happening: (): Happening => ({ kind: 'adjust', delta }) } : {}),
  };
}

export function count(client: Client, sku: string, checked: boolean): Deed {
  const tag = client.nextTag();
  const location = checked ? 'main' : client.chance.oneOf(['main', 'shop']);
  const counted = client.chance.whole(0, 12);
  return {
    ...adjustment(tag, true, { sku, location, counted, reason: tag }),
    ...(checked ? { item: sku, happening: (): Happening => ({ kind: 'count', counted }) } : {}),
  };
}

/** Units are found bad, or good after all. */
export function moveCondition(client: Client, sku: string): Deed {
  const tag = client.nextTag();
  const [from, to] = client.chance.oneOf([
    ['sellable', 'quality_hold'],
    ['quality_hold', 'sellable'],
    ['sellable', 'damaged'],
  ]);
  const quantity = client.chance.whole(1, 3);
  return {
    ...adjustment(tag, true, { sku, location: 'main', from, to, quantity, reason: tag }),
    refused: [409, 422],
  };
}

function adjustment(tag: string, named: boolean, body: object): Deed {
  return {
    tag,
    kind: 'stock',
    method: 'POST',
    path: '/v1/stock/adjustments',
    body,
    key: named ? tag : undefined,
    repeatable: named,
    accepted: [200],
  };
}

export function receive(
  client: Client,
  sku: string,
  { sellableOnly, checked }: { sellableOnly: boolean; checked: boolean },
): Deed {
  const { chance } = client;
  const tag = client.nextTag();
  const quantity = chance.whole(1, 5);
  const condition = sellableOnly || chance.maybe(0.7) ? 'sellable' : 'quality_hold';
  const close = !checked && chance.maybe(0.05);
  return {
    tag,
    kind: 'receipt',
    method: 'POST',
    path: `/v1/purchase-orders/${purchaseOrderOf(sku)}/receipts`,
    body: { id: tag, line: 1, quantity, condition, location: 'main', close },
    repeatable: true,
    accepted: [200],
    received: quantity,
    ...(checked
      ? {
          item: sku,
          happening: (): Happening => ({ kind: 'receive', quantity, sellable: condition === 'sellable' }),
        }
      : {}),
  };
}

/** The supplier sends more or less; of what is not checked also later, sooner, or nobody knows when. */
export function revise(client: Client, sku: string, checked: boolean): Deed {
  const { chance } = client;
  const tag = client.nextTag();
  const quantity = chance.whole(5, 45);
  const date = checked
    ? {}
    : { expectedOn: chance.oneOf([dayFromNow(10), dayFromNow(20), dayFromNow(60), null]) };
  return {
    tag,
    kind: 'revision',
    method: 'POST',
    path: `/v1/purchase-orders/${purchaseOrderOf(sku)}/revisions`,
    body: { id: tag, line: 1, quantity, ...date, reason: tag },
    repeatable: true,
    accepted: [200],
    ...(checked ? { item: sku, happening: (): Happening => ({ kind: 'revise', ordered: quantity }) } : {}),
  };
}

/** The whole purchase order is told again, as an ERP does. It is the same however often it is said. */
export function rewrite(client: Client, sku: string): Deed {
  const { chance } = client;
  const stage = chance.oneOf(['placed', 'confirmed', 'in_transit', 'draft']);
  return {
    tag: client.nextTag(),
    kind: 'purchase order',
    method: 'PUT',
    path: `/v1/purchase-orders/${purchaseOrderOf(sku)}`,
    body: purchaseOrderBody(sku, chance.whole(5, 45), chance.oneOf([dayFromNow(15), dayFromNow(30)]), stage),
    repeatable: true,
    accepted: [200],
    refused: [409],
  };
}
