import type { ProjectionColumns } from '../packages/engine/src/projection.ts';

/** A brand of queues, deliveries and seasons, the same each time. */
export function projectionBrand(items: number, days: number): ProjectionColumns {
  let state = 12345;
  const chance = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const weeks = Math.ceil(days / 7);
  const arrivalFrom = new Int32Array(items + 1);
  const arrivals: [day: number, free: number, pegged: number][] = [];
  const column = (value: () => number) => Float64Array.from({ length: items }, value);
  const dailyDemand = new Float32Array(items * weeks);
  for (let item = 0; item < items; item++) {
    const level = 0.2 + 6 * chance() * chance();
    const phase = weeks * chance();
    for (let week = 0; week < weeks; week++)
      dailyDemand[item * weeks + week] = level * (1 + 0.4 * Math.sin((2 * Math.PI * (week + phase)) / 52));
    const own = Array.from({ length: Math.floor(7 * chance()) }, () => Math.floor(days * chance())).sort(
      (a, b) => a - b,
    );
    for (const day of own) arrivals.push([day, Math.floor(80 * level * chance()), Math.floor(20 * chance())]);
    arrivalFrom[item + 1] = arrivals.length;
  }
  return {
    items,
    days: days,
    free: column(() => Math.floor(200 * chance())),
    reserved: column(() => Math.floor(10 * chance())),
    reservedDay: new Int32Array(items).fill(1),
    waiting: column(() => (chance() < 0.2 ? Math.floor(40 * chance()) : 0)),
    mayWait: Uint8Array.from({ length: items }, () => (chance() < 0.8 ? 1 : 0)),
    dailyDemand,
    arrivalFrom,
    arrivalDay: Int32Array.from(arrivals, ([day]) => day),
    arrivalFree: Float64Array.from(arrivals, ([, free]) => free),
    arrivalPegged: Float64Array.from(arrivals, ([, , pegged]) => pegged),
  };
}
