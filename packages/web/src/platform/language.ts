/**
 * The dashboard speaks English and German. Each page keeps its words in one file per language; the German ones have the type
 * of the English ones, so that a word which is missing, or one too many, does not compile. Chosen once, when the page loads.
 */
export type Language = 'en' | 'de';

export const LANGUAGES: Record<Language, { name: string; locale: string }> = {
  en: { name: 'English', locale: 'en-GB' },
  de: { name: 'Deutsch', locale: 'de-DE' },
};
const storageName = 'kept-language';

export const language: Language = chosen();
/** How numbers, money and days are written. */
export const locale: string = LANGUAGES[language].locale;

/** The words in the reader's language. */
export function inLanguage<Words>(words: Words, german: NoInfer<Words>): Words {
  return language === 'de' ? german : words;
}

/** The page is read anew: every word of it changes. */
export function speak(other: Language): void {
  try {
    window.localStorage.setItem(storageName, other);
  } catch {
    // Storage may be closed to us: the browser's own language then stays.
    return;
  }
  window.location.reload();
}

/** What the reader chose, else what their browser speaks. */
function chosen(): Language {
  if (typeof window === 'undefined') return 'en';
  try {
    const stored = window.localStorage.getItem(storageName);
    if (stored === 'en' || stored === 'de') return stored;
  } catch {
    // Then the browser's own language decides.
  }
  return window.navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

/** "1 line", "2 lines". */
export function counted(number: number, one: string, many: string): string {
  return `${new Intl.NumberFormat(locale).format(number)} ${number === 1 ? one : many}`;
}
