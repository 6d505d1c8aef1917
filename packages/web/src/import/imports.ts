import type { ImportStatus } from '@kept/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { read, type Shape, sendFile } from '../platform/api.ts';

export type Run = Shape<typeof ImportStatus>;

/** What a person says of a file; what is left out, Kept finds out. */
export interface Said {
  readonly kind?: string;
  readonly channel?: string;
  readonly location?: string;
  readonly supplier?: string;
  readonly dateFormat?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly createItems: boolean;
  readonly skipBadRows: boolean;
  readonly ignoreReturns: boolean;
}

export interface Entry {
  readonly key: string;
  readonly name: string;
  /** Null: the page was left meanwhile. */
  readonly file: File | null;
  readonly said: Said;
  readonly step: 'sending' | 'checking' | 'checked' | 'taking' | 'taken';
  readonly run: Run | null;
  readonly trouble: string | null;
}

const SAID: Said = { createItems: true, skipBadRows: false, ignoreReturns: false };
/** In which order files need each other. */
const ORDER = [
  ...['channels', 'locations', 'suppliers', 'items', 'shopify_products', 'stock', 'shopify_inventory'],
  ...['purchase_orders', 'orders', 'shopify_orders', 'amazon_orders', 'amazon_fba_inventory'],
];
const POLL_MS = 500;
const FIRST_PLACE = 'main';
const STORED = 'kept-imports';
const MOST_STORED = 20;

const ended = (run: Run) => run.state !== 'checking' && run.state !== 'applying';

/** Files on their way in: checked at once, taken when somebody says so, followed by their ids however often the page is left. */
export function useImports() {
  const client = useQueryClient();
  const [entries, setEntries] = useState<readonly Entry[]>(restored);
  const now = useRef(entries);
  now.current = entries;
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const change = useCallback((key: string, more: Partial<Entry>) => {
    setEntries((all) => all.map((one) => (one.key === key ? { ...one, ...more } : one)));
  }, []);

  const follow = useCallback(
    async (key: string, id: string): Promise<Run | null> => {
      for (;;) {
        if (gone.current) return null;
        const run = await read<Run>(`/v1/imports/${id}`);
        change(key, { run });
        if (ended(run)) return run;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    [change],
  );

  const send = useCallback(
    async (entry: Entry, dryRun: boolean): Promise<Run | null> => {
      if (entry.file === null) return null;
      change(entry.key, { step: 'sending', trouble: null });
      try {
        const run = await sendFile<Run>(
          '/v1/imports',
          { ...queryOf(entry.said), name: entry.name, dryRun: String(dryRun) },
          entry.file,
        );
        change(entry.key, { step: dryRun ? 'checking' : 'taking', run });
        const last = ended(run) ? run : await follow(entry.key, run.id);
        if (last === null) return null;
        change(entry.key, { step: dryRun ? 'checked' : 'taken', run: last });
        return last;
      } catch (error) {
        change(entry.key, { step: 'checked', trouble: (error as Error).message });
        return null;
      }
    },
    [change, follow],
  );

  const add = useCallback(
    (files: readonly File[]) => {
      const fresh = files.map(
        (file): Entry => ({
          key: crypto.getRandomValues(new Uint32Array(2)).join('-'),
          name: file.name,
          file,
          said: SAID,
          step: 'sending',
          run: null,
          trouble: null,
        }),
      );
      setEntries((all) => [...all, ...fresh]);
      void (async () => {
        // A brand that has no place yet gets its first one with its first file.
        const { items: places } = await read<{ items: unknown[] }>('/v1/locations').catch(() => ({
          items: [null],
        }));
        const said = places.length === 0 ? { ...SAID, location: FIRST_PLACE } : SAID;
        for (const entry of fresh) {
          change(entry.key, { said });
          await send({ ...entry, said }, true);
        }
      })();
    },
    [change, send],
  );

  const check = useCallback(
    (entry: Entry, said: Said) => {
      change(entry.key, { said });
      void send({ ...entry, said }, true);
    },
    [change, send],
  );

  /** Takes all that can be taken, the ones that others need first; stops at one that is refused. */
  const take = useCallback(async () => {
    const ready = now.current
      .filter(
        ({ file, step, run }) =>
          file !== null && step === 'checked' && run?.kind != null && run.state !== 'needs_mapping',
      )
      .sort((one, other) => ORDER.indexOf(one.run?.kind ?? '') - ORDER.indexOf(other.run?.kind ?? ''));
    for (const entry of ready) {
      const run = await send(entry, false);
      if (run?.state !== 'done') break;
    }
    await client.invalidateQueries();
  }, [client, send]);

  const remove = useCallback((key: string) => setEntries((all) => all.filter((one) => one.key !== key)), []);
  const forget = useCallback(() => setEntries((all) => all.filter((one) => one.file !== null)), []);

  // What was under way when the page was left goes on, and is found again.
  useEffect(() => {
    for (const { key, file, run } of now.current)
      if (file === null && run !== null && !ended(run))
        void follow(key, run.id).then((last) => last && change(key, { step: 'taken' }));
  }, [follow, change]);
  useEffect(() => store(entries), [entries]);
  return { entries, add, check, take, remove, forget };
}

function queryOf({
  map,
  createItems,
  skipBadRows,
  ignoreReturns,
  ...said
}: Said): Record<string, string | undefined> {
  const named = Object.entries(map ?? {}).filter(([, column]) => column !== '');
  return {
    ...said,
    map: named.map(([field, column]) => `${field}=${column.replaceAll(',', '\\,')}`).join(',') || undefined,
    createItems: String(createItems),
    skipBadRows: String(skipBadRows),
    returns: ignoreReturns ? 'ignore' : undefined,
  };
}

/** Runs that this browser began, so that they are found again. */
function restored(): Entry[] {
  try {
    const stored = JSON.parse(window.localStorage.getItem(STORED) ?? '[]') as Run[];
    return stored.map((run) => ({
      key: run.id,
      name: run.file,
      file: null,
      said: SAID,
      step: ended(run) ? 'taken' : 'taking',
      run,
      trouble: null,
    }));
  } catch {
    return [];
  }
}

function store(entries: readonly Entry[]): void {
  const runs = entries
    .filter(({ step, run }) => run !== null && (step === 'taking' || step === 'taken'))
    .map(({ run }) => ({ ...run!, errors: run!.errors.slice(0, 20), warnings: [] }))
    .slice(-MOST_STORED);
  try {
    window.localStorage.setItem(STORED, JSON.stringify(runs));
  } catch {
    // Storage may be closed to us: the imports go on all the same.
  }
}
