import type { BookMetrics, BookMetricsQuery } from '@kept/contract';
import { bookMetrics, bookStateOf, dayNumber, dayText, slipCost } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { momentOf } from './book.ts';
import { readCancelled, readCounts, readRepurchase, readSlipGroups } from './metric-store.ts';

const PERIOD_DAYS = 90;

/** Revenue and customer impact of a period: each figure with its formula, its denominator and its source. */
export async function metricsOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof BookMetricsQuery>,
): Promise<z.input<typeof BookMetrics>> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const to = query.to ?? moment.day;
  const from = query.from ?? dayText(dayNumber(to) - PERIOD_DAYS + 1);
  const period = { from, to, today: moment.day, timeZone, currency: moment.exchange.currency };
  const counts = await readCounts(client, brandId, period);
  const repurchase = await readRepurchase(client, brandId, period);
  const count = (waited: boolean, what: 'customers' | 'again') =>
    repurchase
      .filter(({ slip }) => slip.startsWith('waited') === waited)
      .reduce((sum, row) => sum + row[what], 0);
  let riskValue = 0;
  let book = 0;
  for (const row of await moment.sums('state')) {
    const value = moment.exchange.toBrand(row.value, row.currency) ?? 0;
    const state = bookStateOf(row.key, moment.day);
    book += value;
    if (state !== 'on_time') riskValue += value;
  }
  const cost = slipCost(await readSlipGroups(client, brandId, period));
  return {
    from,
    to,
    currency: moment.exchange.currency,
    metrics: bookMetrics({
      ...counts,
      riskValue,
      waited: count(true, 'customers'),
      waitedAgain: count(true, 'again'),
      notWaited: count(false, 'customers'),
      notWaitedAgain: count(false, 'again'),
    }),
    cancelled: await readCancelled(client, brandId, period),
    repurchaseBySlip: repurchase,
    slipCost:
      cost === null
        ? null
        : {
            ...cost,
            perDayValue: { amount: Math.round(cost.perDay * book), currency: moment.exchange.currency },
          },
  };
}
