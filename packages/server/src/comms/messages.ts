import type { Message, MessagePreview, MessageQuery, MessageSend } from '@kept/contract';
import type { Reason } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName } from '../promising/index.ts';
import { withdrawSignal } from '../signals/index.ts';
import { composeMessages } from './compose.ts';
import {
  type Claimed,
  type ListedMessage,
  listMessages,
  lockMessage,
  readMessage,
  recordState,
  tryNow,
} from './message-store.ts';
import { canSend, type Outgoing, recordOut, sendMessages } from './send.ts';
import { type CommsSettings, loadCommsSettings } from './settings.ts';

type MessageView = z.output<typeof Message>;

const NO_WAY =
  'No way to send is configured: set KEPT_SMTP_URL and KEPT_MAIL_FROM, or KEPT_MESSAGE_WEBHOOK_URL and its secret';

export async function pageMessages(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof MessageQuery>,
  outgoing: Outgoing,
): Promise<{ items: MessageView[]; next: string | null }> {
  const { settings } = await loadCommsSettings(client, brandId);
  const order = query.order === undefined ? undefined : await orderOrFail(client, brandId, query.order);
  const after = query.cursor === undefined ? null : (decodeCursor(query.cursor, ['number'])[0] as number);
  const { state, kind, limit } = query;
  const rows = await listMessages(client, brandId, { order, state, kind }, limit + 1, after);
  const now = kept.clock.now();
  const page = pageOf(rows, limit, (row) => [row.message_id]);
  return { items: page.items.map((row) => viewOf(row, settings, outgoing, now)), next: page.next };
}

export async function orderOrFail(client: pg.PoolClient, brandId: number, name: string): Promise<number> {
  const order = await findOrderByName(client, brandId, name);
  if (order === null)
    throw new KeptError(
      'not_found',
      `There is no order ${JSON.stringify(name)}. Name it by Kept's id, or as channel:ref.`,
    );
  return order;
}

function viewOf(row: ListedMessage, settings: CommsSettings, outgoing: Outgoing, now: Date): MessageView {
  return {
    id: String(row.message_id),
    kind: row.kind as MessageView['kind'],
    order: row.order,
    customer: row.customer,
    lines: (row.line_refs ?? []).map((ref) => JSON.parse(ref)),
    cause: row.cause,
    dueAt: row.due_at,
    legalBy: row.legal_by,
    sentAt: row.sent_at,
    state: row.state as MessageView['state'],
    waitsFor: waitsFor(row, settings, outgoing, now),
    attempts: row.attempts,
    subject: row.subject,
    reasons: row.reasons === null ? [] : (JSON.parse(row.reasons) as Reason[]),
  };
}

/** Why a message is not out yet, for whoever looks after them. Null: nothing holds it. */
function waitsFor(row: ListedMessage, settings: CommsSettings, outgoing: Outgoing, now: Date): string | null {
  if (row.state === 'failed') return `${row.trouble ?? 'It could not be sent'} Send it again, or skip it.`;
  if (row.state === 'channel') return 'The channel sends it.';
  if (row.state !== 'waiting') return null;
  if (settings.paused) return 'Sending is paused.';
  if (!canSend(outgoing) && !settings.shadow) return `${NO_WAY}.`;
  if (row.email === null && row.phone === null) return 'The customer left no address that can be reached.';
  if (Date.parse(row.due_at) > now.getTime()) return `It is due at ${row.due_at}.`;
  return row.trouble === null ? null : `It is tried again at ${row.try_at}: ${row.trouble}`;
}

export async function messageView(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: number,
  outgoing: Outgoing,
): Promise<MessageView> {
  const { settings } = await loadCommsSettings(client, brandId);
  const row = await readMessage(client, brandId, id);
  if (row === null) throw noMessage(id);
  return viewOf(row, settings, outgoing, kept.clock.now());
}

const noMessage = (id: number) => new KeptError('not_found', `There is no message ${id}.`);

