import { createHash } from 'node:crypto';

/**
 * A draw that can be checked afterwards. The digest of the seed is told before anybody joins, so that the seed cannot be
 * chosen to suit the list; the digest of all tickets goes into every score, so that the list cannot be changed after it; and
 * a beacon, something public that was not known before the list closed, keeps whoever knows the seed from trying tickets out.
 */

export interface Ticket {
  readonly entry: string;
  /** In the order of joining. */
  readonly number: number;
}

export interface Drawn extends Ticket {
  readonly rank: number;
  /** SHA-256 in hex; null where first come is first served. */
  readonly score: string | null;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const seedDigestOf = (seed: string) => sha256(seed);

/** Of all tickets, whatever order they are given in. */
export function entriesDigestOf(tickets: readonly Ticket[]): string {
  return sha256([...tickets.map((one) => one.entry)].sort().join('\n'));
}

export function scoreOf(seed: string, entriesDigest: string, beacon: string | null, entry: string): string {
  return sha256([seed, entriesDigest, beacon ?? '', entry].join('\n'));
}

/** Who comes first: the lowest score; without a draw, whoever joined first. */
export function rankTickets(
  method: 'first_come' | 'draw',
  tickets: readonly Ticket[],
  seed: string,
  beacon: string | null,
): Drawn[] {
  const digest = entriesDigestOf(tickets);
  const scored = tickets.map((ticket) => ({
    ...ticket,
    score: method === 'draw' ? scoreOf(seed, digest, beacon, ticket.entry) : null,
  }));
  scored.sort((a, b) =>
    a.score === null || b.score === null ? a.number - b.number : a.score < b.score ? -1 : 1,
  );
  return scored.map((one, index) => ({ ...one, rank: index + 1 }));
}
