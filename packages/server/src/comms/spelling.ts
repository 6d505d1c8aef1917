import type { Language, Money } from './letter-facts.ts';

/** '2026-03-14' as "Saturday 14 March", with the year where it is not this one: a customer reads no numbers for months. */
export function spellDate(day: string, today: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: day.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00:00Z`));
}

export function spellMoney(money: Money, language: Language): string {
  const format = new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    style: 'currency',
    currency: money.currency,
  });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  return format.format(money.amount / 10 ** maximumFractionDigits);
}
