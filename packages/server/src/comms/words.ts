import type { Language } from './letter-facts.ts';
import type { Words } from './wording.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

const WORDS: Readonly<Record<Language, Words>> = { en: english, de: german };

export function wordsIn(language: Language): Words {
  return WORDS[language];
}
