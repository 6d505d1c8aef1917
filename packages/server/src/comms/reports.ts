import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals } from '../signals/index.ts';
import { lookBy } from './look-store.ts';
import { recordState } from './message-store.ts';
import { insertReport, lockReported, type ReportedMessage } from './report-store.ts';

export interface HeardOf {
  /** Either of the two. A reference may come as a whole Message-ID. */
  readonly reference?: string | undefined;
  readonly message?: number | undefined;
  readonly kind: 'delivered' | 'deferred' | 'bounced' | 'complained';
  readonly detail: string;
  /** Who says so. */
  readonly source: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Takes in what was heard of a message after it was sent; the same again changes nothing. What came back was told to nobody:
 * it counts as no notice any more, its order is looked at again, and a person sees it. Null: Kept sent no such message.
 */
export async function hearOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  heard: HeardOf,
): Promise<ReportedMessage | null> {
  const reference = /kept\.[0-9a-f]{32}/.exec(heard.reference ?? '')?.[0];
  const found = await lockReported(client, brandId, { reference, message: heard.message });
  if (found === null) return null;
  const event = await kept.ids.take(brandId, 'event', 1);
  if (!(await insertReport(client, brandId, event, found.message_id, heard))) return found;
  const { message_id: message, order_id: order } = found;
  const now = kept.clock.now().toISOString();
  const data = { order, message, kind: found.kind, detail: heard.detail };
  await recordEvents(client, brandId, [{ id: event, kind: `message.${heard.kind}`, data, at: now }]);
  if (heard.kind === 'bounced' && (found.state === 'sent' || found.state === 'sending')) {
    await recordState(client, brandId, message, 'bounced', heard.detail);
    await lookBy(client, brandId, [{ order, at: now }]);
  }
  if (heard.kind === 'bounced' || heard.kind === 'complained')
    await raiseSignals(kept, client, brandId, [
      {
        kind: heard.kind === 'bounced' ? 'message_bounced' : 'message_complained',
        subject: String(message),
        order,
        data: { message: String(message), kind: found.kind, trouble: heard.detail },
      },
    ]);
  return heard.kind === 'bounced' && found.state !== 'bounced' ? { ...found, state: 'bounced' } : found;
}
