import { type Problem, problem } from './problem.ts';

export interface RowSink {
  /** A row's fields as they stand, and the line it starts on, counted from 1. */
  row(fields: string[], line: number): void;
  /** A row that cannot be split. `fatal`: what follows cannot be trusted either. */
  bad(line: number, what: Problem, fatal: boolean): void;
}

/** A row longer than this is an error, and is never held whole. In characters. */
export const MAXIMUM_ROW_LENGTH = 1_000_000;

const TOO_LONG = problem(
  'the row is longer than 1,000,000 characters',
  'a row of at most 1,000,000 characters',
);
const AFTER_QUOTE = problem(
  'text stands behind a closing quote',
  'a delimiter or the end of the row behind the quote',
);
const UNCLOSED = problem('a quote opens here and is never closed', 'a closing quote');

/**
 * Splits delimited text into rows as it comes, in constant memory (RFC 4180, with quotes literal inside a field that
 * does not start with one). It is Kept's own because the row limit must hold before a row is whole, and reading must
 * go on behind a row that is too long or badly quoted, telling its line: csv-parse, which the tests hold it against, stops there.
 */
export class RowSplitter {
  readonly #delimiter: string;
  readonly #newline: string;
  readonly #sink: RowSink;
  /** Tab files hold quotes as text, so there one opens a quoted field only if it closes at the field's end on the same line. */
  readonly #strictQuotes: boolean;
  /** Lines of JSON: a row is its line, and quotes and delimiters in it mean nothing here. */
  readonly #wholeLines: boolean;
  #rest = '';
  #line: number;
  /** While the rest of an overlong row is thrown away: whether its quote is open. */
  #discarding: 'no' | 'unquoted' | 'quoted' = 'no';
  #openedOn = 0;
  /** Whether a quote at the very start of the next piece opens or doubles one: a delimiter or a closing quote stands before it. */
  #quoteCounts = false;
  #ended = false;

  constructor(sink: RowSink, options: { delimiter: string | null; newline?: '\n' | '\r' }) {
    this.#sink = sink;
    this.#wholeLines = options.delimiter === null;
    this.#delimiter = options.delimiter ?? '\n';
    this.#newline = options.newline ?? '\n';
    this.#strictQuotes = options.delimiter === '\t' || this.#wholeLines;
    this.#line = 1;
  }

