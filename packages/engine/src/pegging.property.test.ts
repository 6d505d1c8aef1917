import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_DAY } from './day.ts';
import { type LineColumns, Pegs, planAll, rebalance, type SourceColumns } from './pegging.ts';
import { freeUnits, type OracleItem, oracle } from './testing/oracle.ts';

const places = 3;
const channels = 3;

interface Case extends OracleItem {
  readonly matrix: readonly boolean[];
}

/** An item in any state: sources that were over-given, lines on places they may no longer use, in any mixture. */
const items: fc.Arbitrary<Case> = fc
  .record({
    matrix: fc.array(
      fc.oneof({ arbitrary: fc.constant(true), weight: 3 }, { arbitrary: fc.boolean(), weight: 1 }),
      {
        minLength: places * channels,
        maxLength: places * channels,
      },
    ),
    stock: fc.array(source(), { maxLength: 3 }),
    supply: fc.array(source(), { maxLength: 5 }),
    lines: fc.array(
      fc.record({
        channel: fc.nat(channels - 1),
        need: fc.nat(6),
        latest: fc.oneof(
          { arbitrary: fc.constant(NO_DAY - 1), weight: 3 },
          { arbitrary: fc.integer({ min: 10, max: 14 }), weight: 1 },
        ),
        notBefore: fc.oneof(
          { arbitrary: fc.constant(0), weight: 3 },
          { arbitrary: fc.integer({ min: 1, max: 10 }), weight: 1 },
        ),
        units: fc.array(fc.nat(100), { maxLength: 7 }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ matrix, stock, supply, lines }) => {
    const byDay = (a: { day: number }, b: { day: number }) => a.day - b.day;
    const sources = [...stock.sort(byDay), ...supply.sort(byDay)];
    return {
      matrix,
      sources,
      sees: (channel: number, place: number) => matrix[channel * places + place]!,
      lines: lines.map((line) => ({
        ...line,
        units:
          sources.length === 0 ? [] : line.units.slice(0, line.need + 1).map((unit) => unit % sources.length),
      })),
    };
  });

function source() {
  return fc.record({
    day: fc.oneof(
      { arbitrary: fc.integer({ min: 1, max: 14 }), weight: 9 },
      { arbitrary: fc.constant(NO_DAY), weight: 1 },
    ),
    place: fc.nat(places - 1),
    capacity: fc.nat(6),
  });
}

function columns(item: Case): { sources: SourceColumns; lines: LineColumns; before: Pegs } {
  const before = new Pegs(item.lines.length);
  for (const [index, line] of item.lines.entries()) {
    before.at[index] = before.length;
    // Neighbouring units of one source are one entry.
    for (const unit of line.units) {
      if (before.length > before.at[index]! && before.source[before.length - 1] === unit)
        before.quantity[before.length - 1]! += 1;
      else before.push(unit, 1);
    }
  }
  before.at[item.lines.length] = before.length;
  return {
    sources: {
      day: Int32Array.from(item.sources, (one) => one.day),
      free: Int32Array.from(
        freeUnits(
          item,
          item.lines.map((line) => line.units),
        ),
      ),
      place: Int32Array.from(item.sources, (one) => one.place),
    },
    lines: {
      need: Int32Array.from(item.lines, (line) => line.need),
      channel: Int32Array.from(item.lines, (line) => line.channel),
      latest: Int32Array.from(item.lines, (line) => line.latest),
      notBefore: Int32Array.from(item.lines, (line) => line.notBefore),
    },
    before,
  };
}

function unitsOf(pegs: Pegs, line: number): number[] {
  const units: number[] = [];
  for (let p = pegs.at[line]!; p < pegs.at[line + 1]!; p++)
    for (let unit = 0; unit < pegs.quantity[p]!; unit++) units.push(pegs.source[p]!);
  return units.sort((a, b) => a - b);
}

function run(item: Case) {
  const { sources, lines, before } = columns(item);
  const sight = { places, sees: Uint8Array.from(item.matrix, Number) };
  const after = new Pegs(item.lines.length);
  const count = item.lines.length;
  rebalance(sources, 0, item.sources.length, lines, 0, count, sight, null, before, after);
  return { sources, units: item.lines.map((_, index) => unitsOf(after, index)) };
}

describe('the kernel', () => {
  test('gives each unit what the unit-by-unit oracle gives it', () => {
    fc.assert(
      fc.property(items, (item) => {
        const expected = oracle(item);
        const { sources, units } = run(item);
        expect(units).toEqual(expected.map((one) => [...one].sort((a, b) => a - b)));
        expect([...sources.free]).toEqual(freeUnits(item, expected));
      }),
      { numRuns: 3000 },
    );
  });

  test('changes nothing the second time', () => {
    fc.assert(
      fc.property(items, (item) => {
        const { units } = run(item);
        const again = {
          ...item,
          lines: item.lines.map((line, index) => ({ ...line, units: units[index]! })),
        };
        expect(run(again).units).toEqual(units);
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves no source over-given, and no line with more than it needs', () => {
    fc.assert(
      fc.property(items, (item) => {
        const { sources, units } = run(item);
        for (const free of sources.free) expect(free).toBeGreaterThanOrEqual(0);
        for (const [index, line] of item.lines.entries())
          expect(units[index]!.length).toBeLessThanOrEqual(line.need);
      }),
      { numRuns: 1000 },
    );
  });

  test('takes no unit from anybody where no source lost one', () => {
    fc.assert(
      fc.property(items, (item) => {
        const first = run(item).units;
        const more = {
          ...item,
          sources: item.sources.map((one) => ({ ...one, capacity: one.capacity + 2 })),
          lines: item.lines.map((line, index) => ({ ...line, units: first[index]! })),
        };
        const second = run(more).units;
        for (const index of item.lines.keys()) {
          expect(second[index]!.length).toBeGreaterThanOrEqual(first[index]!.length);
          const days = (units: number[]) =>
            units
              .map((unit) => Math.max(item.sources[unit]!.day, item.lines[index]!.notBefore))
              .sort((a, b) => a - b);
          const before = days(first[index]!);
          const after = days(second[index]!);
          for (const [unit, day] of before.entries()) expect(after[unit]!).toBeLessThanOrEqual(day);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** A brand in the order in which its rows happen to be stored. */
const brands = fc.record({
  items: fc.integer({ min: 1, max: 5 }),
  matrix: fc.array(fc.boolean(), { minLength: places * channels, maxLength: places * channels }),
  supplies: fc.array(
    fc.record({
      item: fc.nat(4),
      day: fc.oneof(fc.nat(12), fc.nat(100_000)),
      free: fc.nat(9),
      place: fc.nat(places - 1),
    }),
    { maxLength: 30 },
  ),
  lines: fc.array(
    fc.record({
      item: fc.nat(4),
      rank: fc.oneof(fc.nat(9), fc.nat(5_000_000)),
      need: fc.nat(6),
      channel: fc.nat(channels - 1),
    }),
    { maxLength: 60 },
  ),
});

describe('the plan of a whole brand', () => {
  test('is that of the oracle, item by item', () => {
    fc.assert(
      fc.property(brands, ({ items: count, matrix, supplies, lines }) => {
        const supplyItem = supplies.map((supply) => supply.item % count);
        const lineItem = lines.map((line) => line.item % count);
        const plan = planAll({
          items: count,
          sight: { places, sees: Uint8Array.from(matrix, Number) },
          supplyItem: Int32Array.from(supplyItem),
          supplyDay: Int32Array.from(supplies, (supply) => supply.day),
          supplyFree: Int32Array.from(supplies, (supply) => supply.free),
          supplyPlace: Int32Array.from(supplies, (supply) => supply.place),
          lineItem: Int32Array.from(lineItem),
          lineRank: Int32Array.from(lines, (line) => line.rank),
          lineNeed: Int32Array.from(lines, (line) => line.need),
          lineChannel: Int32Array.from(lines, (line) => line.channel),
        });
        let waiting = 0;
        const expected: number[][] = lines.map(() => []);
        for (let item = 0; item < count; item++) {
          const sources = [...supplies.keys()]
            .filter((index) => supplyItem[index] === item)
            .sort((a, b) => supplies[a]!.day - supplies[b]!.day || a - b);
          const queue = [...lines.keys()]
            .filter((index) => lineItem[index] === item)
            .sort((a, b) => lines[a]!.rank - lines[b]!.rank || a - b);
          const given = oracle({
            sees: (channel, place) => matrix[channel * places + place]!,
            sources: sources.map((index) => ({ ...supplies[index]!, capacity: supplies[index]!.free })),
            lines: queue.map((index) => ({
              ...lines[index]!,
              latest: NO_DAY - 1,
              notBefore: 0,
              units: [],
            })),
          });
          for (const [place, index] of queue.entries())
            expected[index] = given[place]!.map((source) => sources[source]!);
        }
        expect([...plan.line].sort((a, b) => a - b)).toEqual([...lines.keys()]);
        for (const [place, index] of plan.line.entries()) {
          const units: number[] = [];
          for (let p = plan.at[place]!; p < plan.at[place + 1]!; p++)
            for (let unit = 0; unit < plan.quantity[p]!; unit++) units.push(plan.supply[p]!);
          expect(units).toEqual(expected[index]);
          const missing = lines[index]!.need - units.length;
          waiting += missing;
          expect(plan.shipBy[place]).toBe(
            missing > 0 ? NO_DAY : Math.max(0, ...units.map((supply) => supplies[supply]!.day)),
          );
        }
        expect(plan.waiting).toBe(waiting);
      }),
      { numRuns: 1000 },
    );
  });

  test('puts the thousands of lines of a bestseller in order, those of equal rank as they came', () => {
    const ranks = fc.oneof(fc.nat(5), fc.nat(100_000), fc.nat(0x7fffffff));
    fc.assert(
      fc.property(fc.array(ranks, { minLength: 500, maxLength: 3000, size: 'max' }), (lineRank) => {
        const count = lineRank.length;
        const none = new Int32Array(0);
        const plan = planAll({
          items: 2,
          sight: { places: 1, sees: Uint8Array.of(1) },
          supplyItem: none,
          supplyDay: none,
          supplyFree: none,
          supplyPlace: none,
          lineItem: new Int32Array(count).fill(1),
          lineRank: Int32Array.from(lineRank),
          lineNeed: new Int32Array(count).fill(1),
          lineChannel: new Int32Array(count),
        });
        const expected = [...lineRank.keys()].sort((a, b) => lineRank[a]! - lineRank[b]! || a - b);
        expect([...plan.line]).toEqual(expected);
        expect(plan.waiting).toBe(count);
      }),
      { numRuns: 30 },
    );
  });
});
