import type pg from 'pg';
import { texts } from '../platform/columns.ts';
import type { Action } from './connector.ts';

/** Notes what a connection is asked to do; the same id twice is one. */
export async function insertActions(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  at: Date,
  actions: readonly Action[],
  orderId: number | null = null,
): Promise<void> {
  if (actions.length === 0) return;
  await client.query(
    `insert into connection_action (brand_id, connection, action_id, kind, action, try_at, created_at, order_id)
     select $1, $2, action_id, kind, action, $3, $3, $7 from unnest($4::text[], $5::text[], $6::text[]) as a(action_id, kind, action)
     on conflict do nothing`,
    [
      brandId,
      connection,
      at,
      texts(actions, (one) => one.id),
      texts(actions, (one) => one.kind),
      texts(actions, (one) => JSON.stringify(one)),
      orderId,
    ],
  );
}
