import type { Clock } from './clock.ts';
import type { Db } from './database.ts';
import type { Ids } from './ids.ts';
import type { Logger } from './log.ts';
import type { Sealer } from './sealed.ts';

/** What every capability is given: the database, the time, ids, and where to log. */
export interface Kept {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  /** Left out where there is no key to keep secrets with; ask sealerFor(kept). */
  readonly sealer?: Sealer | undefined;
}
