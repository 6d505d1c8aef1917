import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LineLot, OrderAnswer } from './documents.ts';
import { isGrave } from './fault.ts';
import { pack } from './pack.ts';
import { Partner } from './partner.ts';
import { readFile } from './read-file.ts';
import { readPlainly } from './simulator/plain-reading.ts';
import { NORTH, SUED } from './testing/fixtures.ts';

const text = (least: number, most: number) =>
  fc.string({
    minLength: least,
    maxLength: most,
    unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-'),
  });
const day = fc
  .integer({ min: 0, max: 700 })
  .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
const lot: fc.Arbitrary<LineLot> = fc.record({
  status: fc.constantFrom(
    'accepted',
    'backordered',
    'partial',
    'quantity_changed',
    'rescheduled',
    'rejected',
    'deleted',
    'shipped',
  ),
  quantity: fc.integer({ min: 1, max: 9_999_999 }),
  shipsOn: fc.option(day),
});
/** Anything that Kept may have to say of an order; its own reference may hold what X12 cannot write. */
const answer: fc.Arbitrary<OrderAnswer> = fc.record({
  kind: fc.constant('answer' as const),
  number: text(1, 22),
  release: fc.constant(null),
  orderedOn: day,
  reference: fc.string({ minLength: 1, maxLength: 40 }),
  on: day,
  verdict: fc.constantFrom('accepted', 'changed', 'rejected'),
  news: fc.option(fc.record({ change: fc.option(text(1, 8)), ours: fc.boolean() })),
  lines: fc.array(
    fc.record({
      line: text(1, 6),
      quantity: fc.integer({ min: 1, max: 9_999_999 }),
      unit: fc.constant('EA'),
      price: fc.option(fc.constantFrom('12.00', '0.5', '1999')),
      numbers: fc.array(fc.record({ qualifier: fc.constantFrom('UP', 'VN', 'EN'), value: text(1, 30) }), {
        minLength: 1,
        maxLength: 3,
      }),
      lots: fc.array(lot, { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});
const mirrored = (partner: Partner) =>
  Partner.parse({ ...partner, ours: partner.theirs, theirs: partner.ours });
const numbered = { control: 7, at: new Date('2026-03-02T09:00:00Z') };

test('what is written is as the standard has it, and says what was to be said', () => {
  fc.assert(
    fc.property(answer, fc.constantFrom('004010', '005010'), (told, version) => {
      const partner = Partner.parse({ ...NORTH, version });
      const packed = pack(told, partner, numbered);
      const [read] = readFile(Buffer.from(packed.text), [mirrored(partner)]);
      expect(
        [...read!.faults, ...read!.messages.flatMap((one) => one.faults)].filter((one) => one.grave),
      ).toEqual([]);
      // And by a reading that shares nothing with Kept's.
      const plain = readPlainly(packed.text, { ours: 'NORTHOUT', theirs: '112233445' });
      expect(plain.complaints).toEqual([]);
      const lots = plain.segments
        .filter(([tag]) => tag === 'ACK')
        .map((one) => [Number(one[2]), one[5] ?? null]);
      const wanted = told.lines.flatMap((line) =>
        line.lots.map((one) => [one.quantity, one.shipsOn?.replaceAll('-', '') ?? null]),
      );
      expect(lots).toEqual(wanted);
    }),
    { numRuns: 300 },
  );
});

test('in EDIFACT as well, whatever has to be released', () => {
  fc.assert(
    fc.property(answer, (told) => {
      const { text: written } = pack(told, SUED, numbered);
      const [read] = readFile(Buffer.from(written, 'latin1'), [mirrored(SUED)]);
      expect(isGrave(read!.faults)).toBe(false);
      expect(read!.messages[0]!.faults.filter((one) => one.grave)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
