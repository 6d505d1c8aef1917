-- What was stated of the money when a line was ordered, where that was not "all of it at order": later policies are others'.
-- Append-only. `terms` is JSON; amounts are those of the whole line, tax in and discount off, null where nobody knows any more.
create table line_charge (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  terms text not null,
  due_now bigint,
  authorised bigint,
  at_shipment bigint,
  invoiced bigint,
  primary key (brand_id, order_id, line)
);
-- Lines that were ordered before this was kept have the terms of today.
insert into line_charge (brand_id, order_id, line, terms)
select l.brand_id, l.order_id, l.line, t.terms::text
from order_line l
join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
join policy p on p.brand_id = i.brand_id and p.name = i.policy
cross join lateral (select coalesce(p.settings::json -> 'charge' -> 'channels' -> c.code, p.settings::json -> 'charge' -> 'terms') as terms) t
where t.terms is not null and t.terms ->> 'kind' <> 'at_order';

-- Who moves money and sends notices begins with what happens from now on: what is in the log already was seen to elsewhere.
insert into event_reader (brand_id, reader, transaction)
select b.brand_id, r.reader, pg_current_xact_id() from brand b cross join (values ('payments'), ('notices')) as r(reader);

-- Orders of which money is to be taken or given back, found in the event log; gone once that is done, or a person has to.
create table money_due (
  brand_id int not null,
  order_id bigint not null,
  what text not null check (what in ('collect', 'refund')),
  try_at timestamptz not null,
  attempts int not null default 0,
  primary key (brand_id, order_id, what)
);
create index money_due_next on money_due (brand_id, try_at);

-- What was asked of a payment provider, written before it is asked: after a crash the same is asked again, and taken once.
create table collection (
  brand_id int not null,
  order_id bigint not null,
  number int not null,
  -- The payment that it is taken from, and how: off what it set aside, or by the card that it left.
  payment_id text not null,
  how text not null check (how in ('capture', 'charge')),
  amount bigint not null check (amount > 0),
  currency text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('asked', 'taken', 'refused')),
  reason text,
  primary key (brand_id, order_id, number)
);

-- Demand that was not served: refused units and requests to be told, apart from orders. One row per request and line.
create table unmet_demand (
  brand_id int not null,
  kind text not null check (kind in ('refused', 'back_in_stock')),
  ref text not null,
  line text not null,
  item_id int not null,
  channel_id int not null,
  asked int not null,
  units int not null check (units > 0),
  at timestamptz not null,
  primary key (brand_id, kind, channel_id, ref, line)
);
create index unmet_demand_of on unmet_demand (brand_id, item_id, at);
create index unmet_demand_at on unmet_demand (brand_id, at);

-- What a line is to be made with: names of its item's terms.
create table line_option (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  options text[] not null,
  primary key (brand_id, order_id, line)
);
-- Work that an order has started, as its maker is asked for it. The supply says how far it is.
create table production_request (
  brand_id int not null,
  ref text not null,
  item_id int not null,
  order_id bigint not null,
  line int not null,
  quantity int not null,
  options text[] not null,
  requested_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text,
  maker_ref text,
  primary key (brand_id, ref)
);
create index production_request_at on production_request (brand_id, requested_at);

-- A message to somebody who has no order yet, or about more than one: out of one event, once.
create table notice (
  brand_id int not null,
  notice_id bigint not null,
  event_id bigint not null,
  kind text not null,
  recipient text not null,
  locale text,
  order_id bigint,
  sku text,
  -- JSON: what is told.
  facts text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed', 'skipped', 'shadowed')),
  written_at timestamptz not null,
  try_at timestamptz not null,
  attempts int not null default 0,
  claimed_until timestamptz,
  trouble text,
  sent_at timestamptz,
  sent_by text,
  subject text,
  body_text text,
  body_html text,
  primary key (brand_id, notice_id),
  unique (brand_id, event_id, kind, recipient)
);
create index notice_to_send on notice (brand_id, try_at) where state in ('waiting', 'sending');

-- When the mail that asks for a confirmation was last called for: asking again and again sends no mail again and again.
alter table back_in_stock add column mailed_at timestamptz;

do $$
declare name text;
begin
  foreach name in array array['line_charge', 'money_due', 'collection', 'unmet_demand', 'line_option', 'production_request', 'notice']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on line_charge, line_option from kept_app;
revoke delete on collection, production_request, notice from kept_app;
