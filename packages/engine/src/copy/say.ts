import { CATALOGUES, languageOf } from './catalogue.ts';
import type { Catalogue, ChargeSaid, Said, Value, Wording } from './messages.ts';

/** How one language and region writes days, numbers and money. Made once per tag: making a formatter costs more than using it. */
interface Writer {
  readonly day: Intl.DateTimeFormat;
  readonly farDay: Intl.DateTimeFormat;
  readonly number: Intl.NumberFormat;
  readonly list: Intl.ListFormat;
  readonly plural: Intl.PluralRules;
  readonly money: Map<string, Intl.NumberFormat>;
}

const writers = new Map<string, Writer>();
const MANY_WRITERS = 64;

function writerOf(tag: string): Writer {
  let writer = writers.get(tag);
  if (writer !== undefined) return writer;
  // Tags come from outside: whoever makes up many of them must not fill the memory.
  if (writers.size >= MANY_WRITERS) writers.clear();
  const day = { weekday: 'short', day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  writer = {
    day: new Intl.DateTimeFormat(tag, day),
    farDay: new Intl.DateTimeFormat(tag, { ...day, year: 'numeric' }),
    number: new Intl.NumberFormat(tag),
    list: new Intl.ListFormat(tag, { type: 'conjunction' }),
    plural: new Intl.PluralRules(tag),
    money: new Map(),
  };
  writers.set(tag, writer);
  return writer;
}

export interface Voice {
  /** BCP 47, such as en-GB: how days and money are written. */
  readonly tag: string;
  readonly words: Catalogue;
  /** 'YYYY-MM-DD': days of another year are told with it. */
  readonly today: string;
}

export function voiceOf(tag: string, today: string, words?: Catalogue): Voice {
  return { tag, today, words: words ?? CATALOGUES[languageOf(tag) ?? 'en'] };
}

/** A message in a language: headline, text, button. */
export function write(voice: Voice, said: Said): Wording {
  const messages = voice.words.states[said.state] as Readonly<Record<string, Wording>>;
  const wording = messages[said.key]!;
  const values = said.values as Readonly<Record<string, Value>>;
  return {
    headline: fill(voice, wording.headline, values),
    text: fill(voice, wording.text, values),
    button: fill(voice, wording.button, values),
  };
}

export function writeCharge(voice: Voice, said: ChargeSaid): string {
  return fill(voice, voice.words.charge[said.key], said.values as Readonly<Record<string, Value>>);
}

/** The two ways of sending a mixed answer. */
export function writeWays(voice: Voice, lastDay: string): { apart: string; together: string } {
  const { apart, together } = voice.words.ways;
  return { apart, together: fill(voice, together, { day: { kind: 'day', day: lastDay } }) };
}

/** An amount in minor units as the language writes it. */
export function writeMoney(tag: string, amount: number, currency: string): string {
  const { money } = writerOf(tag);
  let format = money.get(currency);
  if (format === undefined) {
    format = new Intl.NumberFormat(tag, { style: 'currency', currency });
    money.set(currency, format);
  }
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

function fill(voice: Voice, text: string, values: Readonly<Record<string, Value>>): string {
  if (!text.includes('{')) return text;
  return text.replace(/\{([a-z_]+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : valueText(voice, value);
  });
}

function valueText(voice: Voice, value: Value): string {
  const { number, plural, list } = writerOf(voice.tag);
  switch (value.kind) {
    case 'day':
      return dayIn(voice, value.day);
    case 'units':
      return number.format(value.units);
    case 'money':
      return writeMoney(voice.tag, value.amount, value.currency);
    case 'days': {
      const { one, other } = voice.words.days;
      return (plural.select(value.days) === 'one' ? one : other).replace(
        '{count}',
        number.format(value.days),
      );
    }
    case 'parts': {
      const { now, later } = voice.words.parts;
      const parts = value.later.map((part) =>
        later.replace('{quantity}', number.format(part.quantity)).replace('{day}', dayIn(voice, part.shipBy)),
      );
      if (value.now > 0) parts.unshift(now.replace('{quantity}', number.format(value.now)));
      return list.format(parts);
    }
  }
}

function dayIn({ tag, today }: Voice, day: string): string {
  const { day: near, farDay } = writerOf(tag);
  const text = (day.slice(0, 4) === today.slice(0, 4) ? near : farDay).format(new Date(`${day}T00:00:00Z`));
  // British days have a comma only where they have a year: "Fri 8 January 2027" reads like its neighbours.
  return text.replace(/^([A-Z][a-z]{2}), (?=\d)/, '$1 ');
}
