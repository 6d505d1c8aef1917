import type pg from 'pg';
import { texts } from '../platform/columns.ts';
import type { Action } from './connector.ts';

/** Notes what a connection is asked to do; the same id twice is one. */
export async function insertActions(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  at: Date,
  /** Each with the order that it is about. */
  actions: readonly { readonly action: Action; readonly order: number | null }[],
): Promise<void> {
  if (actions.length === 0) return;
  await client.query(
    `insert into connection_action (brand_id, connection, action_id, kind, action, try_at, created_at, order_id)
     select $1, $2, action_id, kind, action, $3, $3, order_id
     from unnest($4::text[], $5::text[], $6::text[], $7::bigint[]) as a(action_id, kind, action, order_id)
     on conflict do nothing`,
    [
      brandId,
      connection,
      at,
      texts(actions, ({ action }) => action.id),
      texts(actions, ({ action }) => action.kind),
      texts(actions, ({ action }) => JSON.stringify(action)),
      actions.map(({ order }) => order),
    ],
  );
}

export type ActionState = 'waiting' | 'pending' | 'done' | 'refused' | 'withdrawn';

export interface ActionRow {
  readonly id: string;
  /** JSON. */
  readonly action: string;
  readonly state: ActionState;
  readonly handle: string | null;
  readonly attempts: number;
  readonly trouble: string | null;
  readonly createdAt: string;
  readonly doneAt: string | null;
  readonly order: number | null;
}

const COLUMNS = `action_id as id, action, state, handle, attempts, trouble, created_at as "createdAt", done_at as "doneAt",
  order_id as "order"`;

/**
 * Takes actions that are due, in the order in which they were asked, for so many seconds by the database's clock. Of one order
 * one at a time: what was asked first is done first.
 */
export async function claimActions(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  now: Date,
  limit: number,
  leaseSeconds: number,
): Promise<ActionRow[]> {
  const { rows } = await client.query({
    name: 'claim-actions',
    // What is before it of its order is looked up by the order: by the connection, each would walk through all that waits there.
    text: `update connection_action a set attempts = attempts + 1,
             claimed_until = clock_timestamp() + make_interval(secs => $5)
           where a.brand_id = $1 and a.ctid = any(array(
             select w.ctid from connection_action w
             where w.brand_id = $1 and w.connection = $2 and w.state in ('waiting', 'pending') and w.try_at <= $3
               and (w.claimed_until is null or w.claimed_until < clock_timestamp())
               and (w.order_id is null or not exists (
                 select from connection_action b where b.brand_id = w.brand_id and b.order_id = w.order_id
                   and b.connection || '' = w.connection and b.state in ('waiting', 'pending')
                   and (b.created_at, b.action_id) < (w.created_at, w.action_id)))
             order by w.created_at, w.action_id limit $4 for update skip locked))
           returning ${COLUMNS}`,
    values: [brandId, connection, now, limit, leaseSeconds],
  });
  return rows.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}

/** Keeps what was claimed and is not recorded yet, for so many seconds more. */
export async function renewActions(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  claimed: readonly Pick<ActionRow, 'id' | 'attempts'>[],
  leaseSeconds: number,
): Promise<void> {
  await client.query(
    `update connection_action a set claimed_until = clock_timestamp() + make_interval(secs => $5)
     from unnest($3::text[], $4::int[]) as c(action_id, attempts)
     where a.brand_id = $1 and a.connection = $2 and a.action_id = c.action_id and a.attempts = c.attempts
       and a.claimed_until is not null and a.state in ('waiting', 'pending')`,
    [brandId, connection, texts(claimed, (one) => one.id), claimed.map((one) => one.attempts), leaseSeconds],
  );
}

export interface ActionOutcome {
  readonly state: Exclude<ActionState, 'withdrawn'>;
  readonly handle: string | null;
  readonly tryAt: Date;
  readonly doneAt: Date | null;
  /** Why it waits or was refused; of one that is done, what it is called there. */
  readonly trouble: string | null;
}

/** What an attempt came to, unless another one has been made since. */
export async function recordAction(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  { id, attempts }: Pick<ActionRow, 'id' | 'attempts'>,
  outcome: ActionOutcome,
): Promise<void> {
  await client.query({
    name: 'record-action',
    text: `update connection_action set state = $5, handle = $6, try_at = $7, done_at = $8, trouble = $9, claimed_until = null
           where brand_id = $1 and connection = $2 and action_id = $3 and attempts = $4 and state in ('waiting', 'pending')`,
    values: [
      brandId,
      connection,
      id,
      attempts,
      outcome.state,
      outcome.handle,
      outcome.tryAt,
      outcome.doneAt,
      outcome.trouble?.slice(0, 1000) ?? null,
    ],
  });
}

export async function readAction(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  id: string,
): Promise<ActionRow | null> {
  const { rows } = await client.query(
    `select ${COLUMNS} from connection_action where brand_id = $1 and connection = $2 and action_id = $3`,
    [brandId, connection, id],
  );
  return rows[0] ?? null;
}

/** Actions by when they were asked, the newest first. */
export async function listActions(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  state: ActionState | null,
  after: readonly [string, string] | null,
  limit: number,
): Promise<ActionRow[]> {
  const { rows } = await client.query(
    `select ${COLUMNS} from connection_action
     where brand_id = $1 and connection = $2 and ($3::text is null or state = $3)
       and ($4::text is null or (created_at, action_id) < ($4::timestamptz, $5))
     order by created_at desc, action_id desc limit $6`,
    [brandId, connection, state, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows;
}

/** A person has an action tried again, or gives it up. @returns false where it is not one that waits or was refused */
export async function decideAction(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
  id: string,
  to: 'waiting' | 'withdrawn',
  now: Date,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `update connection_action set state = $4, try_at = $5, handle = null, claimed_until = null
     where brand_id = $1 and connection = $2 and action_id = $3 and state in ('waiting', 'pending', 'refused')`,
    [brandId, connection, id, to, now],
  );
  return rowCount === 1;
}

/** Of orders, those that were held there. */
export async function heldOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Set<number>> {
  const { rows } = await client.query(
    `select distinct order_id from connection_action
     where brand_id = $1 and order_id = any($2::bigint[]) and kind = 'hold' and state <> 'withdrawn'`,
    [brandId, [...orders]],
  );
  return new Set(rows.map((row) => row.order_id));
}
