// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so does a story name what it saved
import { describe, expect, test } from 'vitest';
import { at, instantOf, resolveWords } from './values.ts';

const around = {
  now: new Date('2026-03-02T23:30:00Z'),
  timeZone: 'UTC',
  saved: new Map<string, unknown>([
    ['id', 17],
    ['order', 'web:1001'],
  ]),
};

describe('words in a step', () => {
  test.each<[unknown, unknown]>([
    ['today', '2026-03-02'],
    ['today+10', '2026-03-12'],
    ['today-3', '2026-02-27'],
    ['now', '2026-03-02T23:30:00.000Z'],
    ['now+10m', '2026-03-02T23:40:00.000Z'],
    ['now-1d', '2026-03-01T23:30:00.000Z'],
    ['today is fine', 'today is fine'],
    ['${id}', 17],
    ['number ${id} of ${order}', 'number 17 of web:1001'],
    ['due ${today+1}', 'due 2026-03-03'],
    [{ a: ['${id}', { b: 'today' }] }, { a: [17, { b: '2026-03-02' }] }],
    [5, 5],
    [null, null],
  ])('%j', (value, resolved) => {
    expect(resolveWords(value, around)).toEqual(resolved);
  });

  test('today is the brand’s own', () => {
    expect(resolveWords('today', { ...around, timeZone: 'Asia/Tokyo' })).toBe('2026-03-03');
  });

  test('a name that was never saved is an error', () => {
    expect(() => resolveWords('${other}', around)).toThrow('nothing was saved as other');
  });
});

describe('where the clock moves to', () => {
  const now = new Date('2026-03-02T09:00:00Z');
  test.each<[string, string | null]>([
    ['2026-03-10T12:00:00Z', '2026-03-10T12:00:00.000Z'],
    ['2026-03-10', '2026-03-10T09:00:00.000Z'],
    ['+7d', '2026-03-09T09:00:00.000Z'],
    ['+90m', '2026-03-02T10:30:00.000Z'],
    ['+2w', '2026-03-16T09:00:00.000Z'],
    ['2026-02-30', null],
    ['next week', null],
    ['7', null],
  ])('%s', (text, instant) => {
    expect(instantOf(text, now)?.toISOString() ?? null).toBe(instant);
  });
});

test.each<[string, unknown]>([
  ['status', 201],
  ['body.lines[1].sku', 'B'],
  ['body.lines[2].sku', undefined],
  ['headers.etag', 'x'],
])('what stands at %s of an answer', (path, value) => {
  const answer = { status: 201, headers: { etag: 'x' }, body: { lines: [{ sku: 'A' }, { sku: 'B' }] } };
  expect(at(answer, path)).toBe(value);
});
