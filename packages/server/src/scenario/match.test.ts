import { describe, expect, test } from 'vitest';
import { compare, faultOfMatcher, matches, spell } from './match.ts';

describe('what is seen is as expected', () => {
  test.each<[name: string, expected: unknown, seen: unknown]>([
    ['the same text', 'a', 'a'],
    ['an object that has more', { a: 1 }, { a: 1, b: 2 }],
    ['objects in objects', { a: { b: [{ c: null }] } }, { a: { b: [{ c: null, d: 1 }], e: 2 } }],
    ['a list in its order', [1, { a: 2 }], [1, { a: 2, b: 3 }]],
    ['an empty list', [], []],
    [
      'some of a list, in any order',
      { contains: [{ a: 2 }, { a: 1 }] },
      [{ a: 1 }, { a: 2, b: 0 }, { a: 3 }],
    ],
    ['anything that is there', '$any', null],
    ['nothing', { a: '$absent' }, {}],
    ['null', null, null],
    ['null by its word', '$null', null],
    ['a text', '$string', ''],
    ['a number', '$number', 0],
    ['a day', '$day', '2026-03-02'],
    ['an instant', '$instant', '2026-03-02T09:00:00.000Z'],
    ['a pattern', '/^PO-\\d+$/', 'PO-7'],
    ['a pattern without case', '/late/i', 'LATE'],
    ['a larger number', { $gt: 5 }, 6],
    ['a number in a range of one', { $gte: 5 }, 5],
    ['a later day', { $gt: '2026-03-01' }, '2026-03-02'],
    ['another', { $not: 'a' }, 'b'],
    ['one of several', { $in: ['a', { b: 1 }] }, { b: 1, c: 2 }],
    ['as many', { $length: 2 }, ['a', 'b']],
    ['at least as many', { $length: { $gt: 1 } }, ['a', 'b']],
    ['a text that looks like a matcher', { $text: '$any' }, '$any'],
  ])('%s', (_, expected, seen) => {
    expect(compare(expected, seen, 'body').differences).toEqual([]);
  });
});

describe('what is seen differs, and it is said where', () => {
  test.each<[name: string, expected: unknown, seen: unknown, paths: string[]]>([
    ['another text', 'a', 'b', ['body']],
    ['a number for its text', '5', 5, ['body']],
    ['a field that is missing', { a: 1 }, {}, ['body.a']],
    ['null for nothing', { a: '$absent' }, { a: null }, ['body.a']],
    [
      'a field deep inside',
      { lines: [{ a: 1 }, { a: 2 }] },
      { lines: [{ a: 1 }, { a: 3 }] },
      ['body.lines[1].a'],
    ],
    ['a list in another order', [1, 2], [2, 1], ['body[0]', 'body[1]']],
    ['a list that is longer', [1], [1, 2], ['body.length']],
    ['a list that is shorter', [1, 2], [1], ['body.length', 'body[1]']],
    ['an empty list that is not', [], [1], ['body.length']],
    ['a list for an object', { a: 1 }, [1], ['body']],
    ['an object for a list', [1], { a: 1 }, ['body']],
    ['something that the list does not contain', { contains: [{ a: 9 }] }, [{ a: 1 }], ['body']],
    ['a day that is none', '$day', '2026-3-2', ['body']],
    ['not more than', { $gt: 5 }, 5, ['body']],
    ['a text beside a number', { $gt: 5 }, '6', ['body']],
    ['nothing beside a pattern', '/a/', null, ['body']],
    ['several at once', { a: 1, b: { c: 2 }, d: 3 }, { a: 0, b: { c: 0 }, d: 3 }, ['body.a', 'body.b.c']],
  ])('%s', (_, expected, seen, paths) => {
    expect(compare(expected, seen, 'body').differences.map((one) => one.path)).toEqual(paths);
    expect(matches(expected, seen)).toBe(false);
  });
});

test.each<[unknown, string | null]>([
  ['$any', null],
  ['$5 off', null],
  ['$anything', 'there is no $anything'],
  [{ $gt: 1 }, null],
  [{ $more: 1 }, 'there is no $more'],
  [{ $gt: 1, $lt: 5 }, '$gt has to stand alone'],
  ['/(/', '/(/ is not a pattern'],
  [{ quantity: 1 }, null],
])('a matcher that an author wrote: %j', (expected, fault) => {
  if (fault === null) expect(faultOfMatcher(expected)).toBeNull();
  else expect(faultOfMatcher(expected)).toContain(fault);
});

test.each<[unknown, string]>([
  ['PO-7', 'PO-7'],
  ['2026-03-02', '2026-03-02'],
  ['1001', '"1001"'],
  ['true', '"true"'],
  ['', '""'],
  [{ a: [1, null], b: {} }, '{ a: [1, null], b: {} }'],
])('a value on one line: %j', (value, text) => {
  expect(spell(value)).toBe(text);
});
