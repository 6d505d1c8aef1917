import { dayIn } from './calendar-day.ts';

/** Amazon writes a window as two instants with two hyphens between. Null where it is none. */
export function windowOf(text: string | undefined): { from: string; until: string } | null {
  const [from, until] = text?.split('--') ?? [];
  if (from === undefined || until === undefined) return null;
  if (Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(until))) return null;
  return { from, until };
}

/** The window's days in a time zone. */
export function windowDays(
  text: string | undefined,
  timeZone: string,
): { from: string; until: string } | null {
  const window = windowOf(text);
  return window === null
    ? null
    : { from: dayIn(timeZone, window.from), until: dayIn(timeZone, window.until) };
}
