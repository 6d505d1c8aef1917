/**
 * Chance that repeats: every draw is named by words (an item, an order, a purchase order), so that adding one thing to
 * the demo never moves what another one drew.
 */

/** A 32-bit hash of the words (FNV-1a, then murmur3's finaliser so that neighbours do not draw alike). */
export function hashOf(...words: (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = words.join('\u001f');
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A share from 0 (included) to 1 (excluded), always the same for the same words. */
export const shareOf = (...words: (string | number)[]): number => hashOf(...words) / 2 ** 32;

/** A whole number from `low` to `high`, both included. */
export const wholeOf = (low: number, high: number, ...words: (string | number)[]): number =>
  low + Math.floor(shareOf(...words) * (high - low + 1));

/** One of the choices. */
export const oneOf = <T>(choices: readonly T[], ...words: (string | number)[]): T =>
  choices[Math.floor(shareOf(...words) * choices.length)]!;
