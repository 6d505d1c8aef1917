-- What a supplier asks for a unit from so many units on, in minor units of the item's cost currency.
create table price_break (
  brand_id int not null,
  item_id int not null,
  from_quantity int not null check (from_quantity > 0),
  unit_cost bigint not null check (unit_cost >= 0),
  primary key (brand_id, item_id, from_quantity)
);
alter table price_break enable row level security;
alter table price_break force row level security;
create policy brand on price_break using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update, delete on price_break to kept_app;
