import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('a burst at once, then one by one at the rate', () => {
  const bucket = new TokenBucket({ rate: 2, burst: 3 }, 0);
  expect([1, 2, 3, 4, 5].map(() => bucket.take(0))).toEqual([0, 0, 0, 500, 1000]);
  expect(bucket.waitMs(1000)).toBe(500);
  expect(bucket.waitMs(60_000)).toBe(0);
});

test('the rate that Amazon says takes the place of the published one', () => {
  const bucket = new TokenBucket({ rate: 0.5, burst: 1 }, 0);
  bucket.take(0);
  bucket.adopt(4, 0);
  expect(bucket.waitMs(0)).toBe(250);
  bucket.adopt(Number.NaN, 0);
  expect(bucket.waitMs(0)).toBe(250);
});

test('a refusal empties it, and a clock that goes back refills nothing', () => {
  const bucket = new TokenBucket({ rate: 1, burst: 5 }, 10_000);
  bucket.drain(10_000);
  expect(bucket.waitMs(10_000)).toBe(1000);
  expect(bucket.waitMs(0)).toBe(1000);
});
