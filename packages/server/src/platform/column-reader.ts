/**
 * The mirror of columns.ts: columns of many rows out of the database in one row, as `array_send(array_agg(x))` answers them.
 * Row by row, each value is written as text there and parsed here, and an object is made of each row before anybody has
 * looked at it: four fifths of the time of a long queue. No rows are null, and read as an empty column.
 */

/** See columns.ts. */
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL = -1;

/** int, and date as days since 2000-01-01. */
export function readInts(column: Buffer | null, none = 0): Int32Array {
  const values = new Int32Array(countOf(column));
  read(column, values.length, (bytes, at, row) => {
    values[row] = at < 0 ? none : bytes.readInt32BE(at);
  });
  return values;
}

/** bigint, and timestamptz as microseconds since 2000-01-01: exact within 2^53. */
export function readBigints(column: Buffer | null, none = 0): Float64Array {
  const values = new Float64Array(countOf(column));
  read(column, values.length, (bytes, at, row) => {
    values[row] = at < 0 ? none : bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4);
  });
  return values;
}

/** double precision. */
export function readFloats(column: Buffer | null, none = 0): Float64Array {
  const values = new Float64Array(countOf(column));
  read(column, values.length, (bytes, at, row) => {
    values[row] = at < 0 ? none : bytes.readDoubleBE(at);
  });
  return values;
}

export function readTexts(column: Buffer | null): (string | null)[] {
  const values: (string | null)[] = new Array(countOf(column)).fill(null);
  // Neighbours are often the same (a country): then so is the string.
  let last = '';
  let from = 0;
  let to = 0;
  read(column, values.length, (bytes, at, row, length) => {
    if (at < 0) return;
    if (length !== to - from || bytes.compare(bytes, at, at + length, from, to) !== 0) {
      last = bytes.toString('utf8', at, at + length);
      from = at;
      to = at + length;
    }
    values[row] = last;
  });
  return values;
}

const MILLISECONDS_TO_2000 = 946_684_800_000;
/** Days from 1970-01-01, from which Kept counts, to 2000-01-01, from which PostgreSQL does. */
export const DAYS_TO_2000 = 10_957;

/** Milliseconds since 1970 of a timestamptz in a column of bigints. */
export function millisecondsOf(microseconds: number): number {
  return MILLISECONDS_TO_2000 + Math.floor(microseconds / 1000);
}

function countOf(column: Buffer | null): number {
  return column === null || column.readInt32BE(0) === 0 ? 0 : column.readInt32BE(12);
}

/** Tells where each value begins; -1: it is null. */
function read(
  column: Buffer | null,
  count: number,
  tell: (bytes: Buffer, at: number, row: number, length: number) => void,
): void {
  if (column === null) return;
  let at = HEADER_BYTES;
  for (let row = 0; row < count; row++) {
    const length = column.readInt32BE(at);
    at += LENGTH_BYTES;
    if (length === NULL) tell(column, -1, row, 0);
    else {
      tell(column, at, row, length);
      at += length;
    }
  }
}
