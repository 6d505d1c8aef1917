import { type LinePosition, type NewRank, type Policy, rankedLine, rankOf } from '@kept/engine';

/** The day of each line's first promise, by 'order:line'; lines that had none are left out. */
export type FirstPromises = ReadonlyMap<string, number>;

/**
 * Every line of a queue where the rules put it, moves by hand included: their numbers mean nothing under other rules. Units that
 * were added to a line queue like a line without a promise that came with it. Lines that stay where they are, are left out.
 */
export function ranksByRules(
  lines: readonly LinePosition[],
  policy: Policy,
  promises: FirstPromises,
): NewRank[] {
  const ranks: NewRank[] = [];
  for (const line of lines) {
    const promised = promises.get(`${line.order}:${line.line}`) ?? null;
    const ranked = rankedLine(line);
    const rank = rankOf({ ...ranked, promised }, policy);
    const addedRank = line.added === null ? null : rankOf(ranked, policy);
    if (rank === line.rank && line.moved !== true && (addedRank === null || addedRank === line.added?.rank))
      continue;
    ranks.push({ order: line.order, line: line.line, rank, addedRank, moved: false });
  }
  return ranks;
}
