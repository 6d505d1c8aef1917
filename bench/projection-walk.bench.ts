import { arrivalSpread, type SeenArrival } from '../packages/engine/src/arrival-spread.ts';
import { levelSpreadOf } from '../packages/engine/src/level-spread.ts';
import { receivedOf } from '../packages/server/src/demo/purchases.ts';
import { readItems, readOrders, readSlips } from '../packages/server/src/demo/sample.ts';
import { simulate, type Wanted } from '../packages/server/src/demo/simulate.ts';
import { SUPPLIERS, supplierOf } from '../packages/server/src/demo/suppliers.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';
import { walkSimulated } from './simulated-demand.ts';
import { nothingWalked, type Origin, type Walked, walk } from './walk-forward.ts';

/** The sample's days; an origin has at least so many behind it, and the horizon before it. */
const DAYS = 179;
const LEAST_KNOWN = 84;
const HORIZON = 42;
const STEP = 7;
/** Where nothing was seen: the prior buffer. */
const PRIOR_DAYS = 10;
const HELD = [0.76, 0.84] as const;
const MOST_OF_NAIVE = 0.5;

export const bench: Bench = {
  name: 'projection-walk',
  *run({ quick }: BenchOptions): Generator<Measured> {
    const walked = walkDemo(quick ? 5 : 1);
    yield* rows('demo brand', walked);
    yield* rows('simulated brands', walkSimulated(quick));
  },
};

function* rows(name: string, walked: Walked): Generator<Measured> {
  const { days, held, below, openDays, openHeld, openBelow, queueDays, error, naiveError, origins } = walked;
  const share = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10;
  const range = { unit: '% of days', limit: null, ratio: null, goal: '80 ± 4' };
  const within = (value: number) => value >= HELD[0] && value <= HELD[1];
  yield {
    row: {
      ...range,
      bench: 'projection-walk',
      work: `${name}: stock within P10–P90, ${origins.toLocaleString('en')} origins × ${days / origins} days`,
      kept: share(held, days),
      peers: { below: share(below, days), above: share(days - held - below, days) },
      holds: within(held / days),
    },
    note: 'projection-walk: every week of the history is projected from, with what was known then: dates and stages as they stood, demand until the day before. Orders placed later are no part of it, and reality is played without them.',
  };
  yield {
    row: {
      ...range,
      bench: 'projection-walk',
      work: `${name}: the same, of days that were not certainly empty`,
      kept: share(openHeld, openDays),
      peers: { below: share(openBelow, openDays), above: share(openDays - openHeld - openBelow, openDays) },
      goal: 'told, not judged',
      holds: null,
    },
  };
  yield {
    row: {
      ...range,
      bench: 'projection-walk',
      work: `${name}: demand of the whole horizon within P10–P90`,
      kept: share(walked.totalHeld, origins),
      unit: '% of origins',
      peers: {
        below: share(walked.totalBelow, origins),
        above: share(origins - walked.totalHeld - walked.totalBelow, origins),
      },
      goal: 'told, not judged',
      holds: null,
    },
  };
  yield {
    row: {
      bench: 'projection-walk',
      work: `${name}: error on ${queueDays.toLocaleString('en')} days of queues that are there`,
      kept: error / queueDays,
      unit: 'units',
      limit: null,
      peers: { naive: naiveError / queueDays },
      ratio: null,
      goal: `≤ ${MOST_OF_NAIVE} × naive`,
      holds: error <= MOST_OF_NAIVE * naiveError,
    },
  };
  yield {
    row: {
      bench: 'projection-walk',
      work: `${name}: error on ${walked.laterDays.toLocaleString('en')} days of queues that were yet to come`,
      kept: walked.laterError / Math.max(1, walked.laterDays),
      unit: 'units',
      limit: null,
      peers: { naive: walked.laterNaive / Math.max(1, walked.laterDays) },
      ratio: null,
      goal: 'told, not judged',
      holds: null,
    },
  };
}

