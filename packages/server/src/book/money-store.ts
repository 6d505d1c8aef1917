import type pg from 'pg';
import { bigints, texts, timestamps } from '../platform/columns.ts';

/** An order that money has moved for, or that waits: what its journal is made of. Instants ISO 8601, minor units. */
export interface MoneyOrder {
  readonly order_id: number;
  readonly name: string;
  readonly currency: string;
  readonly shipping: number;
  readonly shipping_tax: number;
  readonly lines: readonly MoneyLine[];
  readonly payments: readonly {
    readonly id: string;
    readonly kind: 'captured' | 'refunded';
    readonly amount: number;
    readonly at: string;
  }[];
  readonly shipments: readonly MoneyShipment[];
  readonly entries: readonly MoneyEntry[];
}
export interface MoneyLine {
  readonly line: number;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly price: number;
  readonly discount: number;
  readonly tax: number;
}
export interface MoneyShipment {
  readonly line: number;
  readonly quantity: number;
  readonly at: string;
  readonly delivered: string | null;
  readonly event: string;
}
/** A line's row in the book, as it is now. */
export interface MoneyEntry {
  readonly line: number;
  readonly value: number;
  readonly units: number;
  readonly sources: readonly (readonly [item: number, supply: number, value: number])[];
}

/** Orders with what moves their money, by their ids. */
export async function readMoneyOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<MoneyOrder[]> {
  const { rows } = await client.query({
    name: 'money-orders',
    text: `select o.order_id, c.code || ':' || o.ref as name, o.currency, coalesce(o.shipping, 0) as shipping,
       coalesce(o.shipping_tax, 0) as shipping_tax,
       (select json_agg(json_build_object('line', l.line, 'ordered', l.ordered, 'shipped', l.shipped, 'cancelled', l.cancelled,
          'price', l.price, 'discount', l.discount, 'tax', l.tax) order by l.line)
        from order_line l where l.brand_id = $1 and l.order_id = o.order_id) as lines,
       coalesce((select json_agg(json_build_object('id', p.payment_id, 'kind', p.kind, 'amount', p.amount, 'at', p.happened_at)
          order by p.happened_at, p.event_id)
        from payment p where p.brand_id = $1 and p.order_id = o.order_id and p.kind in ('captured', 'refunded')), '[]') as payments,
       coalesce((select json_agg(json_build_object('line', s.line, 'quantity', s.quantity, 'at', s.shipped_at,
          'delivered', s.delivered_on, 'event', s.event_id::text || '-' || s.number) order by s.shipped_at, s.event_id, s.number)
        from shipment s where s.brand_id = $1 and s.order_id = o.order_id), '[]') as shipments,
       coalesce((select json_agg(json_build_object('line', e.line, 'value', e.value, 'units', e.units, 'sources',
          (select json_agg(json_build_array(x.item, x.supply, x.value)) from unnest(e.source_items, e.source_supplies,
             e.source_values) as x(item, supply, value))))
        from book_entry e where e.brand_id = $1 and e.order_id = o.order_id and e.until_at is null), '[]') as entries
     from customer_order o join channel c on c.brand_id = $1 and c.channel_id = o.channel_id
     where o.brand_id = $1 and o.order_id = any($2::bigint[])
     order by o.order_id`,
    values: [brandId, orders],
  });
  return rows;
}

/** What is summed, in minor units of an order's currency; `base` in the brand's, `unrated` 1 where an event had no rate. */
export const FIGURES = [
  'captured',
  'refunded',
  'recognised',
  'deferred',
  'receivable',
  'tax',
  'base',
  'unrated',
  'book',
  'prepaid',
  'reserved',
] as const;
export type Figures = Record<(typeof FIGURES)[number], number>;
export const NOTHING: Readonly<Figures> = Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Figures;

/** What an order's money comes to. Instants ISO 8601. */
export interface MoneyBalance extends Readonly<Figures> {
  readonly order: number;
  readonly currency: string;
  /** Of what is prepaid, by what it waits for: 'item:supply', '' for nothing. */
  readonly supplies: ReadonlyMap<string, number>;
  /** Its newest event that counts, and its first that lies ahead. */
  readonly lastAt: string | null;
  readonly againAt: string | null;
}

/** By currency; and prepaid by 'item:supply currency'. */
export interface MoneySums {
  readonly byCurrency: Map<string, Figures>;
  readonly bySupply: Map<string, number>;
}

const TOUCHED = `select order_id from money_touched where brand_id = $1
  union select order_id from money_balance where brand_id = $1 and again_at <= $2::timestamptz`;

/** Takes the oldest touches, and the orders whose time has come. Whoever comes meanwhile waits until the transaction has ended. */
export async function takeTouched(
  client: pg.PoolClient,
  brandId: number,
  now: string,
  most: number,
): Promise<{ orders: number[]; touches: number }> {
  await client.query(`select pg_advisory_xact_lock(hashtext('money'), $1)`, [brandId]);
  const { rows } = await client.query({
    name: 'take-money',
    text: `with gone as (
             delete from money_touched where brand_id = $1 and number <= (select max(number) from (
               select number from money_touched where brand_id = $1 order by number limit $3) n)
             returning order_id),
           due as (select order_id from money_balance where brand_id = $1 and again_at <= $2::timestamptz order by again_at limit $3)
           select array(select order_id from gone union select order_id from due order by order_id) as orders,
             (select count(*) from gone)::int + (select count(*) from due)::int as touches`,
    values: [brandId, now, most],
  });
  return rows[0];
}

export async function readTouched(client: pg.PoolClient, brandId: number, asOf: string): Promise<number[]> {
  const { rows } = await client.query(`select array(${TOUCHED}) as orders`, [brandId, asOf]);
  return rows[0].orders;
}

