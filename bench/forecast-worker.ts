import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { workForecasts } from '../packages/server/src/planning/index.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { openDatabase, withBrand } from '../packages/server/src/platform/database.ts';
import { openIds } from '../packages/server/src/platform/ids.ts';
import { createLog } from '../packages/server/src/platform/log.ts';

/** One of the processes that `forecast-jobs` measures: works on a brand's forecasts until all are made. */
const [url, brand] = process.argv.slice(2);
const brandId = Number(brand);
const log = createLog('silent');
const db = await openDatabase({ url: url!, max: 2, log });
const kept = { db, clock: systemClock, ids: openIds(db), log };

async function isDone(): Promise<boolean> {
  const { rows } = await withBrand(db, brandId, (client) =>
    client.query('select from forecast_part where brand_id = $1 and done_at is null', [brandId]),
  );
  return rows.length === 0;
}

process.stdout.write('ready\n');
await once(process.stdin, 'data');
// While another process gathers the history there is nothing to take yet.
while (!(await isDone())) if ((await workForecasts(kept, brandId)) === 0) await setTimeout(50);
process.stdin.unref?.();
await db.close();
process.exit(0);
