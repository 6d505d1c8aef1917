import { dayText, type ItemState, type LinePosition, PROMISE_RULES, type PromiseChanged } from '@kept/engine';
import type pg from 'pg';
import { bigints, booleans, days, ints, smallints, texts } from '../platform/columns.ts';
import type { Cause } from './cause.ts';
import { COMMITMENT_KINDS } from './line-store.ts';

/** Lines that were there lose their old commitments; then all commitments of touched and new lines are written. */
export async function saveCommitments(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
): Promise<void> {
  const touched: LinePosition[] = [];
  const written: LinePosition[] = [];
  for (const state of states) {
    for (const line of state.touchedLines.keys()) {
      touched.push(line);
      written.push(line);
    }
    for (const line of state.placed) written.push(line);
  }
  const jobs: Promise<unknown>[] = [];
  if (touched.length > 0)
    jobs.push(
      client.query({
        name: 'drop-commitments',
        text: `delete from commitment c using unnest($2::bigint[], $3::int[], $4::int[]) as n(order_id, line, item_id)
               where c.brand_id = $1 and c.order_id = n.order_id and c.line = n.line and c.item_id = n.item_id`,
        values: [
          brandId,
          bigints(touched, (line) => line.order),
          ints(touched, (line) => line.line),
          ints(touched, (line) => line.item),
        ],
      }),
    );
  const rows = written.flatMap((line) => line.commitments.map((one) => ({ line, one })));
  if (rows.length > 0)
    jobs.push(
      client.query({
        name: 'save-commitments',
        text: `insert into commitment (brand_id, item_id, kind, source, rank, order_id, line, quantity)
               select $1, unnest($2::int[]), unnest($3::smallint[]), unnest($4::int[]), unnest($5::bigint[]),
                 unnest($6::bigint[]), unnest($7::int[]), unnest($8::int[])`,
        values: [
          brandId,
          ints(rows, (row) => row.line.item),
          smallints(rows, (row) => COMMITMENT_KINDS.indexOf(row.one.kind)),
          ints(rows, (row) => row.one.source),
          bigints(rows, (row) => row.line.rank),
          bigints(rows, (row) => row.line.order),
          ints(rows, (row) => row.line.line),
          ints(rows, (row) => row.one.quantity),
        ],
      }),
    );
  await Promise.all(jobs);
}

/** As their tables' keys go: a page that was read for one line serves the next. */
const byLine = (one: LineName, other: LineName) => one.order - other.order || one.line - other.line;
type LineName = { readonly order: number; readonly line: number };

export async function savePromises(
  client: pg.PoolClient,
  brandId: number,
  unordered: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  if (unordered.length === 0) return;
  const promises = unordered.toSorted(byLine);
  const latestDelivery = ({ promise: { parts } }: PromiseChanged) => {
    let latest: number | null = null;
    for (const part of parts) if (latest === null || part.deliverBy > latest) latest = part.deliverBy;
    return latest;
  };
  await client.query({
    name: 'save-promises',
    text: `insert into promise (brand_id, order_id, line, version, quantity, ship_by, deliver_by, parts, shipped_before,
             change, reasons, event_id, made_at, rules, settings)
           select $1, unnest($2::bigint[]), unnest($3::int[]), unnest($4::int[]), unnest($5::int[]), unnest($6::date[]),
             unnest($7::date[]), unnest($8::text[]), unnest($9::int[]), unnest($10::text[]), unnest($11::text[]),
             unnest($12::bigint[]), $13::timestamptz, $14, $15`,
    values: [
      brandId,
      bigints(promises, (one) => one.order),
      ints(promises, (one) => one.line),
      ints(promises, (one) => one.promise.version),
      ints(promises, (one) => one.promise.parts.reduce((units, part) => units + part.quantity, 0)),
      days(promises, (one) => one.promise.parts.at(-1)?.shipBy),
      days(promises, latestDelivery),
      texts(promises, (one) =>
        JSON.stringify(
          one.promise.parts.map((part) => [part.quantity, dayText(part.shipBy), dayText(part.deliverBy)]),
        ),
      ),
      ints(promises, (one) => one.promise.shippedBefore),
      texts(promises, (one) => one.promise.change),
      texts(promises, (one) => JSON.stringify(one.reasons)),
      bigints(promises, (one) => cause.eventOf(one.order)),
      cause.recordedAt,
      PROMISE_RULES,
      cause.settings,
    ],
  });
}

/** The lines that were there: their newest promise, the rank a first promise gives, and since when they wait. */
export async function saveLines(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
  promises: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  // A batch of new orders has nothing to change in lines that were there.
  const placed = placedLines(states);
  const isPlaced = (one: PromiseChanged) => placed.get(one.order)?.includes(one.line) === true;
  if (states.every((state) => state.touchedLines.size === 0) && promises.every(isPlaced)) return;
  const changed = new Map<
    number,
    // Whether it waits now; null: nothing of what backs it has changed.
    { order: number; line: number; version: number; rank: number | null; waits: boolean | null }
  >();
  const changing = (order: number, line: number) => {
    const key = order * 2 ** 20 + line; // as the engine's desk tells lines apart
    let known = changed.get(key);
    if (known === undefined) {
      known = { order, line, version: 0, rank: null, waits: null };
      changed.set(key, known);
    }
    return known;
  };
  for (const state of states)
    for (const line of state.touchedLines.keys()) {
      const known = changing(line.order, line.line);
      known.waits = known.waits === true || line.commitments.some((one) => one.kind !== 'reserved');
    }
  for (const one of promises) {
    if (isPlaced(one)) continue;
    const known = changing(one.order, one.line);
    known.version = Math.max(known.version, one.promise.version);
    known.rank = one.rank ?? known.rank;
  }
  const rows = [...changed.values()].sort(byLine);
  if (rows.length === 0) return;
  await client.query({
    name: 'save-lines',
    text: `update order_line l set promise_version = greatest(l.promise_version, n.version), rank = coalesce(n.rank, l.rank),
             waiting_since = case when n.waits then coalesce(l.waiting_since, $2::timestamptz) else l.waiting_since end,
             waited_until = case when n.waits then null when n.waits is null then l.waited_until
               when l.waiting_since is not null then coalesce(l.waited_until, $2::timestamptz) end
           from unnest($3::bigint[], $4::int[], $5::int[], $6::bigint[], $7::boolean[]) as n(order_id, line, version, rank, waits)
           where l.brand_id = $1 and l.order_id = n.order_id and l.line = n.line`,
    values: [
      brandId,
      cause.recordedAt,
      bigints(rows, (row) => row.order),
      ints(rows, (row) => row.line),
      ints(rows, (row) => row.version),
      bigints(rows, (row) => row.rank),
      booleans(rows, (row) => row.waits),
    ],
  });
}

/** The lines that the decision itself placed, by order. */
function placedLines(states: readonly ItemState[]): Map<number, number[]> {
  const placed = new Map<number, number[]>();
  for (const state of states)
    for (const { order, line } of state.placed) {
      const lines = placed.get(order);
      if (lines === undefined) placed.set(order, [line]);
      else lines.push(line);
    }
  return placed;
}

/** Tied orders' newest promises on their lines. */
export async function saveTiedLines(
  client: pg.PoolClient,
  brandId: number,
  promises: readonly PromiseChanged[],
  cause: Cause,
): Promise<void> {
  await Promise.all([
    savePromises(client, brandId, promises, cause),
    saveLines(client, brandId, [], promises, cause),
  ]);
}
