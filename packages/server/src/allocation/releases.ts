import { dayText, picksOf, type ReleaseBlock, releasable, swapsOf, type World } from '@kept/engine';
import type pg from 'pg';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import {
  findOrderByName,
  loadPositions,
  loadSettings,
  lockItems,
  lockSettings,
  noteChanges,
  type Settings,
  worldAt,
} from '../promising/index.ts';
import { readRequestedDays } from './reallocation-store.ts';
import {
  insertRelease,
  listReserved,
  readReleases,
  type StoredRelease,
  unreleasedOf,
} from './release-store.ts';

export interface ReleaseFilter {
  readonly sku?: string | undefined;
  readonly order?: string | undefined;
  readonly state?: 'whole' | 'part' | 'blocked' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Items whose queues are looked at for swaps, on the first page. */
const MOST_ITEMS_FOR_SWAPS = 100;

/** Orders with reserved units, and what of them can be released to pick; the earliest promised first. */
export async function pageReleases(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  filter: ReleaseFilter,
) {
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, now);
  const order = filter.order === undefined ? undefined : await orderNamed(client, brandId, filter.order);
  const after =
    filter.cursor === undefined
      ? null
      : (decodeCursor(filter.cursor, ['string', 'number']) as [string, number]);
  const rows = await listReserved(client, brandId, { sku: filter.sku, order }, after, filter.limit);
  const page = pageOf(rows, filter.limit, (row) => [row.key, row.order]);
  const releases = await readReleases(
    client,
    brandId,
    page.items.map((row) => row.order),
  );
  const views = releases.map((one) => releaseView(one, world));
  return {
    items: filter.state === undefined ? views : views.filter((one) => one.state === filter.state),
    next: page.next,
    ...(after === null ? { swaps: await swapsAmong(client, brandId, settings, world, releases) } : {}),
    asOf: now.toISOString(),
  };
}

/**
 * Releases reserved units of an order to pick: all that can be, or what is named. What is being picked is nobody else's: no ranking
 * and no re-allocation takes it.
 * @throws KeptError `not_found`; `conflict` where so much cannot be released; `position_changed` where a version is named and is
 *   no longer the order's
 */
export async function approveRelease(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  approval: {
    readonly lines?: readonly { readonly line: string | number; readonly quantity: number }[] | undefined;
    readonly version?: string | undefined;
  },
  actor: string,
) {
  const order = await orderNamed(client, brandId, name);
  const world = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
  const found = await readUnderLock(client, brandId, order);
  if (found === undefined) throw new KeptError('conflict', `Nothing of the order ${name} is open any more.`);
  if (approval.version !== undefined && approval.version !== versionOf(found))
    throw new KeptError(
      'position_changed',
      `The order ${found.name} is not as it was when this was proposed. GET /v1/releases?order=${encodeURIComponent(found.name)} tells how it is.`,
    );
  await release(kept, client, brandId, found, world, actor, approval.lines);
  const [after] = await readReleases(client, brandId, [order]);
  return releaseView(after!, world);
}

/** What policies release without somebody's approval: whole orders, or parts as well. Answers how many orders. */
export async function releaseWhatIsDue(kept: Kept, brandId: number): Promise<number> {
  const { settings, orders } = await withBrand(kept.db, brandId, async (client) => {
    const settings = await loadSettings(client, kept.db, brandId);
    const automatic = [...settings.policies.values()].filter((policy) => policy.release !== 'by_hand');
    const names = automatic.map((policy) => policy.name);
    return { settings, orders: names.length === 0 ? [] : await unreleasedOf(client, brandId, names) };
  });
  let released = 0;
  for (const order of orders)
    released += await withBrand(kept.db, brandId, async (client) => {
      const world = worldAt(settings, kept.clock.now());
      const found = await readUnderLock(client, brandId, order);
      if (found === undefined || !isAutomatic(found, world, settings)) return 0;
      await release(kept, client, brandId, found, world, 'policy');
      return 1;
    });
  return released;
}

/** An order is released by itself only where the policies of all its lines say so. */
function isAutomatic(found: StoredRelease, world: World, settings: Settings): boolean {
  const { state } = releasable(found, world.today);
  if (state === 'blocked') return false;
  const ways = found.lines.map((line) => settings.policies.get(line.policy)?.release ?? 'by_hand');
  return ways.every((way) => way === 'parts' || (way === 'whole' && state === 'whole'));
}

