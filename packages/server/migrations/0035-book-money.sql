-- What each order's money comes to, and the sums of it: kept behind the facts, as the book's own sums are, so that deferred revenue
-- needs no walk through every order there ever was (ADR 0096).

-- Orders whose money may come to something else than was last reckoned. One row per fact, so that nobody waits for anybody.
create table money_touched (
  brand_id int not null,
  number bigint generated always as identity,
  order_id bigint not null,
  primary key (brand_id, number)
);

-- An order's own part of every figure, minor units of its currency; `base` is in the brand's, at historical rates.
create table money_balance (
  brand_id int not null,
  order_id bigint not null,
  currency text not null,
  captured bigint not null,
  refunded bigint not null,
  recognised bigint not null,
  deferred bigint not null,
  receivable bigint not null,
  tax bigint not null,
  base bigint not null,
  unrated bigint not null,                -- 1: an event of it had no rate
  book bigint not null,
  prepaid bigint not null,
  reserved bigint not null,
  sources text[] not null,                -- what its prepaid units wait for: 'item:supply', '' for nothing
  source_amounts bigint[] not null,
  last_at timestamptz,                    -- its newest event that counts
  again_at timestamptz,                   -- its first event that lies ahead
  primary key (brand_id, order_id)
);
create index money_balance_last on money_balance (brand_id, last_at) where last_at is not null;
create index money_balance_again on money_balance (brand_id, again_at) where again_at is not null;

create table money_sum (
  brand_id int not null,
  currency text not null,
  captured bigint not null,
  refunded bigint not null,
  recognised bigint not null,
  deferred bigint not null,
  receivable bigint not null,
  tax bigint not null,
  base bigint not null,
  unrated bigint not null,
  book bigint not null,
  prepaid bigint not null,
  reserved bigint not null,
  primary key (brand_id, currency)
);
create table money_supply (
  brand_id int not null,
  source text not null,
  currency text not null,
  prepaid bigint not null,
  primary key (brand_id, source, currency)
);

do $$
declare name text;
begin
  foreach name in array array['money_touched', 'money_balance', 'money_sum', 'money_supply']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;

create function note_money() returns trigger language plpgsql as $$
begin
  insert into money_touched (brand_id, order_id) values (new.brand_id, new.order_id);
  return null;
end $$;
create trigger money after insert on payment for each row when (new.kind in ('captured', 'refunded')) execute function note_money();
create trigger money after insert on shipment for each row execute function note_money();
create trigger delivered after update of delivered_on on shipment for each row
  when (old.delivered_on is distinct from new.delivered_on) execute function note_money();
create trigger money after update on order_line for each row
  when ((old.ordered, old.cancelled, old.price, old.discount, old.tax)
    is distinct from (new.ordered, new.cancelled, new.price, new.discount, new.tax)) execute function note_money();
create trigger money after update on customer_order for each row
  when ((old.content, old.shipping, old.shipping_tax) is distinct from (new.content, new.shipping, new.shipping_tax))
  execute function note_money();

/** What the book takes up: how an order's money is shared out goes by what its lines wait for. */
create function note_book_money() returns trigger language plpgsql as $$
begin
  insert into money_touched (brand_id, order_id) select distinct new.brand_id, o from unnest(new.orders) o;
  return null;
end $$;
create trigger money after insert on book_pending for each row execute function note_book_money();

/** Another rate, day or rule: all of a currency, or all there are, are reckoned anew. */
create function note_all_money() returns trigger language plpgsql as $$
begin
  insert into money_touched (brand_id, order_id)
  select b.brand_id, b.order_id from money_balance b
  where b.brand_id = new.brand_id and (tg_argv[0] = 'all' or b.currency = (to_jsonb(new) ->> 'currency'));
  return null;
end $$;
create trigger money after insert on exchange_rate for each row execute function note_all_money('currency');
create trigger money after insert or update of recognition on book_settings for each row execute function note_all_money('all');
create trigger money after update of time_zone, currency on brand for each row
  when ((old.time_zone, old.currency) is distinct from (new.time_zone, new.currency)) execute function note_all_money('all');

do $$
declare one record;
begin
  for one in select brand_id from brand loop
    perform set_config('app.brand', one.brand_id::text, true);
    insert into money_touched (brand_id, order_id)
    select one.brand_id, order_id from (
      select order_id from payment where brand_id = one.brand_id and kind in ('captured', 'refunded')
      union select order_id from shipment where brand_id = one.brand_id
      union select order_id from book_entry where brand_id = one.brand_id and until_at is null) o;
  end loop;
  perform set_config('app.brand', '', true);
end $$;
