import { dayNumber } from '@kept/engine';

/**
 * Columns of many rows as parameters for `unnest($1::int[], …)`, in PostgreSQL's binary form of an array. As text, an array is
 * quoted element by element here and parsed character by character there, which took a third of the time of a large
 * batch. A column of nothing but nulls is null: unnest fills up what other columns are longer with nulls.
 */
export type Column = Buffer | null;

type Read<Row, Value> = (row: Row) => Value | null | undefined;
type ColumnOf<Value> = <Row>(rows: readonly Row[], read: Read<Row, Value>) => Column;

/** Dimensions, whether there are nulls, the type of the elements, their number, the number of the first. */
const HEADER_BYTES = 20;
/** Stands before each element. */
const LENGTH_BYTES = 4;

export const smallints: ColumnOf<number> = fixed(21, 2, (bytes, value, at) => bytes.writeInt16BE(value, at));
export const ints: ColumnOf<number> = fixed(23, 4, (bytes, value, at) => bytes.writeInt32BE(value, at));
export const bigints: ColumnOf<number> = fixed(20, 8, writeBigint);
export const booleans: ColumnOf<boolean> = fixed(16, 1, (bytes, value, at) =>
  bytes.writeUInt8(value ? 1 : 0, at),
);
/** Dates, from days since 1970-01-01. */
export const days: ColumnOf<number> = fixed(1082, 4, (bytes, value, at) =>
  bytes.writeInt32BE(value - DAYS_TO_2000, at),
);
/** Dates, from 'YYYY-MM-DD'. */
export const dates: ColumnOf<string> = fixed(1082, 4, (bytes, value, at) =>
  bytes.writeInt32BE(dayNumber(value) - DAYS_TO_2000, at),
);
/** From ISO 8601; milliseconds are the finest. */
export const timestamps: ColumnOf<string> = fixed(1184, 8, (bytes, value, at) => {
  // What is recorded together has one instant.
  if (value !== instant.text) {
    const milliseconds = Date.parse(value);
    if (Number.isNaN(milliseconds)) throw new RangeError(`expected an instant, not ${JSON.stringify(value)}`);
    // Microseconds, which a number cannot count to every year that a date can name.
    instant.microseconds = BigInt(milliseconds - MILLISECONDS_TO_2000) * 1000n;
    instant.text = value;
  }
  bytes.writeBigInt64BE(instant.microseconds, at);
});
const instant = { text: '', microseconds: 0n };

export const texts: ColumnOf<string> = (rows, read) => {
  const values = rows.map(read);
  let longest = HEADER_BYTES;
  // UTF-8 needs at most three bytes for each of JavaScript's two-byte characters.
  for (const value of values) longest += LENGTH_BYTES + 3 * (value?.length ?? 0);
  const bytes = Buffer.allocUnsafe(longest);
  let nulls = 0;
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null || value === undefined) {
      nulls++;
      at = bytes.writeInt32BE(-1, at);
    } else {
      const length = bytes.write(value, at + LENGTH_BYTES, 'utf8');
      at = bytes.writeInt32BE(length, at) + length;
    }
  }
  return finish(bytes, 25, rows.length, nulls, at);
};

/** PostgreSQL counts from 2000-01-01. */
const DAYS_TO_2000 = 10_957;
const MILLISECONDS_TO_2000 = DAYS_TO_2000 * 86_400_000;

function fixed<Value>(
  type: number,
  size: number,
  write: (bytes: Buffer, value: Value, at: number) => void,
): ColumnOf<Value> {
  return (rows, read) => {
    const bytes = Buffer.allocUnsafe(HEADER_BYTES + rows.length * (LENGTH_BYTES + size));
    let nulls = 0;
    let at = HEADER_BYTES;
    for (const row of rows) {
      const value = read(row);
      if (value === null || value === undefined) {
        nulls++;
        at = bytes.writeInt32BE(-1, at);
      } else {
        at = bytes.writeInt32BE(size, at);
        write(bytes, value, at);
        at += size;
      }
    }
    return finish(bytes, type, rows.length, nulls, at);
  };
}

function finish(bytes: Buffer, type: number, count: number, nulls: number, end: number): Column {
  if (nulls === count) return null;
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(nulls > 0 ? 1 : 0, 4);
  bytes.writeInt32BE(type, 8);
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
  return bytes.subarray(0, end);
}

/** @throws RangeError where it is no whole number that is exact */
function writeBigint(bytes: Buffer, value: number, at: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`expected a whole number, not ${value}`);
  const high = Math.floor(value / 4_294_967_296);
  bytes.writeInt32BE(high, at);
  bytes.writeUInt32BE(value - high * 4_294_967_296, at + 4);
}
