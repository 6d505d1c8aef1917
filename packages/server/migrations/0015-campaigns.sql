-- The promotion calendar: when which items are promoted, what is expected of it, and the day planning was told.
create table campaign (
  brand_id int not null,
  ref text not null,
  title text not null,
  from_on date not null,
  until_on date not null,
  told_on date not null,
  skus text[],                           -- null: every item
  channels text[],                       -- null: every channel
  lift real check (lift > 0),            -- expected demand as a multiple of the usual one; null: not told
  ended boolean not null default false,  -- called off
  primary key (brand_id, ref),
  check (until_on >= from_on)
);
alter table campaign enable row level security;
alter table campaign force row level security;
create policy brand on campaign using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update on campaign to kept_app;
