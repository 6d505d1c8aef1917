-- What a brand has learnt of its slips, as JSON that the engine reads; null: too few receipts yet. Read with the settings.
create table slip_learning (
  brand_id int not null,
  learnt_on date not null,
  receipts int not null,
  learnt text,
  primary key (brand_id)
);
alter table slip_learning enable row level security;
alter table slip_learning force row level security;
create policy brand on slip_learning using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update on slip_learning to kept_app;

create index supply_receipt_by_time on supply_receipt (brand_id, happened_at);
