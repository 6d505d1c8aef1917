import type pg from 'pg';
import { statedCharge } from '../payments/index.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { brandTitle } from './brand-store.ts';
import { type TemplateWords, writeLetter } from './letter.ts';
import { letterHtml, letterShort, letterText } from './letter-html.ts';
import { factsOf, languageOf } from './letter-of.ts';
import { type Link, tokenOf } from './link.ts';
import type { Claimed, SentContent } from './message-store.ts';
import { referenceOf } from './reference.ts';
import { readRefunds } from './refund-store.ts';
import type { MessageSubject } from './sender.ts';
import { loadCommsSettings } from './settings.ts';
import { linkKey } from './settings-store.ts';
import { type Story, storiesOf, toldLines } from './story.ts';
import { readStories } from './story-store.ts';
import { newestTemplates, type TemplateRow } from './template-store.ts';

export interface Composed extends Omit<SentContent, 'recipient'> {
  readonly replyTo: string | null;
  readonly short: string;
  readonly about: MessageSubject;
  /** What it was to tell is over: its lines have left or are cancelled. */
  readonly overtaken: boolean;
}

type ToCompose = Pick<Claimed, 'message_id' | 'order_id' | 'kind' | 'cause' | 'lines'>;

/** Writes messages out, as of now, by their ids; with words that are only tried, where some are given. */
export async function composeMessages(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  messages: readonly ToCompose[],
  pageUrl: string | null,
  tried?: TemplateWords,
): Promise<Map<number, Composed>> {
  const orders = [...new Set(messages.map((one) => one.order_id))];
  const now = kept.clock.now();
  const [brand, { settings }, title, rows, refunds, templates, key] = await Promise.all([
    loadSettings(client, kept.db, brandId),
    loadCommsSettings(client, brandId),
    brandTitle(client, brandId),
    readStories(client, brandId, orders),
    readRefunds(client, brandId, orders),
    newestTemplates(client, brandId),
    linkKey(client, brandId),
  ]);
  const stories = new Map(storiesOf(rows, brand, settings, now).map((story) => [story.row.order_id, story]));
  const base = settings.pageUrl ?? pageUrl;
  const composed = new Map<number, Composed>();
  for (const message of messages) {
    const story = stories.get(message.order_id);
    if (story === undefined) throw new Error(`message ${message.message_id} is of no order`);
    const link =
      base === null ? null : linkTo(base, newLink(brandId, message.order_id, now, settings.linkDays), key);
    const stated =
      message.kind === 'confirmation'
        ? await statedCharge(
            kept,
            client,
            brandId,
            message.order_id,
            languageOf(story.row.locale, settings.language),
          )
        : [];
    const facts = factsOf(story, message, {
      settings,
      brand: title,
      link,
      stated,
      refunds: refunds.filter((one) => one.order_id === message.order_id),
    });
    const template = tried ?? templateFor(templates, message.kind, facts.language);
    const letter = writeLetter(facts, template);
    composed.set(message.message_id, {
      reference: referenceOf(brandId, message.order_id, message.cause),
      replyTo: settings.replyTo ?? null,
      language: letter.language,
      templateVersion: template.version,
      subject: letter.subject,
      text: letterText(letter),
      html: await letterHtml(letter, { brand: title, colour: settings.colour, logo: settings.logo ?? null }),
      short: letterShort(letter, title),
      about: subjectOf(story, message, letter.language, link),
      overtaken: isOvertaken(story, message),
    });
  }
  return composed;
}

function subjectOf(
  { row, lines }: Story,
  message: ToCompose,
  language: string,
  link: string | null,
): MessageSubject {
  const titles = new Map(lines.map((line) => [line.row.line, line.row.title]));
  return {
    order: `${row.channel}:${row.ref}`,
    kind: message.kind,
    language,
    customer: { name: row.customer_name, email: row.customer_email, phone: row.customer_phone },
    link,
    lines: toldLines(message).map(({ line, quantity, parts, before }) => ({
      line,
      title: titles.get(line) ?? '',
      quantity,
      parts: parts.map((part) => ({ quantity: part.quantity, shipBy: part.shipBy })),
      before,
    })),
  };
}

/** Dates of lines that have left or are cancelled are no news any more. */
function isOvertaken(story: Story, message: ToCompose): boolean {
  if (!/^(update|improved|delay_notice|renewed_delay_notice)$/.test(message.kind)) return false;
  const told = new Set(toldLines(message).map((one) => one.line));
  return story.lines.every((line) => !told.has(line.row.line) || line.open === 0);
}

function templateFor(templates: readonly TemplateRow[], kind: string, language: string) {
  const row = templates.find((one) => one.kind === kind && one.language === language);
  return row === undefined ? { version: 0 } : { version: row.version, ...JSON.parse(row.words) };
}

export function newLink(brandId: number, order: number, now: Date, days: number): Link {
  const madeAt = Math.floor(now.getTime() / 1000);
  return { brandId, order, madeAt, expiresAt: madeAt + days * 86_400 };
}

export function linkTo(base: string, link: Link, key: string): string {
  return `${base.replace(/\/$/, '')}/c/${tokenOf(link, key)}`;
}
