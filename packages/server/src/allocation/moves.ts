import { type LinePosition, type NewRank, type QueuePlace, ranksAt } from '@kept/engine';
import type pg from 'pg';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems, type Loaded } from '../promising/index.ts';
import { lineOf } from './backorder-id.ts';
import {
  itemsOfLine,
  keyOf,
  type LineKey,
  type NamedLine,
  readNamedLines,
  withKitItems,
  writeRanks,
} from './line-store.ts';
import {
  holdMove,
  insertMove,
  listMoves,
  markUndone,
  type RankChange,
  type StoredMove,
} from './move-store.ts';

export interface MoveOrder {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly to?: 'first' | 'last' | undefined;
  readonly reason: string;
  readonly actor: string;
}

/**
 * Puts a line elsewhere in its queue, by hand and with a reason. The place decides who gets units that are free, become free or
 * are short; nobody loses one by it, and it stays when the line is promised for the first time.
 * @throws KeptError `not_found`; `conflict` where a line waits no more, or the other stands in another queue
 */
export async function moveLine(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
  order: MoveOrder,
) {
  const { key, named } = await lineOf(client, brandId, id);
  const items = await withKitItems(client, brandId, await itemsOfLine(client, brandId, key));
  if (items.length === 0)
    throw new KeptError('conflict', `Nothing of line ${named.line} of ${named.order} is open any more.`);
  const place = await placeOf(client, brandId, order);
  const [event, move] = await Promise.all([
    kept.ids.take(brandId, 'event', 1),
    kept.ids.take(brandId, 'queue_move', 1),
  ]);
  const at = kept.clock.now().toISOString();
  const cause = { code: 'queue_moved', reason: order.reason };
  let changes: RankChange[] = [];
  let from = 0;
  let to = 0;
  await decideItems(kept, client, brandId, {
    items,
    scope: { lines: 'queue' },
    event,
    facts: (loaded) => {
      const queue = queueOf(loaded, key, place);
      from = placeIn(queue, key);
      const ranks = ranksAt(queue, key, place);
      if (ranks === null) throw otherQueue(named);
      changes = changesOf(queue, ranks, key);
      const moved = changes.map((one) => rankFact(one, key));
      const after = new Map(changes.map((one) => [keyOf(one), one.after]));
      to = placeIn(
        queue.map((line) => ({ ...line, rank: after.get(keyOf(line)) ?? line.rank })),
        key,
      );
      return [{ kind: 'rank', ranks: moved, cause }];
    },
    saveLines: () =>
      writeRanks(
        client,
        brandId,
        changes.map((one) => rankFact(one, key)),
      ),
  });
  const stored = { move, ...key, ranks: changes, reason: order.reason, actor: order.actor, at };
  await insertMove(client, brandId, { ...stored, event });
  const data = { move, order: key.order, line: named.line, from, to, reason: order.reason };
  await recordEvents(client, brandId, [{ id: event, kind: 'queue.moved', data, at, actor: order.actor }]);
  return moveView({ ...stored, undone: null }, named, { from, to });
}

/**
 * Takes a move back: the line stands where it stood. Doing it twice changes nothing the second time.
 * @throws KeptError `not_found`; `conflict` where its place was changed again since: that has to be taken back first
 */
export async function undoMove(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
  { reason, actor }: { reason: string | null; actor: string },
) {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const move = await holdMove(client, brandId, number);
  if (move === null)
    throw new KeptError('not_found', `There is no move ${JSON.stringify(id)}. GET /v1/moves lists them.`);
  const named = (await readNamedLines(client, brandId, [move])).get(keyOf(move))!;
  if (move.undone !== null) return moveView(move, named, null);
  const items = await withKitItems(client, brandId, await itemsOfLine(client, brandId, move));
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  const undone = { by: actor, at, reason };
  let back: NewRank[] = [];
  let place: { from: number; to: number } | null = null;
  await decideItems(kept, client, brandId, {
    items,
    scope: { lines: 'queue' },
    event,
    facts: ({ positions }) => {
      const lines = [...positions.values()].flatMap((position) => position.lines);
      back = ranksBack(move, lines, named);
      if (back.length === 0) return [];
      const queue = [...positions.values()].find(({ lines: own }) =>
        own.some((line) => isLine(line, move)),
      )?.lines;
      const after = new Map(back.map((one) => [keyOf(one), one.rank]));
      if (queue !== undefined)
        place = {
          from: placeIn(queue, move),
          to: placeIn(
            queue.map((line) => ({ ...line, rank: after.get(keyOf(line)) ?? line.rank })),
            move,
          ),
        };
      const cause = { code: 'queue_move_undone', ...(reason === null ? {} : { reason }) };
      return [{ kind: 'rank', ranks: back, cause }];
    },
    saveLines: () => writeRanks(client, brandId, back),
  });
  await markUndone(client, brandId, [move.move], undone);
  const data = { move: move.move, order: move.order, line: named.line, reason };
  await recordEvents(client, brandId, [{ id: event, kind: 'queue.move_undone', data, at, actor }]);
  return moveView({ ...move, undone }, named, place);
}

