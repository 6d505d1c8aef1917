import type { Commitment, Decision, ItemPosition, LinePosition } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { itemsToReconcile, saveEpisodes } from './episode-store.ts';
import { poolsOf } from './pools.ts';
import { lockItems } from './position-store.ts';
import { loadSettings, type Settings } from './world-store.ts';

/**
 * Episodes are opened and closed where queues begin and end: by the decision, in its transaction. With one pool only an item that
 * gets its first backorder or loses its last is looked at; with several, each whose queue has changed
 * and may have begun or ended.
 * @returns null where there is nothing to write
 */
export function keepEpisodes(
  client: pg.PoolClient,
  brandId: number,
  decision: Decision,
  settings: Settings,
  at: string,
): Promise<void> | null {
  const pools = poolsOf(settings);
  const several = pools.some((pool) => pool !== pools[0]);
  const items: number[] = [];
  const mayOpen: number[] = [];
  const begun: { item: number; pool: number }[] = [];
  const looked: { item: number; pool: number }[] = [];
  for (const { position, backorderedBefore, placed, touchedLines } of decision.states.values()) {
    const { item, backordered } = position;
    const changed = several ? backordered !== backorderedBefore : backordered > 0 !== backorderedBefore > 0;
    if (!changed) continue;
    // A queue begins and ends with lines of its own; one of which somebody waits as before has done neither.
    const own = new Set<number>();
    for (const line of [...placed, ...touchedLines.keys()]) own.add(pools[line.channel] ?? 0);
    if (several) for (const pool of goesOn(position.lines, placed, touchedLines, pools)) own.delete(pool);
    if (own.size === 0) continue;
    items.push(item);
    for (const pool of own) looked.push({ item, pool });
    if (opensEpisodes(position.policy.kind, position.lifecycle)) mayOpen.push(item);
    for (const line of placed)
      if (waits(line.commitments)) begun.push({ item, pool: pools[line.channel] ?? 0 });
  }
  return items.length === 0
    ? null
    : saveEpisodes(client, brandId, { items, looked, mayOpen, pools, begun, at });
}

/** Pools in which lines that are in memory waited before the decision, and wait after it. */
function goesOn(
  lines: readonly LinePosition[],
  placed: ReadonlySet<LinePosition>,
  touched: ReadonlyMap<LinePosition, readonly Commitment[]>,
  pools: Int32Array,
): Set<number> {
  const before = new Set<number>();
  const after = new Set<number>();
  for (const line of lines) {
    const pool = pools[line.channel] ?? 0;
    if (!placed.has(line) && waits(touched.get(line) ?? line.commitments)) before.add(pool);
    if (waits(line.commitments)) after.add(pool);
  }
  return before.intersection(after);
}

function waits(commitments: readonly Commitment[]): boolean {
  return commitments.some((one) => one.kind !== 'reserved');
}

/** What is made when it is ordered has not run out, and neither has what is not out yet (RULES 27). */
function opensEpisodes(policy: string, lifecycle: ItemPosition['lifecycle']): boolean {
  return policy !== 'made_to_order' && policy !== 'preorder' && lifecycle !== 'upcoming';
}

/** Items reconciled in one transaction. */
const CHUNK = 500;

/** Opens and closes what no decision did: the queue of an item that launched, or changed its policy. */
export async function reconcileEpisodes(kept: Kept, brandId: number): Promise<void> {
  const found = await withBrand(kept.db, brandId, (client) => itemsToReconcile(client, brandId));
  for (let from = 0; from < found.length; from += CHUNK)
    await withBrand(kept.db, brandId, async (client) => {
      const settings = await loadSettings(client, kept.db, brandId);
      const chunk = found.slice(from, from + CHUNK);
      const items = chunk.map((one) => one.item);
      await lockItems(client, brandId, items);
      const mayOpen = chunk.filter((one) =>
        opensEpisodes(
          settings.policies.get(one.policy)?.kind ?? 'backorder',
          one.lifecycle as ItemPosition['lifecycle'],
        ),
      );
      await saveEpisodes(client, brandId, {
        items,
        mayOpen: mayOpen.map((one) => one.item),
        pools: poolsOf(settings),
        begun: [],
        at: kept.clock.now().toISOString(),
      });
    });
}
