import type { Chance } from '../packages/server/src/testing/sampler.ts';

/** Texts that have broken something somewhere. */
const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e\u2066reversed',
  'ﷺ'.repeat(50),
  "' or 1=1 --",
  "'; drop table item; --",
  '$1::int',
  '%s%n%x',
  '\\',
  '../../../../etc/passwd',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{7*7}}',
  '=HYPERLINK("http://evil.example")',
  'https://169.254.169.254/latest/meta-data/',
  'javascript:alert(1)',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  'Infinity',
  '-1',
  '1e309',
  '9223372036854775808',
  '2026-02-30',
  '9999-12-31T23:59:59Z',
  '0000-00-00',
  '+275760-09-13T00:00:00.000Z',
  'x'.repeat(70_000),
  'a\r\nSet-Cookie: x=1',
  '🧵'.repeat(400),
];

const WRONG: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2_147_483_648,
  '',
  [],
  {},
  [[[]]],
  { amount: 1, currency: 'USD' },
];

export const hostileText = (chance: Chance) => HOSTILE[Math.floor(chance() * HOSTILE.length)]!;

/** The same request with one thing in it that should not be there. */
export function spoil(value: unknown, chance: Chance): unknown {
  if (Array.isArray(value) && value.length > 0 && chance() < 0.8) {
    const at = Math.floor(chance() * value.length);
    const copy = value.map((one, index) => (index === at ? spoil(one, chance) : one));
    return chance() < 0.1 ? Array.from({ length: 50 }, () => copy[at]) : copy;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const keys = Object.keys(value);
    const drawn = chance();
    if (keys.length > 0 && drawn < 0.75) {
      const key = keys[Math.floor(chance() * keys.length)]!;
      return { ...value, [key]: spoil((value as Record<string, unknown>)[key], chance) };
    }
    if (keys.length > 0 && drawn < 0.85) {
      const { [keys[Math.floor(chance() * keys.length)]!]: _gone, ...rest } = value as Record<
        string,
        unknown
      >;
      return rest;
    }
    if (drawn < 0.95) return { ...value, [hostileText(chance) || 'more']: hostileText(chance) };
  }
  return chance() < 0.6 ? hostileText(chance) : WRONG[Math.floor(chance() * WRONG.length)];
}
