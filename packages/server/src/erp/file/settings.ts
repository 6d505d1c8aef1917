import { LocationCode, SupplierCode } from '@kept/contract';
import { z } from 'zod';

const Path = z.string().min(1).max(1000);
const Folders = {
  in: Path.describe('where the ERP’s exports are put'),
  out: Path.describe('where Kept puts drafts, dates and receipts, and what is wrong with a file'),
  taken: Path.optional().describe('where files go that were read, or could not be; in/.taken unless told'),
};

export const FileSettings = z.object({
  mailbox: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('folder'), ...Folders }),
      z.object({
        kind: z.literal('sftp'),
        host: z.string().min(1).max(255),
        port: z.int().min(1).max(65_535).default(22),
        username: z.string().min(1).max(200),
        hostKey: z
          .string()
          .regex(
            /^SHA256:[A-Za-z0-9+/]{43}=?$/,
            'expected the fingerprint that ssh-keygen -lf shows: SHA256:…',
          ),
        ...Folders,
      }),
    ])
    .describe('where files come from and go to: folders of this machine, or of an SFTP server'),
  everyMinutes: z.int().min(1).max(1440).default(5).describe('how often it is looked'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency code such as USD')
    .describe('of the brand: of prices without one, and of times without an offset'),
  timeZone: z.string().default('UTC').describe('of times that say none'),
  files: z
    .array(
      z.object({
        name: z.string().min(1).max(200).describe('a pattern such as open-pos-*.csv'),
        kind: z.enum(['items', 'suppliers', 'locations', 'stock', 'purchase_orders']).optional(),
        /** Field → column: { "sku": "Item Code" }. */
        map: z.record(z.string(), z.string()).optional(),
        dateFormat: z.enum(['dmy', 'mdy']).optional(),
        supplier: SupplierCode.optional(),
        location: LocationCode.optional(),
        encoding: z.string().max(40).optional(),
      }),
    )
    .max(100)
    .default([])
    .describe(
      'what files of some names are, where their columns do not tell: the first pattern that fits counts',
    ),
  suppliers: z
    .record(z.string().min(1), SupplierCode)
    .default({})
    .describe('what files call suppliers, by Kept’s codes: { "Azure Interior": "azure" }'),
  locations: z
    .record(z.string().min(1), LocationCode)
    .default({})
    .describe('what files call locations, by Kept’s codes: { "Hall 1": "main" }'),
  units: z
    .record(z.string().min(1), z.int().min(1).max(10_000_000))
    .default({})
    .describe(
      'pieces in a unit, where it is the same for every item: { "case": 12 }. Else a file brings a column with its factor',
    ),
});
export type FileSettings = z.output<typeof FileSettings>;

export const FileSecrets = z.object({
  password: z.string().max(1000).optional().describe('of the SFTP user; or a privateKey'),
  privateKey: z.string().max(20_000).optional().describe('of the SFTP user, as its file has it'),
  passphrase: z.string().max(1000).optional().describe('of the privateKey, where it has one'),
});
export type FileSecrets = z.output<typeof FileSecrets>;
