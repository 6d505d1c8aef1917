import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSplitter } from './csv.ts';
import type { ImportRecord, OrderRecord } from './records.ts';
import { FakeApplier, importText } from './testing.ts';

const SKUS = ['MUG-RED', 'MUG-BLUE', 'LAMP', 'CHAIR', 'DESK', '00123'];
const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', '0', '🙂'), maxLength: 8 });
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

function split(text: string, size: number): string[][] {
  const rows: string[][] = [];
  const splitter = new RowSplitter(
    { row: (fields) => rows.push(fields), bad: (_line, what) => rows.push([what.message]) },
    { delimiter: ',' },
  );
  for (let at = 0; at < text.length; at += size) splitter.push(text.slice(at, at + size));
  splitter.end();
  return rows;
}

test('rows that are written come back, whatever they hold and wherever the text is cut', () => {
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, size, newline) => {
        const text = rows.map((row) => row.map(quoted).join(',') + newline).join('');
        expect(split(text, size)).toEqual(rows);
      },
    ),
    { numRuns: 500 },
  );
});

test('well-formed text is split as csv-parse splits it', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', 'ü'), minLength: 1, maxLength: 6 });
  const field = fc.oneof(plain, cell.map(quoted));
  const table = fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 20 }), (rows, size) => {
      const text = rows.map((row) => `${row.join(',')}\n`).join('');
      expect(split(text, size)).toEqual(parse(text, { skip_empty_lines: true }));
    }),
    { numRuns: 500 },
  );
});

const line = fc.record({
  sku: fc.constantFrom(...SKUS),
  quantity: fc.integer({ min: 1, max: 10_000_000 }),
  price: fc.integer({ min: 0, max: 1_000_000 }),
});
const name = fc
  .string({ unit: fc.constantFrom('A', 'd', 'ö', ' ', ',', '"', '\n', "'"), maxLength: 12 })
  .map((text) => text.trim());
interface Sold {
  customer: string;
  placedAt: Date;
  lines: { sku: string; quantity: number; price: number }[];
}
const order: fc.Arbitrary<Sold> = fc.record({
  customer: name,
  placedAt: fc.date({
    min: new Date('1990-01-01T00:00:00Z'),
    max: new Date('2100-01-01T00:00:00Z'),
    noInvalidDate: true,
  }),
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
});

const toCsv = (orders: Sold[]) =>
  `ref,placed_at,customer,sku,quantity,price\n${orders
    .flatMap(({ customer, placedAt, lines }, index) =>
      lines.map((one) =>
        [
          `R${index}`,
          placedAt.toISOString(),
          quoted(customer),
          one.sku,
          one.quantity,
          (one.price / 100).toFixed(2),
        ].join(','),
      ),
    )
    .join('\n')}\n`;

const toRows = (records: readonly ImportRecord[]) =>
  (records as OrderRecord[]).map(({ order: { ref, placedAt, customer, lines } }) => ({
    ref,
    placedAt: new Date(placedAt).toISOString(),
    customer: customer.name,
    lines: lines.map((one) => ({ sku: one.sku, quantity: one.quantity, price: one.price.amount })),
  }));

test('orders written as CSV are the orders that are read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(order, { minLength: 1, maxLength: 5 }), async (orders) => {
      const { records, told } = await importText(toCsv(orders), { channel: 'web' });
      expect(told).toEqual([]);
      expect(toRows(records)).toEqual(
        orders.map((one, index) => ({ ref: `R${index}`, ...one, placedAt: one.placedAt.toISOString() })),
      );
    }),
    { numRuns: 100 },
  );
});

test('a file that was cut, overwritten or shuffled never breaks the import, and no quantity is read as another', async () => {
  const edit = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 40 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.constantFrom('"', ',', '\n', '\r\n', '.', '-', '=', '0', '\u0000').map((text) => Buffer.from(text)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(order, { minLength: 2, maxLength: 6 }),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (orders, edits, skipBadRows) => {
        let bytes = Buffer.from(toCsv(orders));
        for (const { at, length, bytes: inserted } of edits) {
          const from = at % (bytes.length + 1);
          bytes = Buffer.concat([
            bytes.subarray(0, from),
            Buffer.from(inserted),
            bytes.subarray(from + length),
          ]);
        }
        const applier = new FakeApplier();
        const { result, records } = await importText(bytes, { channel: 'web', skipBadRows }, { applier });
        expect(['done', 'refused', 'needs_mapping']).toContain(result.state);
        if (result.state !== 'done') {
          expect(records).toEqual([]);
          expect(applier.calls).not.toContain('commit');
        }
        if (result.errorCount > 0 && !skipBadRows) expect(result.state).toBe('refused');
        // every quantity that was taken stands in the file as its own digits
        const text = bytes.toString('latin1');
        for (const { lines } of toRows(records))
          for (const one of lines) expect(text).toMatch(new RegExp(`(?<![0-9])0*${one.quantity}(?![0-9])`));
      },
    ),
    { numRuns: 400 },
  );
});
