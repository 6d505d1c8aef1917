import { createHash, randomBytes } from 'node:crypto';

/**
 * Keys and tokens carry their brand's number in front, so that they are looked for among that brand's rows alone; only
 * their digests are stored. They are long and random, so a plain digest is enough: there is nothing to guess.
 */
export function newKey(brandId: number): string {
  return `kept_${brandId}_${secret()}`;
}

export function newToken(brandId: number): string {
  return `${brandId}.${secret()}`;
}

/** The brand that a key claims; null where it is no key of ours. */
export function brandOfKey(key: string): number | null {
  return brandIn(/^kept_(\d{1,9})_[\w-]{43}$/.exec(key));
}

export function brandOfToken(token: string): number | null {
  return brandIn(/^(\d{1,9})\.[\w-]{43}$/.exec(token));
}

export function digestOfSecret(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Names a person, key or session where its secret must not appear. */
export const newId = () => randomBytes(9).toString('base64url');

const secret = () => randomBytes(32).toString('base64url');
const brandIn = (match: RegExpExecArray | null) => (match === null ? null : Number(match[1]));
