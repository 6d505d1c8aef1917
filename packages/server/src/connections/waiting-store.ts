import type pg from 'pg';

export interface Waiting {
  readonly pushes: number;
  readonly actions: number;
  readonly refusedActions: number;
  readonly availabilities: number;
  readonly refusedFacts: number;
}

/** What of a connection is still to be done, or to be looked at by a person. */
export async function countWaiting(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
): Promise<Waiting> {
  const { rows } = await client.query({
    name: 'count-waiting-of-connection',
    text: `select
             (select count(*)::int from connection_push where brand_id = $1 and connection = $2 and done_at is null) as pushes,
             (select count(*)::int from connection_action
               where brand_id = $1 and connection = $2 and state in ('waiting', 'pending')) as actions,
             (select count(*)::int from connection_action
               where brand_id = $1 and connection = $2 and state = 'refused') as "refusedActions",
             (select count(*)::int from connection_item where brand_id = $1 and connection = $2 and due) as availabilities,
             (select count(*)::int from connection_refusal where brand_id = $1 and connection = $2) as "refusedFacts"`,
    values: [brandId, connection],
  });
  return rows[0];
}

/** Nothing waits any more, and nothing is known of what was told; refused facts stay for a person to see. */
export async function forgetConnection(
  client: pg.PoolClient,
  brandId: number,
  connection: string,
): Promise<void> {
  const values = [brandId, connection];
  await client.query('delete from connection_stream where brand_id = $1 and connection = $2', values);
  await client.query(
    'delete from connection_push where brand_id = $1 and connection = $2 and done_at is null',
    values,
  );
  await client.query('delete from connection_item where brand_id = $1 and connection = $2', values);
  await client.query(
    `update connection_action set state = 'withdrawn' where brand_id = $1 and connection = $2 and state in ('waiting', 'pending')`,
    values,
  );
}
