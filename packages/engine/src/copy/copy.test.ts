import { describe, expect, test } from 'vitest';
import {
  CATALOGUES,
  chooseTag,
  EDITABLE,
  faultsOfCatalogue,
  faultsOfOwnWords,
  languageOf,
  textAt,
  withOwnWords,
} from './catalogue.ts';
import { LANGUAGES, PLACEHOLDERS, type Said } from './messages.ts';
import { voiceOf, write, writeCharge, writeMoney, writeWays } from './say.ts';

test.each(LANGUAGES)('%s has every message, with all of its placeholders and no other', (language) => {
  expect(faultsOfCatalogue(CATALOGUES[language])).toEqual([]);
  for (const path of EDITABLE.keys())
    expect(textAt(CATALOGUES[language], path)).toEqual(expect.stringMatching(/\S/));
});

test.each(LANGUAGES)(
  'in %s, no wait has the headline, text or button of a wait of another kind',
  (language) => {
    const seen = new Map<string, string>();
    for (const state of ['backorder', 'preorder', 'made_to_order', 'drop', 'demand_validation'] as const)
      for (const key of Object.keys(PLACEHOLDERS[state]))
        for (const part of ['headline', 'text'] as const) {
          const text = textAt(CATALOGUES[language], `states.${state}.${key}.${part}`);
          expect(seen.get(text) ?? state, `“${text}”`).toBe(state);
          seen.set(text, state);
        }
  },
);

const parts = { kind: 'parts', now: 5, later: [{ quantity: 2, shipBy: '2026-03-14' }] } as const;
const mixed: Said<'backorder'> = { state: 'backorder', key: 'mixed', values: { parts } };

describe('the same answer in each language', () => {
  test.each([
    ['en-GB', 'We do not have all of it here: 5 now and 2 by Sat 14 March.'],
    ['en-US', 'We do not have all of it here: 5 now and 2 by Sat, March 14.'],
    ['de', 'Nicht alles ist bei uns: 5 sofort und 2 bis Sa., 14. März.'],
    ['fr', 'Nous n’avons pas tout ici : 5 tout de suite et 2 au plus tard le sam. 14 mars.'],
    ['es', 'No lo tenemos todo aquí: 5 ahora y 2 como muy tarde el sáb, 14 de marzo.'],
  ])('%s', (tag, text) => {
    expect(write(voiceOf(tag, '2026-03-02'), mixed).text).toBe(text);
  });

  test('a day of another year is told with it', () => {
    const said: Said = {
      state: 'preorder',
      key: 'dated',
      values: { day: { kind: 'day', day: '2027-01-08' } },
    };
    expect(write(voiceOf('en-GB', '2026-03-02'), said).text).toContain('Fri 8 January 2027');
  });

  test('money has the digits of its currency', () => {
    expect(writeMoney('en-US', 1999, 'USD')).toBe('$19.99');
    expect(writeMoney('en-US', 1999, 'JPY')).toBe('¥1,999');
    expect(writeMoney('en-US', 1999, 'KWD')).toContain('1.999');
  });

  test('an invoice’s days are counted as the language counts', () => {
    const total = { kind: 'money', amount: 5000, currency: 'EUR' } as const;
    const said = (days: number) =>
      ({ key: 'invoice', values: { total, days: { kind: 'days', days } } }) as const;
    expect(writeCharge(voiceOf('de', '2026-03-02'), said(30))).toContain('innerhalb von 30 Tagen');
    expect(writeCharge(voiceOf('en', '2026-03-02'), said(1))).toContain('within 1 day.');
  });

  test('together is on the last day', () => {
    expect(writeWays(voiceOf('en-GB', '2026-03-02'), '2026-03-14').together).toBe(
      'Send everything together by Sat 14 March',
    );
  });
});

describe('a brand’s own words', () => {
  test('are laid over those of the catalogue', () => {
    const words = withOwnWords('en', { 'states.backorder.mixed.text': 'Almost: {parts}' });
    expect(write(voiceOf('en-GB', '2026-03-02', words), mixed).text).toBe(
      'Almost: 5 now and 2 by Sat 14 March',
    );
    expect(CATALOGUES.en.states.backorder.mixed.text).not.toContain('Almost');
  });

  test.each([
    [{ 'states.backorder.dated.text': 'Soon.' }, 'states.backorder.dated.text', 'lacks {day}'],
    [
      { 'states.backorder.dated.text': 'By {day} or {date}.' },
      'states.backorder.dated.text',
      'has {date}, which it is not given',
    ],
    [{ 'states.backorder.dated.button': ' ' }, 'states.backorder.dated.button', 'says nothing'],
    [{ 'charge.deposit': '{now} today' }, 'charge.deposit', 'lacks {balance}'],
    [
      { 'states.backorder.launch.text': 'x' },
      'states.backorder.launch.text',
      'there is no such text; GET /v1/copy lists them',
    ],
  ])('%j is refused', (own, path, message) => {
    expect(faultsOfOwnWords('en', own as unknown as Record<string, string>)).toContainEqual({
      path,
      message,
    });
  });

  test('may move a placeholder into the headline', () => {
    const own = {
      'states.backorder.dated.headline': 'Ships by {day}',
      'states.backorder.dated.text': 'More is on its way.',
    };
    expect(faultsOfOwnWords('en', own)).toEqual([]);
  });
});

test.each([
  ['de-AT,de;q=0.9,en;q=0.5', 'de-AT'],
  ['nl, fr;q=0.8, en;q=0.7', 'fr'],
  ['en;q=0.2, es-MX', 'es-MX'],
  ['ja', 'en'],
  ['*', 'en'],
  ['', 'en'],
  ['<script>', 'en'],
])('%j is answered in %s', (wanted, tag) => {
  expect(chooseTag(wanted)).toBe(tag);
  expect(languageOf(tag)).not.toBeNull();
});
