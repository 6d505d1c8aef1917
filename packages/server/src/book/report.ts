import { BookSettings } from '@kept/contract';
import { dayText, localTime } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Outgoing } from '../comms/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, takeUpBook } from '../promising/index.ts';
import { postLetters } from '../watch/index.ts';
import { readBookSettings, saveBookSettings } from './book-store.ts';
import { startReportsAfter, takeReport } from './report-store.ts';
import { weekOf } from './week.ts';

type Settings = z.output<typeof BookSettings>;
type Schedule = NonNullable<Settings['report']>;

/**
 * Writes the week's page once its day and hour have come, to each of its recipients, in the transaction that says that it is written:
 * from there it leaves as buyers' letters do, however often a process dies on the way. A week whose day nobody was there on is
 * written late. Without a way to send mail it waits.
 */
export async function reportWeek(kept: Kept, brandId: number, { sender }: Outgoing): Promise<void> {
  if (sender === null || sender.reaches === 'phone') return;
  const { stored, timeZone } = await withBrand(
    kept.db,
    brandId,
    async (client) => ({
      stored: await readBookSettings(client, brandId),
      timeZone: (await loadSettings(client, kept.db, brandId)).timeZone,
    }),
    { reads: true },
  );
  if (stored.report === null) return;
  const report = BookSettings.shape.report.parse(JSON.parse(stored.report));
  if (report === null) return;
  const now = kept.clock.now();
  const day = lastReportDay(report, now, timeZone);
  if (stored.reported_on !== null && stored.reported_on >= day) return;
  await withBrand(kept.db, brandId, async (client) => {
    if (!(await takeReport(client, brandId, day))) return;
    await takeUpBook(client, brandId);
    const week = await weekOf(kept, client, brandId);
    await postLetters(client, brandId, now.toISOString(), `book:${day}`, report.recipients, week);
  });
}

/** Who gets the week's page and when; the first is that of the next such day and hour, not of one that has passed. */
export async function changeBookSettings(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { recognition, report }: Settings,
): Promise<void> {
  await saveBookSettings(client, brandId, recognition, report === null ? null : JSON.stringify(report));
  if (report === null) return;
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  await startReportsAfter(client, brandId, lastReportDay(report, kept.clock.now(), timeZone));
}

/** The newest day, 'YYYY-MM-DD', whose report's hour has come. */
export function lastReportDay(
  { weekday, hour }: Pick<Schedule, 'weekday' | 'hour'>,
  now: Date,
  timeZone: string,
): string {
  const { day, minutes } = localTime(now.getTime(), timeZone);
  const today = ((day + 3) % 7) + 1;
  const ago = (today - weekday + 7) % 7;
  return dayText(day - (ago === 0 && minutes < 60 * hour ? 7 : ago));
}
