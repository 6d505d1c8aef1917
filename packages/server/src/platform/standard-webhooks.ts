import { createHmac, timingSafeEqual } from 'node:crypto';

/** Standard Webhooks 1.0: `v1,` and the base64 of HMAC-SHA256 over id, seconds and body, joined by dots. */

/** `whsec_` and at least 24 bytes in base64. */
export const STANDARD_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

/** @param at the world's time and not a manual clock's: the receiver checks by its own */
export function standardHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const seconds = Math.floor(at.getTime() / 1000);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${digestOf(secret, id, String(seconds), Buffer.from(body)).toString('base64')}`,
  };
}

/** Who sent a push and when; null: it is not signed by this secret. While secrets are changed there may be several signatures. */
export function readStandard(
  secret: string,
  headers: Readonly<Record<string, unknown>>,
  body: Buffer,
): { readonly id: string; readonly sentAt: Date } | null {
  const [id, seconds, signatures] = ['id', 'timestamp', 'signature'].map(
    (name) => headers[`webhook-${name}`],
  );
  if (typeof id !== 'string' || typeof seconds !== 'string' || typeof signatures !== 'string') return null;
  if (id === '' || !/^\d{1,12}$/.test(seconds)) return null;
  const wanted = digestOf(secret, id, seconds, body);
  const signed = signatures.split(' ').some((one) => {
    if (!one.startsWith('v1,')) return false;
    const given = Buffer.from(one.slice('v1,'.length), 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
  return signed ? { id, sentAt: new Date(Number(seconds) * 1000) } : null;
}

function digestOf(secret: string, id: string, seconds: string, body: Buffer): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest();
}
