import { readCountry } from './countries.ts';
import { type DayOrder, readMoment, toDay, toInstant, ZoneClock } from './dates.ts';
import type { Column } from './header.ts';
import { readAmount } from './money.ts';
import { isProblem, type Problem, problem } from './problem.ts';
import { type DecimalMark, readUnits, readUnitsTimes } from './quantity.ts';
import type { References } from './references.ts';
import type { RowErrors } from './row-errors.ts';
import { checkCode, checkName, checkWords } from './words.ts';

/** How this file writes numbers and dates, decided over whole columns. */
export interface Styles {
  mark: DecimalMark;
  dayOrder: DayOrder | undefined;
  /** Characters that stand for bytes that are not UTF-8 are errors. */
  damaged: boolean;
}

const MISSING = (expected: string) => problem('is missing', expected);
const NEGATIVE = problem('is negative', 'zero or more');
const NOT_POSITIVE = problem('is not at least 1 unit', 'at least 1 unit');
const DAMAGED = problem('holds bytes that are not UTF-8', 'text in the encoding that the file is in');

/**
 * Reads the cells of a row and tells what is wrong with them, each with its column, value and expectation. `bad` is
 * set by any error and stays set until the caller has dropped the record.
 */
export class Cells {
  line = 0;
  bad = false;
  readonly #errors: RowErrors;
  readonly refs: References;
  readonly styles: Styles;
  readonly #zone: ZoneClock;
  #lastInstantText = '';
  #lastInstant = '';

  constructor(errors: RowErrors, refs: References, styles: Styles) {
    this.#errors = errors;
    this.refs = refs;
    this.styles = styles;
    this.#zone = new ZoneClock(refs.known.timeZone);
  }

  fail(column: Column | null, value: string | null, what: Problem): void {
    this.bad = true;
    this.#errors.add(this.line, column?.name ?? null, value, what.message, what.expected);
  }

  /** The cell without the space around it; '' where the file has no such column. */
  text(fields: string[], column: Column): string {
    return column.index < 0 ? '' : (fields[column.index] ?? '').trim();
  }

  /** A code or reference; '' if it is missing or wrong. */
  code(fields: string[], column: Column, expected: string, required = true): string {
    const text = this.text(fields, column);
    if (text === '') {
      if (required) this.fail(column, '', MISSING(expected));
      return '';
    }
    return this.#checked(column, text, checkCode(text));
  }

  /** A SKU that rows may use; '' if not. */
  sku(fields: string[], column: Column): string {
    const text = this.code(fields, column, 'a SKU');
    return text === '' ? '' : this.resolved(column, text, this.refs.sku(text));
  }

  location(fields: string[], column: Column): string {
    const text = this.code(fields, column, 'a location');
    return text === '' ? '' : this.resolved(column, text, this.refs.location(text));
  }

  name(fields: string[], column: Column): string {
    const text = this.text(fields, column);
    return this.#checked(column, text, checkName(text));
  }

  words(fields: string[], column: Column, most = 500): string {
    const text = this.text(fields, column);
    return this.#checked(column, text, checkWords(text, most));
  }

  #checked(column: Column, text: string, wrong: Problem | null): string {
    const found = wrong ?? (this.styles.damaged && text.includes('\ufffd') ? DAMAGED : null);
    if (found === null) return text;
    this.fail(column, text, found);
    return '';
  }

  /** A value, or the telling of why there is none; '' then. */
  resolved(column: Column, text: string, found: string | Problem): string {
    if (typeof found === 'string') return found;
    this.fail(column, text, found);
    return '';
  }

  /** Whole units of at least `least`; NaN if they are missing (unless `blank` says what a blank is) or wrong. */
  units(fields: string[], column: Column, least: 0 | 1, blank?: number): number {
    const text = this.text(fields, column);
    if (text === '') {
      if (blank !== undefined) return blank;
      this.fail(column, '', MISSING('whole units, such as 5'));
      return Number.NaN;
    }
    const units = readUnits(text, this.styles.mark);
    if (typeof units !== 'number') return this.#wrongNumber(column, text, units);
    if (units < least) return this.#wrongNumber(column, text, least === 1 ? NOT_POSITIVE : NEGATIVE);
    return units;
  }

  /** Whole units, negative ones too; NaN if wrong, `blank` if there is nothing. */
  signedUnits(fields: string[], column: Column, blank: number): number {
    const text = this.text(fields, column);
    if (text === '') return blank;
    const units = readUnits(text, this.styles.mark);
    return typeof units === 'number' ? units : this.#wrongNumber(column, text, units);
  }

  /** Stock units of a quantity in another unit of measure, at least `least`; NaN if wrong. */
  unitsTimes(fields: string[], column: Column, factor: number, least: 0 | 1): number {
    const text = this.text(fields, column);
    if (text === '') return this.units(fields, column, least);
    const units = readUnitsTimes(text, factor, this.styles.mark);
    if (typeof units !== 'number') return this.#wrongNumber(column, text, units);
    if (units < least) return this.#wrongNumber(column, text, least === 1 ? NOT_POSITIVE : NEGATIVE);
    return units;
  }

  /** Minor units of zero or more; NaN if wrong, `blank` if there is nothing (NaN: it must be there). */
  amount(fields: string[], column: Column, currency: string, blank = Number.NaN): number {
    const text = this.text(fields, column);
    if (text === '') {
      if (Number.isNaN(blank)) this.fail(column, '', MISSING(`an amount in ${currency}`));
      return blank;
    }
    const amount = readAmount(text, currency, this.styles.mark);
    if (typeof amount !== 'number') return this.#wrongNumber(column, text, amount);
    return amount < 0 ? this.#wrongNumber(column, text, NEGATIVE) : amount;
  }

  #wrongNumber(column: Column, text: string, wrong: Problem): number {
    this.fail(column, text, wrong);
    return Number.NaN;
  }

  /** An instant in UTC; '' if missing (and required) or wrong. */
  instant(fields: string[], column: Column, required = true): string {
    const text = this.text(fields, column);
    if (text === '') {
      if (required) this.fail(column, '', MISSING('a date and time such as 2026-03-14 09:30:00'));
      return '';
    }
    // an order's rows repeat its date
    if (text === this.#lastInstantText) return this.#lastInstant;
    const read = readMoment(text, this.styles.dayOrder);
    if (isProblem(read)) {
      this.fail(column, text, read);
      return '';
    }
    this.#lastInstantText = text;
    this.#lastInstant = toInstant(read, this.#zone);
    return this.#lastInstant;
  }

  /** A day; null if there is none, or it is wrong. */
  day(fields: string[], column: Column): string | null {
    const text = this.text(fields, column);
    if (text === '' || NO_DATE.test(text)) return null;
    const read = readMoment(text, this.styles.dayOrder);
    if (!isProblem(read)) return toDay(read);
    this.fail(column, text, read);
    return null;
  }

  country(fields: string[], column: Column): string {
    const text = this.text(fields, column);
    return this.resolved(column, text, readCountry(text));
  }

  /** Yes or no in the words that files use; false for a blank. */
  flag(fields: string[], column: Column): boolean {
    const text = this.text(fields, column).toLowerCase();
    if (text === '' || /^(false|no|0|n|nein)$/.test(text)) return false;
    if (!/^(true|yes|1|y|ja)$/.test(text)) {
      this.fail(column, this.text(fields, column), problem('is neither yes nor no', 'true or false'));
    }
    return true;
  }
}

/** What people write where the supplier has given no date. */
const NO_DATE = /^(tba|tbd|tbc|n\/?a|none|-+|unknown|open|offen|unbekannt|0000-00-00)$/i;
