import { Calendar } from '@kept/contract';
import type { z } from 'zod';

/** A calendar as it is stored: the same days are the same text. */
export function calendarText(calendar: z.input<typeof Calendar>): string {
  const { workdays, holidays } = Calendar.parse(calendar);
  return JSON.stringify({
    workdays: [...new Set(workdays)].sort((a, b) => a - b),
    holidays: [...new Set(holidays)].sort(),
  });
}

export function calendarOf(text: string): z.output<typeof Calendar> {
  return JSON.parse(text);
}

/** Whether there is an IANA time zone of that name on this machine. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
