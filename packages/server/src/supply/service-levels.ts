import type { ServiceLevels } from '@kept/contract';
import { dayText, defaultPolicy, FEWEST_RECEIPTS, type JudgedLevel, slipTableFrom } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { countReceipts, readLearntSlips, readPromisedWait } from './slip-store.ts';

/** What the brand's service level costs, and what others would: as learnt when something last came. */
export async function serviceLevels(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
): Promise<z.input<typeof ServiceLevels>> {
  const settings = await loadSettings(client, kept.db, brandId);
  const learnt = slipTableFrom(await readLearntSlips(client, brandId));
  const judged = learnt?.judged ?? [];
  const { serviceLevel } = settings.policies.get('backorder') ?? defaultPolicy('backorder');
  const wait = await readPromisedWait(client, brandId, kept.clock.now().toISOString(), settings.timeZone);
  const now = judged.length === 0 ? null : meanBuffer(nearest(judged, serviceLevel));
  return {
    levels: judged
      .filter(({ promises }) => promises > 0)
      .map((one) => ({
        level: one.level,
        keptShare: rounded(one.kept / one.promises, 4),
        bufferDays: rounded(meanBuffer(one), 1),
        missedByDays: rounded(one.missedByDays / Math.max(1e-9, one.promises - one.kept), 1),
        waitDays:
          wait === null || now === null ? null : rounded(Math.max(0, wait + meanBuffer(one) - now), 1),
      })),
    promises: Math.round(judged[0]?.promises ?? 0),
    receipts: await countReceipts(client, brandId),
    fewest: FEWEST_RECEIPTS,
    learntOn: learnt === null ? null : dayText(learnt.learntOn),
  };
}

const meanBuffer = ({ bufferDays, promises }: JudgedLevel) => (promises > 0 ? bufferDays / promises : 0);

function nearest(levels: readonly JudgedLevel[], level: number): JudgedLevel {
  return levels.reduce((best, one) =>
    Math.abs(one.level - level) < Math.abs(best.level - level) ? one : best,
  );
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
