import type { ShipWindow } from './documents.ts';

/** CCYYMMDD of a day that exists. */
export function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(value) ?? [];
  if (year === undefined || Number(year) < 1970 || Number(year) > 2199) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** CCYYMMDD as a day; null where it is none. */
export const dayOf = (value: string): string | null =>
  isDate(value) ? `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}` : null;

export const dateOf = (day: string): string => day.replaceAll('-', '');

/** Which date qualifiers a partner means by the ends of the ship window, and by the day it wants the goods. */
export interface DateRules {
  readonly notBefore: readonly string[];
  readonly cancelAfter: readonly string[];
  readonly wanted: readonly string[];
  /** Qualifiers that speak of arrival; the goods leave this many days before. */
  readonly arrival: readonly string[];
  readonly transitDays: number;
}

export interface Dated {
  readonly qualifier: string;
  readonly day: string;
}

/** The window that dates say: the latest of the days before which, and the earliest of those after which, nothing leaves. */
export function windowOf(dates: readonly Dated[], rules: DateRules): ShipWindow {
  const days = (qualifiers: readonly string[]) =>
    dates.filter((one) => qualifiers.includes(one.qualifier)).map((one) => leaving(one, rules));
  const notBefore = days(rules.notBefore).sort().at(-1);
  const cancelAfter = days(rules.cancelAfter).sort()[0];
  return {
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(cancelAfter === undefined ? {} : { cancelAfter }),
  };
}

/** The day asked for: of the first qualifier that is there. */
export function wantedOf(dates: readonly Dated[], rules: DateRules): string | null {
  for (const qualifier of rules.wanted) {
    const found = dates.find((one) => one.qualifier === qualifier);
    if (found !== undefined) return leaving(found, rules);
  }
  return null;
}

function leaving({ qualifier, day }: Dated, { arrival, transitDays }: DateRules): string {
  if (!arrival.includes(qualifier) || transitDays === 0) return day;
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() - transitDays);
  return at.toISOString().slice(0, 10);
}
