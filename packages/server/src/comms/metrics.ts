import type { MessageMetrics } from '@kept/contract';
import {
  AMAZON_CANCELLED_LIMIT,
  AMAZON_LATE_LIMIT,
  dayNumber,
  dayText,
  lawZone,
  localTime,
  startOfDay,
  staysBelow,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { countAmazon, countAnswers, countReasons, countTold, readNoticeTimes } from './metric-store.ts';

type Metrics = z.output<typeof MessageMetrics>;
type Figure = Metrics['cancelRate'];

const MONTH_DAYS = 30;
const REASONS = 20;

/**
 * How telling customers goes, of a stretch of the brand's days. Every figure says what is counted and of how many.
 * @throws KeptError `invalid_input` for a stretch that ends before it begins
 */
export async function messageMetrics(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: { readonly from?: string | undefined; readonly until?: string | undefined },
): Promise<Metrics> {
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const now = kept.clock.now();
  const last = query.until === undefined ? localTime(now.getTime(), timeZone).day : dayNumber(query.until);
  const first = query.from === undefined ? last - MONTH_DAYS + 1 : dayNumber(query.from);
  if (first > last)
    throw new KeptError('invalid_input', `${dayText(first)} comes after ${dayText(last)}.`, {
      errors: [{ path: 'from', message: 'expected a day that is not after until' }],
    });
  const instant = (day: number) => new Date(startOfDay(day, timeZone)).toISOString();
  const stretch = { from: instant(first), until: instant(last + 1) };
  const [answers, times, told, reasons, amazon] = await Promise.all([
    countAnswers(client, brandId, stretch),
    readNoticeTimes(client, brandId, stretch),
    countTold(client, brandId, stretch),
    countReasons(client, brandId, stretch, REASONS),
    countAmazon(client, brandId, stretch),
  ]);
  const asked = answers.reduce((sum, one) => sum + one.orders, 0);
  const answered = (...kinds: string[]) =>
    answers.reduce((sum, one) => sum + (kinds.includes(one.answer) ? one.orders : 0), 0);
  const ofAsked = (count: number, what: string) =>
    figure(count, asked, `${what} / orders to which a delay notice went out`);
  const inTime = times.filter(
    ({ country, region, legal_by, sent_at }) =>
      sent_at !== null &&
      localTime(Date.parse(sent_at), lawZone(country, region, timeZone)).day <= dayNumber(legal_by),
  ).length;
  return {
    from: dayText(first),
    until: dayText(last),
    cancelRate: ofAsked(answered('cancel'), 'orders whose customer’s last word after it was to cancel'),
    consentRate: ofAsked(
      answered('wait', 'additional_period'),
      'orders whose customer’s last word after it was to wait',
    ),
    switchRate: ofAsked(answered('switch'), 'orders whose customer’s last word after it was another item'),
    silentRate: ofAsked(
      answered('silent'),
      'orders whose customer has said nothing since, and that silence has not ended',
    ),
    cancelledBySilenceRate: ofAsked(answered('law'), 'orders that silence has ended since'),
    noticeTimeliness: figure(
      inTime,
      times.length,
      'notices that were out by their legal day, where the goods go / notices with such a day that went out, or should have',
    ),
    messagesPerOrder: figure(
      told.messages,
      told.orders,
      'messages that went out / orders that they were about',
    ),
    bounceRate: figure(told.bounced, told.messages, 'messages that came back / messages that went out'),
    complaintRate: figure(
      told.complained,
      told.messages,
      'messages called unwanted / messages that went out',
    ),
    hoursToTell: {
      median: told.hours_half,
      ninetyPercent: told.hours_most,
      formula: 'hours from the change of a promise until its delay notice was out',
    },
    amazon: {
      lateShipments: {
        ...figure(
          amazon.late,
          amazon.shipped,
          'orders that left after the day first promised / orders that left',
        ),
        limit: AMAZON_LATE_LIMIT,
        holds: staysBelow(amazon.late, amazon.shipped, AMAZON_LATE_LIMIT),
      },
      cancellations: {
        ...figure(
          amazon.cancelled,
          amazon.placed,
          'orders that the seller ended some of / orders that were placed',
        ),
        limit: AMAZON_CANCELLED_LIMIT,
        holds: staysBelow(amazon.cancelled, amazon.placed, AMAZON_CANCELLED_LIMIT),
      },
    },
    reasons: reasons.map(({ reason, orders }) => ({ reason, orders })),
    asOf: now.toISOString(),
  };
}

const figure = (count: number, of: number, formula: string): Figure => ({
  value: of === 0 ? null : count / of,
  count,
  of,
  formula,
});
