/** Windows of a run below which nothing is said of it. */
const LEAST_WINDOWS = 8;

/** What a figure was after the first quarter of a run, which warms up, and what it is in the last. */
export interface Flatness {
  /** Medians of the second and of the last quarter. */
  readonly before: number;
  readonly after: number;
  readonly grows: boolean;
}

/**
 * Whether a figure that was taken once a window has grown over a run: by more than a share of what it was, and by more than so much.
 * @returns null for a run too short to tell
 */
export function flatness(
  figures: readonly number[],
  { share, least }: { readonly share: number; readonly least: number },
): Flatness | null {
  if (figures.length < LEAST_WINDOWS) return null;
  const quarter = Math.floor(figures.length / 4);
  const before = medianOf(figures.slice(quarter, 2 * quarter));
  const after = medianOf(figures.slice(-quarter));
  return { before, after, grows: after > before * (1 + share) && after - before > least };
}

function medianOf(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest figure that a share of all are no larger than. */
export function quantileOf(figures: readonly number[], share: number): number {
  if (figures.length === 0) return 0;
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}
