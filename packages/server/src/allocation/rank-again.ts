import type { NewRank } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems } from '../promising/index.ts';
import { itemsBySku } from './items.ts';
import { keyOf, withKitItems, writeRanks } from './line-store.ts';
import { markUndone, movesInForce } from './move-store.ts';
import { readFirstPromises, readQueuedItems } from './ranking-store.ts';
import { ranksByRules } from './ranks.ts';

/** Items ranked in one transaction. */
const CHUNK = 200;

/**
 * Puts every waiting line where its policy's rules put it now: changing the rules alone moves nobody. Places given by hand end
 * with it. Who has units keeps them (RULES 14); the new order decides free, freed and short ones.
 * @throws KeptError `unknown_sku`
 */
export async function rankAgain(
  kept: Kept,
  brandId: number,
  { skus, reason, actor }: { skus?: readonly string[] | undefined; reason: string | null; actor: string },
) {
  const items = await withBrand(kept.db, brandId, (client) =>
    skus === undefined ? readQueuedItems(client, brandId) : itemsBySku(client, brandId, skus),
  );
  const total = { items: 0, lines: 0, movesEnded: 0, changed: 0 };
  for (let from = 0; from < items.length; from += CHUNK) {
    const chunk = items.slice(from, from + CHUNK);
    const part = await withBrand(kept.db, brandId, (client) =>
      rankItems(kept, client, brandId, chunk, { reason, actor }),
    );
    total.items += chunk.length;
    total.lines += part.lines;
    total.movesEnded += part.movesEnded;
    total.changed += part.changed;
  }
  return total;
}

async function rankItems(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  chunk: readonly number[],
  { reason, actor }: { reason: string | null; actor: string },
) {
  const items = await withKitItems(client, brandId, chunk);
  const promises = await readFirstPromises(client, brandId, items);
  const event = await kept.ids.take(brandId, 'event', 1);
  const cause = { code: 'ranked_again', ...(reason === null ? {} : { reason }) };
  const ranks = new Map<string, NewRank>();
  const { decision } = await decideItems(kept, client, brandId, {
    items,
    scope: { lines: 'queue' },
    event,
    facts: ({ positions }) => {
      ranks.clear();
      for (const item of chunk) {
        const position = positions.get(item);
        if (position === undefined) continue;
        for (const one of ranksByRules(position.lines, position.policy, promises)) ranks.set(keyOf(one), one);
      }
      return ranks.size === 0 ? [] : [{ kind: 'rank', ranks: [...ranks.values()], cause }];
    },
    saveLines: () => writeRanks(client, brandId, [...ranks.values()]),
  });
  let changed = 0;
  for (const state of decision.states.values())
    for (const [line, before] of state.touchedLines)
      if (JSON.stringify(before) !== JSON.stringify(line.commitments)) changed++;
  const moves = await movesInForce(client, brandId, [...ranks.values()]);
  const at = kept.clock.now().toISOString();
  if (moves.length > 0) await markUndone(client, brandId, moves, { by: actor, at, reason: 'ranked again' });
  if (ranks.size > 0)
    await recordEvents(client, brandId, [
      {
        id: event,
        kind: 'queue.ranked_again',
        data: { items: chunk, lines: ranks.size, movesEnded: moves.length, reason },
        at,
        actor,
      },
    ]);
  return { lines: ranks.size, movesEnded: moves.length, changed };
}
