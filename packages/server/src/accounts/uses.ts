import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { noteKeyUse } from './key-store.ts';
import { noteSessionUse } from './session-store.ts';

const MINUTE_MS = 60_000;
const noted = new WeakMap<object, Map<string, number>>();

/**
 * Writes down that a key or session was used: by the minute and behind the answer, so that asking often costs no more than
 * asking once.
 */
export function noteUse(kept: Kept, brandId: number, kind: 'key' | 'session', id: string): void {
  const now = kept.clock.now();
  const minute = Math.floor(now.getTime() / MINUTE_MS);
  let minutes = noted.get(kept.db);
  if (minutes === undefined) noted.set(kept.db, (minutes = new Map()));
  const name = `${kind}:${brandId}:${id}`;
  if (minutes.get(name) === minute) return;
  minutes.set(name, minute);
  const note = kind === 'key' ? noteKeyUse : noteSessionUse;
  // It is nothing that anybody's memory of the brand is out of date by.
  withBrand(kept.db, brandId, (client) => note(client, brandId, id, now), { reads: true }).catch((err) => {
    minutes.delete(name);
    kept.log.warn({ err }, 'that a key or session was used could not be written down');
  });
}
