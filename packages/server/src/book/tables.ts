import type { BookLinesQuery } from '@kept/contract';
import type pg from 'pg';
import writeXlsxFile from 'write-excel-file/node';
import type { z } from 'zod';
import { type CsvCell, harmless } from '../platform/csv.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { bookOf, groupsOf, momentOf, type Sum } from './book.ts';
import { burnDownOf } from './burn-down.ts';
import { ageingOf, historyOf } from './history.ts';
import { linesOf, movesOf } from './lines.ts';
import { metricsOf } from './metrics.ts';
import { moneyOf } from './money.ts';
import { minorDigits } from './rates.ts';

/** A table as it is exported: money as a decimal with its currency beside it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
export type Cell = CsvCell;

const DIMENSIONS = [
  'item',
  'supplier',
  'purchase_order',
  'channel',
  'class',
  'cause',
  'state',
  'month',
] as const;
export const TABLES = [
  'book',
  ...DIMENSIONS.map((by) => `by-${by}` as const),
  'history',
  'ageing',
  'oldest',
  'lines',
  'moves',
  'burn-down',
  'metrics',
  'deferred',
  'reconciliation',
  'refunds-owed',
  'months',
  'working-capital',
] as const;
/** Those of one workbook: rows behind the figures are files of their own. */
export const SUMMARIES: readonly TableName[] = TABLES.filter((name) => name !== 'lines' && name !== 'moves');
export type TableName = (typeof TABLES)[number];

/** Minor units as a decimal, exact. */
export function decimal(amount: number, currency: string): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return amount < 0 ? `-${whole}` : whole;
}
const money = (one: { amount: number; currency: string } | null): Cell[] =>
  one === null ? [null, null] : [Number(decimal(one.amount, one.currency)), one.currency];

const SUM_COLUMNS = [
  'key',
  'title',
  'lines',
  'orders',
  'units',
  'value',
  'currency',
  'cost',
  'margin',
  'cost currency',
];
const sumRow = (sum: Sum): Cell[] => [
  sum.key,
  sum.title,
  sum.lines,
  sum.orders,
  sum.units,
  ...money(sum.value),
  money(sum.cost)[0]!,
  money(sum.margin)[0]!,
  sum.cost?.currency ?? null,
];

