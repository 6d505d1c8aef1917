import { join } from 'node:path';
import { offerConnectors } from './connections/index.ts';
import { CONNECTORS } from './connectors.ts';
import { type Clock, type ManualClock, manualClock, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { openDatabase } from './platform/database.ts';
import { startEmbedded } from './platform/embedded-postgres.ts';
import { openIds } from './platform/ids.ts';
import type { Kept } from './platform/kept.ts';
import { createLog } from './platform/log.ts';
import { migrate } from './platform/migrate.ts';
import { sealerOf, secretKeyIn } from './platform/sealed.ts';

export interface Opened {
  readonly kept: Kept;
  readonly manualClock: ManualClock | undefined;
  /** What the migration applied; empty where the database was up to date. */
  readonly applied: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens Kept on its database: somebody's, or the embedded one, which it starts or joins. Brings the schema up to date.
 * @throws KeptError `cannot_start`, `database_unavailable` with what is wrong and what to do
 */
export async function openKept(
  config: Pick<
    Config,
    'databaseUrl' | 'dataDir' | 'clock' | 'logLevel' | 'secretKeys' | 'publicUrl' | 'privateTargets'
  >,
): Promise<Opened> {
  const log = createLog(config.logLevel);
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbedded({ dataDir: join(config.dataDir, 'postgres') })
      : undefined;
  try {
    const url = config.databaseUrl ?? embedded!.url;
    const { applied } = await migrate(url);
    const db = await openDatabase({ url, log });
    const manual = config.clock === 'manual' ? manualClock() : undefined;
    const clock: Clock = manual ?? systemClock;
    // Several processes on somebody's database need the same key, which only their environment can give them.
    const keys =
      config.secretKeys ??
      (embedded === undefined ? undefined : secretKeyIn(join(config.dataDir, 'secret.key')));
    const sealer = keys && sealerOf(keys);
    offerConnectors({ db }, { ...config, connectors: CONNECTORS, sealer });
    return {
      kept: { db, clock, ids: openIds(db), log, sealer },
      manualClock: manual,
      applied,
      async close() {
        await db.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
