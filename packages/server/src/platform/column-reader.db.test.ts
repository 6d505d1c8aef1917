import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  DAYS_TO_2000,
  millisecondsOf,
  readBigints,
  readFloats,
  readInts,
  readTexts,
} from './column-reader.ts';
import { testDatabase } from './testing/database.ts';

const { db } = await testDatabase();

async function column(type: string, values: readonly unknown[]): Promise<Buffer | null> {
  const { rows } = await db.pool.query(
    `select array_send(array_agg(value::text::${type} order by n)) as sent
     from json_array_elements_text($1::json) with ordinality as v(value, n)`,
    [JSON.stringify(values)],
  );
  return rows[0].sent;
}

const NONE = -77;

test.each([
  [
    'int',
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    (sent: Buffer | null) => [...readInts(sent, NONE)],
  ],
  ['bigint', fc.maxSafeInteger(), (sent: Buffer | null) => [...readBigints(sent, NONE)]],
  [
    'float8',
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    (sent: Buffer | null) => [...readFloats(sent, NONE)],
  ],
  [
    'text',
    fc.oneof(
      fc.constantFrom('GB', 'US', ''),
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    ),
    (sent: Buffer | null) => readTexts(sent).map((text) => text ?? NONE),
  ],
] as [string, fc.Arbitrary<unknown>, (sent: Buffer | null) => unknown[]][])(
  'a column of %s is read as it is stored',
  (type, values, read) =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.option(values), { maxLength: 20 }), async (stored) => {
        expect(read(await column(type, stored))).toEqual(stored.map((value) => value ?? NONE));
      }),
      { numRuns: 50 },
    ),
);

test('days and instants are counted from where PostgreSQL counts', async () => {
  expect(readInts(await column('date', ['1970-01-01', '2026-03-14']))).toEqual(
    Int32Array.of(-DAYS_TO_2000, 20_526 - DAYS_TO_2000),
  );
  const instants = ['1999-12-31T23:59:59.999Z', '2026-03-14T09:26:53.589Z'];
  const read = [...readBigints(await column('timestamptz', instants))].map(millisecondsOf);
  expect(read.map((at) => new Date(at).toISOString())).toEqual(instants);
});
