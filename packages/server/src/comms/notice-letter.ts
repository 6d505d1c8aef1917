import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { brandTitle } from './brand-store.ts';
import { linkTo, newLink } from './compose.ts';
import type { Letter } from './letter.ts';
import { type NoticeRow, titlesOf } from './notice-store.ts';
import { NOTICE_WORDS, type NoticeName, noticeLanguage } from './notice-words.ts';
import { loadCommsSettings } from './settings.ts';
import { linkKey } from './settings-store.ts';

export interface NoticeLetter {
  readonly letter: Letter;
  readonly look: { readonly brand: string; readonly colour: string; readonly logo: string | null };
  readonly replyTo: string | null;
}

/** Writes notices out as of now, by their ids. What was asked for and is over in the meantime is said by the shop itself. */
export async function noticeLetters(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  rows: readonly NoticeRow[],
  pageUrl: string | null,
): Promise<Map<number, NoticeLetter>> {
  const facts = rows.map((row) => JSON.parse(row.facts) as Record<string, unknown>);
  const skus = facts.flatMap((one) => [one.sku, one.instead].filter((sku) => typeof sku === 'string'));
  const [{ settings }, brand, titles, { timeZone }, key] = await Promise.all([
    loadCommsSettings(client, brandId),
    brandTitle(client, brandId),
    titlesOf(client, brandId, skus),
    loadSettings(client, kept.db, brandId),
    linkKey(client, brandId),
  ]);
  const base = settings.pageUrl ?? pageUrl;
  const now = kept.clock.now();
  return new Map(
    rows.map((row, index) => {
      const told = facts[index]!;
      const kind = row.kind as NoticeName;
      const language = noticeLanguage(row.locale, settings.language);
      const words = NOTICE_WORDS[language];
      const titleOf = (sku: unknown) => titles.get(String(sku)) ?? String(sku);
      const values: Record<string, string> = {
        brand,
        title: titleOf(told.sku),
        instead: titleOf(told.instead),
        units: String(told.quantity ?? told.units ?? 1),
        ticket: String(told.entry ?? ''),
        until: told.expiresAt === undefined ? '' : spellInstant(String(told.expiresAt), language, timeZone),
      };
      const fill = (text: string) =>
        text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
      const { subject, text, button } = words[kind];
      const href =
        row.order_id !== null
          ? base && linkTo(base, newLink(brandId, row.order_id, now, settings.linkDays), key)
          : kind === 'back_in_stock_confirm'
            ? base && `${base.replace(/\/$/, '')}/b/${told.token}`
            : itemLink(settings.itemUrl, told);
      const letter: Letter = {
        language,
        subject: fill(subject),
        blocks: [
          { kind: 'text', text: words.hello },
          ...text.map((one) => ({ kind: 'text', text: fill(one) }) as const),
          ...(button === null || href === null
            ? []
            : [{ kind: 'buttons', buttons: [{ text: button, href }] } as const]),
          { kind: 'closing', text: fill(words.closing) },
        ],
      };
      const look = { brand, colour: settings.colour, logo: settings.logo ?? null };
      return [row.notice_id, { letter, look, replyTo: settings.replyTo ?? null }];
    }),
  );
}

/** Where the article is sold. An offer's hold goes along, so that the shop's order can name it. */
function itemLink(template: string | undefined, { sku, hold }: Record<string, unknown>): string | null {
  if (template === undefined) return null;
  const named = template.replace('{sku}', encodeURIComponent(String(sku)));
  if (typeof hold !== 'string') return named.replace('{hold}', '');
  if (named.includes('{hold}')) return named.replace('{hold}', encodeURIComponent(hold));
  return `${named}${named.includes('?') ? '&' : '?'}hold=${encodeURIComponent(hold)}`;
}

function spellInstant(instant: string, language: string, timeZone: string): string {
  const tag = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(tag, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(new Date(instant));
}
