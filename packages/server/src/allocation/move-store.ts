import type pg from 'pg';
import type { LineKey } from './line-store.ts';

/** A line's rank before and after a move; added units have their own. `movedBefore`: its place was by hand already. */
export interface RankChange extends LineKey {
  readonly before: number;
  readonly after: number;
  readonly addedBefore: number | null;
  readonly movedBefore: boolean;
}

export interface StoredMove extends LineKey {
  readonly move: number;
  /** The line itself first; then those that had to stand closer together. */
  readonly ranks: readonly RankChange[];
  readonly reason: string;
  readonly actor: string;
  readonly at: string;
  readonly undone: { readonly by: string; readonly at: string; readonly reason: string | null } | null;
}

export async function insertMove(
  client: pg.PoolClient,
  brandId: number,
  move: Omit<StoredMove, 'undone'> & { readonly event: number },
): Promise<void> {
  const { order, line, reason, actor, at, event } = move;
  await client.query(
    `insert into queue_move (brand_id, move_id, order_id, line, ranks, reason, actor, at, event_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [brandId, move.move, order, line, JSON.stringify(move.ranks), reason, actor, at, event],
  );
}

/** A move, kept from others until the transaction ends; null: there is none. */
export async function holdMove(
  client: pg.PoolClient,
  brandId: number,
  move: number,
): Promise<StoredMove | null> {
  const { rows } = await client.query(`${MOVES} where m.brand_id = $1 and m.move_id = $2 for update of m`, [
    brandId,
    move,
  ]);
  return rows.length === 0 ? null : moveFrom(rows[0]);
}

export async function markUndone(
  client: pg.PoolClient,
  brandId: number,
  moves: readonly number[],
  { by, at, reason }: { by: string; at: string; reason: string | null },
): Promise<void> {
  await client.query(
    `update queue_move set undone_by = $3, undone_at = $4, undone_reason = $5
     where brand_id = $1 and move_id = any($2) and undone_at is null`,
    [brandId, moves, by, at, reason],
  );
}

/** Moves in force of some lines. */
export async function movesInForce(
  client: pg.PoolClient,
  brandId: number,
  lines: readonly LineKey[],
): Promise<number[]> {
  const { rows } = await client.query(
    `select m.move_id from queue_move m
     join unnest($2::bigint[], $3::int[]) as n(order_id, line) on m.order_id = n.order_id and m.line = n.line
     where m.brand_id = $1 and m.undone_at is null`,
    [brandId, lines.map((one) => one.order), lines.map((one) => one.line)],
  );
  return rows.map((row) => row.move_id);
}

/** Newest first, after one; one more than `limit`. */
export async function listMoves(
  client: pg.PoolClient,
  brandId: number,
  sku: string | undefined,
  after: number | null,
  limit: number,
): Promise<StoredMove[]> {
  const { rows } = await client.query(
    `${MOVES} where m.brand_id = $1 and ($2::bigint is null or m.move_id < $2)
       and ($3::text is null or exists (
         select from commitment c join item i on i.brand_id = c.brand_id and i.item_id = c.item_id
         where c.brand_id = $1 and c.order_id = m.order_id and c.line = m.line and i.sku = $3))
     order by m.move_id desc limit $4`,
    [brandId, after, sku ?? null, limit + 1],
  );
  return rows.map(moveFrom);
}

const MOVES = `select m.move_id, m.order_id, m.line, m.ranks, m.reason, m.actor, m.at, m.undone_by, m.undone_at,
  m.undone_reason from queue_move m`;

// biome-ignore lint/suspicious/noExplicitAny: rows of the statement above, column by column
function moveFrom(row: any): StoredMove {
  return {
    move: row.move_id,
    order: row.order_id,
    line: row.line,
    ranks: JSON.parse(row.ranks),
    reason: row.reason,
    actor: row.actor,
    at: row.at,
    undone:
      row.undone_at === null ? null : { by: row.undone_by, at: row.undone_at, reason: row.undone_reason },
  };
}
