import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals } from '../signals/index.ts';
import { ATTEMPTS, waitMsAfter } from './attempts.ts';
import { type Composed, composeMessages } from './compose.ts';
import { holdClaims } from './held-claims.ts';
import { lookBy } from './look-store.ts';
import {
  type Claimed,
  claimMessages,
  recordSent,
  recordState,
  recordWritten,
  renewClaims,
  type SentContent,
} from './message-store.ts';
import type { Sender } from './sender.ts';
import { loadCommsSettings } from './settings.ts';
import { toldLines } from './story.ts';

/** How messages leave this process. */
export interface Outgoing {
  /** Null: no way is configured, and messages wait where everybody sees them. */
  readonly sender: Sender | null;
  /** For customers who left a telephone number and nothing that the other reaches. */
  readonly sms?: Sender | null;
  /** Where this Kept is reached, for links to customers' pages, where the brand's settings name nothing else. */
  readonly pageUrl: string | null;
  /** How long a message is one process's own while it is being sent. */
  readonly leaseSeconds?: number;
}

export const NOTHING_OUTGOING: Outgoing = { sender: null, pageUrl: null };

/** After so long others take over what a process that died had in hand. */
const LEASE_SECONDS = 60;
/** Messages claimed together, and how many of them are on their way at once. */
const BATCH = 50;
const AT_ONCE = 4;

/**
 * Sends what is due, as long as there is some and the limit is not reached. A message is claimed and committed before it
 * leaves and recorded after: a process that dies between the two leaves one that is sent again, under the same Message-ID.
 * So each cause makes one message, which reaches the mail server at least once.
 * @returns how many left
 */
export async function sendMessages(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  limit: number,
): Promise<number> {
  const { settings } = await withBrand(kept.db, brandId, (client) => loadCommsSettings(client, brandId));
  if (settings.paused || (!canSend(outgoing) && !settings.shadow)) return 0;
  const leaseSeconds = outgoing.leaseSeconds ?? LEASE_SECONDS;
  let sent = 0;
  while (sent < limit) {
    const claimedAt = performance.now();
    const claimed = await withBrand(kept.db, brandId, (client) =>
      claimMessages(
        client,
        brandId,
        kept.clock.now().toISOString(),
        Math.min(BATCH, limit - sent),
        leaseSeconds,
      ),
    );
    if (claimed.length === 0) break;
    const claims = holdClaims(kept, leaseSeconds, claimedAt, () =>
      withBrand(kept.db, brandId, (client) => renewClaims(client, brandId, claimed, leaseSeconds)),
    );
    try {
      const composed = await withBrand(kept.db, brandId, (client) =>
        composeMessages(kept, client, brandId, claimed, outgoing.pageUrl),
      );
      const queue = [...claimed];
      const work = async () => {
        for (let one = queue.shift(); one !== undefined && claims.areHeld(); one = queue.shift())
          await sendOne(kept, brandId, outgoing, one, composed.get(one.message_id)!, settings.shadow);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      claims.release();
    }
    sent += claimed.length;
  }
  return sent;
}

export const canSend = ({ sender, sms }: Outgoing): boolean => sender !== null || (sms ?? null) !== null;

/** By which sender a customer is reached, and where: mail before the telephone. Null: by none. */
function wayTo(
  { email, phone }: Composed['about']['customer'],
  { sender, sms }: Outgoing,
): { readonly sender: Sender; readonly to: string } | null {
  for (const one of [sender, sms ?? null]) {
    if (one === null) continue;
    const to = one.reaches === 'email' ? email : one.reaches === 'phone' ? phone : (email ?? phone);
    if (to !== null) return { sender: one, to };
  }
  return null;
}

/** How many messages may leave in so many milliseconds by the brand's rate. */
export async function allowance(kept: Kept, brandId: number, milliseconds: number): Promise<number> {
  const { settings } = await withBrand(kept.db, brandId, (client) => loadCommsSettings(client, brandId));
  return Math.max(1, Math.ceil((settings.ratePerMinute * milliseconds) / 60_000));
}

async function sendOne(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  message: Claimed,
  composed: Composed,
  shadow: boolean,
): Promise<void> {
  const id = message.message_id;
  if (composed.overtaken) {
    await state(kept, brandId, message, 'superseded', 'What it was to tell is over.');
    return;
  }
  const way = wayTo(composed.about.customer, outgoing);
  if (shadow) {
    const written = { ...composed, recipient: way?.to ?? null };
    await withBrand(kept.db, brandId, (client) => recordWritten(client, brandId, id, written));
    await state(kept, brandId, message, 'shadowed', null);
    return;
  }
  if (way === null) {
    await fail(kept, brandId, message, 'The customer left no address that can be reached.');
    return;
  }
  const { sender, to } = way;
  const result = await sender.send({ ...composed, to });
  if (result.kind === 'sent') {
    const event = await kept.ids.take(brandId, 'event', 1);
    await withBrand(kept.db, brandId, (client) =>
      recordOut(kept, client, brandId, message, event, { ...composed, recipient: to }, sender.name),
    );
  } else if (result.kind === 'refused' || message.attempts >= ATTEMPTS)
    await fail(kept, brandId, message, result.trouble);
  else {
    const waitMs = Math.max(waitMsAfter(message.attempts), result.afterMs ?? 0);
    const tryAt = new Date(kept.clock.now().getTime() + waitMs).toISOString();
    await withBrand(kept.db, brandId, (client) =>
      recordState(client, brandId, id, 'waiting', result.trouble, { tryAt, attempt: message.attempts }),
    );
  }
}

/**
 * Records that a message is out, in the caller's transaction; its order is looked at again, since clocks may begin with it.
 * @param event the id of the event that tells it, taken before the transaction: taking one may need a connection of its own
 */
export async function recordOut(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  message: Claimed,
  event: number,
  content: SentContent,
  sentBy: string,
): Promise<void> {
  const now = kept.clock.now().toISOString();
  const { message_id: id, order_id: order, kind } = message;
  const recorded = await recordSent(client, brandId, { id, order }, toldLines(message), content, now, sentBy);
  if (!recorded) return;
  await lookBy(client, brandId, [{ order, at: now }]);
  const data = { order, message: id, kind, by: sentBy };
  await recordEvents(client, brandId, [{ id: event, kind: 'message.sent', data, at: now }]);
}

async function fail(kept: Kept, brandId: number, message: Claimed, trouble: string): Promise<void> {
  const event = await kept.ids.take(brandId, 'event', 1);
  await withBrand(kept.db, brandId, async (client) => {
    const attempt = message.attempts;
    if (!(await recordState(client, brandId, message.message_id, 'failed', trouble, { attempt }))) return;
    const data = { order: message.order_id, message: message.message_id, kind: message.kind, trouble };
    const at = kept.clock.now().toISOString();
    await recordEvents(client, brandId, [{ id: event, kind: 'message.failed', data, at }]);
    await raiseSignals(kept, client, brandId, [
      {
        kind: 'message_failed',
        subject: String(message.message_id),
        order: message.order_id,
        data: { message: String(message.message_id), kind: message.kind, trouble },
      },
    ]);
  });
}

async function state(
  kept: Kept,
  brandId: number,
  { message_id, attempts: attempt }: Claimed,
  to: 'superseded' | 'shadowed',
  trouble: string | null,
): Promise<void> {
  await withBrand(kept.db, brandId, (client) =>
    recordState(client, brandId, message_id, to, trouble, { attempt }),
  );
}
