import type { ReallocationInput } from '@kept/contract';
import { decide, type Reallocate, reallocation, swapsOf, type World } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import {
  decideItems,
  expiredHolds,
  type LoadedItem,
  loadPositions,
  loadSettings,
  type Settings,
  worldAt,
} from '../promising/index.ts';
import { foresee } from './foresee.ts';
import { plainItem } from './items.ts';
import {
  insertApproval,
  insertReallocation,
  listReallocations,
  type Proposal,
  readReallocation,
  readRequestedDays,
  type StoredReallocation,
  type Terms,
} from './reallocation-store.ts';
import { viewReallocations } from './reallocation-view.ts';

/** The lines that a proposal tells one by one. */
const MOST_LINES = 1000;

/**
 * Proposes who gets an item's units anew, by the strategies of their classes or by exchanges that keep more promises. It is
 * written down and can be approved as it is; nobody's units move before.
 * @throws KeptError `unknown_sku`; `invalid_input` for a kit, whose components are given out each by itself
 */
export async function proposeReallocation(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: z.output<typeof ReallocationInput>,
  actor: string,
) {
  const item = await plainItem(client, brandId, input.sku);
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, now);
  const position = await loadItem(client, brandId, settings, world, item);
  // Carts whose time is over keep nothing any more: what is approved is decided without them, too.
  const expired = expiredHolds([position], world.now);
  if (expired.length > 0) decide(world, [position], expired);
  const terms: Terms = {
    kind: input.swaps ? 'swaps' : 'strategies',
    strategies: input.strategies,
    otherwise: input.otherwise,
  };
  const requested = await readRequestedDays(client, brandId, item);
  const { digest, proposal } = proposalOf(world, position, terms, requested);
  const id = await kept.ids.take(brandId, 'reallocation', 1);
  const at = now.toISOString();
  const stored = { id, item, terms, proposal, digest, reason: input.reason, actor, at };
  await insertReallocation(client, brandId, stored);
  return viewWhole(kept, client, brandId, await reallocationOrFail(client, brandId, String(id)));
}

/**
 * Carries a proposal out, if its item is still as it was when it was made; else nothing changes. Who approved is recorded. What is
 * approved already is answered as it is.
 * @throws KeptError `not_found`, `position_changed`
 */
export async function approveReallocation(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
  actor: string,
) {
  const stored = await reallocationOrFail(client, brandId, id);
  if (stored.approved !== null) return viewWhole(kept, client, brandId, stored);
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  const view = await viewWhole(kept, client, brandId, { ...stored, approved: { by: actor, at } });
  if (!(await insertApproval(client, brandId, { id: stored.id, event, actor, at })))
    return viewWhole(kept, client, brandId, await reallocationOrFail(client, brandId, id));
  const { decision } = await decideItems(kept, client, brandId, {
    items: [stored.item],
    scope: { lines: 'queue' },
    event,
    facts: () => [factOf(stored)],
  });
  if (decision.outcomes[0]?.kind === 'outdated')
    throw new KeptError(
      'position_changed',
      `${stored.sku} is not as it was when this was proposed: units came, went or were promised since. Propose it again.`,
    );
  const { transfers } = view;
  const data = {
    reallocation: stored.id,
    sku: stored.sku,
    ...stored.terms,
    reason: stored.reason,
    transfers,
  };
  await recordEvents(client, brandId, [{ id: event, kind: 'units.reallocated', data, at, actor }]);
  return view;
}

export async function viewReallocation(kept: Kept, client: pg.PoolClient, brandId: number, id: string) {
  return viewWhole(kept, client, brandId, await reallocationOrFail(client, brandId, id));
}

export async function pageReallocations(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { sku, limit, cursor }: { sku?: string | undefined; limit: number; cursor?: string | undefined },
) {
  const after = cursor === undefined ? null : Number(decodeCursor(cursor, ['number'])[0]);
  const rows = await listReallocations(client, brandId, sku, after, limit);
  const page = pageOf(rows, limit, (one) => [one.id]);
  const settings = await loadSettings(client, kept.db, brandId);
  return {
    items: await viewReallocations(
      client,
      brandId,
      settings,
      worldAt(settings, kept.clock.now()),
      page.items,
    ),
    next: page.next,
  };
}

function proposalOf(
  world: World,
  position: LoadedItem,
  terms: Terms,
  requested: ReadonlyMap<string, number>,
): { digest: string; proposal: Proposal } {
  if (terms.kind === 'swaps') {
    const { digest, transfers, kept } = swapsOf(world, position, requested);
    return { digest, proposal: { transfers, exceptions: [], freed: 0, kept } };
  }
  const { digest, transfers, exceptions, freed } = reallocation(world, position, { ...terms, requested });
  const told = exceptions.map(({ line, strategy, missing, requested: day }) => ({
    order: line.order,
    line: line.line,
    strategy,
    missing,
    requested: day,
  }));
  return { digest, proposal: { transfers, exceptions: told, freed, kept: 0 } };
}

function factOf({ id, item, digest, proposal, reason }: StoredReallocation): Reallocate {
  return {
    kind: 'reallocate',
    item,
    digest,
    transfers: proposal.transfers,
    cause: { code: 'reallocated', reallocation: String(id), reason },
  };
}

/** With what it does, or did, line by line; foreseen from how things stand now, while it waits for approval. */
async function viewWhole(kept: Kept, client: pg.PoolClient, brandId: number, stored: StoredReallocation) {
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, kept.clock.now());
  const [view] = await viewReallocations(client, brandId, settings, world, [stored]);
  const supposed = { items: [stored.item], supplies: [], facts: () => [factOf(stored)] };
  const { lines, messages } = await foresee(kept, client, brandId, settings, [supposed], MOST_LINES);
  return { ...view!, effects: lines, messages };
}

async function reallocationOrFail(
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<StoredReallocation> {
  const number = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const stored = await readReallocation(client, brandId, number);
  if (stored !== null) return stored;
  throw new KeptError(
    'not_found',
    `There is no re-allocation ${JSON.stringify(id)}. POST /v1/reallocations proposes one.`,
  );
}

async function loadItem(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  item: number,
): Promise<LoadedItem> {
  const [position] = await loadPositions(client, brandId, settings, world, [item], { lines: 'queue' });
  if (position === undefined) throw new Error(`item ${item} is not there`);
  return position;
}
