import type { Kept } from '../platform/kept.ts';
import { noteCrossings } from './crossings.ts';
import { lookAtEpisodes, reconcileDaily } from './look.ts';

export { causeRoutes } from './routes.ts';

/** Keeps the records that causes are told from, and tells the causes of the episodes that are due. */
export async function tellCauses(kept: Kept, brandId: number): Promise<void> {
  await reconcileDaily(kept, brandId);
  await noteCrossings(kept, brandId);
  await lookAtEpisodes(kept, brandId);
}
