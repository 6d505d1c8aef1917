import type {
  Channel as ChannelShape,
  Connection as ConnectionShape,
  ConnectorView,
  KeyShown as KeyShownShape,
  KeyView,
  Location as LocationShape,
  Person as PersonShape,
  Policy as PolicyShape,
  Self as SelfShape,
  ServiceLevels as ServiceLevelsShape,
  SessionView,
} from '@kept/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, type Shape, write } from '../platform/api.ts';
import { useDeed } from '../platform/useDeed.ts';
import { words } from './words.ts';

export type Policy = Shape<typeof PolicyShape>;
export type Channel = Shape<typeof ChannelShape>;
export type Location = Shape<typeof LocationShape>;
export type Person = Shape<typeof PersonShape>;
export type Self = Shape<typeof SelfShape>;
export type SignedIn = Shape<typeof SessionView>;
export type Key = Shape<typeof KeyView>;
export type KeyShown = Shape<typeof KeyShownShape>;
export type Connection = Shape<typeof ConnectionShape>;
export type Connector = Shape<typeof ConnectorView>;
export type ServiceLevels = Shape<typeof ServiceLevelsShape>;
export type Brand = {
  title: string;
  timeZone: string;
  currency: string;
  country: string | null;
  calendar: { workdays: number[]; holidays: string[] };
};

/** One of the settings, as the server has it. */
export function useSetting<T>(path: string, query: Record<string, string> = {}) {
  return useQuery({
    queryKey: ['settings', path, query],
    queryFn: ({ signal }) => read<T>(path, query, signal),
  });
}

/**
 * Saves something whole, and can put back what was there before: for as long as the page is open, and for the last time only, since
 * another's change in between would be undone with it.
 */
export function useSaving() {
  const client = useQueryClient();
  const deed = useDeed();
  const [before, setBefore] = useState<{ path: string; body: unknown } | null>(null);
  const [round, setRound] = useState(0);
  const put = (path: string, body: unknown, told: string) =>
    deed.run(async () => {
      await write('PUT', path, body);
      await client.invalidateQueries({ queryKey: ['settings'] });
      return told;
    });
  return {
    ...deed,
    /** Another one after each undo: what is written then begins anew, from what the server has. */
    round,
    save: async (path: string, body: unknown, was: unknown) => {
      setBefore(null);
      await put(path, body, words.saved);
      if (was !== undefined) setBefore({ path, body: was });
    },
    undo:
      before === null || deed.trouble !== null
        ? null
        : async () => {
            setBefore(null);
            await put(before.path, before.body, words.undone);
            setRound((now) => now + 1);
          },
  };
}

export type SettingsSaving = ReturnType<typeof useSaving>;

/** What whoever looks may do: a button that would be refused is not shown. */
export function useMay(): (scope: string) => boolean {
  const { data } = useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => read<{ scopes?: string[] }>('/v1/session', {}, signal),
    staleTime: 60_000,
  });
  const scopes = data?.scopes;
  return (scope) => scopes === undefined || scopes.includes(scope);
}
