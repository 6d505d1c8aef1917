import { buildApp } from '../packages/server/src/app.ts';
import { foldBook } from '../packages/server/src/book/fold.ts';
import { foldPending } from '../packages/server/src/book/fold-store.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { fillMoney, reckonedPerSecond } from './book-money.ts';
import { type BenchBrand, openBrand, stockShop } from './brand.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';
import { spreadOf, spreadText } from './measure.ts';
import { together } from './promise-flows.ts';

/**
 * What the book's questions cost with years behind it: 10,000,000 order lines of history and 1,000,000 open backorders, on
 * PostgreSQL with fsync on. Rows are made with set-based statements, the way the transactions of those years would have left them:
 * the book's own rows, its sums, and its days.
 */

const MOST_MILLISECONDS = 150;
/** What nobody asks for many times a day: a person waits for it no longer than for a page, or for the past than for a report. */
const MOST_OF_A_PAGE = 1000;
const MOST_OF_THE_PAST = 5000;
const LEAST_ORDERS_PER_SECOND = 5000;
const LEAST_LINES_PER_SECOND = 10_000;
const KEY = 'bench';
const ROUNDS = 15;
const HISTORY_DAYS = 730;
/** A third of what was ever ordered has waited. */
const WAITED_SHARE = 0.3;

export const bench: Bench = {
  name: 'book',
  async *run({ quick }: BenchOptions): AsyncIterable<Measured> {
    const size = quick
      ? { lines: 200_000, open: 20_000, items: 1000 }
      : { lines: 10_000_000, open: 1_000_000, items: 20_000 };
    const brand = await openBrand(4);
    try {
      await fill(brand, size);
      const app = await buildApp(brand.kept, { bootstrapKey: KEY });
      try {
        for (const [work, path, most] of WORK) yield await measured(app, quick, work, path, most);
        yield one(
          'orders whose money is reckoned anew',
          await reckonedPerSecond(brand, size.lines, size.lines / 100),
          'orders/s',
          LEAST_ORDERS_PER_SECOND,
        );
        yield* crowd(brand, quick ? 2 : 5);
      } finally {
        await app.close();
      }
    } finally {
      await brand.close();
    }
  },
};

/** What the book costs a crowd: orders that are all backorders, each written with its entry; and their entries added up. */
async function* crowd(brand: BenchBrand, seconds: number): AsyncIterable<Measured> {
  const place = together(brand, ['I0']);
  await place(1);
  await foldBook(brand.kept, brand.brandId);
  const rate = await place(seconds);
  const [pending] = (await brand.asOwner(
    'select coalesce(sum(cardinality(orders)), 0)::int as lines from book_pending',
  )) as { lines: number }[];
  yield one(
    'a crowd of backorders of one SKU, each with its entry',
    rate,
    'orders/s',
    LEAST_ORDERS_PER_SECOND,
  );
  if (pending === undefined || pending.lines === 0) return;
  const began = performance.now();
  while (
    (await withBrand(brand.kept.db, brand.brandId, (client) => foldPending(client, brand.brandId, 100))) > 0
  );
  yield one(
    'their entries added up into the sums',
    (pending.lines * 1000) / (performance.now() - began),
    'lines/s',
    LEAST_LINES_PER_SECOND,
  );
}

function one(work: string, figure: number, unit: string, least: number): Measured {
  const spread = spreadOf([figure])!;
  return {
    row: {
      bench: 'book',
      work,
      kept: figure,
      unit,
      limit: null,
      peers: {},
      ratio: null,
      goal: `≥ ${least}`,
      holds: figure >= least,
    },
    spread: spreadText(spread),
    note: 'A crowd is 4096 callers in one process, who each order again when they have their answer.',
  };
}

const DAY_MS = 86_400_000;
const YESTERDAY = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
const MONTH_AGO = new Date(Date.now() - 30 * DAY_MS).toISOString();

const WORK: readonly (readonly [work: string, path: string, most?: number])[] = [
  ['book', '/v1/book'],
  ['book by purchase order', '/v1/book?by=purchase_order'],
  ['book by item, the first 100', '/v1/book?by=item'],
  ['ageing, with the oldest by name', '/v1/book/ageing'],
  ['ageing past the latest promise', '/v1/book/ageing?basis=latest'],
  ['365 days of history', '/v1/book/history'],
  ['365 days of history by cause', '/v1/book/history?by=cause'],
  ['money: deferred revenue, its tie to the book, working capital', '/v1/book/money', MOST_OF_A_PAGE],
  ['the journal of a day', `/v1/book/journal?from=${YESTERDAY}&to=${YESTERDAY}`, MOST_OF_A_PAGE],
  ['as it was shown a month ago', `/v1/book?asOf=${MONTH_AGO}`, MOST_OF_THE_PAST],
];

async function measured(
  app: Awaited<ReturnType<typeof buildApp>>,
  quick: boolean,
  work: string,
  path: string,
  most: number = MOST_MILLISECONDS,
): Promise<Measured> {
  const ask = async () => {
    const started = performance.now();
    const answer = await app.inject({
      method: 'GET',
      url: path,
      headers: { authorization: `Bearer ${KEY}` },
    });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.body}`);
    return performance.now() - started;
  };
  for (let warm = 0; warm < 3; warm++) await ask();
  const figures: number[] = [];
  for (let round = 0; round < ROUNDS; round++) figures.push(await ask());
  const spread = spreadOf(figures)!;
  return {
    row: {
      bench: 'book',
      work,
      kept: spread.median,
      unit: 'ms',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${most} ms`,
      holds: spread.median <= most,
    },
    spread: spreadText(spread),
    note: quick
      ? 'A fiftieth of the size: the goal is the full size’s.'
      : '10,000,000 order lines of history, 1,000,000 open backorders of 20,000 items, 730 days.',
  };
}

