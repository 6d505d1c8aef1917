import { moveMoney } from '../payments/index.ts';
import type { Kept } from '../platform/kept.ts';
import { writeMessages } from './look.ts';
import { writeNotices } from './notice-log.ts';
import { sendNotices } from './notices.ts';
import { type Outgoing, sendMessages } from './send.ts';

export { Evidence } from './evidence.ts';
export { evidencePdf } from './evidence-pdf.ts';
export { foreseeMessages, type SupposedLine } from './foresee.ts';
export { smtpSender } from './mailer.ts';
export { commsRoutes } from './routes.ts';
export { allowance, NOTHING_OUTGOING, type Outgoing } from './send.ts';
export { smsSender } from './sms-sender.ts';
export { webhookSender } from './webhook-sender.ts';

/** Writes what is to be told and sends what is due, at most `limit` messages. Run as often as one likes. */
export async function tell(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  await writeMessages(kept, brandId);
  const sent = await sendMessages(kept, brandId, outgoing, limit);
  const moved = await moveMoney(kept, brandId);
  // A notice that went out may start a clock, and money that is back is told.
  if (sent + moved > 0) await writeMessages(kept, brandId);
  await writeNotices(kept, brandId);
  await sendNotices(kept, brandId, outgoing, Math.max(1, limit - sent));
}
