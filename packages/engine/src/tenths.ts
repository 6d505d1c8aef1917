/** Quantities of a fan, by day. */
export interface Band {
  readonly p10: Float64Array;
  readonly p50: Float64Array;
  readonly p90: Float64Array;
}

/**
 * The first, fifth and ninth tenth of each row of `width` values, by C. A. R. Hoare's selection ("Algorithm 65: Find", 1961). Rows are
 * put in another order.
 */
export function tenths(values: Float32Array, rows: number, width: number): Band {
  const band = { p10: new Float64Array(rows), p50: new Float64Array(rows), p90: new Float64Array(rows) };
  const place = (share: number) => Math.min(width - 1, Math.floor(share * width));
  const middle = place(0.5);
  const low = place(0.1);
  const high = place(0.9);
  for (let row = 0; row < rows; row++) {
    const from = row * width;
    const until = from + width - 1;
    // Most rows of a queue or of what is lost are one number over and over.
    const first = values[from]!;
    let same = from + 1;
    while (same <= until && values[same] === first) same++;
    if (same > until) {
      band.p10[row] = band.p50[row] = band.p90[row] = first;
      continue;
    }
    select(values, from, until, from + middle);
    band.p50[row] = values[from + middle]!;
    select(values, from, from + middle, from + low);
    band.p10[row] = values[from + low]!;
    select(values, from + middle, until, from + high);
    band.p90[row] = values[from + high]!;
  }
  return band;
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
