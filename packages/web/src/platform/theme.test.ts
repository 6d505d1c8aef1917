import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');
const [, lightBlock = '', darkBlock = ''] = css.split(/color-scheme: (?:light|dark);/);
const texts = ['ink', 'ink-soft', 'accent', 'on-time', 'late', 'unbacked', 'waiting'];
const grounds = ['paper', 'sheet', 'wash', 'accent-wash'];
const states = ['on-time', 'late', 'unbacked', 'waiting'];
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)),
  ...states.map((state) => [state, `${state}-wash`] as const),
  ['on-accent', 'accent'] as const,
];

for (const [scheme, block] of [
  ['light', lightBlock],
  ['dark', darkBlock],
] as const)
  test.each(pairs)(`${scheme}: %s on %s reads at a contrast of 4.5 or more`, (text, ground) => {
    expect(contrast(colour(block, text), colour(block, ground))).toBeGreaterThanOrEqual(4.5);
  });

function colour(block: string, name: string): number[] {
  const hex = new RegExp(`--kept-${name}: #([0-9a-f]{6});`).exec(block)?.[1];
  if (!hex) throw new Error(`theme.css has no colour --kept-${name}`);
  return [0, 2, 4].map((from) => Number.parseInt(hex.slice(from, from + 2), 16) / 255);
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: number[], other: number[]): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