/** The demo brand's months of buying without its stories, each item from each week. */
function walkDemo(every: number): Walked {
  const items = readItems().filter(({ sku }) => !sku.startsWith('KIT'));
  const known = new Set(items.map(({ sku }) => sku));
  const wanted: Wanted[] = readOrders().flatMap((order) =>
    order.lines
      .filter(({ sku, quantity, cancelled }) => known.has(sku) && quantity > cancelled && order.day < DAYS)
      .map(({ sku, quantity, cancelled }) => ({
        day: order.day,
        sku,
        quantity: quantity - cancelled,
        location: order.channel === 'amazon' ? ('fba' as const) : ('warehouse' as const),
        servedOn: null,
      })),
  );
  const slips = readSlips();
  const purchases = SUPPLIERS.flatMap((supplier) => {
    const own = items.filter((item) => supplierOf(item) === supplier);
    const mine = new Set(own.map(({ sku }) => sku));
    const lines = wanted.filter(({ sku }) => mine.has(sku));
    return simulate(supplier, own, lines, slips.get(supplier.mode)!, DAYS).purchases;
  });
  const demand = new Map(
    items.map(({ sku }) => [sku, { units: new Float64Array(DAYS), largest: new Float64Array(DAYS), fba: 0 }]),
  );
  const weekdays = new Float64Array(7);
  for (const { sku, day, quantity, location } of wanted) {
    const one = demand.get(sku)!;
    one.units[day]! += quantity;
    one.largest[day] = Math.max(one.largest[day]!, quantity);
    // Amazon's shelf starts with six weeks of its sales.
    if (location === 'fba' && day < 42) one.fba += quantity;
    if (day < LEAST_KNOWN) weekdays[(day + 7) % 7]! += quantity;
  }
  const all = weekdays.reduce((sum, units) => sum + units, 0);
  const everybody = weekdays.map((units) => (7 * units) / all);
  const walked = nothingWalked();
  for (let today = LEAST_KNOWN; today <= DAYS - HORIZON; today += STEP) {
    const seen: SeenArrival[] = [];
    for (const { supplier, mode, placed, lines } of purchases) {
      const [first] = lines;
      const came = first!.receipts[0];
      if (came === undefined || came.day >= today) continue;
      const steps = [
        { day: placed, expected: first!.firstExpected, stage: 'placed' },
        ...stagesOf(first!.revisions),
      ].filter(({ day }) => day < came.day);
      for (const step of steps)
        seen.push({
          supplier: supplier.code,
          freight: mode,
          stage: step.stage,
          at: step.day,
          expected: step.expected!,
          arrived: came.day,
          weight: 1 / steps.length,
        });
    }
    const weeklies = items.map(({ sku }) => weeksUntil(demand.get(sku)!.units, today));
    const levelSpread = levelSpreadOf(weeklies);
    for (const [index, { sku }] of items.entries()) {
      if (index % every !== 0) continue;
      const one = demand.get(sku)!;
      if (one.units.subarray(0, today).every((units) => units === 0)) continue;
      walk(originOf(sku, today), { everybody, levelSpread }, walked);
    }
    function originOf(sku: string, at: number): Origin {
      const one = demand.get(sku)!;
      let net = one.fba - one.units.subarray(0, at).reduce((sum, units) => sum + units, 0);
      const supplies: Origin['supplies'][number][] = [];
      for (const { supplier, mode, placed, lines } of purchases) {
        if (placed >= at) continue;
        for (const line of lines) {
          if (line.sku !== sku) continue;
          for (const { day, quantity, condition } of line.receipts)
            if (day < at && condition === 'sellable') net += quantity;
          const rest = line.receipts.filter(
            (receipt) => receipt.day >= at && receipt.condition === 'sellable',
          );
          const left =
            line.quantity -
            receivedOf({ ...line, receipts: line.receipts.filter((receipt) => receipt.day < at) });
          if (left <= 0 || rest.length === 0) continue;
          const stood = [
            { day: placed, expected: line.firstExpected, stage: 'placed' },
            ...stagesOf(line.revisions),
          ].findLast(({ day }) => day < at)!;
          const supply = {
            supplier: supplier.code,
            freight: mode,
            stage: stood.stage,
            expected: stood.expected!,
          };
          supplies.push({
            quantity: rest.reduce((sum, receipt) => sum + receipt.quantity, 0),
            expectedIn: stood.expected! - at,
            spread: arrivalSpread(seen, supply, at, PRIOR_DAYS),
            cameIn: rest[0]!.day - at,
          });
        }
      }
      return {
        today: at + MONDAY,
        days: {
          from: MONDAY,
          units: one.units.subarray(0, at),
          largest: one.largest.subarray(0, at),
          closed: new Uint8Array(at),
          unmet: new Float64Array(at),
        },
        net,
        supplies,
        came: one.units.subarray(at, at + HORIZON),
      };
    }
  }
  return walked;
}

/** Whole weeks that end the day before. */
function weeksUntil(units: Float64Array, today: number): Float64Array {
  const weeks = Math.floor(today / 7);
  const first = today - 7 * weeks;
  return Float64Array.from({ length: weeks }, (_, week) =>
    units.subarray(first + 7 * week, first + 7 * week + 7).reduce((sum, value) => sum + value, 0),
  );
}

/** The sample's first day is a Monday, as this one is. */
const MONDAY = 20_605;

function stagesOf(revisions: readonly { day: number; expected: number | null; stage?: string }[]) {
  let stage = 'placed';
  return revisions.map((revision) => {
    stage = revision.stage ?? stage;
    return { day: revision.day, expected: revision.expected, stage };
  });
}
