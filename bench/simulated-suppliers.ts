import type { SlipReceipt } from '../packages/engine/src/slip-learn.ts';

/** Brands that never were: suppliers whose slips are known to behave in some way, by a seed. */

export interface Simulated {
  readonly what: string;
  readonly receipts: readonly SlipReceipt[];
}

/** A uniform generator (mulberry32), so that the same seed makes the same brand everywhere. */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Supplier {
  readonly name: string;
  readonly freight: string;
  readonly onTime: number;
  readonly scaleDays: number;
}

/** What a kind of trouble does to the share on time and to the days late, at a day of a brand's life. */
type Trouble = (
  day: number,
  supplier: Supplier,
  chance: () => number,
) => { onTime: number; scaleDays: number };

const steady: Trouble = (_, supplier) => supplier;
const TROUBLES: Record<string, { suppliers: number; perWeek: number; trouble: Trouble }> = {
  steady: { suppliers: 12, perWeek: 14, trouble: steady },
  drift: {
    suppliers: 12,
    perWeek: 14,
    trouble: (day, { onTime, scaleDays }) => ({
      onTime: onTime - 0.25 * (day / 2190),
      scaleDays: scaleDays * (1 + day / 2190),
    }),
  },
  seasons: {
    suppliers: 12,
    perWeek: 14,
    trouble: (day, { onTime, scaleDays }) => {
      const season = 0.5 + 0.5 * Math.sin((2 * Math.PI * day) / 365);
      return { onTime: onTime - 0.2 * season, scaleDays: scaleDays * (1 + season) };
    },
  },
  'few receipts': { suppliers: 40, perWeek: 2, trouble: steady },
  // Says a date it does not believe in: always late, by two weeks and some.
  lies: {
    suppliers: 12,
    perWeek: 14,
    trouble: (day, supplier) =>
      supplier.name.endsWith('3') && day > 1100 ? { onTime: 0.05, scaleDays: 18 } : supplier,
  },
  'a new regime': {
    suppliers: 12,
    perWeek: 14,
    trouble: (day, { onTime, scaleDays }) =>
      day > 1300 && day < 1800 ? { onTime: onTime - 0.3, scaleDays: scaleDays * 2.5 } : { onTime, scaleDays },
  },
};

const FREIGHT = ['air', 'sea', 'road'];
/** Six years of three hundred and sixty-five days. */
const LIFE_DAYS = 2190;
const FIRST_DAY = 18262; // 2020-01-01

/** One brand for each kind of trouble. */
export function simulatedBrands(seed: number): Simulated[] {
  return Object.entries(TROUBLES).map(([what, { suppliers: count, perWeek, trouble }], index) => {
    const chance = chanceFrom(seed * 1000 + index);
    const suppliers = Array.from({ length: count }, (_, number): Supplier => {
      const freight = FREIGHT[Math.floor(chance() * FREIGHT.length)]!;
      const scaleDays = (freight === 'sea' ? 14 : 5) * (0.6 + 0.8 * chance());
      return { name: `supplier ${number}`, freight, onTime: 0.6 + 0.35 * chance(), scaleDays };
    });
    const receipts: SlipReceipt[] = [];
    for (let day = 0; day < LIFE_DAYS; day += 7 / perWeek) {
      const supplier = suppliers[Math.floor(chance() ** 1.5 * count)]!;
      const { onTime, scaleDays } = trouble(day, supplier, chance);
      const slip =
        chance() < onTime ? -Math.floor(chance() * 4) : Math.ceil(-scaleDays * Math.log(1 - chance()));
      const expected = FIRST_DAY + Math.floor(day);
      const { name, freight } = supplier;
      receipts.push({
        expected,
        received: expected + slip,
        supplier: name,
        freight,
        place: null,
        stage: null,
        priorDays: 10,
      });
    }
    return { what, receipts };
  });
}
