import type { ToHear, Unanswered } from '@kept/contract';
import { dayText, localTime, startOfDay } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { readToHear, readUnanswered, type ToHearRow, type UnansweredRow } from './desk-store.ts';

interface Query {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** Who must hear from the brand until its day ends, the most urgent first. */
export async function whoMustHear(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { limit, cursor }: Query,
) {
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const { day } = localTime(kept.clock.now().getTime(), timeZone);
  const today = dayText(day);
  const endOfToday = new Date(startOfDay(day + 1, timeZone) - 1).toISOString();
  const after =
    cursor === undefined
      ? null
      : (decodeCursor(cursor, ['string', 'number', 'number']) as [string, number, number]);
  const rows = await readToHear(client, brandId, { today, endOfToday }, limit + 1, after);
  const page = pageOf(rows, limit, (row) => [row.day, row.order_id, row.message_id ?? 0]);
  return { items: page.items.map((row) => toHearView(row, today)), next: page.next, today };
}

function toHearView(row: ToHearRow, today: string): z.output<typeof ToHear> {
  return {
    order: row.order,
    customer: row.customer,
    email: row.email,
    phone: row.phone,
    message: row.message_id === null ? null : String(row.message_id),
    kind: row.kind as z.output<typeof ToHear>['kind'],
    state: row.message_id === null ? 'undecided' : (row.state as 'waiting'),
    dueAt: row.due_at,
    legalBy: row.legal_by,
    late: row.day < today,
    words: toHearWords(row, today),
  };
}

function toHearWords(
  { message_id, state, legal_by, trouble, missed_on, kind }: ToHearRow,
  today: string,
): string {
  if (message_id === null && state === 'cancel')
    return missed_on === null
      ? 'Its day is over: cancel it, and give the money back.'
      : `Its day passed on ${missed_on} without a notice in time: cancel it, and give the money back.`;
  const by =
    legal_by === null ? '' : legal_by < today ? `, which was to be out by ${legal_by}` : ` by ${legal_by}`;
  if (message_id === null)
    return `Wants a notice${by}, and none is on its way: it was skipped, or only written.`;
  const what = kind!.replaceAll('_', ' ');
  if (state === 'failed') return `The ${what}${by} could not be sent: ${trouble}`;
  if (state === 'bounced') return `The ${what}${by} came back: ${trouble}`;
  return `The ${what}${by} is not out yet${trouble === null ? '' : `: ${trouble}`}.`;
}

/** Who was asked and has said nothing yet, what that comes to, and when. */
export async function whoHasNotAnswered(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { limit, cursor }: Query,
) {
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  const today = dayText(localTime(kept.clock.now().getTime(), timeZone).day);
  const after =
    cursor === undefined ? null : (decodeCursor(cursor, ['string', 'number']) as [string, number]);
  const rows = await readUnanswered(client, brandId, limit + 1, after);
  const page = pageOf(rows, limit, (row) => [row.silence_on ?? '9999-12-31', row.order_id]);
  return { items: page.items.map(unansweredView), next: page.next, today };
}

function unansweredView(row: UnansweredRow): z.output<typeof Unanswered> {
  return {
    order: row.order,
    customer: row.customer,
    email: row.email,
    phone: row.phone,
    regime: row.regime,
    lines: row.lines,
    units: row.units,
    askedAt: row.asked_at,
    silence: { means: row.silence, on: row.silence_on, words: silenceWords(row) },
  };
}

function silenceWords({ silence, silence_on }: UnansweredRow): string {
  switch (silence) {
    case 'cancelled':
      return `Saying nothing cancels it at the end of ${silence_on}, unless it has shipped by then.`;
    case 'consent':
      return 'Saying nothing agrees to the new day.';
    case 'nothing':
      return 'Saying nothing changes nothing: the old day binds.';
  }
}
