import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { ImportRowError } from '@kept/contract';
import type { z } from 'zod';
import { shown } from './words.ts';

export type RowError = z.output<typeof ImportRowError>;

/** How many errors are held and shown; the rest are counted and written to the spool. */
export const KEPT_ERRORS = 1000;
/** How many are written to the spool; the rest are only counted: a file of bad rows must not fill the disk. */
export const SPOOLED_ERRORS = 100_000;

/**
 * Collects what is wrong with a file, all of it: the first thousand in memory, the first hundred thousand as lines of
 * JSON in the spool file. While muted (the second pass, which meets the same rows again) nothing is told twice.
 */
export class RowErrors {
  readonly file: string;
  readonly kept: RowError[] = [];
  count = 0;
  muted = false;
  readonly #spoolPath: string | null;
  #spool: number | null = null;
  #pending: string[] = [];

  constructor(file: string, spoolPath: string | null) {
    this.file = file;
    this.#spoolPath = spoolPath;
  }

  add(line: number, column: string | null, value: string | null, message: string, expected: string): void {
    if (this.muted) return;
    this.count++;
    const error: RowError = {
      file: this.file,
      line: Math.max(1, line),
      column,
      value: value === null ? null : shown(value),
      message,
      expected,
    };
    if (this.kept.length < KEPT_ERRORS) this.kept.push(error);
    if (this.#spoolPath === null || this.count > SPOOLED_ERRORS) return;
    this.#pending.push(JSON.stringify(error));
    if (this.#pending.length >= 500) this.#flush();
  }

  /** How many are only counted, though there is a spool. */
  get uncollected(): number {
    return this.#spoolPath === null ? 0 : Math.max(0, this.count - SPOOLED_ERRORS);
  }

  /** Answers how to forget all that is added from now on. */
  mark(): () => void {
    const { count } = this;
    const kept = this.kept.length;
    if (this.#pending.length > 0) this.#flush();
    const size = this.#spool === null ? 0 : fstatSync(this.#spool).size;
    return () => {
      this.count = count;
      this.kept.length = kept;
      this.#pending = [];
      if (this.#spool !== null) ftruncateSync(this.#spool, size);
    };
  }

  /** Every collected error is on disk after this. */
  close(): void {
    if (this.#pending.length > 0) this.#flush();
    if (this.#spool !== null) closeSync(this.#spool);
    this.#spool = null;
  }

  #flush(): void {
    this.#spool ??= openSync(this.#spoolPath!, 'a', 0o600);
    writeSync(this.#spool, `${this.#pending.join('\n')}\n`);
    this.#pending = [];
  }
}