async function release(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  found: StoredRelease,
  world: World,
  actor: string,
  wanted?: readonly { readonly line: string | number; readonly quantity: number }[],
): Promise<void> {
  const offered = releasable(found, world.today);
  const lines = wanted === undefined ? offered.lines : namedLines(found, offered.lines, wanted);
  if (lines.length === 0) throw cannotRelease(found.name, offered.block);
  const byLine = new Map(found.lines.map((line) => [line.line, line]));
  const picks = lines.flatMap(({ line, quantity }) =>
    picksOf(byLine.get(line)!, quantity).map((pick) => ({ line, ...pick })),
  );
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  await insertRelease(client, brandId, found.order, lines, picks, { event, actor, at });
  const told = lines.map(({ line, quantity }) => ({ line: byLine.get(line)!.ref, quantity }));
  const data = { order: found.order, lines: told };
  await recordEvents(client, brandId, [{ id: event, kind: 'order.released', data, at, actor }]);
}

function namedLines(
  found: StoredRelease,
  offered: readonly { readonly line: number; readonly quantity: number }[],
  wanted: readonly { readonly line: string | number; readonly quantity: number }[],
) {
  if (found.shipComplete)
    throw new KeptError(
      'conflict',
      `The order ${found.name} ships complete: it is released whole, without lines.`,
    );
  return wanted.map(({ line: ref, quantity }, index) => {
    const line = found.lines.find((one) => String(one.ref) === String(ref));
    const most = offered.find((one) => one.line === line?.line)?.quantity ?? 0;
    if (line !== undefined && quantity <= most) return { line: line.line, quantity };
    throw new KeptError(
      'conflict',
      line === undefined
        ? `The order ${found.name} has no open line ${JSON.stringify(ref)}.`
        : `${most} of line ${ref} of ${found.name} can be released, not ${quantity}.`,
      {
        errors: [
          { path: `lines[${index}]`, message: 'expected an open line, and no more than can be released' },
        ],
      },
    );
  });
}

const BLOCKS: Record<ReleaseBlock, string> = {
  unpaid: 'it is not paid yet',
  ships_complete: 'it ships complete, and some of it is not here',
  not_before: 'it is asked for later',
  released_already: 'all that is here is being picked already',
  nothing_reserved: 'nothing of it is here',
};

function cannotRelease(name: string, block: ReleaseBlock | null): KeptError {
  return new KeptError(
    'conflict',
    `Nothing of the order ${name} can be released: ${BLOCKS[block ?? 'nothing_reserved']}.`,
  );
}

/** An order as it stands under the locks of its items, so that nobody takes what is being released. */
async function readUnderLock(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<StoredRelease | undefined> {
  const [before] = await readReleases(client, brandId, [order]);
  if (before === undefined) return undefined;
  await lockSettings(client, brandId, 'shared');
  const items = [...new Set(before.lines.flatMap((line) => line.legs.map((leg) => leg.item)))];
  await lockItems(client, brandId, items);
  await noteChanges(client, brandId, items);
  return (await readReleases(client, brandId, [order]))[0];
}

async function orderNamed(client: pg.PoolClient, brandId: number, name: string): Promise<number> {
  const order = await findOrderByName(client, brandId, name);
  if (order !== null) return order;
  throw new KeptError(
    'not_found',
    `There is no order ${JSON.stringify(name)}. Name it by Kept's id, or as channel:ref.`,
  );
}

function releaseView(found: StoredRelease, world: World) {
  const { state, block, lines } = releasable(found, world.today);
  const promised = found.lines.flatMap((line) => line.promised ?? []).sort();
  const shipBy = promised[0] ?? null;
  return {
    id: String(found.order),
    order: found.name,
    channel: found.channel,
    customer: found.customer,
    class: found.class,
    state,
    blockedBy: block,
    lines: found.lines.map((line) => ({
      line: line.ref,
      sku: line.sku,
      open: line.open,
      released: line.released,
      releasable: lines.find((one) => one.line === line.line)?.quantity ?? 0,
      promise: line.promised,
    })),
    shipBy,
    atStake: state !== 'blocked' && shipBy !== null && shipBy <= dayText(world.today),
    version: versionOf(found),
  };
}

function versionOf({ lines, shipComplete, unpaid }: StoredRelease): string {
  return requestDigest({ shipComplete, unpaid, lines }).slice(0, 22);
}

/** Where units could change hands so that more promises are kept. */
async function swapsAmong(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  releases: readonly StoredRelease[],
): Promise<{ sku: string; kept: number }[]> {
  const legs = releases.flatMap((one) => one.lines.flatMap((line) => line.legs.map((leg) => leg.item)));
  const items = [...new Set(legs)].slice(0, MOST_ITEMS_FOR_SWAPS);
  if (items.length === 0) return [];
  const positions = await loadPositions(client, brandId, settings, world, items, { lines: 'queue' });
  const swaps: { sku: string; kept: number }[] = [];
  for (const position of positions) {
    const requested = await readRequestedDays(client, brandId, position.item);
    const { kept } = swapsOf(world, position, requested);
    if (kept > 0) swaps.push({ sku: position.sku, kept });
  }
  return swaps;
}
