import type { Invariant } from './invariant.ts';

/** Orders whose money is reckoned anew at the next look. */
const TOUCHED = `select order_id from money_touched where brand_id = $1
  union select order_id from money_balance where brand_id = $1 and again_at is not null`;

/** What orders' money comes to is what was paid for them, and its sums are that (RULES 31). */
export const MONEY_INVARIANTS: readonly Invariant[] = [
  {
    name: 'money_sums_add_up',
    sentence: 'the sums of captured, deferred and recognised money are what each order’s money comes to',
    text: `with balance as (
             select currency, sum(captured) as captured, sum(refunded) as refunded, sum(recognised) as recognised, sum(deferred) as deferred,
               sum(receivable) as receivable, sum(tax) as tax, sum(base) as base, sum(unrated) as unrated, sum(book) as book,
               sum(prepaid) as prepaid, sum(reserved) as reserved
             from money_balance where brand_id = $1 group by currency),
           kept as (select * from money_sum where brand_id = $1)
           select format('%s: %s captured, %s deferred and %s in the book are summed, its orders have %s, %s and %s', currency,
             k.captured, k.deferred, k.book, b.captured, b.deferred, b.book) as fault
           from balance b full join kept k using (currency)
           where (b.captured, b.refunded, b.recognised, b.deferred, b.receivable, b.tax, b.base, b.unrated, b.book, b.prepaid, b.reserved)
             is distinct from
             (k.captured, k.refunded, k.recognised, k.deferred, k.receivable, k.tax, k.base, k.unrated, k.book, k.prepaid, k.reserved)
           union all
           select format('%s waits for %L: %s are summed, its orders have %s', currency, source, k.prepaid, b.prepaid)
           from (select source, currency, prepaid from money_supply where brand_id = $1 and prepaid <> 0) k
             full join (select u.source, currency, sum(u.amount) as prepaid from money_balance,
               unnest(sources, source_amounts) as u(source, amount) where brand_id = $1 group by 1, 2) b using (source, currency)
           where coalesce(k.prepaid, 0) <> coalesce(b.prepaid, 0)`,
  },
  {
    name: 'money_ties_to_payments',
    sentence:
      'each order’s money is what was captured less what was refunded, deferred or recognised to the cent',
    text: `with touched as materialized (${TOUCHED}),
           paid as (
             select order_id, sum(case kind when 'captured' then amount else -amount end) as amount from payment
             where brand_id = $1 and kind in ('captured', 'refunded') group by order_id)
           select format('order %s: %s paid, its money comes to %s', coalesce(p.order_id, b.order_id), coalesce(p.amount, 0),
             b.captured - b.refunded + b.tax) as fault
           from paid p full join (select * from money_balance where brand_id = $1) b on b.order_id = p.order_id
           where not exists (select from touched t where t.order_id = coalesce(p.order_id, b.order_id))
             and (coalesce(b.captured - b.refunded + b.tax, 0) <> coalesce(p.amount, 0)
               or b.deferred - b.receivable <> b.captured - b.refunded - b.recognised)`,
  },
  {
    name: 'money_ties_to_book',
    sentence: 'what orders have in the book by their money is what the book says of them',
    text: `with touched as materialized (${TOUCHED}),
           entry as (select order_id, sum(value) as value from book_entry where brand_id = $1 and until_at is null group by order_id)
           select format('order %s: %s in the book, %s by its money', coalesce(e.order_id, b.order_id), e.value, b.book) as fault
           from entry e full join (select * from money_balance where brand_id = $1) b on b.order_id = e.order_id
           where not exists (select from touched t where t.order_id = coalesce(e.order_id, b.order_id))
             and coalesce(e.value, 0) <> coalesce(b.book, 0)`,
  },
];
