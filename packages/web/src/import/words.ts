import { inLanguage } from '../platform/language.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';

export const words = inLanguage(english, german);
