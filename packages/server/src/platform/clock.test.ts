import { expect, test } from 'vitest';
import { manualClock, systemClock } from './clock.ts';

test('the system clock shows the real now', () => {
  const before = Date.now();
  const now = systemClock.now().getTime();
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

test('a manual clock stands still until it is told to move', () => {
  const clock = manualClock(new Date('2026-03-14T09:00:00Z'));
  expect(clock.now().toISOString()).toBe('2026-03-14T09:00:00.000Z');
  clock.set(new Date('2026-03-16T00:00:00Z'));
  expect(clock.now().toISOString()).toBe('2026-03-16T00:00:00.000Z');
});

test('a manual clock never goes back', () => {
  const clock = manualClock(new Date('2026-03-14T09:00:00Z'));
  expect(() => clock.set(new Date('2026-03-14T08:59:59.999Z'))).toThrow(
    expect.objectContaining({
      code: 'conflict',
      message: expect.stringContaining('2026-03-14T08:59:59.999Z'),
    }),
  );
  clock.set(clock.now());
  expect(clock.now().toISOString()).toBe('2026-03-14T09:00:00.000Z');
});

test('an instant that does not exist is refused', () => {
  expect(() => manualClock(new Date('yesterday'))).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
  expect(() => manualClock().set(new Date(Number.NaN))).toThrow(
    expect.objectContaining({ code: 'invalid_input' }),
  );
});

test('what a caller does to the answer does not move the clock', () => {
  const clock = manualClock(new Date('2026-03-14T09:00:00Z'));
  clock.now().setFullYear(1999);
  expect(clock.now().getUTCFullYear()).toBe(2026);
});
