import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bigints, booleans, type Column, dates, ints, smallints, texts, timestamps } from './columns.ts';
import { testDatabase } from './testing/database.ts';

const { db } = await testDatabase();
const itself = <T>(value: T) => value;

const orNull = <T>(values: fc.Arbitrary<T>) => fc.array(fc.option(values), { minLength: 1, maxLength: 20 });
const instant = fc
  .date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

async function roundTrip(type: string, column: Column, length: number): Promise<unknown[]> {
  // Beside a column without nulls, as in every statement: a column of nothing but nulls is as long as that.
  const numbers = Array.from({ length }, (_, n) => n);
  const { rows } = await db.pool.query(
    `select value from unnest($1::int[], $2::${type}[]) as c(n, value) order by n`,
    [ints(numbers, itself), column],
  );
  return rows.map((row) => row.value);
}

test.each([
  ['int', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), ints],
  ['smallint', fc.integer({ min: -32_768, max: 32_767 }), smallints],
  ['bigint', fc.maxSafeInteger(), bigints],
  ['boolean', fc.boolean(), booleans],
  ['text', fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')), texts],
  ['date', instant.map((text) => text.slice(0, 10)), dates],
  ['timestamptz', instant, timestamps],
] as unknown as [string, fc.Arbitrary<unknown>, typeof ints][])(
  'a column of %s arrives as it was sent',
  (type, values, column) =>
    fc.assert(
      fc.asyncProperty(orNull(values), async (sent) => {
        expect(await roundTrip(type, column(sent as number[], itself), sent.length)).toEqual(sent);
      }),
      { numRuns: 50 },
    ),
);

test('no rows are no rows', async () => {
  const { rows } = await db.pool.query('select * from unnest($1::int[], $2::text[])', [
    ints([], itself),
    texts([], itself),
  ]);
  expect(rows).toEqual([]);
});

test('offsets are heeded', async () => {
  const column = timestamps(['2026-03-14T09:26:53+02:00'], itself);
  expect(await roundTrip('timestamptz', column, 1)).toEqual(['2026-03-14T07:26:53.000Z']);
});

test.each([
  ['an instant that is none', () => timestamps(['soon'], itself)],
  ['a day that does not exist', () => dates(['2026-02-30'], itself)],
  ['half a unit', () => bigints([0.5], itself)],
  ['more than fits', () => ints([2 ** 31], itself)],
])('%s is not sent', (_what, make) => {
  expect(make).toThrow(RangeError);
});
