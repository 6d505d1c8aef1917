import { dayText } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { decideAgain, itemOrFail, tell } from './terms.ts';
import { launchesDue, setLifecycle } from './terms-store.ts';

/** An item is out: from now on it is sold like anything else. Launching what is out changes nothing. */
export async function launch(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  by: 'brand' | 'receipt',
): Promise<void> {
  const item = await itemOrFail(client, brandId, sku);
  if (item.lifecycle !== 'upcoming') return;
  await setLifecycle(client, brandId, item.item, 'active');
  await withdrawSignal(kept, client, brandId, 'launch_overdue', sku);
  const event = await tell(kept, client, brandId, 'item.launched', { sku, by });
  await decideAgain(kept, client, brandId, item.item, event, { code: 'launched', sku });
}

/**
 * A preorder is out once its day has come and units of it are here. A day that passes with nothing here launches nothing: it
 * is a signal, for somebody to say the new day.
 */
export async function launchWhatIsHere(kept: Kept, brandId: number): Promise<void> {
  const due = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const settings = await loadSettings(client, kept.db, brandId);
      const { today } = worldAt(settings, kept.clock.now());
      return launchesDue(client, brandId, dayText(today));
    },
    { reads: true },
  );
  for (const { sku, here, launchOn } of due)
    if (here) await withBrand(kept.db, brandId, (client) => launch(kept, client, brandId, sku, 'receipt'));
    else if (launchOn !== null)
      await withBrand(kept.db, brandId, (client) =>
        raiseSignals(kept, client, brandId, [
          { kind: 'launch_overdue', subject: sku, sku, data: { launchOn } },
        ]),
      );
}
