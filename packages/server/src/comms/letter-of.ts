import { dayText, type MessageKind, type Reason, withdrawalUntil } from '@kept/engine';
import type { Language, LetterFacts, LetterLine, Money, WhyCode } from './letter-facts.ts';
import type { RefundRow } from './refund-store.ts';
import type { CommsSettings } from './settings.ts';
import { type Story, type ToldLine, toldLines } from './story.ts';
import type { PaymentRow } from './story-store.ts';

export interface LetterContext {
  readonly settings: CommsSettings;
  readonly brand: string;
  readonly link: string | null;
  readonly refunds: readonly RefundRow[];
  readonly stated: readonly string[];
}

/** The facts of a message: what was written down when its cause came, beside what the order's story says now. */
export function factsOf(
  story: Story,
  message: { readonly kind: string; readonly cause: string; readonly lines: string },
  { settings, brand, link, refunds, stated }: LetterContext,
): LetterFacts {
  const kind = message.kind as MessageKind;
  const told = toldLines(message);
  const event = Number(/^event:(\d+)$/.exec(message.cause)?.[1] ?? 0);
  const deeds = story.deeds.filter((deed) => deed.event_id === event);
  const refund = refunds.find((one) => one.event_id === event);
  const paidBack = story.payments.find((one) => message.cause === `payment:${one.payment_id}`);
  return {
    kind,
    language: languageOf(story.row.locale, settings.language),
    brand,
    contact: settings.contact ?? settings.replyTo ?? null,
    name: firstName(story.row.customer_name),
    order: story.row.ref,
    today: dayText(story.engine.today),
    lines: linesOf(story, kind, told, deeds),
    why: whyOf(story, told),
    link,
    silence: silenceOf(story, told),
    charged: chargedOf(story.payments, story.row.currency),
    authorised: story.payments.some((one) => one.kind === 'authorised'),
    stated,
    withdrawal: hasWithdrawal(story),
    refund:
      paidBack === undefined ? refundFacts(refund) : refundFacts({ ...paidBack, kind: 'refund', due_on: '' }),
    cancelledBy: deeds[0]?.reason === 'validation_missed' ? 'too_few' : (deeds[0]?.by ?? null),
    parcel: deeds[0] === undefined ? null : { carrier: deeds[0].carrier, tracking: deeds[0].tracking },
    rest: kind === 'shipped' ? restOf(story) : [],
  };
}

function refundFacts(
  row: { kind: RefundRow['kind']; amount: number; currency: string; due_on: string } | undefined,
): LetterFacts['refund'] {
  if (row === undefined) return null;
  // An amount that a person is still to confirm is named by that person, not by us.
  const amount = row.kind === 'refund' ? { amount: row.amount, currency: row.currency } : null;
  return { amount, by: row.due_on, never: row.kind === 'statement' };
}

function linesOf(
  story: Story,
  kind: MessageKind,
  told: readonly ToldLine[],
  deeds: readonly { line: number; quantity: number }[],
): LetterLine[] {
  const titleOf = (number: number) => story.lines.find((line) => line.row.line === number)?.row.title ?? '';
  if (kind === 'shipped' || kind === 'cancelled')
    return deeds.map((deed) => ({
      title: titleOf(deed.line),
      quantity: deed.quantity,
      parts: [],
      before: null,
    }));
  if (kind === 'refunded') return [];
  return told.map((line) => ({
    title: titleOf(line.line),
    quantity: line.quantity,
    parts: line.parts,
    before: line.before,
  }));
}

/** What is still to come of an order, by what is promised now. */
function restOf(story: Story): LetterLine[] {
  return story.lines
    .filter((line) => line.open > 0)
    .map((line) => ({
      title: line.row.title,
      quantity: line.open,
      parts: (line.engine.promise?.parts ?? []).map((part) => ({
        quantity: part.quantity,
        shipBy: dayText(part.shipBy),
      })),
      before: null,
    }));
}

/** The strictest of what silence comes to for the lines that are told. */
function silenceOf(story: Story, told: readonly ToldLine[]): LetterFacts['silence'] {
  const order = ['consent', 'nothing', 'cancelled'];
  const all = story.lines
    .filter((line) => told.some((one) => one.line === line.row.line))
    .flatMap((line) => line.engine.duty.silence ?? [])
    .sort((a, b) => order.indexOf(b.means) - order.indexOf(a.means) || (a.on ?? 0) - (b.on ?? 0));
  const [first] = all;
  return first === undefined
    ? null
    : { means: first.means, on: first.on === null ? null : dayText(first.on) };
}

function chargedOf(payments: readonly PaymentRow[], currency: string): Money | null {
  const amount = payments.reduce((sum, one) => sum + (one.kind === 'captured' ? one.amount : 0), 0);
  return amount === 0 ? null : { amount, currency };
}

function hasWithdrawal(story: Story): boolean {
  const [line] = story.lines.filter((one) => !one.madeToOrder);
  return line !== undefined && story.regimes.some((regime) => withdrawalUntil(regime, null, false) === null);
}

const SLIPS: Readonly<Record<string, WhyCode>> = {
  production: 'production',
  materials: 'materials',
  freight: 'freight',
  customs: 'customs',
  moq: 'moq',
  quality: 'quality',
};
const CAUSES: Readonly<Record<string, WhyCode>> = {
  supply_cancelled: 'cancelled',
  supplier_abandoned: 'cancelled',
  received_short: 'short',
  stock_counted: 'counted',
  quality_hold: 'checking',
  supply_pulled_in: 'early',
  supply_added: 'early',
  received: 'early',
  day_passed: 'late',
};

/** Why the newest promise of the lines is what it is, from its recorded reasons. Null: nothing that concerns a customer. */
export function whyOf(story: Story, told: readonly { readonly line: number }[]): WhyCode | null {
  for (const { line } of told) {
    const row = story.lines.find((one) => one.row.line === line)?.row;
    for (const reason of JSON.parse(row?.reasons ?? '[]') as Reason[]) {
      if (reason.code === 'supply_slipped') return SLIPS[String(reason.reason)] ?? 'late';
      const why = CAUSES[reason.code];
      if (why !== undefined) return why;
    }
  }
  return null;
}

export function languageOf(locale: string | null, fallback: Language): Language {
  const language = locale?.slice(0, 2).toLowerCase();
  return language === 'de' || language === 'en' ? language : fallback;
}

/** "Ada Lovelace" is greeted as Ada; what looks like a company or initials is greeted whole. */
export function firstName(name: string): string {
  const [first = '', ...others] = name.trim().split(/\s+/);
  return others.length > 0 && others.length < 4 && /^\p{Lu}\p{Ll}+$/u.test(first) ? first : name.trim();
}
