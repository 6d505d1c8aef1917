import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a customer's link opens: one order of one brand, until it expires. Instants in whole seconds since 1970. */
export interface Link {
  readonly brandId: number;
  readonly order: number;
  readonly madeAt: number;
  readonly expiresAt: number;
}

/** Brands are numbered in 32 bits. */
const MAXIMUM_BRAND = 2_147_483_647;

/** The link's token: what it opens, in the open, and the brand's signature under it. Nothing is stored for it. */
export function tokenOf(link: Link, key: string): string {
  const body = [link.brandId, link.order, link.madeAt, link.expiresAt]
    .map((number) => number.toString(36))
    .join('-');
  return `${body}.${signature(body, key)}`;
}

/** What a token says it opens, before its signature is looked at: which brand's key to look with. Null: it is no token. */
export function linkIn(token: string): Link | null {
  const match = /^([0-9a-z]{1,8})-([0-9a-z]{1,11})-([0-9a-z]{1,8})-([0-9a-z]{1,8})\.[\w-]{43}$/.exec(token);
  if (match === null) return null;
  const [brandId, order, madeAt, expiresAt] = match.slice(1).map((part) => Number.parseInt(part, 36)) as [
    number,
    number,
    number,
    number,
  ];
  if (brandId > MAXIMUM_BRAND || order > Number.MAX_SAFE_INTEGER) return null;
  return { brandId, order, madeAt, expiresAt };
}

export function isSigned(token: string, key: string): boolean {
  const at = token.lastIndexOf('.');
  // Letter by letter: the last one of a base64 text has bits that say nothing, and a changed link is none.
  const given = Buffer.from(token.slice(at + 1));
  const expected = Buffer.from(signature(token.slice(0, at), key));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const signature = (body: string, key: string) =>
  createHmac('sha256', key).update(`kept-customer-link:${body}`).digest('base64url');
