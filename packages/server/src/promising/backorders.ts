import { dayText, type Reason } from '@kept/engine';
import type pg from 'pg';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import {
  type BackorderFilter,
  type BackorderRow,
  type BackorderSortKey,
  listBackorders,
  readAhead,
  readHistory,
  readLineCauses,
  totalBackorders,
} from './backorder-store.ts';
import { readCommitments, readLineName } from './commitment-store.ts';
import { originView, toldView } from './ledger.ts';
import { listPromises } from './ledger-store.ts';
import { promiseFrom } from './line-store.ts';
import { type CommitmentView, commitmentView, promiseView } from './views.ts';
import { type Audience, wordsOf } from './words.ts';
import { deedWords, toldWords } from './words-of-history.ts';
import { loadSettings, type Settings, worldAt } from './world-store.ts';

export interface BackorderQuery extends BackorderFilter {
  readonly sort: BackorderSortKey;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of the queue; the first page brings the totals of all that the filters let through. */
export async function pageBackorders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: BackorderQuery,
) {
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, now);
  const today = dayText(world.today);
  const after =
    query.cursor === undefined
      ? null
      : (decodeCursor(query.cursor, ['string', 'number', 'number']) as [string, number, number]);
  const { sort, direction } = query;
  const { rows } = await listBackorders(client, brandId, today, query, {
    sort,
    direction,
    limit: query.limit + 1,
    after,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: await viewRows(client, brandId, settings, world, page),
    next:
      rows.length > query.limit && last !== undefined
        ? encodeCursor([last.key, last.order_id, last.line])
        : null,
    ...(after === null ? { totals: await totals(client, brandId, today, query) } : {}),
    asOf: now.toISOString(),
  };
}

async function totals(client: pg.PoolClient, brandId: number, today: string, filter: BackorderFilter) {
  // How many stand in each state is told whichever state is looked at: it is what one filters by.
  const rows = await totalBackorders(client, brandId, today, { ...filter, state: undefined });
  const value = new Map<string, number>();
  const byState: Record<string, { lines: number; units: number }> = {};
  let lines = 0;
  let units = 0;
  for (const row of rows) {
    const state = (byState[row.state] ??= { lines: 0, units: 0 });
    state.lines += row.lines;
    state.units += row.units;
    if (filter.state !== undefined && filter.state !== row.state) continue;
    lines += row.lines;
    units += row.units;
    value.set(row.currency, (value.get(row.currency) ?? 0) + row.value);
  }
  return { lines, units, value: [...value].map(([currency, amount]) => ({ amount, currency })), byState };
}

async function viewRows(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: ReturnType<typeof worldAt>,
  rows: readonly BackorderRow[],
) {
  const orders = [...new Set(rows.map((row) => row.order_id))];
  const commitments = await readCommitments(client, brandId, orders);
  const causes = await readLineCauses(client, brandId, orders);
  return rows.map((row) => {
    const cause = causes.get(`${row.order_id}:${row.line}`);
    const context = {
      settings,
      world,
      policy: row.policy,
      notBefore: row.not_before,
      promised: row.ship_by,
      shipComplete: row.ship_complete,
    };
    return {
      id: `${row.order_id}-${row.line}`,
      order: `${row.channel}:${row.ref}`,
      orderId: String(row.order_id),
      line: JSON.parse(row.line_ref) as string | number,
      sku: row.sku,
      title: row.title,
      channel: row.channel,
      customer: row.customer,
      quantity: row.quantity,
      value: { amount: row.value, currency: row.currency },
      waitingSince: row.waiting_since,
      promise:
        row.version === null
          ? null
          : promiseView(promiseFrom({ ...row, version: row.version }), JSON.parse(row.reasons)),
      plannedShipBy: row.planned_on,
      ...(row.not_before === null ? {} : { notBefore: row.not_before }),
      ...(row.cancel_after === null ? {} : { cancelAfter: row.cancel_after }),
      commitments: (commitments.get(`${row.order_id}:${row.line}`) ?? []).map((one) => ({
        ...commitmentView(one.commitment, context, one.supply),
        ...(one.item === row.item_id ? {} : { sku: one.sku }),
      })),
      state: row.state,
      ...(cause === undefined ? {} : { cause }),
    };
  });
}

/**
 * Why a line stands where it stands: by a backorder's id (`order-line`), also after it has left the queue.
 * @throws KeptError `not_found`
 */
