import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startForecasts } from '../packages/server/src/planning/index.ts';
import { openBrand, stockShop } from './brand.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';

/** A brand whose forecasts and reorder points are made anew, by two processes on one PostgreSQL. */
const ITEMS = 10_000;
const WEEKS = 156;
const WORKERS = 2;
const MOST_SECONDS = 60;

const WORKER = fileURLToPath(new URL('forecast-worker.ts', import.meta.url));

export const bench: Bench = {
  name: 'forecast-jobs',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    const items = quick ? ITEMS / 20 : ITEMS;
    const brand = await openBrand(4);
    const workers: ChildProcess[] = [];
    try {
      const skus = Array.from({ length: items }, (_, index) => `S-${String(index + 1).padStart(5, '0')}`);
      await stockShop(
        brand,
        skus.map((sku, index) => ({ sku, stock: 5 + (index % 60), coming: index % 3 === 0 ? 40 : 0 })),
      );
      await fillHistory(brand.asOwner, brand.brandId);
      const [{ lines } = { lines: 0 }] = await brand.asOwner('select count(*)::int as lines from order_line');
      await startForecasts(brand.kept, brand.brandId);
      const ready = Array.from({ length: WORKERS }, () => {
        const worker = spawn(process.execPath, [WORKER, brand.url, String(brand.brandId)], {
          stdio: ['pipe', 'pipe', 'inherit'],
        });
        workers.push(worker);
        return once(worker.stdout!, 'data');
      });
      await Promise.all(ready);
      const started = performance.now();
      const ends = workers.map((worker) => once(worker, 'close'));
      for (const worker of workers) worker.stdin!.write('go\n');
      for (const [code] of await Promise.all(ends))
        if (code !== 0) throw new Error(`a worker ended with ${code}`);
      const seconds = (performance.now() - started) / 1000;
      const [made] = await brand.asOwner(
        `select (select count(*)::int from item_forecast) as forecasts, (select count(*)::int from reorder_state) as states,
           (select count(*)::int from forecast_part where done_at is null) as open`,
      );
      if (made!.forecasts !== items || made!.states !== items || made!.open !== 0)
        throw new Error(`not all was made: ${JSON.stringify(made)}`);
      yield {
        row: {
          bench: 'forecast-jobs',
          work: `${items.toLocaleString('en')} items × ${WEEKS} weeks, ${WORKERS} workers`,
          kept: seconds,
          unit: 's',
          limit: null,
          peers: {},
          ratio: null,
          goal: `≤ ${MOST_SECONDS} s`,
          holds: quick ? null : seconds <= MOST_SECONDS,
        },
        note: `forecast-jobs: from ${Number(lines).toLocaleString('en')} order lines to stored forecasts and reorder points, on an embedded PostgreSQL with fsync; the processes are up before the clock starts.`,
      };
    } finally {
      for (const worker of workers) worker.kill();
      await brand.close();
    }
  },
};

/**
 * Three years of orders, written as the owner of the tables: what is measured begins with their being there. Of each item one order a
 * week, of as many units as its level, season and chance say; weeks without units have none. One item in four sells in few of its weeks.
 */
async function fillHistory(asOwner: (sql: string) => Promise<unknown>, brandId: number): Promise<void> {
  await asOwner(`
    select setseed(0.5);
    create temporary table sold as
      select i.item_id, w.week, row_number() over () as n,
        case when i.item_id % 4 = 0 and random() < 0.7 then 0
          else floor((1 + i.item_id % 17) * (1 + 0.4 * sin(2 * pi() * (w.week + i.item_id % 5) / 52.0)) * (0.4 + 1.2 * random()))::int end as units
      from item i cross join generate_series(1, ${WEEKS}) as w(week) where i.brand_id = ${brandId};
    insert into customer_order (brand_id, order_id, channel_id, ref, mode, placed_at, recorded_at, content, customer_name, country, currency)
      select ${brandId}, 10000000 + n, c.channel_id, 'H' || n, 1, now() - make_interval(days => 7 * week - 3), now(), '', 'A', 'GB', 'GBP'
      from sold, (select min(channel_id) as channel_id from channel where brand_id = ${brandId}) c where units > 0;
    insert into order_line (brand_id, order_id, line, line_ref, item_id, ordered, shipped, price, rank)
      select ${brandId}, 10000000 + n, 1, '1', item_id, units, units, 1999, n from sold where units > 0;
    drop table sold;
    analyze customer_order; analyze order_line;
  `);
}
