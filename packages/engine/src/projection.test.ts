import { expect, test } from 'vitest';
import { naiveProjection, type ProjectionColumns, projectAll } from './projection.ts';
import { FanMaker } from './projection-fan.ts';
import { projectDays } from './testing/project-days.ts';

interface Told {
  readonly free?: number;
  readonly reserved?: [units: number, day: number];
  readonly waiting?: number;
  readonly mayWait?: boolean;
  readonly demand?: number;
  readonly arrivals?: readonly { readonly day: number; readonly free?: number; readonly pegged?: number }[];
  readonly days?: number;
}

function item({
  free = 0,
  reserved = [0, 0],
  waiting = 0,
  mayWait = true,
  demand = 0,
  arrivals = [],
  days = 8,
}: Told) {
  const columns: ProjectionColumns = {
    items: 1,
    days,
    free: Float64Array.of(free),
    reserved: Float64Array.of(reserved[0]),
    reservedDay: Int32Array.of(reserved[1]),
    waiting: Float64Array.of(waiting),
    mayWait: Uint8Array.of(mayWait ? 1 : 0),
    dailyDemand: new Float32Array(Math.ceil(days / 7)).fill(demand),
    arrivalFrom: Int32Array.of(0, arrivals.length),
    arrivalDay: Int32Array.from(arrivals, ({ day }) => day),
    arrivalFree: Float64Array.from(arrivals, ({ free = 0 }) => free),
    arrivalPegged: Float64Array.from(arrivals, ({ pegged = 0 }) => pegged),
  };
  return columns;
}

function days(columns: ProjectionColumns) {
  const blank = () => new Float64Array(columns.days);
  const into = { stock: blank(), queue: blank(), lost: blank() };
  projectDays(columns, 0, () => columns.dailyDemand[0]!, columns.arrivalDay, into);
  return { stock: [...into.stock], queue: [...into.queue], lost: [...into.lost] };
}

test.each<[string, Told, Partial<Record<'stock' | 'queue' | 'lost', number[]>>]>([
  [
    'reserved units lie there until they leave',
    { free: 2, reserved: [3, 2], days: 4 },
    { stock: [5, 5, 2, 2] },
  ],
  [
    'pegged units wait for their own supply, and pass through',
    { free: 1, arrivals: [{ day: 2, pegged: 4, free: 1 }], days: 4 },
    { stock: [1, 1, 2, 2], queue: [4, 4, 0, 0] },
  ],
  [
    'waiting units take the first that is free',
    {
      waiting: 5,
      arrivals: [
        { day: 1, free: 3 },
        { day: 3, free: 4 },
      ],
      days: 4,
    },
    { stock: [0, 0, 0, 2], queue: [5, 2, 2, 0] },
  ],
  [
    'demand that meets nothing waits for what is coming, and is lost beyond it',
    { free: 1, demand: 1, arrivals: [{ day: 3, free: 2 }], days: 5 },
    { queue: [0, 1, 2, 0, 0], lost: [0, 0, 0, 1, 1] },
  ],
  [
    'an item that takes no backorders loses it',
    { free: 1, mayWait: false, demand: 1, days: 3 },
    { lost: [0, 1, 1] },
  ],
])('%s', (_, told, expected) => {
  expect(days(item(told))).toMatchObject(expected);
});

test('the kernel over all items tells the same as the days of each', () => {
  const columns = item({
    free: 4,
    waiting: 0,
    demand: 1,
    arrivals: [{ day: 6, free: 3, pegged: 2 }],
    days: 14,
  });
  const { stock, queue, lost } = days(columns);
  const summary = projectAll(columns);
  expect(summary.firstStockOut[0]).toBe(stock.indexOf(0));
  expect(summary.deepestQueue[0]).toBe(Math.max(...queue));
  expect(summary.lost[0]).toBe(lost.reduce((sum, units) => sum + units, 0));
});

test('the naive projection draws every open unit today', () => {
  const columns = item({ free: 2, demand: 0, arrivals: [{ day: 2, pegged: 6, free: 4 }], days: 4 });
  expect([...naiveProjection(columns, 0)]).toEqual([-4, -4, 6, 6]);
  expect(days(columns).stock).toEqual([2, 2, 6, 6]);
});

test('a fan is as wide as what is uncertain, and nothing else', () => {
  const columns = item({ free: 40, demand: 2, arrivals: [{ day: 10, free: 50 }], days: 21 });
  const one = Float64Array.of(1);
  const fans = new FanMaker(columns, { paths: 50, seed: 1 });
  const sure = fans.fan(0, { dayFactors: one, levelFactors: one, slips: [[0]] });
  expect([...sure.stock.p10]).toEqual([...sure.stock.p90]);
  expect({ stock: [...sure.stock.p50], queue: [...sure.queue.p50], lost: [...sure.lost.p50] }).toEqual(
    days(columns),
  );
  const late = fans.fan(0, { dayFactors: one, levelFactors: one, slips: [[0, 5]] });
  expect(late.stock.p10[12]).toBe(late.stock.p90[12]! - 50);
  expect(late.stock.p10[20]).toBe(late.stock.p90[20]);
});

test('two pools: what one has serves nobody of the other, and their sums are added scenario by scenario', () => {
  const shelf = item({ free: 40, demand: 1, days: 14 });
  const queue = item({ waiting: 30, demand: 2, arrivals: [{ day: 9, free: 60 }], days: 14 });
  const both: ProjectionColumns = {
    ...shelf,
    items: 2,
    free: Float64Array.of(40, 0),
    reserved: Float64Array.of(0, 0),
    reservedDay: Int32Array.of(0, 0),
    waiting: Float64Array.of(0, 30),
    mayWait: Uint8Array.of(1, 1),
    dailyDemand: Float32Array.of(1, 1, 2, 2),
    arrivalFrom: Int32Array.of(0, 0, 1),
    arrivalDay: queue.arrivalDay,
    arrivalFree: queue.arrivalFree,
    arrivalPegged: queue.arrivalPegged,
  };
  const one = Float64Array.of(1);
  const sure = { dayFactors: one, levelFactors: one };
  const { each, whole } = new FanMaker(both, { paths: 20, seed: 1 }).fansTogether(
    [
      { ...sure, slips: [] },
      { ...sure, slips: [[0]] },
    ],
    [0.25, 0.75],
  );
  expect([...each[0]!.stock.p50]).toEqual(days(shelf).stock);
  expect([...each[1]!.queue.p50]).toEqual(days({ ...queue }).queue);
  expect(whole.queue.p50[0]).toBe(32);
  expect(whole.stock.p50[0]).toBe(39);
  expect(whole.stock.p50[9]).toBe(each[0]!.stock.p50[9]! + each[1]!.stock.p50[9]!);
  // Three quarters of the demand find nothing from the first day on.
  expect(whole.stockOutBy[0]).toBe(0.75);
  expect(whole.firstStockOut).toBe(0);
});
