import { describe, expect, test } from 'vitest';
import { readCountry } from './countries.ts';
import { readMoment, toDay, toInstant, ZoneClock } from './dates.ts';
import { perUnit, readAmount } from './money.ts';
import { Nearest } from './nearest.ts';
import { isProblem } from './problem.ts';
import { type DecimalMark, readUnits, readUnitsTimes } from './quantity.ts';
import { readStage } from './stages.ts';
import { checkCode, checkName, checkWords } from './words.ts';

const said = (value: unknown) => (isProblem(value) ? value.message : value);

describe('quantities', () => {
  test.each<[string, DecimalMark, number | string]>([
    ['5', null, 5],
    ['+5', null, 5],
    ['-5', null, -5],
    ['0', null, 0],
    ['-0', null, 0],
    ['007', null, 7],
    ['5.0', null, 5],
    ['5,00', null, 5],
    ['10000000', null, 10_000_000],
    ['10000001', null, 'is too many units'],
    ['999999999', null, 'is too many units'],
    ['0010000001', null, 'is too many units'],
    ['1000000001', null, 'is too many units'],
    ['99999999999999999999', null, 'is too many units'],
    ['5.5', null, 'is not a whole number of units'],
    ['5.000', null, 'may be thousands or decimals'],
    ['5.000', '.', 5],
    ['5,000', '.', 'may be thousands or decimals'],
    ['1,250', '.', 'may be thousands or decimals'],
    ['1,234,567', null, 'may be thousands or decimals'],
    ['0.000', null, 0],
    ['1e3', null, 'is not a number'],
    ['0x10', null, 'is not a number'],
    ['five', null, 'is not a number'],
    ['5 5', null, 'is not a number'],
    ['--5', null, 'is not a number'],
    ['Infinity', null, 'is not a number'],
    ['NaN', null, 'is not a number'],
    ['٥', null, 'is not a number'],
  ])('%s with decimals after %s is %s', (text, mark, expected) => {
    expect(said(readUnits(text, mark))).toBe(expected);
  });

  test('in another unit of measure they must come out whole', () => {
    expect(readUnitsTimes('1.5', 12)).toBe(18);
    expect(readUnitsTimes('0.333', 3)).toMatchObject({ message: expect.stringContaining('thousands') });
    expect(said(readUnitsTimes('0.3333', 3))).toBe('times 3 is not a whole number of units');
    expect(said(readUnitsTimes('500000000', 12))).toBe('is too many units');
  });
});

describe('amounts', () => {
  test.each<[string, string, DecimalMark, number | string]>([
    ['19.99', 'USD', null, 1999],
    ['19,99', 'EUR', null, 1999],
    ['19.9', 'USD', null, 1990],
    ['19', 'USD', null, 1900],
    ['$19.99', 'USD', null, 1999],
    ['19,99 €', 'EUR', null, 1999],
    ['EUR 19,99', 'EUR', null, 1999],
    ['1,299.00', 'USD', null, 129_900],
    ['1.299,00', 'EUR', null, 129_900],
    ["1'299.50", 'CHF', null, 129_950],
    ['1 299,50', 'EUR', null, 129_950],
    ['1,234,567', 'USD', null, 123_456_700],
    ['1.299', 'EUR', ',', 129_900],
    ['1.299', 'USD', null, 'may be thousands or decimals'],
    ['1.299', 'USD', '.', 'has more decimals than USD has'],
    ['2.5500', 'USD', null, 255],
    ['0.001', 'GBP', null, 'has more decimals than GBP has'],
    ['500', 'JPY', null, 500],
    ['500.5', 'JPY', null, 'has more decimals than JPY has'],
    ['1.234', 'KWD', '.', 1234],
    ['-3.50', 'USD', null, -350],
    ['£5', 'USD', null, 'is not in USD'],
    ['GBP 5', 'USD', null, 'is not in USD'],
    ['5.', 'USD', null, 500],
    ['.5', 'USD', null, 50],
    ['1,23,4', 'USD', null, 'is not an amount'],
    ['free', 'USD', null, 'is not an amount'],
    ['1e5', 'USD', null, 'is not an amount'],
    ['10\u00a00', 'USD', null, 'is not an amount'],
    ['1 00.50', 'USD', null, 'is not an amount'],
    ["1'0", 'USD', null, 'is not an amount'],
    ['999999999999999', 'USD', null, 'is too much'],
    ['5', 'XXQ', null, 'has the unknown currency XXQ'],
  ])('%s in %s with decimals after %s is %s', (text, currency, mark, expected) => {
    expect(said(readAmount(text, currency, mark))).toBe(expected);
  });

  test('of a whole line are split exactly', () => {
    for (const [total, units] of [
      [1000, 3],
      [1, 7],
      [0, 4],
      [99_999, 10],
    ] as const) {
      const { price, discount } = perUnit(total, units);
      expect(price * units - discount).toBe(total);
      expect(discount).toBeLessThan(units);
    }
  });
});

