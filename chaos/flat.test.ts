import { describe, expect, test } from 'vitest';
import { flatness, quantileOf } from './flat.ts';

const limits = { share: 0.25, least: 50 };
const windows = (figure: (window: number) => number) =>
  Array.from({ length: 40 }, (_, window) => figure(window));

describe('what stays as it was', () => {
  test('a process that warms up and then stays is flat', () => {
    const { before, after, grows } = flatness(
      windows((window) => 300 - 200 / (window + 1) + (window % 3)),
      limits,
    )!;
    expect(grows).toBe(false);
    expect(after - before).toBeLessThan(20);
  });

  test('a leak of ten megabytes a window is seen', () => {
    expect(
      flatness(
        windows((window) => 200 + 10 * window),
        limits,
      )!.grows,
    ).toBe(true);
  });

  test('what doubles from almost nothing is noise', () => {
    expect(
      flatness(
        windows((window) => (window < 20 ? 3 : 6)),
        limits,
      )!.grows,
    ).toBe(false);
  });

  test('of a few windows nothing is said', () => {
    expect(flatness([1, 1, 1, 900], limits)).toBeNull();
  });
});

test.each([
  [[], 0.99, 0],
  [[7], 0.99, 7],
  [[5, 1, 3, 2, 4], 0.5, 3],
  [Array.from({ length: 200 }, (_, index) => index + 1), 0.99, 198],
])('the quantile of %j at %d', (figures, share, told) => {
  expect(quantileOf(figures, share)).toBe(told);
});
