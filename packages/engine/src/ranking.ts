import type { DayNumber } from './day.ts';
import type { LinePosition, Policy, RankingRule } from './position.ts';
import type { NewPromise } from './promise.ts';

/** What the ranking rules look at. `promised` is the first promise: a line that was failed once does not also lose its place. */
export interface Ranked {
  readonly class: string | null;
  readonly promised: DayNumber | null;
  /** Milliseconds since 1970. */
  readonly placedAt: number;
}

/**
 * Each rule turns a line into a whole number below its size, lower first. Sizes multiply to less than 2^53 (7 classes ×
 * 2^16 days × 2^34 seconds), so that a rank is one exact number, in JavaScript and in an index.
 */
const RULES: Readonly<Record<RankingRule, { size: number; key(line: Ranked, policy: Policy): number }>> = {
  class: {
    size: 7,
    key: (line, policy) => {
      const place = line.class === null ? -1 : policy.classes.indexOf(line.class);
      return place < 0 ? Math.min(policy.classes.length, 6) : place;
    },
  },
  // Without a promise: after those that have one (RULES 4).
  promise_date: { size: 65_536, key: (line) => Math.min(Math.max(line.promised ?? 65_535, 0), 65_535) },
  order_time: {
    size: 2 ** 34,
    key: (line) => Math.min(Math.max(Math.floor(line.placedAt / 1000), 0), 2 ** 34 - 1),
  },
};

/** A line's rank in its item's queue: lower goes first; equal ranks go by order, then line. */
export function rankOf(line: Ranked, policy: Policy): number {
  let rank = 0;
  for (const name of policy.ranking) {
    const rule = RULES[name];
    rank = rank * rule.size + rule.key(line, policy);
  }
  return rank;
}

/** The rank of a line by its first promise. */
export function firstRank(line: LinePosition, promise: NewPromise, policy: Policy): number {
  const promised = promise.parts.at(-1)?.shipBy ?? null;
  return rankOf({ class: line.class, promised, placedAt: line.placedAt }, policy);
}
