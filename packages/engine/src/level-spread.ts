/**
 * How far the level of a brand's items moves over a month or two, learnt from all of them: a single item's few back-tests cannot tell a
 * level that moved from weeks that were busy. What independent weeks would have done is taken off, by moments, as in pooled (empirical
 * Bayes) estimates of a variance between groups (Efron and Morris 1975).
 */

/** Weeks ahead, and the weeks before them that make the level. */
const AHEAD_WEEKS = 6;
const LEVEL_WEEKS = 12;
const LEAST_LEVEL_WEEKS = 6;
/** Origins so many weeks apart, the latest first. */
const ORIGINS = [0, 3, 6, 12, 26, 39];
/** Items that sold less in the level's weeks say nothing of it. */
const LEAST_UNITS = 6;
/** What is believed before anything is known, and the items that it is worth. */
const BEFORE = 0.25;
const WORTH = 20;

/** The standard deviation of an item's level around what its past said, as a share of it. @param weeklies of each item, the latest week last */
export function levelSpreadOf(weeklies: readonly Float64Array[]): number {
  let squares = WORTH * BEFORE * BEFORE;
  let weight = WORTH;
  for (const weekly of weeklies)
    for (const back of ORIGINS) {
      const cut = weekly.length - back - AHEAD_WEEKS;
      const from = Math.max(0, cut - LEVEL_WEEKS);
      const first = weekly.findIndex((units) => units > 0);
      if (first < 0 || cut - Math.max(first, from) < LEAST_LEVEL_WEEKS) break;
      const known = weekly.subarray(Math.max(first, from), cut);
      const sum = known.reduce((total, units) => total + units, 0);
      if (sum < LEAST_UNITS) continue;
      const level = sum / known.length;
      const came = weekly.subarray(cut, cut + AHEAD_WEEKS);
      const total = came.reduce((units, value) => units + value, 0);
      let variance = 0;
      for (const units of known) variance += (units - level) ** 2 / Math.max(1, known.length - 1);
      let after = 0;
      for (const units of came) after += (units - total / AHEAD_WEEKS) ** 2 / (AHEAD_WEEKS - 1);
      // Chance of the weeks ahead, and of the level itself.
      const chance =
        AHEAD_WEEKS * Math.max(after, total / AHEAD_WEEKS) + (AHEAD_WEEKS ** 2 * variance) / known.length;
      const due = AHEAD_WEEKS * level;
      squares += ((total - due) ** 2 - chance) / (due * due);
      weight++;
    }
  return Math.sqrt(Math.max(0, squares / weight));
}
