import { useQuery } from '@tanstack/react-query';
import { isNotFound, read } from './api.ts';
import { dayOf } from './format.ts';

/** Who looks, at which brand, on which of its days. */
export type Session = {
  brand: { name: string; timeZone: string; currency?: string };
  /** The brand's day: its own zone, and its own clock where that is moved by hand. */
  today: string;
  user?: { name?: string; email?: string } | null;
};

const minute = 60_000;

export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await read<Session>('/v1/session', {}, signal);
      } catch (error) {
        // A key without a session still sees the pages, on the reader's own day.
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    refetchInterval: minute,
    staleTime: minute,
  });
}

/** The day and zone that dates are told by; the reader's own until the session is there. */
export function useToday(): { today: string; timeZone: string } {
  const { data } = useSession();
  const timeZone = data?.brand.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { today: data?.today ?? dayOf(new Date().toISOString(), timeZone), timeZone };
}
