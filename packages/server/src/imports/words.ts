import { type Problem, problem } from './problem.ts';

const FORMULA = problem('looks like a spreadsheet formula', 'plain text');
const CONTROL = problem('holds a control character', 'text without control characters');
const NULL_CHARACTER = problem('holds a null character', 'text without null characters');

/**
 * A code that names something (SKU, reference, code of a place), already trimmed and not empty: at most 120
 * characters, no control characters, and no formula. A leading = + - or @ is kept only before a number, since a
 * spreadsheet would run the rest.
 */
export function checkCode(text: string): Problem | null {
  if (text.length > 120) return problem(`is ${text.length} characters long`, 'at most 120 characters');
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) < 32) return CONTROL;
  return startsFormula(text.charCodeAt(0)) && !/^[+-]?\d+([.,]\d+)?$/.test(text) ? FORMULA : null;
}

/** A person's name: like a code, at most 300 characters. */
export function checkName(text: string, most = 300): Problem | null {
  if (text.length > most) return problem(`is ${text.length} characters long`, `at most ${most} characters`);
  if (text === '') return null;
  if (text.includes('\u0000')) return NULL_CHARACTER;
  return startsFormula(text.charCodeAt(0)) && /^[=@+-]\s*[^\d\s.,)-]/.test(text) ? FORMULA : null;
}

/**
 * Words a person reads (titles, notes), at most 500 characters. "+ size" and "@home" are honest titles: only what a
 * spreadsheet would run is refused.
 */
export function checkWords(text: string, most = 500): Problem | null {
  if (text.length > most) return problem(`is ${text.length} characters long`, `at most ${most} characters`);
  if (text === '') return null;
  if (text.includes('\u0000')) return NULL_CHARACTER;
  const first = text.charCodeAt(0);
  if (!startsFormula(first)) return null;
  return first === 61 || /^[+\-@]\s*[A-Za-z_.$!]+\d*\s*[(|!]/.test(text) ? FORMULA : null;
}

const startsFormula = (unit: number) => unit === 61 || unit === 43 || unit === 45 || unit === 64;

/** How a value is shown in an error: cut at 200 characters. */
export function shown(value: string): string {
  return value.length > 200 ? `${value.slice(0, 199)}…` : value;
}
