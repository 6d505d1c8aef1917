import type { ImportOptions, Kind } from './options.ts';
import type { Applier, MappingStore } from './records.ts';
import type { RowError } from './row-errors.ts';

/** What an import is doing and how far it is. */
export interface ImportProgress {
  phase: 'checking' | 'applying';
  /** Rows read in this phase. */
  rows: number;
  /** Of the file on disk, read in this phase, and in all. */
  bytes: number;
  totalBytes: number;
  errorCount: number;
}

export interface ImportResult {
  state: 'done' | 'refused' | 'failed' | 'needs_mapping';
  kind: Kind | null;
  encoding: string | null;
  delimiter: string | null;
  /** Rows of the file, header and blank lines not counted. */
  rows: number;
  /** Records (an order with all of its lines is one) that changed something, and that changed nothing. */
  applied: number;
  unchanged: number;
  /** Records left out because a row of them is bad. */
  skipped: number;
  /** Rows left out on purpose: returns, drafts, what is not stocked. */
  ignored: number;
  errorCount: number;
  /** The first 1,000; the first 100,000 stand in the spool file. */
  errors: RowError[];
  warningCount: number;
  warnings: RowError[];
  mapping?: Record<string, string>;
  missing?: string[];
  /** The file's columns, where a mapping is asked for. */
  columns?: string[];
  message?: string;
  /** Why the state is `failed`: for the log, not for the person. */
  failure?: unknown;
}

export interface ImportInput {
  /** A path, or bytes that are spooled to a temporary file first. */
  file: string | AsyncIterable<Uint8Array>;
  /** What errors call the file. */
  name: string;
  options: ImportOptions;
  applier: Applier;
  mappings?: MappingStore;
  /** Where the first 100,000 errors are written, one JSON object a line. */
  errorSpool?: string;
  /** What a gzipped file may unpack to; any size unless told. */
  maximumDecompressedBytes?: number;
  onProgress?: (progress: ImportProgress) => void;
}
