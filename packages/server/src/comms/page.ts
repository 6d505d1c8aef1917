import type { CustomerPage } from '@kept/contract';
import { dayNumber, dayText, localTime } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { availabilityOf } from '../promising/index.ts';
import { brandTitle } from './brand-store.ts';
import { readNow } from './duties.ts';
import type { Language } from './letter-facts.ts';
import { firstName, languageOf, whyOf } from './letter-of.ts';
import { isSigned, type Link, linkIn } from './link.ts';
import { promiseHistory, readAlternatives, unitsAhead } from './page-store.ts';
import { readRefunds } from './refund-store.ts';
import { refundIfCancelled, refundsOf } from './refunds.ts';
import { loadCommsSettings } from './settings.ts';
import { existingLinkKey, revokedAt } from './settings-store.ts';
import { spellDate, spellMoney } from './spelling.ts';
import type { Story, StoryLine } from './story.ts';
import { wordsIn } from './words.ts';

type PageView = z.output<typeof CustomerPage>;

/** What a token opens, unread: the brand to look in. @throws KeptError `not_found` for what is no token */
export function linkOrFail(token: string): Link {
  const link = linkIn(token);
  if (link === null) throw closed();
  return link;
}

/**
 * The order that a link opens.
 * @throws KeptError `not_found` for a link that is forged, expired or revoked; all three look the same
 */
export async function openLink(kept: Kept, client: pg.PoolClient, link: Link, token: string): Promise<Story> {
  const key = await existingLinkKey(client, link.brandId);
  const now = kept.clock.now().getTime() / 1000;
  if (key === null || !isSigned(token, key) || now >= link.expiresAt) throw closed();
  const revoked = await revokedAt(client, link.brandId, link.order);
  if (revoked !== null && link.madeAt <= Date.parse(revoked) / 1000) throw closed();
  const [story] = await readNow(kept, client, link.brandId, [link.order]);
  if (story === undefined) throw closed();
  return story;
}

const closed = () =>
  new KeptError(
    'not_found',
    'This link opens nothing any more. The newest mail about the order has one that does.',
  );

export async function customerPage(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  story: Story,
): Promise<PageView> {
  const order = story.row.order_id;
  const [{ settings }, title, refunds, history] = await Promise.all([
    loadCommsSettings(client, brandId),
    brandTitle(client, brandId),
    readRefunds(client, brandId, [order]),
    promiseHistory(client, brandId, order),
  ]);
  const ahead = settings.showsPlaceInQueue ? await unitsAhead(client, brandId, order) : new Map();
  const language = languageOf(story.row.locale, settings.language);
  const lines = [];
  for (const line of story.lines)
    lines.push({
      ...lineView(story, line, language),
      ahead: line.open > 0 ? (ahead.get(line.row.line) ?? null) : null,
      alternatives: line.open > 0 ? await alternativesOf(kept, client, brandId, story, line) : [],
    });
  const refund = refundIfCancelled(story, refunds, kept.clock.now());
  const { currency } = story.row;
  return {
    brand: {
      name: title,
      colour: settings.colour,
      logo: settings.logo ?? null,
      contact: settings.contact ?? settings.replyTo ?? null,
    },
    language,
    today: dayText(story.engine.today),
    order: {
      ref: story.row.ref,
      name: firstName(story.row.customer_name),
      placedOn: dayText(story.engine.placedOn),
      currency,
    },
    lines,
    timeline: timelineOf(story, history, language),
    silence: silenceWords(story, language),
    refund:
      refund === null
        ? null
        : {
            kind: refund.kind,
            amount: { amount: refund.amount, currency },
            by: refund.due_on,
            whole: refund.whole,
          },
    // What was cancelled this moment is written down at the next look; its refund is told at once.
    refunds: [...refunds, ...refundsOf(story, refunds).owed.map((one) => ({ ...one, done_at: null }))].map(
      (one) => ({
        amount: { amount: one.amount, currency: one.currency },
        dueOn: one.due_on,
        done: one.done_at !== null,
        kind: one.kind,
      }),
    ),
    canChoose: story.lines.some((line) => line.open > 0),
  };
}

function lineView(story: Story, line: StoryLine, language: Language) {
  const { row } = line;
  const parts = line.engine.promise?.parts ?? [];
  const last = parts.at(-1);
  const first = row.first_ship_by;
  const wait = story.choices.findLast((one) => one.line === row.line && one.kind === 'wait');
  const delivery = story.regimes.some((regime) => regime === 'eu' || regime === 'uk');
  const moved = first !== null && (last === undefined || dayText(last.shipBy) !== first);
  const why = moved && line.open > 0 ? whyOf(story, [{ line: row.line }]) : null;
  return {
    line: JSON.parse(row.line_ref) as string | number,
    title: row.title,
    ordered: row.ordered,
    shipped: row.shipped,
    cancelled: row.cancelled,
    open: line.open,
    price: { amount: row.price, currency: story.row.currency },
    parts:
      line.open === 0 ? [] : parts.map((part) => ({ quantity: part.quantity, shipBy: dayText(part.shipBy) })),
    firstShipBy: moved ? first : null,
    why: why === null ? null : wordsIn(language).why[why],
    agreed: wait === undefined ? null : { until: wait.until_on },
    waitUntil: last === undefined ? null : dayText(delivery ? last.deliverBy : last.shipBy),
  };
}

