import type pg from 'pg';

/** A stretch of time, ISO 8601: from the first instant on, before the second. */
export interface Stretch {
  readonly from: string;
  readonly until: string;
}

/** Orders to which a delay notice went out, by what their customers said last after it. */
export async function countAnswers(
  client: pg.PoolClient,
  brandId: number,
  { from, until }: Stretch,
): Promise<{ answer: string; orders: number }[]> {
  const { rows } = await client.query(
    `with asked as (
       select order_id, min(sent_at) as at from message
       where brand_id = $1 and sent_at >= $2 and sent_at < $3 and state = 'sent'
         and kind in ('delay_notice', 'renewed_delay_notice')
       group by order_id
     )
     select coalesce(last.kind, law.kind, 'silent') as answer, count(*)::int as orders from asked a
     left join lateral (select kind from customer_choice c
       where c.brand_id = $1 and c.order_id = a.order_id and c.happened_at >= a.at
       order by c.happened_at desc, c.event_id desc limit 1) last on true
     left join lateral (select 'law' as kind from cancellation x
       where x.brand_id = $1 and x.order_id = a.order_id and x.happened_at >= a.at and x.by = 'law' limit 1) law on true
     group by 1`,
    [brandId, from, until],
  );
  return rows;
}

export interface NoticeTime {
  country: string;
  region: string | null;
  legal_by: string;
  sent_at: string | null;
}

/** Notices that a law or a contract wanted by a day: those that went out in the stretch, or whose day lies in it. */
export async function readNoticeTimes(
  client: pg.PoolClient,
  brandId: number,
  { from, until }: Stretch,
): Promise<NoticeTime[]> {
  const { rows } = await client.query(
    `select o.country, o.region, m.legal_by, case when m.state = 'sent' then m.sent_at end as sent_at
     from message m join customer_order o on o.brand_id = m.brand_id and o.order_id = m.order_id
     where m.brand_id = $1 and m.kind in ('delay_notice', 'renewed_delay_notice') and m.legal_by is not null
       and m.state not in ('superseded', 'channel')
       and ((m.sent_at >= $2 and m.sent_at < $3) or (m.sent_at is null and m.legal_by >= $2::date and m.legal_by < $3::date))`,
    [brandId, from, until],
  );
  return rows;
}

export interface Told {
  messages: number;
  orders: number;
  bounced: number;
  complained: number;
  /** Hours from when a promise moved until its notice was out: half of them, and nine in ten, were quicker. */
  hours_half: number | null;
  hours_most: number | null;
}

export async function countTold(
  client: pg.PoolClient,
  brandId: number,
  { from, until }: Stretch,
): Promise<Told> {
  const { rows } = await client.query(
    `with told as (
       select m.message_id, m.order_id, m.kind, m.sent_at, m.lines from message m
       where m.brand_id = $1 and m.sent_at >= $2 and m.sent_at < $3 and m.state in ('sent', 'bounced')
     ), slow as (
       select extract(epoch from t.sent_at - max(p.made_at)) / 3600 as hours from told t
       cross join lateral json_array_elements(t.lines::json) n
       join promise p on p.brand_id = $1 and p.order_id = t.order_id and p.line = (n->>'line')::int
         and p.version = (n->>'version')::int
       where t.kind in ('delay_notice', 'renewed_delay_notice') group by t.message_id, t.sent_at
     )
     select count(*)::int as messages, count(distinct order_id)::int as orders,
       (select count(distinct r.message_id)::int from message_report r join told t using (message_id)
        where r.brand_id = $1 and r.kind = 'bounced') as bounced,
       (select count(distinct r.message_id)::int from message_report r join told t using (message_id)
        where r.brand_id = $1 and r.kind = 'complained') as complained,
       (select (percentile_cont(0.5) within group (order by hours))::float8 from slow) as hours_half,
       (select (percentile_cont(0.9) within group (order by hours))::float8 from slow) as hours_most
     from told`,
    [brandId, from, until],
  );
  return rows[0];
}

/** Orders on Amazon's marketplaces: those that left, and late; those that were placed, and that the seller ended. */
export async function countAmazon(
  client: pg.PoolClient,
  brandId: number,
  { from, until }: Stretch,
): Promise<{ shipped: number; late: number; placed: number; cancelled: number }> {
  const { rows } = await client.query(
    `with ours as (
       select o.order_id, o.placed_at from customer_order o join channel c using (brand_id, channel_id)
       where o.brand_id = $1 and c.kind ilike '%amazon%'
     ), gone as (
       select s.order_id, bool_or(s.shipped_at::date > p.ship_by) as late from shipment s join ours using (order_id)
       join promise p on p.brand_id = $1 and p.order_id = s.order_id and p.line = s.line and p.version = 1
       where s.brand_id = $1 and s.shipped_at >= $2 and s.shipped_at < $3 group by s.order_id
     )
     select (select count(*)::int from gone) as shipped, (select count(*)::int from gone where late) as late,
       (select count(*)::int from ours where placed_at >= $2 and placed_at < $3) as placed,
       (select count(distinct x.order_id)::int from cancellation x join ours u using (order_id)
        where x.brand_id = $1 and x.by in ('brand', 'law') and u.placed_at >= $2 and u.placed_at < $3) as cancelled`,
    [brandId, from, until],
  );
  return rows[0];
}

/** What customers said when they cancelled, most often first. Null: no reason. */
export async function countReasons(
  client: pg.PoolClient,
  brandId: number,
  { from, until }: Stretch,
  limit: number,
): Promise<{ reason: string | null; orders: number }[]> {
  const { rows } = await client.query(
    `select nullif(lower(btrim(reason)), '') as reason, count(distinct order_id)::int as orders from customer_choice
     where brand_id = $1 and kind = 'cancel' and happened_at >= $2 and happened_at < $3
     group by 1 order by 2 desc, 1 nulls last limit $4`,
    [brandId, from, until, limit],
  );
  return rows;
}
