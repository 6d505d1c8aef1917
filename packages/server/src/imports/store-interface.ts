import type { ImportStatus } from '@kept/contract';
import type { z } from 'zod';
import type { RowError } from './row-errors.ts';

export type ImportRun = z.output<typeof ImportStatus>;

/** Where imports are kept while they run and after: one row each, and their errors. Every call is within one brand. */
export interface ImportStore {
  create(brand: string, run: ImportRun): Promise<void>;
  update(brand: string, id: string, change: Partial<Omit<ImportRun, 'id'>>): Promise<void>;
  get(brand: string, id: string): Promise<ImportRun | null>;
  /** Adds errors in the order in which they were found; `from` is the position of the first of them. */
  addErrors(brand: string, id: string, from: number, errors: RowError[]): Promise<void>;
  /** Errors from a position on (0 is the first), at most `limit`. */
  errors(brand: string, id: string, from: number, limit: number): Promise<RowError[]>;
}
