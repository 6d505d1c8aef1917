import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** A series of a forecasting competition, with what came after it. */
export interface Series {
  readonly period: string;
  readonly category: string;
  readonly train: Float64Array;
  readonly test: Float64Array;
  readonly cycle: number;
  /** The lag of the naive forecast that MASE is scaled by. */
  readonly scaleLag: number;
}

const CYCLES: Readonly<Record<string, number>> = {
  HOURLY: 24,
  DAILY: 7,
  WEEKLY: 52,
  MONTHLY: 12,
  QUARTERLY: 4,
};

/** Reads a CSV (gzipped or not) of the columns series, period, category, train, test; numbers of a series are separated by blanks. */
export function readSeries(file: string): Series[] {
  if (!existsSync(file)) throw new Error(`There is no ${file}: name a file of series with --data FILE.`);
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const rows = parse(text, { columns: true, relax_quotes: true, relax_column_count: true }) as Record<
    string,
    string
  >[];
  return rows.map((row, index) => {
    const period = (row.period ?? 'OTHER').toUpperCase();
    const cycle = CYCLES[period] ?? 1;
    const train = numbers(row.train);
    const test = numbers(row.test);
    if (train.length === 0 || test.length === 0)
      throw new Error(`${file}, row ${index + 2}: expected numbers in the columns train and test.`);
    const scaleLag = period === 'WEEKLY' || period === 'DAILY' ? 1 : cycle;
    return { period, category: (row.category ?? 'ALL').toUpperCase(), train, test, cycle, scaleLag };
  });
}

function numbers(text: string | undefined): Float64Array {
  const words = (text ?? '').trim().split(/\s+/).filter(Boolean);
  return Float64Array.from(words, Number);
}

/** Published accuracies of a competition's methods, by period and category. */
export class Contest {
  private readonly cells = new Map<string, { count: number; smape: number; mase: number }>();

  constructor(rows: readonly Record<string, string>[]) {
    for (const row of rows) {
      const cell = { count: Number(row.n), smape: Number(row.smape), mase: Number(row.mase) };
      this.cells.set(`${row.method} ${row.period} ${row.category}`, cell);
    }
  }

  /** Of 'MONTHLY' (all categories, by their series) or 'MONTHLY MICRO'; undefined where nothing was published. */
  accuracy(method: string, key: string, measure: 'smape' | 'mase'): number | undefined {
    let sum = 0;
    let count = 0;
    for (const [name, cell] of this.cells) {
      if (name !== `${method} ${key}` && !name.startsWith(`${method} ${key} `)) continue;
      sum += cell.count * cell[measure];
      count += cell.count;
    }
    return count > 0 ? sum / count : undefined;
  }
}

/** What was published of the M3 lies beside its series, and is shown with any file named like them. */
export function publishedBeside(file: string): Contest | null {
  const path = join(dirname(file), 'm3-published-accuracy.csv');
  if (!existsSync(path) || !/m3/i.test(file)) return null;
  return new Contest(parse(readFileSync(path, 'utf8'), { columns: true }) as Record<string, string>[]);
}
