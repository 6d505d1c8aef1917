import { dayText, type Lateness, rankingGap } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { loadPositions, loadSettings, worldAt } from '../promising/index.ts';
import { plainItem } from './items.ts';
import { readRequestedDays } from './reallocation-store.ts';

/**
 * How far an item's queue is from the best that could be made of its units. Takes no lock.
 * @throws KeptError `unknown_sku`, `invalid_input` for a kit
 */
export async function compareRanking(kept: Kept, client: pg.PoolClient, brandId: number, sku: string) {
  const item = await plainItem(client, brandId, sku, 'querystring');
  const now = kept.clock.now();
  const settings = await loadSettings(client, kept.db, brandId);
  const world = worldAt(settings, now);
  const [positions, requested] = await Promise.all([
    loadPositions(client, brandId, settings, world, [item], { lines: 'queue' }),
    readRequestedDays(client, brandId, item),
  ]);
  const position = positions[0]!;
  const gap = rankingGap(world, position, requested);
  return {
    sku,
    ranking: [...position.policy.ranking],
    lines: gap.lines,
    units: gap.units,
    now: latenessView(gap.now),
    byRanking: latenessView(gap.byRanking),
    best: { unitDaysLate: gap.leastUnitDays, valueDaysLate: gap.leastValueDays },
    horizon: dayText(gap.horizon),
    asOf: now.toISOString(),
  };
}

const latenessView = ({ unitDays, valueDays, lateUnits, waitingUnits }: Lateness) => ({
  unitDaysLate: unitDays,
  valueDaysLate: valueDays,
  lateUnits,
  waitingUnits,
});
