-- Customers who asked to be forgotten, and how long a brand keeps those of orders that are over.
create table privacy_request (
  brand_id int not null,
  request_id text not null,
  email text,                            -- null once it is done
  asked_by text not null,
  asked_at timestamptz not null,
  done_at timestamptz,
  orders int not null default 0,         -- erased so far
  primary key (brand_id, request_id)
);
create table privacy_settings (
  brand_id int not null primary key,
  erase_after_days int check (erase_after_days >= 30)
);

do $$
declare name text;
begin
  foreach name in array array['privacy_request', 'privacy_settings'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;

-- Takes out of orders who their customers were, and leaves what was ordered, promised and paid. With the rights of the tables'
-- owner, since some of them are only ever added to; for the brand of the transaction alone, whoever calls. Customers stay apart
-- from each other: the book counts them.
create function erase_customers(p_orders bigint[]) returns void language plpgsql security definer
set search_path = public, pg_temp as $$
declare
  p_brand int := nullif(current_setting('app.brand', true), '')::int;
  salt text := gen_random_uuid()::text;
begin
  -- What is not added up yet bears the names from before: added up under others, it would leave both wrong.
  perform pg_advisory_xact_lock(hashtext('book'), p_brand);
  while fold_book(p_brand, 1000) > 0 loop end loop;
  create temporary table erased on commit drop as
    select order_id, lower(customer_email) as email,
      coalesce(lower(customer_email), 'name: ' || lower(customer_name)) as customer,
      'erased ' || md5(salt || coalesce(lower(customer_email), 'name: ' || lower(customer_name))) as alias
    from customer_order where brand_id = p_brand and order_id = any (p_orders);
  update customer_order o set customer_name = e.alias, customer_email = null, customer_phone = null, region = null, zip = null,
    locale = null from erased e where o.brand_id = p_brand and o.order_id = e.order_id;
  update message m set recipient = null, subject = null, body_text = null, body_html = null, trouble = null
    from erased e where m.brand_id = p_brand and m.order_id = e.order_id;
  update notice n set recipient = e.alias, subject = null, body_text = null, body_html = null, trouble = null, facts = '{}'
    from erased e where n.brand_id = p_brand and n.order_id = e.order_id and n.state not in ('waiting', 'sending');
  -- Answers that are kept to be given again: they begin with the order's id.
  update inbox i set answer = regexp_replace(regexp_replace(i.answer,
      '"(email|phone|zip|region|locale)":"(\\.|[^"\\])*"', '"\1":""', 'g'),
      '"customer":\{"name":"(\\.|[^"\\])*"', '"customer":{"name":"erased"', 'g')
    from erased e where i.brand_id = p_brand and substring(i.answer from '^\{"id":"?([0-9]+)') = e.order_id::text;
  -- Under whatever name the book counts them: it may be one that they were reached by before.
  create temporary table counted on commit drop as
    select distinct b.customer from book_entry b join erased e on b.order_id = e.order_id where b.brand_id = p_brand;
  -- As it would be told of the order from now on.
  update book_entry b set customer = 'name: ' || e.alias from erased e where b.brand_id = p_brand and b.order_id = e.order_id;
  update limited_purchase l set customer = e.alias from erased e where l.brand_id = p_brand and l.order_id = e.order_id;
  delete from book_member m using counted c
    where m.brand_id = p_brand and m.kind = 'c' and m.key = c.customer and m.lines = 0;
  drop table erased, counted;
end $$;
revoke execute on function erase_customers(bigint[]) from public;
grant execute on function erase_customers(bigint[]) to kept_app;