describe('dates', () => {
  const utc = new ZoneClock('UTC');
  test.each<[string, 'dmy' | 'mdy' | undefined, string]>([
    ['2026-03-14', undefined, '2026-03-14'],
    ['2026/3/4', undefined, '2026-03-04'],
    ['20260314', undefined, '2026-03-14'],
    ['14.3.2026', undefined, '2026-03-14'],
    ['14/03/2026', undefined, '2026-03-14'],
    ['03/14/2026', undefined, '2026-03-14'],
    ['03/04/2026', 'dmy', '2026-04-03'],
    ['03/04/2026', 'mdy', '2026-03-04'],
    ['03/04/2026', undefined, 'may be day/month or month/day'],
    ['03/03/2026', undefined, '2026-03-03'],
    ['14-Mar-26', undefined, '2026-03-14'],
    ['2-Jun-06', undefined, '2006-06-02'],
    ['14. März 2026', undefined, '2026-03-14'],
    ['Mar 14, 2026', undefined, '2026-03-14'],
    ['2026-02-30', undefined, 'is a day that does not exist'],
    ['30/02/2026', undefined, 'is a day that does not exist'],
    ['2025-02-29', undefined, 'is a day that does not exist'],
    ['2024-02-29', undefined, '2024-02-29'],
    ['2026-13-01', undefined, 'is a day that does not exist'],
    ['14/13/2026', 'mdy', 'is a day that does not exist'],
    ['0000-00-00', undefined, 'is a day that does not exist'],
    ['1899-12-30', undefined, 'lies outside of the years 1970 to 2199'],
    ['45992', undefined, "is a spreadsheet's day number"],
    ['tomorrow', undefined, 'is not a date'],
    ['2026-03-14x', undefined, 'is not a date'],
  ])('%s read as %s is the day %s', (text, order, expected) => {
    const read = readMoment(text, order);
    expect(isProblem(read) ? read.message : toDay(read)).toBe(expected);
  });

  test.each([
    ['2026-01-05 10:11:12 -0500', '2026-01-05T15:11:12Z'],
    ['2026-01-05T10:11:12+00:00', '2026-01-05T10:11:12Z'],
    ['2026-01-05T10:11:12.250Z', '2026-01-05T10:11:12.250Z'],
    ['2026-01-05 10:11:12 UTC', '2026-01-05T10:11:12Z'],
    ['1/13/2026 8:26', '2026-01-13T08:26:00Z'],
    ['1/13/2026 12:05 AM', '2026-01-13T00:05:00Z'],
    ['2026-01-05', '2026-01-05T00:00:00Z'],
    ['2026-01-05 25:00', 'has a time that does not exist'],
    ['2026-01-05 10:61:00', 'has a time that does not exist'],
    ['2026-01-05T10:11:12+99:00', 'has a time that does not exist'],
  ])('%s is the instant %s', (text, expected) => {
    const read = readMoment(text);
    expect(isProblem(read) ? read.message : toInstant(read, utc)).toBe(expected);
  });

  test("a wall clock is the brand's, summer time and the hour that is skipped included", () => {
    const berlin = new ZoneClock('Europe/Berlin');
    const at = (text: string) => {
      const read = readMoment(text);
      return isProblem(read) ? read.message : toInstant(read, berlin);
    };
    expect(at('2026-01-05 12:00:00')).toBe('2026-01-05T11:00:00Z');
    expect(at('2026-07-05 12:00:00')).toBe('2026-07-05T10:00:00Z');
    expect(at('2026-03-29 01:59:00')).toBe('2026-03-29T00:59:00Z');
    expect(at('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00Z');
    expect(at('2026-03-29 03:00:00')).toBe('2026-03-29T01:00:00Z');
  });
});

test.each([
  ['US', 'US'],
  ['us', 'US'],
  ['United Kingdom', 'GB'],
  ['UK', 'GB'],
  ['Deutschland', 'DE'],
  ['Pays-Bas', 'NL'],
  ['EIRE', 'IE'],
  ['RSA', 'ZA'],
  ['Czech Republic', 'CZ'],
  ['Channel Islands', 'JE'],
  ['European Community', 'EU'],
  ['Unspecified', 'ZZ'],
  ['', 'ZZ'],
  ['Narnia', 'is not a country'],
  ['QQ', 'is not a country'],
])('the country %s is %s', (text, expected) => {
  expect(said(readCountry(text))).toBe(expected);
});

test.each([
  ['', 'placed'],
  ['To Receive and Bill', 'placed'],
  ['RFQ', 'draft'],
  ['Bestätigt', 'confirmed'],
  ['in_transit', 'in_transit'],
  ['Unterwegs', 'in_transit'],
  ['storniert', 'cancelled'],
  ['whatever', 'is not a stage that is known'],
])('the stage %s is %s', (text, expected) => {
  expect(said(readStage(text))).toBe(expected);
});

describe('formulas', () => {
  test.each(['=1+1', '="00123"', '+cmd|calc', '-A1', '@SUM(A1)', '=HYPERLINK("http://x")'])(
    '%s is no code',
    (text) => {
      expect(checkCode(text)?.message).toBe('looks like a spreadsheet formula');
    },
  );
  test.each(['-5', '+12', '#1001', 'A=B', '5+', '00123'])('%s is a code', (text) =>
    expect(checkCode(text)).toBeNull(),
  );
  test.each(['=A1', '@SUM(A1:A2)', "+cmd|' /C calc'!A0", '-HYPERLINK("x")'])('%s is no title', (text) => {
    expect(checkWords(text)?.message).toBe('looks like a spreadsheet formula');
  });
  test.each(['+ size shirt', '@home lamp', '-10% tea', '*DELETED*'])('%s is a title', (text) =>
    expect(checkWords(text)).toBeNull(),
  );
  test('nor is one a name', () => expect(checkName('=cmd()')).not.toBeNull());
});

test('a mistyped code finds the one that was meant', () => {
  const near = new Nearest(['MUG-RED', 'MUG-BLUE', 'LAMP']);
  expect(near.to('mug red')).toBe('MUG-RED');
  expect(near.to('MUG-BLEU')).toBe('MUG-BLUE');
  expect(near.to('SOMETHING')).toBeNull();
});