/** One of the book's tables, whole. */
export async function tableOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: TableName,
  query: RowQuery = {},
): Promise<Table> {
  if (name === 'lines') return linesTable(kept, client, brandId, query);
  if (name === 'moves') return movesTable(kept, client, brandId, query);
  if (name.startsWith('by-')) {
    const moment = await momentOf(kept, client, brandId, undefined);
    const sums = await groupsOf(client, brandId, moment, name.slice(3) as (typeof DIMENSIONS)[number]);
    return { name, columns: SUM_COLUMNS, rows: sums.map(sumRow) };
  }
  switch (name) {
    case 'book': {
      const { currencies } = await bookOf(kept, client, brandId, { limit: 1 });
      return { name, columns: SUM_COLUMNS, rows: currencies.map(sumRow) };
    }
    case 'history': {
      const { days, currency } = await historyOf(kept, client, brandId, {});
      const kinds = [...new Set(days.flatMap(({ moves }) => moves.map(({ kind }) => kind)))].sort();
      return {
        name,
        columns: ['day', 'lines', 'units', 'value', 'currency', ...kinds.map((kind) => `${kind} value`)],
        rows: days.map(({ day, closing, moves }) => [
          day,
          closing.lines,
          closing.units,
          ...money({ amount: closing.value, currency }),
          ...kinds.map((kind) => {
            const amount = moves
              .filter((move) => move.kind === kind)
              .reduce((sum, { value }) => sum + value, 0);
            return Number(decimal(amount, currency));
          }),
        ]),
      };
    }
    case 'ageing': {
      const rows: Cell[][] = [];
      for (const basis of ['order', 'first', 'latest'] as const)
        for (const { key, lines, units, values } of (await ageingOf(kept, client, brandId, { basis }))
          .buckets)
          for (const value of values.length > 0 ? values : [null])
            rows.push([basis, key, lines, units, ...money(value)]);
      return { name, columns: ['basis', 'days', 'lines', 'units', 'value', 'currency'], rows };
    }
    case 'oldest': {
      const { oldest } = await ageingOf(kept, client, brandId, { basis: 'order' });
      return {
        name,
        columns: [
          'order',
          'line',
          'sku',
          'title',
          'customer',
          'placed',
          'days',
          'units',
          'value',
          'currency',
          'first promise',
          'latest promise',
        ],
        rows: oldest.map((row) => [
          row.order,
          String(row.line),
          row.sku,
          row.title,
          row.customer,
          row.placedOn,
          row.days,
          row.units,
          ...money(row.value),
          row.firstPromise,
          row.latestPromise,
        ]),
      };
    }
    case 'burn-down': {
      const { ahead, sofar, currency } = await burnDownOf(kept, client, brandId, {
        days: 120,
        measure: 'value',
      });
      const told = (amount: number) => Number(decimal(amount, currency));
      return {
        name,
        columns: ['day', 'so far', 'promised', 'promised a week ago', 'p10', 'p50', 'p90', 'currency'],
        rows: [
          ...sofar.map(({ day, left }) => [day, told(left), null, null, null, null, null, currency]),
          ...ahead.map((one) => [
            one.day,
            null,
            ...[one.promised, one.lastWeek, one.p10, one.p50, one.p90].map(told),
            currency,
          ]),
        ],
      };
    }
    case 'metrics': {
      const { metrics, currency } = await metricsOf(kept, client, brandId, {});
      return {
        name,
        columns: [
          'metric',
          'value',
          'unit',
          'numerator',
          'denominator',
          'formula',
          'what is counted',
          'source',
        ],
        rows: metrics.map((one) => [
          one.title,
          one.value === null
            ? 'not enough data'
            : one.unit === 'money'
              ? Number(decimal(one.value, currency))
              : one.value,
          one.unit === 'money' ? currency : one.unit,
          one.numerator,
          one.over,
          one.formula,
          one.denominator,
          one.source,
        ]),
      };
    }
    default:
      return moneyTable(kept, client, brandId, name as MoneyTable);
  }
}

type MoneyTable = 'deferred' | 'reconciliation' | 'refunds-owed' | 'months' | 'working-capital';

/** Which rows of the book, or of its changes, a file tells. */
export type RowQuery = Omit<z.output<typeof BookLinesQuery>, 'limit' | 'cursor'> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** A sheet holds so many rows at most, with its heading (XLSX); what is longer is told in pages of the API. */
const MOST_ROWS = 100_000;
const STEP = 1000;

async function linesTable(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: RowQuery,
): Promise<Table> {
  const rows: Cell[][] = [];
  for (let cursor: string | undefined; rows.length < MOST_ROWS; ) {
    const page = await linesOf(kept, client, brandId, { ...query, limit: STEP, cursor });
    for (const one of page.items)
      rows.push([
        one.order,
        String(one.line),
        one.sku,
        one.title,
        one.customer,
        one.channel,
        one.class,
        one.placedOn,
        one.units,
        ...money(one.value),
        ...money(one.cost),
        one.state,
        one.cause,
        one.plannedOn,
        one.firstPromise,
        one.latestPromise,
        one.supplies.map(({ ref, units }) => `${units} ${ref ?? 'unbacked'}`).join(', '),
      ]);
    if (page.next === null) break;
    cursor = page.next;
  }
  return { name: 'lines', columns: LINE_COLUMNS, rows };
}

const LINE_COLUMNS = [
  'order',
  'line',
  'sku',
  'title',
  'customer',
  'channel',
  'class',
  'placed',
  'units',
  'value',
  'currency',
  'cost',
  'cost currency',
  'state',
  'cause',
  'planned',
  'first promise',
  'latest promise',
  'waits for',
];

