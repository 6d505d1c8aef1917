/** Quantities of a fan, by day. */
export interface Band {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

const BUCKETS = 64;
const ends = new Int32Array(BUCKETS);
let bucketOf = new Uint8Array(0);
let sorted = new Float32Array(0);

/**
 * The first, fifth and ninth tenth of each row of `width` values. Values are dealt into buckets between the row's least and most, as by
 * E. J. Isaac and R. C. Singleton ("Sorting by Address Calculation", 1956), and C. A. R. Hoare's selection ("Algorithm 65: Find", 1961)
 * finds the place within one bucket: comparing all values with each other is guesswork for a processor, and takes three times as long.
 */
export function tenths(values: Float32Array, rows: number, width: number): Band {
  const band = { p10: new Float64Array(rows), p50: new Float64Array(rows), p90: new Float64Array(rows) };
  const place = (share: number) => Math.min(width - 1, Math.floor(share * width));
  const middle = place(0.5);
  const low = place(0.1);
  const high = place(0.9);
  if (sorted.length < width) {
    bucketOf = new Uint8Array(width);
    sorted = new Float32Array(width);
  }
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    let least = values[from]!;
    let most = least;
    for (let at = from + 1; at < from + width; at++) {
      const value = values[at]!;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    // Most rows of a queue or of what is lost are one number over and over.
    if (least === most) {
      band.p10[row] = band.p50[row] = band.p90[row] = least;
      continue;
    }
    deal(values, from, width, least, most);
    const lowest = bucketWith(low, 0);
    const central = bucketWith(middle, lowest);
    band.p10[row] = valueAt(low, lowest);
    band.p50[row] = valueAt(middle, central);
    band.p90[row] = valueAt(high, bucketWith(high, central));
  }
  return band;
}

/** Puts a row's values into `sorted` bucket by bucket; bucket b ends before ends[b]. */
function deal(values: Float32Array, from: number, width: number, least: number, most: number): void {
  const scale = (BUCKETS - 1) / (most - least);
  ends.fill(0);
  for (let at = 0; at < width; at++) {
    const bucket = ((values[from + at]! - least) * scale) | 0;
    bucketOf[at] = bucket;
    ends[bucket]!++;
  }
  for (let bucket = 0, sum = 0; bucket < BUCKETS; bucket++) {
    const count = ends[bucket]!;
    ends[bucket] = sum;
    sum += count;
  }
  for (let at = 0; at < width; at++) sorted[ends[bucketOf[at]!]!++] = values[from + at]!;
}

/** The bucket in which the value lies that sorting would put at a place; not before `from`. */
function bucketWith(place: number, from: number): number {
  let bucket = from;
  while (ends[bucket]! <= place) bucket++;
  return bucket;
}

function valueAt(place: number, bucket: number): number {
  select(sorted, bucket === 0 ? 0 : ends[bucket - 1]!, ends[bucket]! - 1, place);
  return sorted[place]!;
}

/** Puts the value that sorting would put at `place` there, smaller ones before and larger ones after it. */
function select(values: Float32Array, from: number, until: number, place: number): void {
  let left = from;
  let right = until;
  while (left < right) {
    const pivot = values[(left + right) >> 1]!;
    let low = left;
    let high = right;
    while (low <= high) {
      while (values[low]! < pivot) low++;
      while (values[high]! > pivot) high--;
      if (low <= high) {
        const held = values[low]!;
        values[low] = values[high]!;
        values[high] = held;
        low++;
        high--;
      }
    }
    if (place <= high) right = high;
    else if (place >= low) left = low;
    else return;
  }
}