/** Orders whose money moved since an instant, those that are touched among them; null: that it ever moved for. */
export async function readMovedSince(
  client: pg.PoolClient,
  brandId: number,
  since: string | null,
  asOf: string,
): Promise<number[]> {
  const { rows } = await client.query(
    `select array(
       (select order_id from money_balance where brand_id = $1 and last_at is not null
          and ($3::timestamptz is null or last_at >= $3::timestamptz)
        union ${TOUCHED}) order by order_id) as orders`,
    [brandId, asOf, since],
  );
  return rows[0].orders;
}

export async function readBalances(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<MoneyBalance[]> {
  const { rows } = await client.query(
    'select * from money_balance where brand_id = $1 and order_id = any($2::bigint[])',
    [brandId, orders],
  );
  return rows.map((row) => ({
    ...row,
    order: row.order_id,
    supplies: new Map(row.sources.map((key: string, at: number) => [key, row.source_amounts[at]])),
    lastAt: row.last_at,
    againAt: row.again_at,
  }));
}

export async function readMoneySums(client: pg.PoolClient, brandId: number): Promise<MoneySums> {
  const sums = await client.query('select * from money_sum where brand_id = $1 order by currency', [brandId]);
  const supplies = await client.query(
    `select source || ' ' || currency as key, prepaid from money_supply where brand_id = $1 and prepaid <> 0`,
    [brandId],
  );
  return {
    byCurrency: new Map(
      sums.rows.map((row) => [
        row.currency,
        Object.fromEntries(FIGURES.map((figure) => [figure, row[figure]])) as Figures,
      ]),
    ),
    bySupply: new Map(supplies.rows.map((row) => [row.key, row.prepaid])),
  };
}

const LIST = FIGURES.join(', ');
const each = (of: (figure: string) => string) => FIGURES.map(of).join(', ');

/** Writes what orders come to, and moves the sums by the difference. Under the lock of `takeTouched`. */
export async function saveBalances(
  client: pg.PoolClient,
  brandId: number,
  balances: readonly MoneyBalance[],
): Promise<void> {
  const supplies = balances.flatMap(({ order, supplies }) =>
    [...supplies].map(([supply, amount]) => ({ order, supply, amount })),
  );
  await client.query({
    name: 'save-money',
    text: `with part as (select * from unnest($6::bigint[], $7::text[], $8::bigint[]) as n(order_id, source, amount)),
      fresh as (
        select n.*, coalesce(p.sources, '{}') as sources, coalesce(p.amounts, '{}') as source_amounts
        from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[], ${each((figure) => `$${9 + FIGURES.indexOf(figure as never)}::bigint[]`)})
          as n(order_id, currency, last_at, again_at, ${LIST})
        left join (select order_id, array_agg(source) as sources, array_agg(amount) as amounts from part group by order_id) p
          using (order_id)),
      before as (
        select b.* from money_balance b where b.brand_id = $1 and b.order_id = any($2::bigint[])),
      written as (
        insert into money_balance (brand_id, order_id, currency, ${LIST}, sources, source_amounts, last_at, again_at)
        select $1, order_id, currency, ${LIST}, sources, source_amounts, last_at, again_at from fresh
        on conflict (brand_id, order_id) do update set currency = excluded.currency,
          ${each((figure) => `${figure} = excluded.${figure}`)}, sources = excluded.sources,
          source_amounts = excluded.source_amounts, last_at = excluded.last_at, again_at = excluded.again_at),
      summed as (
        insert into money_sum (brand_id, currency, ${LIST})
        select $1, currency, ${each((figure) => `sum(${figure})`)} from (
          select currency, ${LIST} from fresh
          union all select currency, ${each((figure) => `-${figure}`)} from before) moved
        group by currency
        on conflict (brand_id, currency) do update set ${each((figure) => `${figure} = money_sum.${figure} + excluded.${figure}`)})
      insert into money_supply (brand_id, source, currency, prepaid)
      select $1, source, currency, sum(amount) from (
        select u.source, currency, u.amount from fresh, unnest(sources, source_amounts) as u(source, amount)
        union all select u.source, currency, -u.amount from before, unnest(sources, source_amounts) as u(source, amount)) moved
      group by source, currency having sum(amount) <> 0
      on conflict (brand_id, source, currency) do update set prepaid = money_supply.prepaid + excluded.prepaid`,
    values: [
      brandId,
      bigints(balances, (one) => one.order),
      texts(balances, (one) => one.currency),
      timestamps(balances, (one) => one.lastAt),
      timestamps(balances, (one) => one.againAt),
      bigints(supplies, (one) => one.order),
      texts(supplies, (one) => one.supply),
      bigints(supplies, (one) => one.amount),
      ...FIGURES.map((figure) => bigints(balances, (one) => one[figure])),
    ],
  });
}

export interface RefundRow {
  readonly order: string;
  readonly amount: number;
  readonly currency: string;
  readonly due_on: string;
  readonly basis: string;
}
/** Money that is owed back and was not sent yet, the first due first. */
export async function readRefundsOwed(client: pg.PoolClient, brandId: number): Promise<RefundRow[]> {
  const { rows } = await client.query(
    `select c.code || ':' || o.ref as "order", r.amount, r.currency, r.due_on, r.basis from refund_due r
     join customer_order o on o.brand_id = r.brand_id and o.order_id = r.order_id
     join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
     where r.brand_id = $1 and r.done_at is null and r.kind <> 'statement' order by r.due_on, r.event_id limit 1000`,
    [brandId],
  );
  return rows;
}
