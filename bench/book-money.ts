import { takeUpMoney } from '../packages/server/src/book/money-balance.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import type { BenchBrand } from './brand.ts';

const FIGURES =
  'captured, refunded, recognised, deferred, receivable, tax, base, unrated, book, prepaid, reserved';

/**
 * Money of a history of orders of one line: what was served was paid for when it was ordered and shipped three weeks later; of what
 * waits, every second order is paid. Written as the keeper of the book would have left it, which a sample is held against.
 */
export async function fillMoney(
  run: (text: string) => Promise<unknown>,
  { lines, open, items }: { readonly lines: number; readonly open: number; readonly items: number },
  then: string,
): Promise<void> {
  const amount = '(1 + n % 3) * 1999';
  const waits = `n > ${lines - open}`;
  const paid = `(not (${waits}) or n % 2 = 0)`;
  const all = `generate_series(1, ${lines}) n`;
  await run('alter table payment disable trigger money; alter table shipment disable trigger money');
  await run(`insert into payment (brand_id, order_id, payment_id, kind, amount, currency, happened_at, event_id)
    select 1, 1000000 + n, 'p', 'captured', ${amount}, 'GBP', ${then}, n from ${all} where ${paid}`);
  await run(`insert into shipment (brand_id, event_id, order_id, number, line, quantity, shipped_at)
    select 1, n, 1000000 + n, 1, 1, 1 + n % 3, ${then} + interval '21 days' from generate_series(1, ${lines - open}) n`);
  await run('alter table payment enable trigger money; alter table shipment enable trigger money');
  const deferred = `case when ${waits} and n % 2 = 0 then ${amount} else 0 end`;
  await run(`insert into money_balance (brand_id, order_id, currency, ${FIGURES}, sources, source_amounts, last_at)
    select 1, 1000000 + n, 'GBP', case when ${paid} then ${amount} else 0 end, 0, case when ${waits} then 0 else ${amount} end,
      ${deferred}, 0, 0, ${deferred}, 0, case when ${waits} then ${amount} else 0 end, ${deferred}, 0,
      case when ${waits} and n % 2 = 0 then array[case when n % 10 = 0 then '' else (1 + n % ${items}) || ':1' end] else '{}' end,
      case when ${waits} and n % 2 = 0 then array[${amount}] else '{}' end,
      case when not (${waits}) then ${then} + interval '21 days' when n % 2 = 0 then ${then} end
    from ${all}`);
  const sums = FIGURES.split(', ').map((figure) => `sum(${figure})`);
  await run(`insert into money_sum (brand_id, currency, ${FIGURES}) select 1, currency, ${sums} from money_balance
    where brand_id = 1 group by currency`);
  await run(`insert into money_supply (brand_id, source, currency, prepaid)
    select 1, u.source, currency, sum(u.amount) from money_balance, unnest(sources, source_amounts) as u(source, amount)
    where brand_id = 1 group by 2, 3`);
  await run('analyze payment; analyze shipment; analyze money_balance');
}

/** Orders a second whose money is reckoned anew; what they come to must be what was filled in. */
export async function reckonedPerSecond(brand: BenchBrand, lines: number, orders: number): Promise<number> {
  const sums = () => brand.asOwner('select * from money_sum where brand_id = 1');
  const before = JSON.stringify(await sums());
  await brand.asOwner(`insert into money_touched (brand_id, order_id)
    select 1, 1000000 + n from generate_series(${Math.floor(lines / orders)}, ${lines}, ${Math.floor(lines / orders)}) n`);
  const started = performance.now();
  const step = 1000;
  while (
    (await withBrand(brand.kept.db, brand.brandId, (client) =>
      takeUpMoney(brand.kept, client, brand.brandId, step),
    )) === step
  );
  const seconds = (performance.now() - started) / 1000;
  const after = JSON.stringify(await sums());
  if (before !== after) throw new Error(`money was filled in as ${before}, and comes to ${after}`);
  return orders / seconds;
}