export async function pageMoves(
  client: pg.PoolClient,
  brandId: number,
  { sku, limit, cursor }: { sku?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const after = cursor === undefined ? null : Number(decodeCursor(cursor, ['number'])[0]);
  const page = pageOf(await listMoves(client, brandId, sku, after, limit), limit, (move) => [move.move]);
  const named = await readNamedLines(client, brandId, page.items);
  return { items: page.items.map((move) => moveView(move, named.get(keyOf(move))!, null)), next: page.next };
}

async function placeOf(
  client: pg.PoolClient,
  brandId: number,
  { before, after, to }: MoveOrder,
): Promise<QueuePlace> {
  if (before !== undefined) return { before: (await lineOf(client, brandId, before)).key };
  if (after !== undefined) return { after: (await lineOf(client, brandId, after)).key };
  return { end: to ?? 'first' };
}

/** The queue in which the line stands beside the other; a kit stands in several. */
function queueOf({ positions }: Loaded, line: LineKey, place: QueuePlace): readonly LinePosition[] {
  const other = 'before' in place ? place.before : 'after' in place ? place.after : line;
  const queues = [...positions.values()].map((position) => position.lines);
  const own = queues.filter((lines) => lines.some((one) => isLine(one, line)));
  return own.find((lines) => lines.some((one) => isLine(one, other))) ?? own[0] ?? [];
}

function changesOf(
  queue: readonly LinePosition[],
  ranks: ReadonlyMap<LinePosition, number>,
  moved: LineKey,
): RankChange[] {
  const self = queue.find((line) => isLine(line, moved))!;
  const all = new Map([[self, self.rank], ...ranks]);
  return [...all].map(([line, after]) => ({
    order: line.order,
    line: line.line,
    before: line.rank,
    after,
    addedBefore: line.added?.rank ?? null,
    movedBefore: line.moved === true,
  }));
}

/** The line's added units go with it; those that only make room keep theirs. */
function rankFact({ order, line, after, addedBefore, movedBefore }: RankChange, moved: LineKey): NewRank {
  const self = isLine({ order, line }, moved);
  return {
    order,
    line,
    rank: after,
    addedRank: self && addedBefore !== null ? after : null,
    moved: self || movedBefore,
  };
}

function ranksBack(move: StoredMove, lines: readonly LinePosition[], named: NamedLine): NewRank[] {
  return move.ranks.flatMap((one) => {
    const line = lines.find((candidate) => isLine(candidate, one));
    if (line === undefined) return [];
    if (line.rank !== one.after)
      throw new KeptError(
        'conflict',
        `The place of line ${named.line} of ${named.order} was changed again since. Take the later moves back first (GET /v1/moves).`,
      );
    return [
      {
        order: one.order,
        line: one.line,
        rank: one.before,
        addedRank: one.addedBefore,
        moved: one.movedBefore,
      },
    ];
  });
}

function placeIn(queue: readonly LinePosition[], line: LineKey): number {
  const own = queue.find((one) => isLine(one, line));
  if (own === undefined) return 0;
  const before = (one: LinePosition) =>
    one.rank < own.rank ||
    (one.rank === own.rank && (one.order < own.order || (one.order === own.order && one.line < own.line)));
  return 1 + queue.filter(before).length;
}

function isLine(one: LineKey, other: LineKey): boolean {
  return one.order === other.order && one.line === other.line;
}

function otherQueue({ sku }: NamedLine): KeptError {
  return new KeptError(
    'conflict',
    `The line to stand beside is not in the queue of ${sku}, or waits no more. GET /v1/backorders?sku=${encodeURIComponent(sku)} lists who is.`,
  );
}

function moveView(move: StoredMove, named: NamedLine, place: { from: number; to: number } | null) {
  const { reason, actor, at, undone } = move;
  return { ...named, move: String(move.move), place, reason, by: actor, at, undone };
}
