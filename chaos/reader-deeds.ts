import type { Client } from './client.ts';
import type { Deed } from './deed.ts';

/** What changes no fact: reading, and planning again. */

export function look(client: Client, sku: string): Deed {
  const path = client.chance.oneOf([
    `/v1/availability?sku=${sku}&channel=web&quantity=3`,
    `/v1/backorders?sku=${sku}&limit=20`,
    `/v1/purchase-orders?limit=20`,
  ]);
  return { tag: client.nextTag(), kind: 'read', method: 'GET', path, repeatable: true, accepted: [200] };
}

export function plan(client: Client, skus: readonly string[]): Deed {
  return {
    tag: client.nextTag(),
    kind: 'plan',
    method: 'POST',
    path: '/v1/plan',
    body: { skus },
    repeatable: true,
    accepted: [200],
  };
}
