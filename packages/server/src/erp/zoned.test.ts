import { expect, test } from 'vitest';
import { instantOf, wallOf } from './zoned.ts';

test.each<[string, string, string]>([
  ['2026-03-02 14:30:00.123456', 'Asia/Kolkata', '2026-03-02T09:00:00.123Z'],
  ['2026-07-01 00:30:00', 'America/Los_Angeles', '2026-07-01T07:30:00.000Z'],
  // Half past one comes twice on that day: the first is told, so that it is read again and not missed.
  ['2026-11-01 01:30:00', 'America/Los_Angeles', '2026-11-01T08:30:00.000Z'],
])('%s in %s', (wall, zone, instant) => {
  expect(instantOf(wall, zone)).toBe(instant);
  expect(wallOf(instant, zone)).toBe(wall.slice(0, 19));
});
