import type { MessageKind } from '@kept/engine';
import type { LetterFacts, LetterLine } from './letter-facts.ts';
import { spellDate } from './spelling.ts';
import { wordsIn } from './words.ts';

/** What a message is made of; the same for HTML, plain text and the printed page. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  /** A sentence that a law or the promise itself requires: no edit of a template takes it out. */
  | { readonly kind: 'legal'; readonly code: LegalCode; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly { readonly title: string; readonly detail: string }[] }
  | {
      readonly kind: 'buttons';
      readonly buttons: readonly { readonly text: string; readonly href: string }[];
    }
  | { readonly kind: 'closing'; readonly text: string };

export type LegalCode =
  | 'choice'
  | 'silence_consents'
  | 'silence_cancels'
  | 'silence_nothing'
  | 'no_date'
  | 'cancel_any_time'
  | 'refund_how'
  | 'how_to_cancel'
  | 'withdrawal'
  | 'cancelled_what'
  | 'refund_when'
  | 'never_charged';

export interface Letter {
  /** ISO 639-1. */
  readonly language: string;
  readonly subject: string;
  readonly blocks: readonly Block[];
}

/** The brand's own words in a message, where it has any. */
export interface TemplateWords {
  readonly version: number;
  readonly subject?: string | undefined;
  readonly opening?: string | undefined;
  readonly closing?: string | undefined;
}

/**
 * Writes a message. What has to be said is put together here from the facts and goes in whatever the template says; a template
 * changes the subject, the opening and the closing.
 */
export function writeLetter(facts: LetterFacts, template: TemplateWords): Letter {
  const words = wordsIn(facts.language);
  const fill = (text: string) =>
    text.replaceAll(
      /\{(name|order|brand)\}/g,
      (_, key: 'name' | 'order' | 'brand') => facts[key] || (key === 'name' ? words.someone : ''),
    );
  const blocks: Block[] = [{ kind: 'text', text: words.hello(facts.name) }];
  blocks.push({ kind: 'text', text: fill(template.opening ?? words.opening(facts)) });
  if (facts.why !== null && isAboutDates(facts.kind))
    blocks.push({ kind: 'text', text: words.why[facts.why] });
  if (facts.lines.length > 0)
    blocks.push({ kind: 'lines', lines: facts.lines.map((line) => lineOf(facts, line)) });
  blocks.push(...bodyOf(facts));
  const buttons = buttonsOf(facts);
  if (buttons.length > 0) blocks.push({ kind: 'buttons', buttons });
  if (facts.contact !== null) blocks.push({ kind: 'text', text: words.contact(facts.contact) });
  blocks.push({ kind: 'closing', text: fill(template.closing ?? words.closing(facts)) });
  return { language: facts.language, subject: fill(template.subject ?? words.subject(facts)), blocks };
}

const isAboutDates = (kind: MessageKind) =>
  kind === 'update' || kind === 'improved' || kind.endsWith('delay_notice');

function lineOf(facts: LetterFacts, line: LetterLine): { title: string; detail: string } {
  const words = wordsIn(facts.language);
  const title = line.quantity > 1 ? `${line.quantity} × ${line.title}` : line.title;
  if (facts.kind === 'cancelled' || facts.kind === 'shipped' || facts.kind === 'refunded')
    return { title, detail: '' };
  const spell = (day: string) => spellDate(day, facts.today, facts.language);
  const [only, ...others] = line.parts;
  if (only === undefined) return { title, detail: words.noDate };
  const dated =
    others.length === 0
      ? words.leavesBy(spell(only.shipBy))
      : line.parts.map((part) => words.partLeavesBy(part.quantity, spell(part.shipBy))).join(', ');
  const last = line.parts.at(-1)!.shipBy;
  const moved = isAboutDates(facts.kind) && line.before !== null && line.before !== last;
  const covered = line.parts.reduce((sum, part) => sum + part.quantity, 0);
  return {
    title,
    detail: [
      moved ? words.insteadOf(dated, spell(line.before!)) : dated,
      ...(covered < line.quantity ? [words.restUndated(line.quantity - covered)] : []),
    ].join('. '),
  };
}

