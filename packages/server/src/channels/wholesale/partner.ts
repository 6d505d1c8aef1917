import { ChannelCode, Country, Currency, Sku, Uom, Words } from '@kept/contract';
import { z } from 'zod';
import type { DateRules } from './dates.ts';

const Identity = z.object({
  /** ISA05 or 0007: 01 is a D-U-N-S, 12 a telephone number, 14 a GLN, ZZ agreed between the two. */
  qualifier: z.string().max(4).default('ZZ'),
  id: z.string().trim().min(1).max(35),
  /** GS02 or GS03, where it is another than the interchange's. */
  group: z.string().trim().min(2).max(15).optional(),
});

/** Qualifiers of X12 and EDIFACT are the same numbers here; X12 writes them with three digits. */
const Qualifiers = z.array(z.string().min(1).max(3));
const Delimiter = z
  .string()
  .regex(/^[^A-Za-z0-9\s]$|^\n$/, 'expected one character that is no letter, digit or blank');

/** All that is agreed with one trading partner. What is left out is what most of them do. */
export const Partner = z
  .object({
    code: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'expected lower-case letters, digits and dashes')
      .describe('names the partner in Kept'),
    title: Words.optional(),
    standard: z.enum(['x12', 'edifact', 'sheet']).describe('sheet: CSV or XLSX order sheets'),
    version: z
      .string()
      .max(30)
      .optional()
      .describe('004010 or 005010; of EDIFACT directory and agency, such as D:96A:UN:EAN008'),
    usage: z
      .enum(['production', 'test'])
      .default('production')
      .describe('the indicator that its messages carry'),
    ours: Identity.default({ qualifier: 'ZZ', id: 'KEPT' }),
    theirs: Identity.default({ qualifier: 'ZZ', id: 'PARTNER' }).describe(
      'of X12 and EDIFACT: who it calls itself',
    ),
    delimiters: z
      .object({
        element: Delimiter.optional(),
        component: Delimiter.optional(),
        segment: Delimiter.optional(),
        repetition: Delimiter.optional(),
      })
      .default({})
      .describe('of what Kept writes'),
    lineEnds: z.boolean().default(false).describe('a line end after each segment that Kept writes'),
    envelope: z
      .enum(['strict', 'lenient'])
      .default('strict')
      .describe('lenient: counts and control numbers that do not agree are told, and the message is taken'),
    channel: ChannelCode.default('wholesale'),
    customer: z.object({
      name: z.string().trim().min(1).max(300),
      email: z.string().trim().max(320).optional(),
      class: Words.optional(),
    }),
    country: Country.default('US').describe('of ship-to addresses that name none'),
    currency: Currency.default('USD').describe('of orders that name none'),
    items: z
      .object({
        skuQualifiers: z
          .array(z.string().max(3))
          .default(['VN', 'VP', 'VC', 'SK', 'SA'])
          .describe('numbers with these are SKUs; the first that is there counts'),
        numbers: z
          .record(z.string().max(60), Sku)
          .default({})
          .describe('their number to SKU; UP:012345678905 for one qualifier, 012345678905 for any'),
      })
      .default({ skuQualifiers: ['VN', 'VP', 'VC', 'SK', 'SA'], numbers: {} }),
    units: z
      .record(z.string().max(3), Uom.nullable())
      .default({ EA: null, PCE: null, PCS: null, C62: null, UN: null, PC: null })
      .describe('their unit codes; null is the stock unit, else an item’s unit of measure'),
    prices: z
      .record(Sku, z.string().regex(/^\d+(\.\d+)?$/, 'expected a decimal such as 12.50'))
      .default({})
      .describe('what is agreed, per ordered unit; SKUs that are not here are not held against anything'),
    priceTolerancePercent: z.number().min(0).max(100).default(0),
    orders: z
      .object({
        acceptBackorder: z.boolean().default(true),
        allowPartial: z.boolean().default(true),
        shipComplete: z.boolean().default(false),
      })
      .default({ acceptBackorder: true, allowPartial: true, shipComplete: false }),
    dates: z
      .object({
        notBefore: Qualifiers.default(['037', '064', '010']),
        cancelAfter: Qualifiers.default(['001', '038', '061', '063']),
        wanted: Qualifiers.default(['010', '106', '002', '037']),
        arrival: Qualifiers.default(['002', '061', '063', '064', '106']),
        transitDays: z
          .int()
          .min(0)
          .max(120)
          .default(0)
          .describe('what speaks of arrival leaves this many days before'),
      })
      .prefault({}),
    codes: z
      .record(z.string().max(4), z.array(z.string().max(20)))
      .default({})
      .describe('codes agreed beyond the standard’s lists, by data element number'),
    names: z
      .object({
        supplier: z.string().max(35),
        buyer: z.string().max(35),
        agency: z.string().max(3).default('9'),
      })
      .optional()
      .describe('who NAD+SU and NAD+BY name, where they are not the interchange’s'),
    sends: z
      .array(z.enum(['acknowledgement', 'answer', 'news', 'ship_notice', 'availability']))
      .default(['acknowledgement', 'answer', 'news', 'ship_notice', 'availability']),
    sheet: z
      .object({
        files: z
          .string()
          .max(100)
          .optional()
          .describe('how names of its files begin; its code and a dash unless told'),
        columns: z
          .record(z.string().max(40), z.string().max(200))
          .default({})
          .describe('field to heading, where they are unusual'),
        dates: z.enum(['month_first', 'day_first']).default('month_first'),
      })
      .optional(),
    catalogue: z.array(Sku).max(20_000).default([]).describe('items that availability is told of'),
  })
  .superRefine((partner, context) => {
    const { version, standard } = partner;
    if (standard !== 'sheet' && partner.theirs.id === 'PARTNER')
      context.addIssue({
        code: 'custom',
        path: ['theirs'],
        message: 'expected who the partner calls itself',
      });
    if (standard !== 'sheet' && partner.ours.id === 'KEPT')
      context.addIssue({
        code: 'custom',
        path: ['ours'],
        message: 'expected who the brand is to the partner',
      });
    if (
      version !== undefined &&
      !(standard === 'x12' ? /^00[45]0[1-9]0$/ : /^[A-Z]:[0-9A-Z]{3}:[A-Z]{2}/).test(version)
    )
      context.addIssue({
        code: 'custom',
        path: ['version'],
        message:
          standard === 'x12' ? 'expected 004010 or 005010' : 'expected a directory such as D:96A:UN:EAN008',
      });
    const given = Object.values(partner.delimiters);
    if (new Set(given).size < given.length)
      context.addIssue({ code: 'custom', path: ['delimiters'], message: 'expected delimiters that differ' });
  });
export type Partner = z.output<typeof Partner>;

export const versionOf = ({ version, standard }: Partner) =>
  version ?? (standard === 'edifact' ? 'D:96A:UN:EAN008' : '004010');

/** Qualifiers as the standard writes them: 010 for X12, 10 for EDIFACT. */
export function dateRules({ dates, standard }: Partner): DateRules {
  const written = (list: readonly string[]) =>
    standard !== 'edifact'
      ? list.map((one) => one.padStart(3, '0'))
      : list.map((one) => one.replace(/^0+(?=\d)/, ''));
  return {
    notBefore: written(dates.notBefore),
    cancelAfter: written(dates.cancelAfter),
    wanted: written(dates.wanted),
    arrival: written(dates.arrival),
    transitDays: dates.transitDays,
  };
}
