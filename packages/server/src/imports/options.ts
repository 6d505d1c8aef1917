import type { ImportKind } from '@kept/contract';
import type { z } from 'zod';
import type { DayOrder } from './dates.ts';

export type Kind = z.output<typeof ImportKind>;

/** What the person who imports has said about the file. Everything may be left out. */
export interface ImportOptions {
  kind?: Kind;
  /** The channel of a file that does not name one. */
  channel?: string;
  /** The location of a file that does not name one. */
  location?: string;
  /** The supplier of a file that does not name one. */
  supplier?: string;
  /** Of prices without one; the brand's unless told. */
  currency?: string;
  encoding?: string;
  /** Field → column of this file. */
  map?: Record<string, string>;
  dateFormat?: DayOrder;
  /** Apply the good rows of a file that has bad ones. */
  skipBadRows?: boolean;
  /** Create the items, suppliers, locations and the channel that rows name and Kept does not know. */
  createItems?: boolean;
  /** Rows of returned goods in an orders file: errors unless they are to be left out. */
  returns?: 'refuse' | 'ignore';
  /** Do everything, then take it back. */
  dryRun?: boolean;
}

/** Something the file does not tell and a person must: which column is the SKU, which channel, which kind. */
export class NeedsAnswer extends Error {
  /** Fields of the mapping, or the options `kind`, `channel`, `location`, `supplier`. */
  readonly missing: string[];
  constructor(missing: string[], message: string) {
    super(message);
    this.name = 'NeedsAnswer';
    this.missing = missing;
  }
}