async function movesTable(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { from, to, currency }: RowQuery,
): Promise<Table> {
  const rows: Cell[][] = [];
  for (let cursor: string | undefined; rows.length < MOST_ROWS; ) {
    const page = await movesOf(kept, client, brandId, { from, to, currency, limit: STEP, cursor });
    for (const one of page.items)
      rows.push([
        one.at,
        one.order,
        String(one.line),
        one.sku,
        one.customer,
        one.kind,
        one.by,
        one.units,
        ...money(one.value),
        one.causeBefore,
        one.cause,
      ]);
    if (page.next === null) break;
    cursor = page.next;
  }
  const columns = ['at', 'order', 'line', 'sku', 'customer', 'kind', 'by', 'units', 'value', 'currency'];
  return { name: 'moves', columns: [...columns, 'cause before', 'cause'], rows };
}

async function moneyTable(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: MoneyTable,
): Promise<Table> {
  const told = await moneyOf(kept, client, brandId);
  const list = (all: { amount: number; currency: string }[]) =>
    all.map((one) => `${decimal(one.amount, one.currency)} ${one.currency}`).join(', ');
  const inCurrency = (currency: string, amounts: readonly number[]): Cell[] => [
    currency,
    ...amounts.map((amount) => Number(decimal(amount, currency))),
  ];
  switch (name) {
    case 'deferred':
      return {
        name,
        columns: ['currency', 'captured', 'refunded', 'recognised', 'deferred', 'receivable', 'tax'],
        rows: told.deferred.map((one) =>
          inCurrency(one.currency, [
            one.captured,
            one.refunded,
            one.recognised,
            one.deferred,
            one.receivable,
            one.tax,
          ]),
        ),
      };
    case 'reconciliation':
      return {
        name,
        columns: [
          'currency',
          'book',
          'prepaid',
          'unpaid',
          'prepaid and reserved',
          'other deferred',
          'deferred',
        ],
        rows: told.reconciliation.map((one) =>
          inCurrency(one.currency, [
            one.book,
            one.prepaid,
            one.unpaid,
            one.prepaidReserved,
            one.otherDeferred,
            one.deferred,
          ]),
        ),
      };
    case 'refunds-owed':
      return {
        name,
        columns: ['order', 'amount', 'currency', 'due', 'basis'],
        rows: told.refundsOwed.map((one) => [one.order, ...money(one.amount), one.dueOn, one.basis]),
      };
    case 'months':
      return {
        name,
        columns: ['month', 'units', 'value', 'currency'],
        rows: told.months.map((one) => [
          one.month,
          one.units,
          ...money({ amount: one.value, currency: one.currency }),
        ]),
      };
    case 'working-capital':
      return {
        name,
        columns: [
          'purchase order',
          'supplier',
          'expected',
          'terms',
          'pay on',
          'payable',
          'currency',
          'book',
          'prepaid',
        ],
        rows: told.workingCapital.map((one) => [
          one.purchaseOrder,
          one.supplier,
          one.expectedOn,
          one.paymentTerms,
          one.payOn,
          ...money(one.payable),
          list(one.book),
          list(one.prepaid),
        ]),
      };
  }
}

/** Tables as one workbook, a sheet each. */
export async function xlsxOf(tables: readonly Table[]): Promise<Buffer> {
  const sheets = tables.map(({ name, columns, rows }) => ({
    sheet: name.slice(0, 31),
    stickyRowsCount: 1,
    data: [
      columns.map((value) => ({ value, fontWeight: 'bold' as const })),
      // Texts are written as texts and never as formulas; the apostrophe is for what is copied on from there.
      ...rows.map((row) =>
        row.map((cell) => (typeof cell === 'string' ? { value: harmless(cell), type: String } : cell)),
      ),
    ],
  }));
  return writeXlsxFile(sheets as never).toBuffer();
}

export function tableName(name: string): TableName {
  const known = TABLES.find((one) => one === name);
  if (known === undefined)
    throw new KeptError(
      'not_found',
      `There is no table ${JSON.stringify(name)}; there are ${TABLES.join(', ')}.`,
    );
  return known;
}
