import { expect, test } from 'vitest';
import { waitSeconds } from './lockout.ts';

test.each<[string, number, number | null, number]>([
  ['nobody failed', 0, null, 0],
  ['four wrong tries cost nothing', 4, 0, 0],
  ['the fifth costs a moment', 5, 0, 15],
  ['the sixth twice that', 6, 0, 30],
  ['what has passed is over', 6, 20, 10],
  ['all of it', 6, 31, 0],
  ['never more than an hour', 40, 0, 3600],
])('%s', (_, failures, secondsAgo, wait) => {
  const now = 1_800_000_000_000;
  expect(waitSeconds(failures, secondsAgo === null ? null : now - secondsAgo * 1000, now)).toBe(wait);
});
