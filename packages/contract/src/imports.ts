import { z } from 'zod';
import { Currency, Instant, listOf } from './common.ts';

/** What a file can be. Left out, Kept recognises it by its columns. */
export const ImportKind = z.enum([
  'items',
  'stock',
  'orders',
  'purchase_orders',
  'locations',
  'channels',
  'suppliers',
  'shopify_orders',
  'shopify_products',
  'shopify_inventory',
  'amazon_orders',
  'amazon_fba_inventory',
]);

/** One bad row, told so that it can be found and mended. */
export const ImportRowError = z.object({
  file: z.string(),
  /** Line in the file, counted from 1, the header included. */
  line: z.int(),
  column: z.string().nullable(),
  value: z.string().nullable().describe('as it stands in the file, cut at 200 characters'),
  message: z.string(),
  expected: z.string(),
});

/** How an import is asked for: as a query beside the file's bytes, or as the fields of a form. */
export const ImportQuery = z.object({
  kind: ImportKind.optional(),
  /** What errors call the file; a form's file brings its own name. */
  name: z.string().trim().min(1).max(255).optional(),
  /** The channel, location and supplier of a file that does not name its own. */
  channel: z.string().trim().min(1).max(120).optional(),
  location: z.string().trim().min(1).max(120).optional(),
  supplier: z.string().trim().min(1).max(120).optional(),
  /** Of prices that stand without one; the brand's unless told. */
  currency: Currency.optional(),
  encoding: z.string().trim().min(1).max(40).optional(),
  /** FIELD=COLUMN, several joined with commas: sku=Item Code,quantity=Qty */
  map: z.string().max(4000).optional(),
  /** How dates such as 03/04/2026 are to be read, where the column does not tell. */
  dateFormat: z.enum(['dmy', 'mdy']).optional(),
  /** Apply the good rows of a file that has bad ones; otherwise one bad row refuses the file. */
  skipBadRows: z.stringbool().default(false),
  /** Create the items, suppliers, locations and the channel that rows name and Kept does not know. */
  createItems: z.stringbool().default(false),
  /** What to do with negative quantities in an orders file. */
  returns: z.enum(['refuse', 'ignore']).default('refuse'),
  /** Do everything, then take it back. */
  dryRun: z.stringbool().default(false),
  /** Answer when the import is finished, and not at once. The header `Prefer: wait` asks the same. */
  wait: z.stringbool().optional(),
});

export const ImportStatus = z.object({
  id: z.string(),
  file: z.string(),
  kind: ImportKind.nullable(),
  state: z.enum(['checking', 'applying', 'done', 'refused', 'failed', 'needs_mapping']),
  /** How the file was read: utf-8, windows-1252, …; comma, tab, semicolon or pipe, null for lines of JSON. */
  encoding: z.string().nullable().optional(),
  delimiter: z.string().nullable().optional(),
  /** Share of the running phase that is done, 0 to 1. */
  progress: z.number().min(0).max(1).optional(),
  rows: z.int().describe('rows of the file, the header not counted'),
  applied: z.int().describe('records that changed something; an order with all of its lines is one'),
  unchanged: z.int().describe('records that changed nothing'),
  skipped: z.int().describe('records left out because a row of them is bad'),
  ignored: z.int().optional().describe('rows left out on purpose: returns, drafts, what is not stocked'),
  errorCount: z.int(),
  errors: z.array(ImportRowError).describe('the first 1,000; the first 100,000 at /v1/imports/:id/errors'),
  warningCount: z.int().optional(),
  warnings: z
    .array(ImportRowError)
    .optional()
    .describe('what was read, but should be looked at; the first 1,000'),
  /** For a mapped file: which column was taken for what; a person may correct and send it again. */
  mapping: z.record(z.string(), z.string()).optional(),
  /** What the file does not tell: fields without a column, or the parameters kind, channel, location, supplier, dateFormat. */
  missing: z.array(z.string()).optional(),
  /** The file's columns, where a mapping is asked for. */
  columns: z.array(z.string()).optional(),
  message: z.string().optional(),
  startedAt: Instant,
  /** When the import last showed that it lives; one that runs does so every ten seconds. */
  touchedAt: Instant.optional(),
  finishedAt: Instant.nullable(),
});

export const ImportErrorPage = listOf(ImportRowError);
