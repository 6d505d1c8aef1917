import type { Language } from './letter-facts.ts';

/** Text is plain from this reading ease on (Flesch's "plain English", Amstad's "einfach"). */
const PLAIN = 60;
/** Fewer words than this have no reading level. */
const FEW_WORDS = 6;
const PLACEHOLDERS = new Set(['name', 'order', 'brand']);

export interface Remark {
  /** `subject`, `opening` or `closing`. */
  readonly path: string;
  readonly message: string;
}

/** What cannot go out as it is written: a date in numbers, which reads as another day abroad, and a word nothing stands for. */
export function faultsIn(words: Readonly<Record<string, string | undefined>>): Remark[] {
  return textsOf(words).flatMap(([path, text]) => {
    const date = /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2}\/\d{1,2}\b/.exec(text);
    const unknown = [...text.matchAll(/\{([^{}]*)\}/g)].find((one) => !PLACEHOLDERS.has(one[1]!));
    return [
      ...(date === null
        ? []
        : [{ path, message: `expected dates spelt out, such as 14 March, and not ${date[0]}` }]),
      ...(unknown === undefined
        ? []
        : [{ path, message: `${unknown[0]} stands for nothing: expected {name}, {order} or {brand}` }]),
    ];
  });
}

/** What could be said better: it goes out, and whoever wrote it is told. */
export function remarksOn(words: Readonly<Record<string, string | undefined>>, language: Language): Remark[] {
  return textsOf(words).flatMap(([path, text]) => {
    const ease = Math.round(readingEase(text, language));
    const counted = (text.match(/[\p{L}’']+/gu) ?? []).length;
    return [
      ...(isCorporate(text)
        ? [{ path, message: 'Nobody speaks like this: say it as you would say it at a counter.' }]
        : []),
      ...(counted >= FEW_WORDS && ease < PLAIN
        ? [
            {
              path,
              message: `Its reading ease is ${ease}, and plain language begins at ${PLAIN}: use shorter sentences and words.`,
            },
          ]
        : []),
    ];
  });
}

function textsOf(words: Readonly<Record<string, string | undefined>>): [string, string][] {
  return ['subject', 'opening', 'closing'].flatMap((path): [string, string][] => {
    const text = words[path];
    return text === undefined ? [] : [[path, text]];
  });
}

export const isCorporate = (text: string): boolean =>
  /inconvenience|valued customer|we apologi[sz]e|unfortunately|please be advised|kindly|backorder|pegged|fulfil|proactive|Unannehmlichkeit|geschätzte|bedauerlicherweise|diesbezüglich|hinsichtlich/i.test(
    text,
  );

/**
 * How easy a text is to read, 0 to 100: Flesch (1948) for English, Amstad (1978) for German. 60 and more is plain language.
 */
export function readingEase(text: string, language: Language): number {
  const words = text.match(/[\p{L}’']+/gu) ?? [];
  const sentenceCount = Math.max(1, (text.match(/[.!?:](\s|$)/g) ?? []).length);
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word.toLowerCase(), language), 0);
  const perSentence = words.length / sentenceCount;
  const perWord = syllables / Math.max(1, words.length);
  return language === 'en'
    ? 206.835 - 1.015 * perSentence - 84.6 * perWord
    : 180 - perSentence - 58.5 * perWord;
}

function syllablesOf(word: string, language: Language): number {
  const spoken = language === 'en' ? word.replace(/(?<=[^aeiouyl])e$|(?<=[^aeiouydt])ed$/, '') : word;
  return Math.max(1, (spoken.match(/[aeiouyäöü]+/g) ?? []).length);
}