  push(text: string): void {
    if (this.#ended) return;
    const fresh = this.#discarding === 'no' ? text : this.#discard(text);
    this.#split(this.#rest === '' ? fresh : this.#rest + fresh, false);
    if (this.#rest.length > MAXIMUM_ROW_LENGTH) {
      this.#sink.bad(this.#line, TOO_LONG, false);
      const rest = this.#rest;
      this.#rest = '';
      this.#discarding = this.#quoteIsOpen(rest) ? 'quoted' : 'unquoted';
      this.#line += count(rest, this.#newline);
    }
  }

  end(): void {
    if (this.#ended) return;
    if (this.#discarding === 'quoted') this.#sink.bad(this.#openedOn, UNCLOSED, true);
    else this.#split(this.#rest, true);
    this.#ended = true;
    this.#rest = '';
  }

  #split(text: string, final: boolean): void {
    let position = 0;
    let quote = this.#wholeLines ? -1 : text.indexOf('"');
    while (position < text.length) {
      let end = text.indexOf(this.#newline, position);
      if (end < 0) {
        if (!final) break;
        end = text.length;
      }
      if (quote >= 0 && quote < position) quote = text.indexOf('"', position);
      if (quote < 0 || quote >= end) {
        const stop = end > position && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
        if (stop > position) this.#emit(text.slice(position, stop).split(this.#delimiter), stop - position);
        this.#line++;
        position = end + 1;
        continue;
      }
      const next = this.#quotedRow(text, position, final);
      if (next < 0) break;
      position = next;
    }
    this.#rest = position >= text.length ? '' : position === 0 ? text : text.slice(position);
  }

  #emit(fields: string[], length: number): void {
    if (length > MAXIMUM_ROW_LENGTH) this.#sink.bad(this.#line, TOO_LONG, false);
    else this.#sink.row(fields, this.#line);
  }

  /** Reads one row that holds a quote; answers where the next one starts, or -1 if the row is not whole yet. */
  #quotedRow(text: string, start: number, final: boolean): number {
    const fields: string[] = [];
    let at = start;
    let broken = false;
    let newlines = 0;
    for (;;) {
      if (text.charCodeAt(at) === 34 && !(this.#strictQuotes && !this.#closesOnLine(text, at))) {
        let close = text.indexOf('"', at + 1);
        let escaped = false;
        while (close >= 0 && text.charCodeAt(close + 1) === 34) {
          escaped = true;
          close = text.indexOf('"', close + 2);
        }
        if (close < 0 || (close + 1 === text.length && !final)) {
          if (!final) return -1;
          this.#sink.bad(this.#line + newlines, UNCLOSED, true);
          return text.length;
        }
        const value = text.slice(at + 1, close);
        newlines += count(value, this.#newline);
        fields.push(escaped ? value.replaceAll('""', '"') : value);
        at = close + 1;
        if (text.charCodeAt(at) === 13 && this.#newline === '\n') at++;
        if (at < text.length && text[at] !== this.#delimiter && text[at] !== this.#newline) {
          broken = true;
          at = this.#endOfField(text, at);
        }
      } else {
        const end = this.#endOfField(text, at);
        const stop =
          text.charCodeAt(end - 1) === 13 && text[end] !== this.#delimiter && end > at ? end - 1 : end;
        fields.push(text.slice(at, stop));
        at = end;
      }
      if (at >= text.length && !final) return -1;
      if (at >= text.length || text[at] === this.#newline) break;
      at++;
    }
    if (broken) this.#sink.bad(this.#line, AFTER_QUOTE, false);
    else this.#emit(fields, at - start);
    this.#line += 1 + newlines;
    return at + 1;
  }

  #endOfField(text: string, from: number): number {
    const delimiter = text.indexOf(this.#delimiter, from);
    const newline = text.indexOf(this.#newline, from);
    if (delimiter < 0) return newline < 0 ? text.length : newline;
    return newline < 0 || delimiter < newline ? delimiter : newline;
  }

  #closesOnLine(text: string, at: number): boolean {
    const end = this.#endOfField(text, at);
    const stop = text.charCodeAt(end - 1) === 13 ? end - 1 : end;
    if (stop - at < 2 || text.charCodeAt(stop - 1) !== 34) return false;
    // an odd quote inside would be text too: only doubled ones belong to a quoted field
    return !text
      .slice(at + 1, stop - 1)
      .replaceAll('""', '')
      .includes('"');
  }

  /** Whether the quote of an overlong row's last field is still open, and on which line it opened. */
  #quoteIsOpen(row: string): boolean {
    if (this.#strictQuotes) return false;
    let at = 0;
    while (at < row.length) {
      if (row.charCodeAt(at) !== 34) {
        const delimiter = row.indexOf(this.#delimiter, at);
        if (delimiter < 0) return false;
        at = delimiter + 1;
        continue;
      }
      let close = row.indexOf('"', at + 1);
      while (close >= 0 && row.charCodeAt(close + 1) === 34) close = row.indexOf('"', close + 2);
      if (close < 0) {
        this.#openedOn = this.#line + count(row.slice(0, at), this.#newline);
        return true;
      }
      const delimiter = row.indexOf(this.#delimiter, close);
      if (delimiter < 0) return false;
      at = delimiter + 1;
    }
    return false;
  }

  /** Throws away the rest of an overlong row; answers what stands behind it. */
  #discard(text: string): string {
    let at = 0;
    while (at < text.length) {
      if (this.#discarding === 'quoted') {
        const close = text.indexOf('"', at);
        this.#line += count(close < 0 ? text.slice(at) : text.slice(at, close), this.#newline);
        if (close < 0) return '';
        this.#discarding = 'unquoted';
        this.#quoteCounts = true;
        at = close + 1;
        continue;
      }
      const newline = text.indexOf(this.#newline, at);
      const quote = this.#strictQuotes ? -1 : this.#openingQuote(text, at);
      this.#quoteCounts = text.endsWith(this.#delimiter);
      if (quote >= 0 && (newline < 0 || quote < newline)) {
        this.#discarding = 'quoted';
        this.#openedOn = this.#line;
        at = quote + 1;
        continue;
      }
      if (newline < 0) return '';
      this.#discarding = 'no';
      this.#line++;
      return text.slice(newline + 1);
    }
    return '';
  }

  /** A quote that opens a field, or doubles the closing one before it. */
  #openingQuote(text: string, from: number): number {
    if (this.#quoteCounts && text.charCodeAt(from) === 34) return from;
    const opening = text.indexOf(`${this.#delimiter}"`, from);
    return opening < 0 ? -1 : opening + 1;
  }
}

function count(text: string, what: string): number {
  let found = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) found++;
  return found;
}
