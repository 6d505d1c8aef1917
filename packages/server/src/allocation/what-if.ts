import type { WhatIfInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { supposeCancellation } from '../demand/index.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, type Settings, type Supposed } from '../promising/index.ts';
import { SupposedOrders } from '../supply/index.ts';
import { foresee } from './foresee.ts';
import { supposeRanking } from './suppose-ranking.ts';

type Input = z.output<typeof WhatIfInput>;
type Change = Input['changes'][number];

/**
 * What would come of some changes: who is hit, who is helped, what would have to be told. It is decided like everything else, on
 * positions that are loaded without a lock and thrown away; nothing is written.
 * @throws KeptError for a change that names something that is not there; `changes[n]` is in the path of its field
 */
export async function whatIf(kept: Kept, client: pg.PoolClient, brandId: number, input: Input) {
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const supposed = await supposeAll(client, brandId, settings, input.changes, now);
  return foresee(kept, client, brandId, settings, supposed, input.limit, input.messages);
}

/** Every change as what it would be to the engine; those after it see what it says. */
async function supposeAll(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  changes: readonly Change[],
  now: Date,
): Promise<Supposed[]> {
  const orders = new SupposedOrders(client, brandId, settings);
  const supposed: Supposed[] = [];
  const items = () => [...new Set(supposed.flatMap((one) => one.items))];
  for (const change of changes) supposed.push(await suppose(change, items));
  return supposed;

  function suppose(change: Change, others: () => number[]): Promise<Supposed> {
    switch (change.kind) {
      case 'purchase_order_revision':
        return orders.revision(change);
      case 'receipt':
        return orders.receipt(change);
      case 'purchase_order':
        return orders.purchaseOrder(change.purchaseOrder, change);
      case 'cancellation':
        return supposeCancellation(client, brandId, change, now);
      case 'ranking':
        return supposeRanking(client, brandId, settings, change, others);
    }
  }
}
