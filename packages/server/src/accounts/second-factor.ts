import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** A code of the step before and the one after is taken too: clocks differ, and people type slowly. */
const WINDOW = 1;

/** Codes of an authenticator app (RFC 6238): six digits, SHA-1, thirty seconds, as every app reads them. */
export function newCodeSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an app reads out of a QR code. */
export function codeUri(secret: string, brand: string, email: string): string {
  return totp(secret, brand, email).toString();
}

/**
 * The step that a code belongs to; null for a wrong one, and for one that was used already or is older than one used.
 * @param usedStep of the last code that was taken
 */
export function stepOfCode(secret: string, code: string, now: Date, usedStep: number): number | null {
  const delta = totp(secret, 'Kept', '').validate({ token: code, timestamp: now.getTime(), window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(now.getTime() / 1000 / PERIOD_SECONDS) + delta;
  return step > usedStep ? step : null;
}

const totp = (secret: string, issuer: string, label: string) =>
  new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: 6, period: PERIOD_SECONDS });
