import type { MessageKind } from '@kept/engine';
import { describe, expect, test } from 'vitest';
import { type LegalCode, type Letter, writeLetter } from './letter.ts';
import type { Language, LetterFacts, LetterLine } from './letter-facts.ts';
import { letterHtml, letterText } from './letter-html.ts';
import { isCorporate, readingEase } from './plain-language.ts';
import { spellDate } from './spelling.ts';

const cup = (over: Partial<LetterLine> = {}): LetterLine => ({
  title: 'Tea cup',
  quantity: 2,
  parts: [{ quantity: 2, shipBy: '2026-04-20' }],
  before: '2026-04-01',
  ...over,
});

const facts = (kind: MessageKind, over: Partial<LetterFacts> = {}): LetterFacts => ({
  kind,
  language: 'en',
  brand: 'Ember',
  contact: 'help@ember.example',
  name: 'Ada',
  order: '1001',
  today: '2026-03-10',
  lines: [cup()],
  why: 'freight',
  link: 'https://orders.ember.example/c/x',
  silence: { means: 'cancelled', on: '2026-05-01' },
  charged: { amount: 4800, currency: 'USD' },
  authorised: false,
  stated: [],
  withdrawal: true,
  refund: { amount: { amount: 4800, currency: 'USD' }, by: '2026-05-12', never: false },
  cancelledBy: 'law',
  parcel: { carrier: 'UPS', tracking: '1Z999' },
  rest: [cup()],
  ...over,
});

const KINDS: MessageKind[] = [
  'confirmation',
  'update',
  'delay_notice',
  'renewed_delay_notice',
  'improved',
  'shipped',
  'cancelled',
  'refunded',
];
/** What can be different in a message of any kind. */
const VARIANTS: Partial<LetterFacts>[] = [
  {},
  { lines: [cup({ parts: [] })], silence: { means: 'nothing', on: null } },
  { silence: { means: 'consent', on: null }, lines: [cup(), cup({ title: 'Saucer', quantity: 1 })] },
  {
    lines: [
      cup({
        parts: [
          { quantity: 1, shipBy: '2026-04-20' },
          { quantity: 1, shipBy: '2027-01-04' },
        ],
      }),
    ],
  },
  { charged: null, authorised: true, refund: { amount: null, by: '2026-05-12', never: true }, rest: [] },
  { charged: null, refund: { amount: null, by: '2026-05-12', never: false }, cancelledBy: 'customer' },
];
const all = (language: Language) =>
  KINDS.flatMap((kind) =>
    VARIANTS.map((over, index): [string, Letter] => [
      `${kind} ${index}`,
      writeLetter(facts(kind, { language, ...over }), { version: 0 }),
    ]),
  );
const sentences = (letter: Letter) =>
  letter.blocks.flatMap((block) => ('text' in block ? [block.text] : [])).slice(1);

describe.each<Language>(['en', 'de'])('every message in %s', (language) => {
  test.each(all(language))('%s spells its dates out', (_, letter) => {
    const text = `${letter.subject}\n${letterText(letter).replaceAll(/https?:\S+/g, '')}`;
    expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|undefined|null|NaN|\{|\}/);
    expect(text).not.toContain('  .');
  });

  test.each(all(language))('%s speaks like a person', (_, letter) => {
    const text = letterText(letter);
    expect(isCorporate(text)).toBe(false);
    expect(readingEase(sentences(letter).join(' '), language)).toBeGreaterThan(60);
  });

  test('dates carry their year where it is another', () => {
    expect(spellDate('2026-03-14', '2026-03-01', language)).not.toContain('2026');
    expect(spellDate('2027-03-14', '2026-03-01', language)).toContain('2027');
  });
});

describe('what has to be said', () => {
  const codes = (letter: Letter) =>
    letter.blocks.flatMap((block) => (block.kind === 'legal' ? [block.code] : []));

  test.each<[MessageKind, Partial<LetterFacts>, LegalCode[]]>([
    ['confirmation', {}, ['how_to_cancel', 'withdrawal']],
    ['confirmation', { withdrawal: false }, ['how_to_cancel']],
    ['update', {}, ['choice']],
    ['delay_notice', {}, ['choice', 'silence_cancels', 'refund_how']],
    [
      'delay_notice',
      { silence: { means: 'consent', on: null } },
      ['choice', 'silence_consents', 'refund_how'],
    ],
    [
      'delay_notice',
      { silence: { means: 'nothing', on: null } },
      ['choice', 'silence_nothing', 'refund_how'],
    ],
    [
      'delay_notice',
      { lines: [cup({ parts: [] })] },
      ['choice', 'no_date', 'cancel_any_time', 'silence_cancels', 'refund_how'],
    ],
    ['renewed_delay_notice', {}, ['choice', 'silence_cancels', 'refund_how']],
    ['cancelled', {}, ['cancelled_what', 'refund_when']],
    [
      'cancelled',
      { refund: { amount: null, by: '2026-05-12', never: true } },
      ['cancelled_what', 'never_charged'],
    ],
  ])('in a %s with %j', (kind, over, expected) => {
    expect(codes(writeLetter(facts(kind, over), { version: 0 }))).toEqual(expected);
    // Whatever a template says, and where it says nothing at all.
    const edited = writeLetter(facts(kind, over), {
      version: 4,
      subject: 'Hi {name}',
      opening: '',
      closing: '',
    });
    expect(codes(edited)).toEqual(expected);
    expect(edited.subject).toBe('Hi Ada');
  });

  test('silence names its day, and the new day stands beside the old', () => {
    const text = letterText(writeLetter(facts('delay_notice'), { version: 0 }));
    expect(text).toContain('If we do not hear from you by Friday 1 May and it has not shipped by then');
    expect(text).toContain('2 × Tea cup\n  Leaves us by Monday 20 April, not Wednesday 1 April');
  });

  test('the three choices are three links', async () => {
    const letter = writeLetter(facts('delay_notice'), { version: 0 });
    const html = await letterHtml(letter, { brand: 'Ember', colour: '#ffee00', logo: null });
    for (const choice of ['wait', 'switch', 'cancel'])
      expect(html).toContain(`https://orders.ember.example/c/x?choice=${choice}`);
    // Yellow takes black letters.
    expect(html).toContain('color:#000000');
  });

  test('what a customer’s name or a title holds is text, and no markup', async () => {
    const letter = writeLetter(
      facts('update', { name: '<b>Ada</b>', lines: [cup({ title: 'A & B <i>' })] }),
      {
        version: 0,
      },
    );
    const html = await letterHtml(letter, { brand: 'Ember', colour: '#1f5f4a', logo: null });
    expect(html).not.toContain('<b>Ada');
    expect(html).toContain('A &amp; B &lt;i&gt;');
  });
});
