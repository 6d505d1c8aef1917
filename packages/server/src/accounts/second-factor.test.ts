import { expect, test } from 'vitest';
import { codeUri, newCodeSecret, stepOfCode } from './second-factor.ts';

/** '12345678901234567890', the secret of RFC 6238, appendix B, whose codes end in these six digits. */
const RFC = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
])('the code of RFC 6238 at second %i', (second, code) => {
  expect(stepOfCode(RFC, code, new Date(second * 1000), 0)).toBe(Math.floor(second / 30));
});

test('a code is taken a step early or late, and no further', () => {
  const at = (seconds: number) => stepOfCode(RFC, '287082', new Date(seconds * 1000), 0);
  // Step 1 lasts from second 30 to 59.
  expect([at(0), at(29), at(30), at(59), at(89), at(90), at(120)]).toEqual([1, 1, 1, 1, 1, null, null]);
});

test('a code counts once, and none before it afterwards', () => {
  expect(stepOfCode(RFC, '287082', new Date(59_000), 1)).toBeNull();
  expect(stepOfCode(RFC, '287082', new Date(59_000), 2)).toBeNull();
});

test('a secret is new each time, and told as apps read it', () => {
  const secret = newCodeSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newCodeSecret()).not.toBe(secret);
  const uri = new URL(codeUri(secret, 'Wren & Co', 'ada@wren.example'));
  expect(uri.protocol).toBe('otpauth:');
  expect(uri.searchParams.get('secret')).toBe(secret);
  expect(uri.searchParams.get('issuer')).toBe('Wren & Co');
});
