import type { PurchaseOrderRevision } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { changeSupplies, differs, type SupplyChange } from './change-supplies.ts';
import { deliveriesOf, lockOrders } from './lines.ts';
import type { StoredSupply } from './supply-store.ts';

/** What a supplier said of a line after the order was placed. */
export type RevisionRecord = z.output<typeof PurchaseOrderRevision> & { readonly purchaseOrder: string };

/**
 * Suppliers moved lines' dates, quantities or stages. Revisions of one line are applied in the order given; those of
 * different lines are decided together. What already is as it says changes nothing.
 * @throws KeptError `not_found` for an order, line or schedule that is not there: then nothing is changed
 */
export async function saveRevisions(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  revisions: readonly RevisionRecord[],
): Promise<void> {
  let left = revisions;
  while (left.length > 0) {
    const lines = new Set<string>();
    const round: RevisionRecord[] = [];
    const later: RevisionRecord[] = [];
    for (const revision of left) {
      const line = JSON.stringify([revision.purchaseOrder, String(revision.line)]);
      (lines.has(line) ? later : round).push(revision);
      lines.add(line);
    }
    await saveRound(kept, client, brandId, round);
    left = later;
  }
}

async function saveRound(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  revisions: readonly RevisionRecord[],
): Promise<void> {
  const orders = await lockOrders(client, brandId, [...new Set(revisions.map((one) => one.purchaseOrder))]);
  const moved = revisions
    .map((revision) => ({
      revision,
      changes: changesOf(revision, orders.get(revision.purchaseOrder)!),
    }))
    .filter(({ changes }) => changes.length > 0);
  if (moved.length === 0) return;
  const now = kept.clock.now();
  const event = await kept.ids.take(brandId, 'event', moved.length);
  await recordEvents(
    client,
    brandId,
    moved.map(({ revision }, index) => ({
      id: event + index,
      kind: 'purchase_order.revised',
      data: revision,
      at: now.toISOString(),
    })),
  );
  const changes = moved.flatMap(({ revision, changes }, index) =>
    changes.map((change) => ({
      ...change,
      event: event + index,
      happenedAt: revision.at === undefined ? now : new Date(revision.at),
    })),
  );
  await changeSupplies(kept, client, brandId, changes, { event, happenedAt: now });
}

/** What a revision does to the deliveries of its line; what already is as it says is left out. */
export function changesOf(revision: RevisionRecord, supplies: readonly StoredSupply[]): SupplyChange[] {
  const deliveries = deliveriesOf(supplies, revision.purchaseOrder, revision);
  if (revision.quantity !== undefined && deliveries.length > 1)
    throw new KeptError(
      'invalid_input',
      `Line ${JSON.stringify(revision.line)} of ${revision.purchaseOrder} comes in ${deliveries.length} deliveries; name the schedule whose quantity it is.`,
      { errors: [{ path: 'schedule', message: 'expected the delivery whose quantity this is' }] },
    );
  return deliveries
    .map((known): SupplyChange => {
      const next = {
        ...known,
        expectedOn: revision.expectedOn === undefined ? known.expectedOn : revision.expectedOn,
        ordered: revision.quantity ?? known.ordered,
        stage: revision.stage ?? known.stage,
      };
      return { known, next, reason: revision.reason };
    })
    .filter(({ known, next }) => differs(known!, next));
}
