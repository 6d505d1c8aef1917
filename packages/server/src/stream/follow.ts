import { clearInterval, setInterval } from 'node:timers';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { type Place, readEventsAfter, readSettled, type StreamedEvent } from './stream-store.ts';

/** How often the log is looked at while somebody listens. */
const LOOK_EVERY_MS = 1_000;
/** More than this at once is told as "many": whoever listens reads anew instead of following each. */
const MOST_EVENTS = 500;

/** What a listener is given: some events, or that there were too many, each up to a place. */
export type Heard = {
  readonly events: readonly StreamedEvent[];
  readonly many: boolean;
  readonly place: Place;
};
export type Listener = (heard: Heard) => void;

interface Followed {
  place: Place;
  readonly listeners: Set<Listener>;
}

/** Follows the log for everybody who listens: one look a second and brand, however many listen, and none where nobody does. */
export function followLog(kept: Kept) {
  const brands = new Map<number, Followed>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;

  const lookAll = async () => {
    if (looking) return;
    looking = true;
    try {
      for (const [brandId, followed] of brands) {
        const heard = await lookAfter(kept, brandId, followed.place);
        followed.place = heard.place;
        if (heard.events.length > 0 || heard.many) for (const listener of followed.listeners) listener(heard);
      }
    } catch (error) {
      // The place stays: what was not read now is read at the next look.
      kept.log.warn({ err: error }, 'the log could not be followed');
    } finally {
      looking = false;
    }
  };

  return {
    /** Where the log of a brand is settled now: listening begins there unless told. */
    async listen(brandId: number, from: Place | null, listener: Listener): Promise<() => void> {
      const place = from ?? (await settledNow(kept, brandId));
      // What a listener missed is its own: the others are further on already.
      const missed = from === null ? null : await lookAfter(kept, brandId, place);
      let followed = brands.get(brandId);
      if (followed === undefined) {
        followed = { place: missed?.place ?? place, listeners: new Set() };
        brands.set(brandId, followed);
      }
      followed.listeners.add(listener);
      if (missed !== null && (missed.events.length > 0 || missed.many)) listener(missed);
      timer ??= setInterval(() => void lookAll(), LOOK_EVERY_MS).unref();
      return () => {
        followed.listeners.delete(listener);
        if (followed.listeners.size === 0 && brands.get(brandId) === followed) brands.delete(brandId);
        if (brands.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
  };
}

function settledNow(kept: Kept, brandId: number): Promise<Place> {
  return withBrand(kept.db, brandId, async (client) => endBelow(await readSettled(client)), { reads: true });
}

async function lookAfter(kept: Kept, brandId: number, after: Place): Promise<Heard> {
  // A statement of its own, before the one that reads, and each with a snapshot of its own.
  return withBrand(
    kept.db,
    brandId,
    async (client) => {
      const below = await readSettled(client);
      const events = await readEventsAfter(client, brandId, after, below, MOST_EVENTS + 1);
      const many = events.length > MOST_EVENTS;
      const last = many ? endBelow(below) : (events.at(-1) ?? after);
      return {
        events: many ? [] : events,
        many,
        place: { transaction: last.transaction, event: last.event },
      };
    },
    { reads: true },
  );
}

const endBelow = (below: string): Place => ({
  transaction: String(BigInt(below) - 1n),
  event: Number.MAX_SAFE_INTEGER,
});
