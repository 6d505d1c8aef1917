/** Quantities are whole units, and no split gains or loses one. */

/** The largest quantity of one line, supply or movement, in stock units. */
export const MAXIMUM_QUANTITY = 10_000_000;
/** The most that an item's quantities may come to together: a database integer holds it. */
export const MAXIMUM_SUM = 2_000_000_000;

/** Units of a measure in stock units; null where the result is not whole or too large. `factor` is stock units per unit of measure. */
export function toStockUnits(quantity: number, factor: number): number | null {
  const units = quantity * factor;
  return Number.isSafeInteger(units) && Math.abs(units) <= MAXIMUM_QUANTITY ? units : null;
}

/** Σ of whole numbers. */
export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/**
 * Splits a whole total by weights, without losing a unit: floors first, then one each to the largest remainders (Hamilton's
 * method), ties to the earlier place; a negative total as its opposite. All weights 0: everything goes to the last place.
 */
export function splitByWeight(total: number, weights: readonly number[]): number[] {
  if (weights.length === 0) return [];
  if (total < 0) return splitByWeight(-total, weights).map((part) => 0 - part);
  const whole = sum(weights);
  if (whole === 0) return weights.map((_, index) => (index === weights.length - 1 ? total : 0));
  const parts: number[] = [];
  const remainders: { index: number; remainder: bigint }[] = [];
  let given = 0;
  // Prices times quantities pass 2^53 here, so the products are exact integers of any size.
  for (const [index, weight] of weights.entries()) {
    const product = BigInt(total) * BigInt(weight);
    const part = Number(product / BigInt(whole));
    parts.push(part);
    given += part;
    remainders.push({ index, remainder: product % BigInt(whole) });
  }
  remainders.sort((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  );
  for (let left = total - given, place = 0; left > 0; left--, place++) parts[remainders[place]!.index]! += 1;
  return parts;
}
