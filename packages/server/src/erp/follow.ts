import type { Fact, Page, Reading } from '../connections/index.ts';

/** What an ERP shows of a record that was changed: its number and when. Stamps are ISO 8601 and sort as text. */
export interface Changed {
  readonly id: number | string;
  readonly stamp: string;
}

/** One table of an ERP that says by a stamp what was changed in it. */
export interface Source {
  /** Records changed at or after `since` (null: all) with an id above `after`, by id, at most `limit`. */
  page(asked: {
    readonly since: string | null;
    readonly after: number | string | null;
    readonly limit: number;
    readonly signal: AbortSignal | undefined;
  }): Promise<readonly Changed[]>;
  /** What they are as facts. `history`: they are read for the first time. */
  facts(
    changed: readonly Changed[],
    asked: { readonly history: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<readonly Fact[]>;
}

interface Place {
  /** Everything changed before it has been told; null: nothing has. */
  readonly since: string | null;
  /** The newest stamp of this round. */
  readonly newest: string | null;
  /** Which source of the round is read, and behind which record. */
  readonly source: number;
  readonly after: number | string | null;
  readonly history: boolean;
}

/** A record's stamp is of the begin of its transaction, which may have lasted: what was changed so shortly before is read again. */
const OVERLAP_MS = 10 * 60_000;
const PAGE = 100;

/**
 * What the sources have changed since a cursor. A round asks for what is at or above one stamp, by id: whatever is changed
 * while it is read stays in that set, so no page shifts another's records away. The cursor is the ERP's own newest stamp, never
 * a clock of ours.
 */
export async function* follow(
  sources: readonly Source[],
  cursor: string | null,
  { from, signal }: Reading,
): AsyncGenerator<Page> {
  let place: Place =
    cursor === null
      ? { since: from?.toISOString() ?? null, newest: null, source: 0, after: null, history: true }
      : (JSON.parse(cursor) as Place);
  while (place.source < sources.length) {
    const source = sources[place.source]!;
    const since = place.since === null ? null : new Date(Date.parse(place.since) - OVERLAP_MS).toISOString();
    const changed = await source.page({ since, after: place.after, limit: PAGE, signal });
    const facts = changed.length === 0 ? [] : await source.facts(changed, { history: place.history, signal });
    const newest = changed.reduce(
      (most, { stamp }) => (most === null || stamp > most ? stamp : most),
      place.newest,
    );
    // Only an empty page is the end: an ERP may show fewer than it was asked for.
    place =
      changed.length === 0
        ? { ...place, newest, source: place.source + 1, after: null }
        : { ...place, newest, after: changed.at(-1)!.id };
    const over = place.source === sources.length;
    yield {
      facts,
      cursor: JSON.stringify(
        over ? { since: newest ?? place.since, newest: null, source: 0, after: null, history: false } : place,
      ),
    };
  }
}
