-- Which lines of items with a limit per customer are whose: what a customer has is counted from the lines themselves, so that
-- cancelled units may be bought again. Only such items have rows here.
create table limited_purchase (
  brand_id int not null,
  item_id int not null,
  customer text not null,
  order_id bigint not null,
  line int not null,
  primary key (brand_id, item_id, customer, order_id, line)
);
alter table limited_purchase enable row level security;
alter table limited_purchase force row level security;
create policy brand on limited_purchase
  using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update, delete on limited_purchase to kept_app;
