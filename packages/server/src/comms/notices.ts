import { createHash } from 'node:crypto';
import type { Notice } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { ATTEMPTS, waitMsAfter } from './attempts.ts';
import { type HeldClaims, holdClaims } from './held-claims.ts';
import { letterHtml, letterShort, letterText } from './letter-html.ts';
import { type NoticeLetter, noticeLetters } from './notice-letter.ts';
import {
  answerNotice,
  claimNotices,
  type NoticeAnswer,
  type NoticeRow,
  renewNoticeClaims,
} from './notice-store.ts';
import type { Outgoing } from './send.ts';
import { loadCommsSettings } from './settings.ts';

const BATCH = 50;
const LEASE_SECONDS = 60;
const NOTHING: NoticeAnswer = {
  state: 'waiting',
  trouble: null,
  tryAt: null,
  sentAt: null,
  sentBy: null,
  content: null,
};

/** Sends notices that are due, at most `limit`: claimed before they leave, recorded after, one Message-ID per cause. */
export async function sendNotices(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  limit: number,
): Promise<void> {
  const { settings } = await withBrand(kept.db, brandId, (client) => loadCommsSettings(client, brandId), {
    reads: true,
  });
  if (settings.paused || (outgoing.sender === null && !settings.shadow)) return;
  const leaseSeconds = outgoing.leaseSeconds ?? LEASE_SECONDS;
  for (let left = limit; left > 0; left -= BATCH) {
    const now = kept.clock.now().toISOString();
    const claimedAt = performance.now();
    const claimed = await withBrand(kept.db, brandId, (client) =>
      claimNotices(client, brandId, now, Math.min(BATCH, left), leaseSeconds),
    );
    if (claimed.length === 0) return;
    const claims = holdClaims(kept, leaseSeconds, claimedAt, () =>
      withBrand(kept.db, brandId, (client) => renewNoticeClaims(client, brandId, claimed, leaseSeconds)),
    );
    try {
      await sendClaimed(kept, brandId, outgoing, claimed, claims, settings.shadow);
    } finally {
      claims.release();
    }
  }
}

async function sendClaimed(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  claimed: readonly NoticeRow[],
  claims: HeldClaims,
  shadow: boolean,
): Promise<void> {
  const letters = await withBrand(kept.db, brandId, (client) =>
    noticeLetters(kept, client, brandId, claimed, outgoing.pageUrl),
  );
  for (const one of claimed) {
    if (!claims.areHeld()) return;
    const answer = await sendOne(kept, brandId, outgoing, one, letters.get(one.notice_id)!, shadow);
    await withBrand(kept.db, brandId, (client) => answerNotice(client, brandId, one, answer));
  }
}

async function sendOne(
  kept: Kept,
  brandId: number,
  { sender }: Outgoing,
  row: NoticeRow,
  { letter, look, replyTo }: NoticeLetter,
  shadow: boolean,
): Promise<NoticeAnswer> {
  const content = { subject: letter.subject, text: letterText(letter), html: await letterHtml(letter, look) };
  if (shadow || sender === null) return { ...NOTHING, state: 'shadowed', content };
  const result = await sender.send({
    to: row.recipient,
    replyTo,
    ...content,
    short: letterShort(letter, look.brand),
    reference: referenceOf(brandId, row),
    about: {
      order: row.order_name,
      kind: row.kind,
      language: letter.language,
      customer: { name: '', email: row.recipient, phone: null },
      link: null,
      lines: [],
    },
  });
  const now = kept.clock.now();
  if (result.kind === 'sent')
    return { ...NOTHING, state: 'sent', sentAt: now.toISOString(), sentBy: sender.name, content };
  if (result.kind === 'refused' || row.attempts >= ATTEMPTS)
    return { ...NOTHING, state: 'failed', trouble: result.trouble };
  const tryAt = new Date(now.getTime() + waitMsAfter(row.attempts)).toISOString();
  return { ...NOTHING, trouble: result.trouble, tryAt };
}

/** One name per cause and reader, however often it is sent. */
function referenceOf(brandId: number, { event_id, kind, recipient }: NoticeRow): string {
  const digest = createHash('sha256').update(`${brandId}:${event_id}:${kind}:${recipient}`).digest('hex');
  return `kept.${digest.slice(0, 32)}`;
}

/** Notices as people read them; what has not left yet is written as it would be now. */
export async function noticeViews(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  rows: readonly NoticeRow[],
  outgoing: Outgoing,
): Promise<z.output<typeof Notice>[]> {
  const letters = await noticeLetters(kept, client, brandId, rows, outgoing.pageUrl);
  return rows.map((row) => {
    const { letter } = letters.get(row.notice_id)!;
    return {
      id: String(row.notice_id),
      kind: row.kind as z.output<typeof Notice>['kind'],
      to: row.recipient,
      sku: row.sku,
      order: row.order_name,
      state: row.state as z.output<typeof Notice>['state'],
      writtenAt: row.written_at,
      sentAt: row.sent_at,
      trouble: row.trouble,
      subject: row.subject ?? letter.subject,
      text: row.body_text ?? letterText(letter),
    };
  });
}
