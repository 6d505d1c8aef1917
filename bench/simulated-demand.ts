import { arrivalSpread, type SeenArrival } from '../packages/engine/src/arrival-spread.ts';
import { levelSpreadOf } from '../packages/engine/src/level-spread.ts';
import { nothingWalked, type Origin, type Walked, walk } from './walk-forward.ts';

/**
 * Brands that never were: items whose level wanders, with busy and quiet weeks and a weekly rhythm, bought by a fixed rule from suppliers
 * who are on time, early or late each in a way of their own. Nothing that the projection assumes is taken from here.
 */
const BRANDS = 6;
const ITEMS = 60;
const DAYS = 420;
const LEAST_KNOWN = 182;
const HORIZON = 42;
const STEP = 21;
const PRIOR_DAYS = 10;
/** A Monday. */
const MONDAY = 20_605;

export function walkSimulated(quick: boolean): Walked {
  const walked = nothingWalked();
  for (let brand = 1; brand <= (quick ? 1 : BRANDS); brand++) walkBrand(brand, walked);
  return walked;
}

interface Placed {
  readonly supplier: string;
  readonly placed: number;
  readonly expected: number;
  readonly came: number;
  readonly quantity: number;
}

function walkBrand(seed: number, walked: Walked): void {
  const next = chanceOf(seed);
  /** How much levels of this brand wander a day, and how a supplier slips: own to each brand. */
  const wander = 0.01 + 0.03 * next();
  const suppliers = Array.from({ length: 4 }, (_, index) => ({
    code: `s${index}`,
    lead: 14 + Math.floor(50 * next()),
    late: next(),
    early: 0.3 * next(),
    days: 4 + 20 * next(),
  }));
  const items = Array.from({ length: ITEMS }, (_, index) => {
    const supplier = suppliers[index % suppliers.length]!;
    const units = demandOf(0.3 + 12 * next() ** 2, wander, next);
    return { units, supplier, ...bought(units, supplier, next) };
  });
  const placed = items.flatMap((item) => item.orders);
  for (let today = LEAST_KNOWN; today <= DAYS - HORIZON; today += STEP) {
    const weeks = Math.floor(today / 7);
    const weeklies = items.map(({ units }) =>
      Float64Array.from({ length: weeks }, (_, week) =>
        units.subarray(7 * week, 7 * week + 7).reduce((sum, value) => sum + value, 0),
      ),
    );
    const brand = { everybody: new Float64Array(7).fill(1), levelSpread: levelSpreadOf(weeklies) };
    const seen = placed
      .filter(({ came }) => came < today)
      .map(
        ({ supplier, placed: at, expected, came }): SeenArrival => ({
          supplier,
          freight: null,
          stage: 'confirmed',
          at,
          expected,
          arrived: came,
          weight: 1,
        }),
      );
    for (const { units, orders, start } of items) {
      if (units.subarray(0, today).every((value) => value === 0)) continue;
      walk(originOf(units, orders, start, today, seen), brand, walked);
    }
  }
}

function originOf(
  units: Float64Array,
  orders: readonly Placed[],
  start: number,
  today: number,
  seen: readonly SeenArrival[],
): Origin {
  const came = orders.filter((order) => order.came < today);
  const sold = units.subarray(0, today).reduce((sum, value) => sum + value, 0);
  return {
    today: MONDAY + today,
    days: {
      from: MONDAY,
      units: units.subarray(0, today),
      largest: units.subarray(0, today),
      closed: new Uint8Array(today),
      unmet: new Float64Array(today),
    },
    net: start + came.reduce((sum, order) => sum + order.quantity, 0) - sold,
    supplies: orders
      .filter((order) => order.placed < today && order.came >= today)
      .map(({ supplier, expected, quantity, came: cameOn }) => ({
        quantity,
        expectedIn: expected - today,
        spread: arrivalSpread(
          seen,
          { supplier, freight: null, stage: 'confirmed', expected },
          today,
          PRIOR_DAYS,
        ),
        cameIn: cameOn - today,
      })),
    came: units.subarray(today, today + HORIZON),
  };
}

/** Counts around a level that wanders, of weeks that are busy or quiet, and with fewer at weekends. */
function demandOf(mean: number, wander: number, next: () => number): Float64Array {
  let level = Math.log(mean);
  let week = 1;
  return Float64Array.from({ length: DAYS }, (_, day) => {
    if (day % 7 === 0) week = 0.6 + 0.8 * next();
    level += wander * normalOf(next) + 0.002 * (Math.log(mean) - level);
    return poissonOf(Math.exp(level) * week * (day % 7 < 5 ? 1.15 : 0.625), next);
  });
}

/** Looked at each week: what was asked for in the last eight weeks says what to order for lead time and six weeks. */
function bought(
  units: Float64Array,
  supplier: { code: string; lead: number; late: number; early: number; days: number },
  next: () => number,
): { orders: Placed[]; start: number } {
  const usual = (day: number) => {
    const from = Math.max(0, day - 56);
    return units.subarray(from, day).reduce((sum, value) => sum + value, 0) / Math.max(1, day - from);
  };
  const start = Math.ceil(
    (units.subarray(0, 56).reduce((sum, value) => sum + value, 0) / 56) * (supplier.lead + 20),
  );
  const orders: Placed[] = [];
  let position = start;
  for (let day = 0; day < DAYS; day++) {
    position -= units[day]!;
    if (day % 7 !== 0 || day === 0 || position >= usual(day) * (supplier.lead + 10)) continue;
    const quantity = Math.ceil(usual(day) * (supplier.lead + 42) - position);
    if (quantity <= 0) continue;
    position += quantity;
    const draw = next();
    const expected = day + supplier.lead;
    const slip =
      draw < supplier.late
        ? Math.round(-supplier.days * Math.log(1 - next()))
        : draw < supplier.late + supplier.early
          ? -Math.round(6 * next())
          : 0;
    orders.push({ supplier: supplier.code, placed: day, expected, came: expected + slip, quantity });
  }
  return { orders, start };
}

function chanceOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** Box and Muller (1958). */
function normalOf(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Knuth's, for small means. */
function poissonOf(mean: number, next: () => number): number {
  const least = Math.exp(-Math.min(mean, 200));
  let units = 0;
  for (let chance = next(); chance > least; chance *= next()) units++;
  return units;
}