/** A person has taken it up: what was wrong with it is no open question any more. */
async function withdrawTroubles(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: number,
): Promise<void> {
  for (const kind of ['message_failed', 'message_bounced'] as const)
    await withdrawSignal(kept, client, brandId, kind, String(id));
}

/** What a message says: as it went out, or as it would go out now. */
export async function previewMessage(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: number,
  outgoing: Outgoing,
): Promise<z.output<typeof MessagePreview>> {
  const row = await readMessage(client, brandId, id);
  if (row === null) throw noMessage(id);
  if (row.body_text !== null && row.subject !== null)
    return {
      subject: row.subject,
      text: row.body_text,
      html: row.body_html ?? '',
      language: row.language ?? '',
      templateVersion: row.template_version ?? 0,
    };
  const composed = await composeMessages(kept, client, brandId, [row], outgoing.pageUrl);
  const { subject, text, html, language, templateVersion } = composed.get(id)!;
  return { subject, text, html, language, templateVersion };
}

/**
 * A person sends a message: now, by hand (it was told otherwise, and is recorded as sent), or to an address of their own to
 * see it.
 * @throws KeptError `not_found`; `conflict` where it is sent already, or where there is no way to send
 */
export async function sendByPerson(
  kept: Kept,
  brandId: number,
  id: number,
  input: z.output<typeof MessageSend>,
  outgoing: Outgoing,
  actor: string,
): Promise<void> {
  if (input.test !== undefined) return sendTest(kept, brandId, id, input.test, outgoing);
  const event = await kept.ids.take(brandId, 'event', 1);
  await withBrand(kept.db, brandId, async (client) => {
    const found = await lockMessage(client, brandId, id);
    if (found === null) throw noMessage(id);
    if (['sent', 'sending', 'superseded'].includes(found.state))
      throw new KeptError('conflict', `Message ${id} is ${found.state} already.`);
    if (input.byHand === undefined && !canSend(outgoing))
      throw new KeptError('conflict', `${NO_WAY}, or say byHand how the customer was told.`);
    await tryNow(client, brandId, id, kept.clock.now().toISOString());
    await withdrawTroubles(kept, client, brandId, id);
    if (input.byHand === undefined) return;
    // In the transaction that holds it: what a person has told, no process sends at the same moment.
    const composed = await composeMessages(kept, client, brandId, [found], outgoing.pageUrl);
    const content = composed.get(id)!;
    const { email, phone } = content.about.customer;
    const by = `by hand, ${actor}: ${input.byHand}`;
    await recordOut(kept, client, brandId, found, event, { ...content, recipient: email ?? phone }, by);
  });
  if (input.byHand === undefined) await sendMessages(kept, brandId, outgoing, 1000);
}

async function sendTest(
  kept: Kept,
  brandId: number,
  id: number,
  to: string,
  outgoing: Outgoing,
): Promise<void> {
  if (outgoing.sender === null) throw new KeptError('conflict', `${NO_WAY}.`);
  const preview = await withBrand(kept.db, brandId, async (client) => {
    const row = await readMessage(client, brandId, id);
    if (row === null) throw noMessage(id);
    return (await composeMessages(kept, client, brandId, [row], outgoing.pageUrl)).get(id)!;
  });
  const result = await outgoing.sender.send({
    ...preview,
    to,
    replyTo: null,
    subject: `[test] ${preview.subject}`,
    // A test is not the message: nothing that comes back of it is taken for one.
    reference: `kept.test.${id}.${kept.clock.now().getTime()}`,
  });
  if (result.kind !== 'sent') throw new KeptError('conflict', `It was not taken: ${result.trouble}`);
}

/** A person decides that a message does not go out. */
export async function skipMessage(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: number,
  reason: string,
): Promise<void> {
  const found: (Claimed & { state: string }) | null = await lockMessage(client, brandId, id);
  if (found === null) throw noMessage(id);
  if (!['waiting', 'failed', 'bounced', 'channel', 'shadowed'].includes(found.state))
    throw new KeptError('conflict', `Message ${id} is ${found.state} already.`);
  await recordState(client, brandId, id, 'skipped', reason);
  await withdrawTroubles(kept, client, brandId, id);
}