export async function explain(kept: Kept, client: pg.PoolClient, brandId: number, id: string) {
  const match = /^(\d{1,15})-(\d{1,9})$/.exec(id);
  const order = Number(match?.[1]);
  const line = Number(match?.[2]);
  const versions = match === null ? [] : await listPromises(client, brandId, { order, line }, 1000, null);
  const history = match === null ? [] : await readHistory(client, brandId, order, line);
  if (history.length === 0)
    throw new KeptError(
      'not_found',
      `There is no backorder ${JSON.stringify(id)}. GET /v1/backorders lists them.`,
    );
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, kept.clock.now());
  const today = dayText(world.today);
  const page = { sort: 'queue', direction: 'asc', limit: 1, after: null } as const;
  const { rows } = await listBackorders(client, brandId, today, { order, line }, page);
  const [backorder] = await viewRows(client, brandId, settings, world, rows);
  const [row] = rows;
  const newest = versions[0];
  const reasons: Reason[] = newest === undefined ? [] : JSON.parse(newest.reasons);
  const now =
    backorder === undefined
      ? reasons
      : currentReasons(reasons, backorder.commitments, backorder.promise?.shipBy);
  const ledger = versions.toReversed().map((version) => ({
    version: version.version,
    change: version.change,
    promise: promiseView(promiseFrom(version), JSON.parse(version.reasons)),
    madeAt: version.made_at,
    told: toldView(version),
    origin: originView(version),
    words: inWords((audience) => wordsOf(JSON.parse(version.reasons), audience, today)),
  }));
  const first = history[0]!;
  const name = await readLineName(client, brandId, order, line);
  return {
    ...(backorder === undefined ? {} : { backorder }),
    order: name.order,
    line: name.line,
    sku: name.sku,
    words: {
      planner: wordsOf(now, 'planner', today),
      agent: wordsOf(now, 'agent', today),
      customer: wordsOf(now, 'customer', today),
    },
    reasons: now,
    ahead:
      row === undefined
        ? { lines: 0, units: 0 }
        : await readAhead(client, brandId, row.item_id, row.rank, order),
    promises: ledger.flatMap(({ promise, madeAt, told, origin, words }) =>
      promise === null
        ? []
        : [{ ...promise, madeAt, told, ...origin, words: words.planner, wordsFor: words }],
    ),
    history: [
      step(first.at, 'ordered', (audience) => deedWords(first, audience)),
      ...ledger.map(({ madeAt, version, words }) =>
        step(
          madeAt,
          version === 1 ? 'promised' : 'promise_changed',
          (audience) => words[audience][0] ?? (audience === 'planner' ? 'Promised.' : null),
        ),
      ),
      ...ledger.flatMap(({ version, told }) =>
        told?.at == null || told.by === 'order'
          ? []
          : [step(told.at, 'told', (audience) => toldWords(version, told.by, audience))],
      ),
      ...history.slice(1).map((one) => step(one.at, one.kind, (audience) => deedWords(one, audience))),
    ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
  };
}

function inWords<Words>(of: (audience: Audience) => Words): Record<Audience, Words> {
  return { planner: of('planner'), agent: of('agent'), customer: of('customer') };
}

/** Something that happened to a line, in each reader's words; null: nothing that concerns them. */
function step(at: string, kind: string, of: (audience: Audience) => string | null) {
  const wordsFor = inWords(of);
  return { at, kind, words: wordsFor.planner ?? '', wordsFor };
}

/**
 * Why the promise was last made, and what backs the line now: since then units may have come in, moved to another supply or
 * been lost, though the promise still stands. A supply that it was made on is told as it was then, with the day that was
 * promised; one that has come in its place is told with the day that still holds.
 */
function currentReasons(
  reasons: readonly Reason[],
  commitments: readonly CommitmentView[],
  promised: string | undefined,
): Reason[] {
  const backing = new Set(['reserved_from_stock', 'pegged_to_supply', 'nothing_backs']);
  return [
    ...reasons.filter((reason) => !backing.has(reason.code)),
    ...commitments.map(({ kind, quantity, shipBy, sku, supply, location }): Reason => {
      const own = { quantity, ...(sku === undefined ? {} : { sku }) };
      if (kind === 'waiting') return { code: 'nothing_backs', ...own };
      if (supply === undefined) return { code: 'reserved_from_stock', location, shipBy, ...own };
      const was = reasons.find(
        (reason) =>
          reason.code === 'pegged_to_supply' &&
          reason.purchaseOrder === supply.purchaseOrder &&
          reason.ref === supply.ref,
      );
      if (was !== undefined) return { ...was, ...own };
      const { kind: supplyKind, ...named } = supply;
      return { code: 'pegged_to_supply', supply: supplyKind, ...named, shipBy: promised ?? shipBy, ...own };
    }),
  ];
}
