import { z } from 'zod';
import type { Page, Reading } from '../../connections/index.ts';
import { Busy } from '../../connections/index.ts';
import { dayIn } from './calendar-day.ts';
import type { Amazon } from './context.ts';
import { writeCursor } from './cursor.ts';
import { type FinishedReport, readReport } from './report.ts';
import { reportOrders } from './report-orders.ts';
import { CreateReportAnswer } from './schemas/reports.ts';
import { marketplaceOf } from './settings.ts';

const REPORT = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';
/** What one report may span. */
const WINDOW_MS = 30 * 86_400_000;
/** A report that failed is asked for again after this long: asking costs from a small plan. */
const FAILED_MS = 15 * 60_000;
/** A history ends this long before now: what comes after is read order by order. */
const SETTLED_MS = 2 * 60_000;

/** Windows of a history that were read, and the report that is awaited for the next. */
export const BackfillCursor = z.object({
  history: z.object({
    begin: z.string(),
    from: z.string(),
    end: z.string(),
    report: z.string().optional(),
  }),
});
type History = z.output<typeof BackfillCursor>['history'];

/**
 * Reads a seller's history out of flat-file reports, a month at a time, oldest first. It can be stopped anywhere: a month
 * that was not finished is read again.
 * @param whenDone makes the cursor with which the stream goes on, from the instant up to which the history went
 */
export async function* backfill(
  amazon: Amazon,
  cursor: z.output<typeof BackfillCursor> | null,
  { from, until, signal }: Reading & { readonly from: Date },
  whenDone: (from: string) => string,
): AsyncGenerator<Page> {
  let history = cursor?.history ?? wholeHistory(amazon, from, until);
  while (history.from < history.end) {
    const to = new Date(
      Math.min(Date.parse(history.from) + WINDOW_MS, Date.parse(history.end)),
    ).toISOString();
    if (history.report === undefined) {
      history = { ...history, report: await ask(amazon, history.from, to, signal) };
      // written down before it is waited for, so that nobody asks for it twice
      yield page(history, history.from);
    }
    const report = await readReport(amazon, history.report!, signal);
    if (report.state === 'failed') {
      amazon.warn('A report of orders could not be made by Amazon and is asked for again.', {
        report: history.report,
      });
      const { report: _failed, ...again } = history;
      history = again;
      yield page(history, history.from);
      throw new Busy(new Date(amazon.now().getTime() + FAILED_MS), 'A report of orders failed at Amazon.');
    }
    if (report.state === 'ready') yield* contents(amazon, report, history, to, signal);
    const { report: _read, ...rest } = history;
    history = { ...rest, from: to };
    if (history.from < history.end) yield page(history, to);
  }
  yield { facts: [], cursor: whenDone(history.end), progress: 1 };
}

async function* contents(
  amazon: Amazon,
  report: FinishedReport,
  history: History,
  to: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Page> {
  const { currency, timeZone } = marketplaceOf(amazon.settings);
  const today = dayIn(timeZone, amazon.now());
  try {
    for await (const { facts, share } of reportOrders(
      amazon,
      report.path,
      { currency, timeZone, today },
      signal,
    )) {
      const reached = Date.parse(history.from) + share * (Date.parse(to) - Date.parse(history.from));
      yield page(history, new Date(reached).toISOString(), facts);
    }
  } finally {
    await report.remove();
  }
}

function wholeHistory(amazon: Amazon, from: Date, until: Date | undefined): History {
  const settled = amazon.now().getTime() - SETTLED_MS;
  const end = Math.min(settled, until?.getTime() ?? settled);
  const begin = new Date(Math.min(from.getTime(), end)).toISOString();
  return { begin, from: begin, end: new Date(end).toISOString() };
}

async function ask(
  amazon: Amazon,
  from: string,
  to: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { reportId } = await amazon.api.call('createReport', {
    method: 'POST',
    path: '/reports/2021-06-30/reports',
    body: {
      reportType: REPORT,
      marketplaceIds: [amazon.settings.marketplace],
      dataStartTime: from,
      dataEndTime: to,
    },
    answer: CreateReportAnswer,
    signal,
  });
  return reportId;
}

function page(history: History, reached: string, facts: Page['facts'] = []): Page {
  const all = Date.parse(history.end) - Date.parse(history.begin);
  const progress = all <= 0 ? 1 : (Date.parse(reached) - Date.parse(history.begin)) / all;
  return { facts, cursor: writeCursor({ history }), progress };
}