function bodyOf(facts: LetterFacts): Block[] {
  const words = wordsIn(facts.language);
  const spell = (day: string) => spellDate(day, facts.today, facts.language);
  const legal = (code: LegalCode, text: string): Block => ({ kind: 'legal', code, text });
  const undated = facts.lines.some((line) => line.parts.length === 0);
  switch (facts.kind) {
    case 'confirmation':
      return [
        {
          kind: 'text',
          text:
            facts.stated.length > 0
              ? words.chargeStated(facts.stated, facts.charged)
              : words.chargeNow(facts.charged, facts.authorised),
        },
        { kind: 'text', text: words.updateWillCome },
        legal('how_to_cancel', words.legal.howToCancel),
        ...(facts.withdrawal ? [legal('withdrawal', words.legal.withdrawal)] : []),
      ];
    case 'update':
      return [legal('choice', words.legal.choice)];
    case 'improved':
      return [legal('how_to_cancel', words.legal.howToCancel)];
    case 'delay_notice':
    case 'renewed_delay_notice': {
      const { silence } = facts;
      const last = facts.lines
        .flatMap((line) => line.parts.at(-1)?.shipBy ?? [])
        .sort()
        .at(-1);
      return [
        legal('choice', words.legal.choice),
        ...(undated
          ? [legal('no_date', words.legal.noDate), legal('cancel_any_time', words.legal.cancelAnyTime)]
          : []),
        ...(silence?.means === 'consent' && last !== undefined
          ? [legal('silence_consents', words.legal.silenceConsents(spell(last)))]
          : []),
        ...(silence?.means === 'cancelled' && silence.on !== null
          ? [legal('silence_cancels', words.legal.silenceCancels(spell(silence.on)))]
          : []),
        ...(silence?.means === 'nothing' ? [legal('silence_nothing', words.legal.silenceNothing)] : []),
        legal('refund_how', words.legal.refundHow),
      ];
    }
    case 'shipped':
      return [
        ...(facts.parcel?.carrier || facts.parcel?.tracking
          ? [{ kind: 'text', text: words.parcel(facts.parcel) } as const]
          : []),
        ...(facts.rest.length > 0
          ? [
              { kind: 'text', text: words.stillToCome } as const,
              {
                kind: 'lines',
                lines: facts.rest.map((line) =>
                  lineOf({ ...facts, kind: 'update' }, { ...line, before: null }),
                ),
              } as const,
            ]
          : []),
        { kind: 'text', text: words.somethingOff },
      ];
    case 'cancelled':
      return [
        legal('cancelled_what', words.legal.cancelledBy(facts.cancelledBy)),
        ...refundBlocks(facts, words, spell, legal),
      ];
    case 'refunded':
      return [];
  }
}

function refundBlocks(
  facts: LetterFacts,
  words: ReturnType<typeof wordsIn>,
  spell: (day: string) => string,
  legal: (code: LegalCode, text: string) => Block,
): Block[] {
  if (facts.refund === null) return [];
  if (facts.refund.never) return [legal('never_charged', words.legal.neverCharged)];
  return [legal('refund_when', words.legal.refundWhen(facts.refund.amount, spell(facts.refund.by)))];
}

function buttonsOf(facts: LetterFacts): { text: string; href: string }[] {
  const { link, kind } = facts;
  if (link === null) return [];
  const { button } = wordsIn(facts.language);
  if (kind === 'update' || kind.endsWith('delay_notice'))
    return [
      { text: button.wait, href: `${link}?choice=wait` },
      { text: button.change, href: `${link}?choice=switch` },
      { text: button.cancel, href: `${link}?choice=cancel` },
    ];
  return [{ text: button.see, href: link }];
}
