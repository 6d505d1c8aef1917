import type {
  MessagePreview,
  MessageTemplate,
  MessageTemplateInput,
  MessageTemplateTry,
} from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { invalidInput, KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { composeMessages } from './compose.ts';
import { readNow } from './duties.ts';
import type { Language } from './letter-facts.ts';
import { toldLine } from './look.ts';
import { listMessages } from './message-store.ts';
import { orderOrFail } from './messages.ts';
import { faultsIn, readingEase, remarksOn } from './plain-language.ts';
import { insertTemplate } from './template-store.ts';

type Words = z.output<typeof MessageTemplateInput>;
type Kind = z.output<typeof MessageTemplate>['kind'];

/**
 * Keeps a brand's words as a new version, and says how they read.
 * @throws KeptError `invalid_input` for a date in numbers, and for a placeholder that stands for nothing
 */
export async function saveTemplate(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { kind, language }: { readonly kind: Kind; readonly language: Language },
  words: Words,
  actor: string,
): Promise<z.output<typeof MessageTemplate>> {
  refuseFaults(words);
  const at = kept.clock.now().toISOString();
  const row = { kind, language, words: JSON.stringify(words) };
  const version = await insertTemplate(client, brandId, row, actor, at);
  return { kind, language, ...words, version, actor, at, ...readingOf(words, language) };
}

/** How words read: their ease, and what could be said better. */
export function readingOf(words: Words, language: Language) {
  const text = [words.opening, words.closing].filter((one) => one !== undefined && one !== '').join(' ');
  return {
    readingEase: text === '' ? null : Math.round(readingEase(text, language)),
    remarks: remarksOn(words, language),
  };
}

/** What a real order's message would say in words that are only tried; nothing is kept. */
export async function tryTemplate(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kind: Kind,
  { order: name, ...words }: z.output<typeof MessageTemplateTry>,
  pageUrl: string | null,
): Promise<z.output<typeof MessagePreview>> {
  refuseFaults(words);
  const order = await orderOrFail(client, brandId, name);
  const [written] = await listMessages(client, brandId, { order, kind }, 1, null);
  const [story] = await readNow(kept, client, brandId, [order]);
  if (story === undefined) throw new KeptError('not_found', `There is no order ${JSON.stringify(name)}.`);
  const message = written ?? {
    message_id: 0,
    order_id: order,
    kind,
    cause: 'tried',
    lines: JSON.stringify(story.lines.map((line) => toldLine(story, line.row.line))),
  };
  const composed = await composeMessages(kept, client, brandId, [message], pageUrl, { version: 0, ...words });
  const { subject, text, html, language, templateVersion } = composed.get(message.message_id)!;
  return { subject, text, html, language, templateVersion };
}

function refuseFaults(words: Words): void {
  const faults = faultsIn(words);
  if (faults.length > 0) throw invalidInput(faults);
}