interface Size {
  readonly lines: number;
  readonly open: number;
  readonly items: number;
}

async function fill(brand: BenchBrand, { lines, open, items }: Size): Promise<void> {
  await stockShop(
    brand,
    Array.from({ length: items }, (_, at) => ({ sku: `I${at}`, stock: 0, coming: 1_000_000 })),
  );
  const closed = Math.round(lines * WAITED_SHARE) - open;
  const step = (HISTORY_DAYS * 86_400) / lines;
  const run = (text: string) =>
    brand.asOwner(`set app.brand = '1'; set synchronous_commit = off; set work_mem = '256MB'; ${text}`);
  // Rows first, their indexes after: the tables end as they would have, in a fraction of the time.
  const indexes = (
    await brand.asOwner(`select tablename, indexname, indexdef, c.conname, pg_get_constraintdef(c.oid) as condef
      from pg_indexes i left join pg_constraint c on c.conname = i.indexname
      where schemaname = 'public' and tablename in ('customer_order', 'order_line', 'book_entry')`)
  ).map((row) => row as Record<string, string>);
  for (const { tablename, indexname, conname } of indexes)
    await brand.asOwner(
      conname ? `alter table ${tablename} drop constraint ${conname}` : `drop index ${indexname}`,
    );
  // The history itself: what waits is its newest part. Orders of one line each.
  await run(`insert into customer_order (brand_id, order_id, channel_id, ref, mode, placed_at, recorded_at, content, customer_name,
      country, currency)
    select 1, 1000000 + n, 1, 'H' || n, 1, now() - (${lines} - n) * interval '${step} seconds', now(), '', 'C', 'GB', 'GBP'
    from generate_series(1, ${lines}) n`);
  await run(`insert into order_line (brand_id, order_id, line, line_ref, item_id, ordered, shipped, price, rank)
    select 1, 1000000 + n, 1, '1', 1 + n % ${items}, 1 + n % 3, case when n > ${lines - open} then 0 else 1 + n % 3 end, 1999, n
    from generate_series(1, ${lines}) n`);
  const entry = (kind: string, version: number, units: string, was: string, at: string, until: string) => `
    insert into book_entry select 1, 1000000 + n, 1, ${version}, ${at}, ${until}, (${at})::date, '${kind}', '', n, 1 + n % ${items}, 1,
      case n % 3 when 0 then 'vip' else '' end, 'GBP', 'c' || n % 400000, false, (array['supplier_delay', 'forecast_undershoot', 'moq_shortfall', ''])[1 + n % 4], (${at})::date, ${units}, (${units}) * 1999, (${units}) * 900,
      'GBP', 1999, 0, n % 10 = 0, case when n % 10 = 0 then null else current_date + (n % 60)::int end, current_date + (n % 60)::int - 20,
      current_date + (n % 60)::int - 10, current_date + (n % 60)::int - 10, array[1 + n % ${items}]::int[], array[case when n % 10 = 0 then 0 else 1 end],
      array[${units}], array[(${units}) * 1999], ${was}, (${was}) * 1999, (${was}) * 900, 'GBP'`;
  const then = `now() - (${lines} - n) * interval '${step} seconds'`;
  // Who waited and was served three weeks later.
  const past = `generate_series(1, ${lines - open}) n where n % ${Math.max(1, Math.floor((lines - open) / Math.max(1, closed)))} = 0`;
  await run(`${entry('new', 1, '1 + n % 3', '0', then, `${then} + interval '21 days'`)} from ${past}`);
  await run(
    `${entry('filled', 2, '0 * n', '1 + n % 3', `${then} + interval '21 days'`, `${then} + interval '21 days'`)} from ${past}`,
  );
  await run(
    `${entry('new', 1, '1 + n % 3', '0', then, 'null')} from generate_series(${lines - open + 1}, ${lines}) n`,
  );
  for (const { tablename, indexdef, conname, condef } of indexes)
    await run(
      `set maintenance_work_mem = '512MB'; ${conname ? `alter table ${tablename} add constraint ${conname} ${condef}` : indexdef}`,
    );
  await run(`insert into book_sum select 1, a.axis, a.key, e.currency, e.cost_currency, sum(a.lines),
      case when a.axis in ('all', 'channel', 'class') then count(*) else 0 end,
      case when a.axis = 'all' then count(distinct e.customer) else 0 end, sum(a.units), sum(a.value), sum(a.cost)
    from book_entry e, lateral book_axes(e) a where e.brand_id = 1 and e.until_at is null group by 1, 2, 3, 4, 5`);
  await run(`insert into book_day select 1, day, kind, by, channel_id, currency, cost_currency,
      sum((units > 0)::int - (was_units > 0)::int), sum((units > 0)::int - (was_units > 0)::int), 0, sum(units - was_units),
      sum(value - was_value), sum(cost - was_cost), cause
    from book_entry where brand_id = 1 group by brand_id, day, kind, by, channel_id, currency, cost_currency, cause`);
  await fillMoney(run, { lines, open, items }, then);
  await run(
    'analyze book_entry; analyze book_sum; analyze book_day; analyze customer_order; analyze order_line',
  );
}
