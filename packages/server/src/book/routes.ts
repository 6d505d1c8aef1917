import {
  Book,
  BookAgeing,
  BookAgeingQuery,
  BookBurnDown,
  BookBurnDownQuery,
  BookHistory,
  BookHistoryQuery,
  BookLines,
  BookLinesQuery,
  BookMetrics,
  BookMetricsQuery,
  BookMoney,
  BookMoves,
  BookMovesQuery,
  BookQuery,
  BookSettings,
  ContactsInput,
  ContactsRecorded,
  Day,
  Journal,
  JournalQuery,
  Problem,
  Rates,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { csvOf } from '../platform/csv.ts';
import { withBrand } from '../platform/database.ts';
import { sendTagged } from '../platform/etag.ts';
import type { Kept } from '../platform/kept.ts';
import { bookOf } from './book.ts';
import { insertRates, readBookSettings, readRates } from './book-store.ts';
import { burnDownOf } from './burn-down.ts';
import { catchUp } from './catch-up.ts';
import { recordContacts } from './contacts.ts';
import { ageingOf, historyOf } from './history.ts';
import { journalFor } from './journal.ts';
import { journalCsv } from './journal-csv.ts';
import { linesOf, movesOf } from './lines.ts';
import { metricsOf } from './metrics.ts';
import { moneyOf } from './money.ts';
import { changeBookSettings } from './report.ts';
import { SUMMARIES, TABLES, tableName, tableOf, xlsxOf } from './tables.ts';
import { weekOf } from './week.ts';

const tags = ['Book'];
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The book: its value, its history, how it ages and comes down, the money in it, and what it does to customers. */
export function bookRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const inSnapshot = async <T>(brandId: number, work: (client: pg.PoolClient) => Promise<T>) => {
    await catchUp(kept, brandId);
    return withBrand(
      kept.db,
      brandId,
      async (client) => {
        // One moment for all of an answer's statements: its parts add up to its whole.
        await client.query('set transaction isolation level repeatable read, read only');
        return work(client);
      },
      { reads: true },
    );
  };

  routes.get(
    '/v1/book',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'What the backorders are worth, now or as it was shown at a moment',
        querystring: BookQuery,
        response: { 200: Book, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) => bookOf(kept, client, request.brandId, request.query)),
      ),
  );
  routes.get(
    '/v1/book/history',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'The book at the end of each day, and what moved it',
        querystring: BookHistoryQuery,
        response: { 200: BookHistory, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) =>
          historyOf(kept, client, request.brandId, request.query),
        ),
      ),
  );
  routes.get(
    '/v1/book/ageing',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'How old the book is, and the oldest lines by name',
        querystring: BookAgeingQuery,
        response: { 200: BookAgeing, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) => ageingOf(kept, client, request.brandId, request.query)),
      ),
  );
  routes.get(
    '/v1/book/burn-down',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'How the book comes down: so far, as promised, as promised a week ago, and as is likely',
        querystring: BookBurnDownQuery,
        response: { 200: BookBurnDown, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) =>
          burnDownOf(kept, client, request.brandId, request.query),
        ),
      ),
  );
  routes.get(
    '/v1/book/metrics',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'Revenue and customer impact: each figure with its formula, denominator and source',
        querystring: BookMetricsQuery,
        response: { 200: BookMetrics, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) =>
          metricsOf(kept, client, request.brandId, request.query),
        ),
      ),
  );
  routes.get(
    '/v1/book/money',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary:
          'Deferred revenue and how it ties to the book, refunds owed, revenue by month, working capital',
        response: { 200: BookMoney, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendTagged(
        request,
        reply,
        await inSnapshot(request.brandId, (client) => moneyOf(kept, client, request.brandId)),
      ),
  );
  routes.get(
    '/v1/book/journal',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary:
          'The double-entry journal; as a file for QuickBooks, Xero or NetSuite where its format is named',
        querystring: JournalQuery,
        response: { 200: z.union([Journal, z.string()]), '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { from, to, format } = request.query;
      const { missing, currency, ...journal } = await inSnapshot(request.brandId, (client) =>
        journalFor(kept, client, request.brandId, from, to),
      );
      if (format === 'json') return journal;
      const file = journalCsv(format, journal.entries, currency, missing);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="journal-${format}.csv"`)
        .send(file);
    },
  );
  rowRoutes(routes, kept, inSnapshot);
  exportRoutes(routes, kept, inSnapshot);
  settingRoutes(routes, kept);
}

type Routes = ReturnType<FastifyInstance['withTypeProvider']>;
type InSnapshot = <T>(brandId: number, work: (client: pg.PoolClient) => Promise<T>) => Promise<T>;

/** What lies behind the figures. */
function rowRoutes(app: Routes, kept: Kept, inSnapshot: InSnapshot): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/book/lines',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'The lines behind a figure of the book, the oldest first',
        querystring: BookLinesQuery,
        response: { 200: BookLines, '4xx': Problem },
      },
    },
    ({ brandId, query }) => inSnapshot(brandId, (client) => linesOf(kept, client, brandId, query)),
  );
  routes.get(
    '/v1/book/moves',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'The changes behind a figure of the history, the first first',
        querystring: BookMovesQuery,
        response: { 200: BookMoves, '4xx': Problem },
      },
    },
    ({ brandId, query }) => inSnapshot(brandId, (client) => movesOf(kept, client, brandId, query)),
  );
}

function exportRoutes(app: Routes, kept: Kept, inSnapshot: InSnapshot): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/book/export/:file',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary:
          'A table as CSV or XLSX, such as by-item.csv; all.xlsx holds every table but the rows behind them',
        description:
          'lines and moves are the rows of /v1/book/lines and /v1/book/moves, 100,000 at most, and take their filters.',
        querystring: BookHistoryQuery.pick({ from: true, to: true }).extend(
          BookLinesQuery.omit({ limit: true, cursor: true }).shape,
        ),
        params: z.object({
          file: z
            .string()
            .regex(/^[a-z_-]+\.(csv|xlsx)$/, `expected a table with .csv or .xlsx: ${TABLES.join(', ')}`),
        }),
      },
    },
    async ({ brandId, params, query }, reply) => {
      const [name, kind] = params.file.split('.') as [string, 'csv' | 'xlsx'];
      const names = name === 'all' && kind === 'xlsx' ? SUMMARIES : [tableName(name)];
      const tables = await inSnapshot(brandId, async (client) => {
        const all = [];
        for (const one of names) all.push(await tableOf(kept, client, brandId, one, query));
        return all;
      });
      reply.header('content-disposition', `attachment; filename="${params.file}"`);
      if (kind === 'xlsx') return reply.type(XLSX).send(await xlsxOf(tables));
      return reply.type('text/csv; charset=utf-8').send(csvOf(tables[0]!.columns, tables[0]!.rows));
    },
  );
  routes.get(
    '/v1/book/week',
    {
      config: { permission: 'book:read' },
      schema: { tags, summary: 'The week on one page, as HTML to read and to print' },
    },
    async ({ brandId }, reply) => {
      const week = await inSnapshot(brandId, (client) => weekOf(kept, client, brandId));
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(week.html);
    },
  );
}

function settingRoutes(app: Routes, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/contacts',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary:
          'Record contacts of a helpdesk, so that the book can tell how many an order that waits makes',
        body: ContactsInput,
        response: { 200: ContactsRecorded, '4xx': Problem },
      },
    },
    ({ brandId, body }) =>
      withBrand(kept.db, brandId, (client) => recordContacts(kept, client, brandId, body)),
  );
  const ByDay = z.object({ day: Day });
  routes.get(
    '/v1/book/rates/:day',
    {
      config: { permission: 'book:read' },
      schema: { tags, summary: 'Exchange rates in force on a day', params: ByDay, response: { 200: Rates } },
    },
    async ({ brandId, params }) => ({
      rates: Object.fromEntries(
        await withBrand(
          kept.db,
          brandId,
          (client) => readRates(client, brandId, params.day, kept.clock.now().toISOString()),
          { reads: true },
        ),
      ),
    }),
  );
  routes.put(
    '/v1/book/rates/:day',
    {
      config: { permission: 'book:write' },
      schema: {
        tags,
        summary:
          'What currencies were worth in the brand’s on a day; until there is a newer day, they count on',
        params: ByDay,
        body: Rates,
        response: { 200: Rates, '4xx': Problem },
      },
    },
    async ({ brandId, params, body }) => {
      await withBrand(kept.db, brandId, (client) =>
        insertRates(client, brandId, params.day, body.rates, kept.clock.now().toISOString()),
      );
      return body;
    },
  );
  routes.get(
    '/v1/book/settings',
    {
      config: { permission: 'book:read' },
      schema: {
        tags,
        summary: 'When revenue is recognised, and who gets the week’s page',
        response: { 200: BookSettings },
      },
    },
    async ({ brandId }) => {
      const { recognition, report } = await withBrand(
        kept.db,
        brandId,
        (client) => readBookSettings(client, brandId),
        { reads: true },
      );
      return { recognition, report: report === null ? null : JSON.parse(report) };
    },
  );
  routes.put(
    '/v1/book/settings',
    {
      config: { permission: 'book:write' },
      schema: {
        tags,
        summary: 'Set when revenue is recognised, and who gets the week’s page when',
        body: BookSettings,
        response: { 200: BookSettings, '4xx': Problem },
      },
    },
    async ({ brandId, body }) => {
      await withBrand(kept.db, brandId, (client) => changeBookSettings(kept, client, brandId, body));
      return body;
    },
  );
}
