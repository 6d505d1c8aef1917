import type { Order } from './order.ts';

type Money = { amount: number; currency: string };

const english = {
  title: (ref: string) => `Your order ${ref}`,
  hello: (name: string) => (name === '' ? 'Hello.' : `Hello ${name}.`),
  leavesBy: (day: string) => `Leaves us by ${day}`,
  partLeavesBy: (quantity: number, day: string) => `${quantity} by ${day}`,
  noDate: 'We have no date yet',
  first: (day: string) => `We first said ${day}.`,
  agreed: (day: string | null) =>
    day === null ? 'You said that you will wait.' : `You agreed to wait until ${day}.`,
  ahead: (count: number) => (count === 0 ? 'You are next.' : `${count} items go to others before you.`),
  gone: 'All of it has left us.',
  over: 'Cancelled.',
  some: (shipped: number, cancelled: number) =>
    [shipped > 0 ? `${shipped} sent` : '', cancelled > 0 ? `${cancelled} cancelled` : '']
      .filter(Boolean)
      .join(', '),
  ask: 'What would you like to do?',
  wait: 'I will wait',
  change: 'Choose something else',
  cancel: 'Cancel for a refund',
  back: 'Back',
  waitAsk: (day: string | null) =>
    day === null
      ? 'You wait, for as long as it takes. You can still cancel until it ships.'
      : `You agree to wait until ${day}. You can still cancel until it ships.`,
  waitYes: 'Yes, I will wait',
  switchAsk: 'Choose what you would like instead. We send it in place of what you wait for.',
  none: 'There is nothing like it in stock at the moment.',
  same: 'Costs the same',
  more: (money: string) => `Costs ${money} more each`,
  less: (money: string) => `Costs ${money} less each`,
  now: 'Can leave now',
  switchYes: 'Take this one instead',
  cancelAsk: 'How many do you want to cancel?',
  cancelAll: 'This cancels what has not left us yet.',
  reason: 'Why? (you need not say)',
  refund: (refund: NonNullable<Order['refund']>, money: string, day: string) =>
    refund.kind === 'statement'
      ? 'Nothing was charged, and nothing will be.'
      : refund.kind === 'confirm'
        ? `What you paid for it comes back by ${day}, the same way you paid.`
        : `You get ${money} back by ${day}, the same way you paid.`,
  cancelYes: 'Cancel now',
  done: 'Thank you. It is done.',
  print: 'Print this page',
  timeline: 'What has happened',
  refunds: 'Refunds',
  refundOpen: (money: string, day: string) => `${money} comes back by ${day}.`,
  refundNamed: (day: string) => `We check the amount. It comes back by ${day}.`,
  refundDone: (money: string) => `${money} was paid back.`,
  contact: (contact: string) => `Questions? Write to ${contact}.`,
  closed: 'This link no longer works',
  closedWhy: 'It may have run out. The newest mail about your order has one that works.',
  offline: 'We cannot reach our server',
  offlineWhy: 'Please try again in a moment. Nothing was changed.',
  again: 'Try again',
  loading: 'One moment …',
};

const german: typeof english = {
  title: (ref) => `Deine Bestellung ${ref}`,
  hello: (name) => (name === '' ? 'Hallo.' : `Hallo ${name}.`),
  leavesBy: (day) => `Geht bis ${day} los`,
  partLeavesBy: (quantity, day) => `${quantity} bis ${day}`,
  noDate: 'Wir haben noch keinen Termin',
  first: (day) => `Zuerst hatten wir ${day} gesagt.`,
  agreed: (day) =>
    day === null ? 'Du hast gesagt, dass du wartest.' : `Du wartest bis ${day}, hast du gesagt.`,
  ahead: (count) =>
    count === 0 ? 'Du bist als Nächstes dran.' : `Vor dir gehen ${count} Artikel an andere.`,
  gone: 'Alles ist unterwegs.',
  over: 'Storniert.',
  some: (shipped, cancelled) =>
    [shipped > 0 ? `${shipped} unterwegs` : '', cancelled > 0 ? `${cancelled} storniert` : '']
      .filter(Boolean)
      .join(', '),
  ask: 'Was möchtest du tun?',
  wait: 'Ich warte',
  change: 'Etwas anderes wählen',
  cancel: 'Stornieren, Geld zurück',
  back: 'Zurück',
  waitAsk: (day) =>
    day === null
      ? 'Du wartest, so lange es dauert. Bis zum Versand kannst du noch stornieren.'
      : `Du wartest bis ${day}. Bis zum Versand kannst du noch stornieren.`,
  waitYes: 'Ja, ich warte',
  switchAsk: 'Wähle, was du stattdessen möchtest. Wir schicken es anstelle dessen, worauf du wartest.',
  none: 'Im Moment ist nichts Ähnliches da.',
  same: 'Kostet gleich viel',
  more: (money) => `Kostet je ${money} mehr`,
  less: (money) => `Kostet je ${money} weniger`,
  now: 'Kann sofort los',
  switchYes: 'Stattdessen dies nehmen',
  cancelAsk: 'Wie viele möchtest du stornieren?',
  cancelAll: 'Damit ist storniert, was noch nicht unterwegs ist.',
  reason: 'Warum? (musst du nicht sagen)',
  refund: (refund, money, day) =>
    refund.kind === 'statement'
      ? 'Es wurde nichts abgebucht, und dabei bleibt es.'
      : refund.kind === 'confirm'
        ? `Was du dafür bezahlt hast, kommt bis ${day} zurück, auf dem Weg, auf dem du bezahlt hast.`
        : `Du bekommst ${money} bis ${day} zurück, auf dem Weg, auf dem du bezahlt hast.`,
  cancelYes: 'Jetzt stornieren',
  done: 'Danke. Das ist erledigt.',
  print: 'Diese Seite drucken',
  timeline: 'Was bisher war',
  refunds: 'Rückzahlungen',
  refundOpen: (money, day) => `${money} kommt bis ${day} zurück.`,
  refundNamed: (day) => `Wir prüfen den Betrag. Er kommt bis ${day} zurück.`,
  refundDone: (money) => `${money} wurde zurückgezahlt.`,
  contact: (contact) => `Fragen? Schreib an ${contact}.`,
  closed: 'Dieser Link geht nicht mehr',
  closedWhy: 'Vielleicht ist er abgelaufen. In der neuesten Mail zu deiner Bestellung ist einer, der geht.',
  offline: 'Wir erreichen unseren Server nicht',
  offlineWhy: 'Versuch es gleich noch einmal. Es hat sich nichts geändert.',
  again: 'Noch einmal',
  loading: 'Einen Moment …',
};

export type Words = typeof english;
type Language = Order['language'];

export const wordsIn = (language: Language): Words => (language === 'de' ? german : english);

/** Before the order is there, the browser's language. */
export const browserLanguage = (): Language => (navigator.language.startsWith('de') ? 'de' : 'en');

/** '2026-03-14' as "Saturday 14 March", with the year where it is not this one. */
export function spellDay(day: string, today: string, language: Language): string {
  return new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: day.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${day}T00:00:00Z`));
}

export function spellMoney({ amount, currency }: Money, language: Language): string {
  const format = new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    style: 'currency',
    currency,
  });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  return format.format(amount / 10 ** maximumFractionDigits);
}