/** Items that could be sent instead: what can be promised whole, in the shop that the order came from. */
async function alternativesOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  story: Story,
  line: StoryLine,
): Promise<PageView['lines'][number]['alternatives']> {
  const { currency, channel, country } = story.row;
  const rows = await readAlternatives(client, brandId, line.row.alternatives);
  const offered: PageView['lines'][number]['alternatives'] = [];
  for (const row of rows) {
    if (row.currency !== currency) continue;
    const query = { sku: row.sku, channel, quantity: line.open, shipTo: country };
    const { now, later } = await availabilityOf(kept, brandId, query);
    const units = later.reduce((sum, part) => sum + part.quantity, now);
    if (units < line.open) continue;
    offered.push({
      sku: row.sku,
      title: row.title,
      difference: { amount: row.price - line.row.price, currency },
      shipBy: later.at(-1)?.shipBy ?? null,
    });
  }
  return offered;
}

type History = Awaited<ReturnType<typeof promiseHistory>>;

/** What happened, day by day, each line of it once. */
function timelineOf(story: Story, history: History, language: Language): PageView['timeline'] {
  const { timeline } = wordsIn(language);
  const today = dayText(story.engine.today);
  const brandDay = (instant: string) => dayText(localTime(Date.parse(instant), story.brandZone).day);
  const spell = (day: string) => spellDate(day, today, language);
  const steps: { at: string; words: string }[] = [{ at: story.row.placed_at, words: timeline.ordered }];
  const last = new Map<number, string | null>();
  for (const { line, version, ship_by, made_at, change } of history) {
    const before = last.get(line);
    last.set(line, ship_by);
    if (version === 1 && ship_by !== null)
      steps.push({ at: made_at, words: timeline.promised(spell(ship_by)) });
    else if (change === 'shrunk' || before === ship_by) continue;
    else if (ship_by === null) steps.push({ at: made_at, words: timeline.undated });
    else {
      const sooner = before !== undefined && before !== null && ship_by < before;
      steps.push({ at: made_at, words: (sooner ? timeline.sooner : timeline.moved)(spell(ship_by)) });
    }
  }
  for (const message of story.messages)
    if (message.sent_at !== null && message.subject !== null)
      steps.push({ at: message.sent_at, words: timeline.told(message.subject) });
  for (const choice of story.choices) {
    if (choice.kind === 'wait') steps.push({ at: choice.happened_at, words: timeline.waited });
    if (choice.kind === 'switch') steps.push({ at: choice.happened_at, words: timeline.switched });
  }
  for (const deed of story.deeds)
    steps.push({
      at: deed.at,
      words:
        deed.kind === 'shipment'
          ? timeline.shipped(deed.quantity, deed.tracking)
          : timeline.cancelled(deed.quantity),
    });
  for (const payment of story.payments)
    if (payment.kind === 'refunded') {
      const amount = spellMoney({ amount: payment.amount, currency: payment.currency }, language);
      steps.push({ at: payment.happened_at, words: timeline.paidBack(amount) });
    }
  const seen = new Set<string>();
  return steps
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .map(({ at, words }) => ({ on: brandDay(at), words }))
    .filter(({ on, words }) => !seen.has(`${on} ${words}`) && seen.add(`${on} ${words}`));
}

/** The strictest of what saying nothing comes to. */
function silenceWords(story: Story, language: Language): string | null {
  const { legal } = wordsIn(language);
  const spell = (day: number) => spellDate(dayText(day), dayText(story.engine.today), language);
  const silences = story.lines
    .filter((line) => line.open > 0 && line.engine.duty.state !== 'in_time')
    .flatMap((line) => line.engine.duty.silence ?? []);
  const cancelled = silences.filter((one) => one.means === 'cancelled' && one.on !== null);
  if (cancelled.length > 0) return legal.silenceCancels(spell(Math.min(...cancelled.map((one) => one.on!))));
  if (silences.some((one) => one.means === 'nothing')) return legal.silenceNothing;
  const last = story.lines.flatMap((line) => line.engine.promise?.parts.at(-1)?.shipBy ?? []);
  if (silences.length > 0 && last.length > 0) return legal.silenceConsents(spell(Math.max(...last)));
  return null;
}

/** A day that a customer may name: from tomorrow on, where the goods go. */
export function refusePastDay(story: Story, until: string): void {
  if (dayNumber(until) > story.lawToday) return;
  throw new KeptError('invalid_input', `${until} is not to come any more.`, {
    errors: [{ path: 'until', message: 'expected a day after today' }],
  });
}
