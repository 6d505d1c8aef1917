import type { ConnectionFact } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { insertActions } from './action-store.ts';

type OrderFact = Extract<z.output<typeof ConnectionFact>, { kind: 'order' }>;

/** An order that asked and was refused: the connection is told, in the transaction that refused it. */
export async function refuseOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { order: { channel, ref }, externalId, sourceUpdatedAt }: OrderFact,
  error: KeptError,
): Promise<void> {
  const now = kept.clock.now();
  const id = `refused:${channel}:${ref}:${sourceUpdatedAt ?? now.toISOString()}`;
  const action = {
    id,
    at: now.toISOString(),
    kind: 'tell_order' as const,
    order: { channel, ref, externalId },
    news: 'refused' as const,
    state: null,
    refusal: { ...error.extra, code: error.code, detail: error.message },
  };
  await insertActions(client, brandId, connection, now, [{ action, order: null }]);
}
