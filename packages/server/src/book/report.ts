import { BookSettings } from '@kept/contract';
import type { Outgoing } from '../comms/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { readBookSettings } from './book-store.ts';
import { giveReportBack, takeReport } from './report-store.ts';
import { weekOf } from './week.ts';

/**
 * Sends the week's page where its day and hour have come, once for each week's day; what could not be sent is tried again at the
 * next look. Without a sender it waits.
 */
export async function reportWeek(kept: Kept, brandId: number, { sender }: Outgoing): Promise<void> {
  if (sender === null || sender.reaches === 'phone') return;
  const read = await withBrand(
    kept.db,
    brandId,
    async (client) => ({
      stored: await readBookSettings(client, brandId),
      settings: await loadSettings(client, kept.db, brandId),
    }),
    { reads: true },
  );
  if (read.stored.report === null) return;
  const report = BookSettings.shape.report.parse(JSON.parse(read.stored.report));
  const now = Temporal.Instant.fromEpochMilliseconds(kept.clock.now().getTime()).toZonedDateTimeISO(
    read.settings.timeZone,
  );
  const day = now.toPlainDate().toString();
  if (
    report === null ||
    now.dayOfWeek !== report.weekday ||
    now.hour < report.hour ||
    read.stored.reported_on === day
  )
    return;
  const week = await withBrand(kept.db, brandId, async (client) =>
    (await takeReport(client, brandId, day)) === null ? null : weekOf(kept, client, brandId),
  );
  if (week === null) return;
  let failed = 0;
  for (const to of report.recipients) {
    const sending = await sender.send({
      to,
      replyTo: null,
      ...week,
      short: week.subject,
      reference: `book-${brandId}-${day}-${Buffer.from(to).toString('hex').slice(0, 40)}`,
      about: {
        order: null,
        kind: 'digest',
        language: 'en',
        customer: { name: '', email: to, phone: null },
        link: null,
        lines: [],
      },
    });
    if (sending.kind === 'retry') failed++;
    if (sending.kind !== 'sent')
      kept.log.warn({ trouble: sending.trouble }, 'the week of the book could not be sent');
  }
  // Nobody got it: once more at the next look. Where somebody did, the others are told in the log.
  if (failed === report.recipients.length)
    await withBrand(kept.db, brandId, (client) => giveReportBack(client, brandId, day));
}
