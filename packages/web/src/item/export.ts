import type { Projection } from './item.ts';

const COLUMNS = ['day', 'stock_p10', 'stock_p50', 'stock_p90', 'queue_p10', 'queue_p50', 'queue_p90'];
const MORE = ['lost_p50', 'expected_demand', 'run_out_by', 'naive'];

/** A projection's days as a CSV file, as an address of its own. Days and figures alone: nothing of it can be a formula. */
export function csvOf({ days }: Pick<Projection, 'days'>): string {
  const rows = days.map(({ day, stock, queue, lost, expectedDemand, stockOutProbability, naive }) => [
    day,
    ...[stock.p10, stock.p50, stock.p90, queue.p10, queue.p50, queue.p90],
    ...[lost.p50, expectedDemand, stockOutProbability, naive],
  ]);
  const text = [[...COLUMNS, ...MORE], ...rows].map((row) => row.join(',')).join('\r\n');
  return `data:text/csv;charset=utf-8,${encodeURIComponent(`${text}\r\n`)}`;
}
