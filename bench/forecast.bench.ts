import { fileURLToPath } from 'node:url';
import { forecast } from '../packages/engine/src/forecast.ts';
import { repeats, seasonOf, withoutSeason, withSeason } from '../packages/engine/src/season.ts';
import { theta } from '../packages/engine/src/theta.ts';
import { type Contest, publishedBeside, readSeries, type Series } from './forecast-data.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';

/** The M3's series, where they lie beside the project; any file of the same columns with --data. */
const M3 = fileURLToPath(new URL('../../shared/data/m3-train-test.csv.gz', import.meta.url));
/** The best two of the M3's monthly series are at 13.89 and 13.90, 0.858 and 0.848. */
const MONTHLY: Readonly<Record<Measure, number>> = { smape: 13.85, mase: 0.85 };
/** Nowhere may a forecast be worse than the average of three exponential smoothings. */
const NEVER_WORSE_THAN = 'COMB S-H-D';
const SHOWN = [NEVER_WORSE_THAN, 'THETA', 'ForecastPro', 'NAIVE2'];

type Measure = 'smape' | 'mase';
const MEASURES: readonly Measure[] = ['smape', 'mase'];
const UNITS: Readonly<Record<Measure, string>> = { smape: 'sMAPE, %', mase: 'MASE' };

export const bench: Bench = {
  name: 'forecast',
  *run({ quick, data }: BenchOptions): Generator<Measured> {
    const file = data ?? M3;
    const all = readSeries(file);
    const published = publishedBeside(file);
    const series = quick ? all.filter((_, index) => index % 10 === 0) : all;
    const groups = new Map<string, Tally>();
    const started = performance.now();
    let spent = 0;
    for (const one of series) {
      const before = performance.now();
      const { mean } = forecast(one.train, one.cycle, one.test.length);
      spent += performance.now() - before;
      const answers: Record<string, Float64Array> = {
        kept: mean,
        naive2: naive2(one),
        'theta here': classicTheta(one),
      };
      for (const key of [one.period, `${one.period} ${one.category}`]) {
        if (!groups.has(key)) groups.set(key, new Tally());
        groups.get(key)!.add(one, answers);
      }
    }
    for (const [key, tally] of [...groups].sort(([a], [b]) => a.localeCompare(b)))
      for (const measure of MEASURES) yield rowOf(key, tally, measure, quick ? null : published);
    yield {
      row: {
        bench: 'forecast',
        work: `${series.length} series, one core`,
        kept: spent / series.length,
        unit: 'ms a series',
        limit: null,
        peers: {},
        ratio: null,
        goal: 'told, not judged',
        holds: null,
      },
      note: `forecast: sMAPE and MASE of every series' own horizon, ${Math.round((performance.now() - started) / 1000)} s in all. MASE is scaled by the seasonal naive forecast in the training part; of weekly and daily series by the last value, as the M4 did.`,
    };
  },
};

function rowOf(key: string, tally: Tally, measure: Measure, published: Contest | null): Measured {
  const kept = tally.mean('kept', measure);
  const peers: Record<string, number | null> = {
    'naive2 here': tally.mean('naive2', measure),
    'theta here': tally.mean('theta here', measure),
  };
  for (const name of SHOWN) {
    const value = published?.accuracy(name, key, measure);
    if (value !== undefined) peers[name] = value;
  }
  const whole = !key.includes(' ');
  const bar =
    whole && key === 'MONTHLY' ? MONTHLY[measure] : (peers[NEVER_WORSE_THAN] ?? peers['naive2 here']!);
  const text =
    whole && key === 'MONTHLY'
      ? `≤ ${bar}`
      : `≤ ${peers[NEVER_WORSE_THAN] == null ? 'naive2' : NEVER_WORSE_THAN}`;
  return {
    row: {
      bench: 'forecast',
      work: `${key.toLowerCase()}, ${tally.count} series`,
      kept,
      unit: UNITS[measure],
      limit: null,
      peers,
      ratio: null,
      goal: text,
      holds: kept <= bar,
    },
  };
}

class Tally {
  count = 0;
  private readonly sums = new Map<string, number>();

  add(series: Series, answers: Readonly<Record<string, Float64Array>>): void {
    this.count++;
    for (const [name, answer] of Object.entries(answers)) {
      this.bump(`${name} smape`, smape(answer, series.test));
      this.bump(`${name} mase`, mase(answer, series));
    }
  }

  mean(name: string, measure: Measure): number {
    return this.sums.get(`${name} ${measure}`)! / this.count;
  }

  private bump(key: string, value: number): void {
    this.sums.set(key, (this.sums.get(key) ?? 0) + value);
  }
}

function smape(answer: Float64Array, actual: Float64Array): number {
  let sum = 0;
  for (const [step, value] of actual.entries()) {
    const size = Math.abs(value) + Math.abs(answer[step]!);
    if (size > 0) sum += (200 * Math.abs(value - answer[step]!)) / size;
  }
  return sum / actual.length;
}

function mase(answer: Float64Array, { train, test, scaleLag }: Series): number {
  let naive = 0;
  for (let at = scaleLag; at < train.length; at++) naive += Math.abs(train[at]! - train[at - scaleLag]!);
  naive /= Math.max(1, train.length - scaleLag);
  let error = 0;
  for (const [step, value] of test.entries()) error += Math.abs(value - answer[step]!) / test.length;
  return naive > 0 ? error / naive : 0;
}

/** The last value, seasonally adjusted. */
function naive2({ train, cycle, test }: Series): Float64Array {
  return adjusted(train, cycle, (plain) => new Float64Array(test.length).fill(plain.at(-1)!));
}

function classicTheta({ train, cycle, test }: Series): Float64Array {
  return adjusted(train, cycle, (plain) => theta(plain, test.length));
}

function adjusted(
  train: Float64Array,
  cycle: number,
  plain: (series: Float64Array) => Float64Array,
): Float64Array {
  if (!repeats(train, cycle)) return plain(train);
  const season = seasonOf(train, cycle);
  return withSeason(plain(withoutSeason(train, season)), season, train.length);
}
