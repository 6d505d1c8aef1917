import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { readConnection } from './connection-store.ts';
import { cancelledAmong, ownChanges } from './own-change-store.ts';
import { toolsOf } from './registry.ts';

interface OrderFact {
  readonly externalId: string;
  readonly order: { readonly channel: string; readonly ref: string };
}

/** By what a fact is known that waits for Kept's own change. */
export const HELD_BACK = 'conflict';

export const heldBackError = () =>
  new KeptError(
    HELD_BACK,
    'Kept has cancelled or switched something of this order, and the other side is still being asked for it. What it says of the order is taken up when that is over.',
  );

/**
 * Of orders as the other side tells them, those that Kept has changed itself and the other side has not yet: taken as it stands
 * there, what a customer has just cancelled would be wanted again until the shop has cancelled it too.
 * @returns their external ids
 */
export async function beingChanged(
  { kept, client, brandId, connection }: Saving,
  facts: readonly OrderFact[],
): Promise<ReadonlySet<string>> {
  const cancelled = await cancelledAmong(
    client,
    brandId,
    facts.map(({ order: { channel, ref }, externalId }) => ({ channel, ref, externalId })),
  );
  // Most are new, or as they were ordered.
  if (cancelled.length === 0) return new Set();
  const changes = await ownChanges(client, brandId, connection);
  const row = await readConnection(client, brandId, connection);
  const can = new Set(toolsOf(kept).connectors.get(row?.kind ?? '')?.can.act ?? []);
  const orders = new Set(
    changes.flatMap(({ order, event }) => {
      if (event === null) return [order];
      const data = JSON.parse(event) as {
        order?: number;
        cancelled?: unknown[];
        reason?: { switched?: unknown };
      };
      const asked = data.reason?.switched === undefined ? 'cancel' : 'switch';
      return data.order !== undefined && (data.cancelled?.length ?? 0) > 0 && can.has(asked)
        ? [data.order]
        : [];
    }),
  );
  return new Set(cancelled.flatMap(({ order, externalId }) => (orders.has(order) ? [externalId] : [])));
}

interface Saving {
  readonly kept: Kept;
  readonly client: pg.PoolClient;
  readonly brandId: number;
  readonly connection: string;
}
