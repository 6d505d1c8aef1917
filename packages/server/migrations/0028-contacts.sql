-- Append-only: what a helpdesk tells of customers who wrote or called, so that the book can say how many times a wait makes them.
-- Whom it was is known by the order alone.
create table contact (
  brand_id int not null,
  source text not null,
  ref text not null,                     -- the helpdesk's own name for it
  order_id bigint,                       -- null: no order of it was found
  happened_at timestamptz not null,
  topic text,
  recorded_at timestamptz not null,
  primary key (brand_id, source, ref)
);
create index contact_of on contact (brand_id, order_id) where order_id is not null;
alter table contact enable row level security;
alter table contact force row level security;
create policy brand on contact using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert on contact to kept_app;

-- What moved the book on some days is listed by day. Rows lie in the order of time: a range of pages for each day is all it takes,
-- costs next to nothing to write, and is of no use to who looks a line up by its key (migration 0023).
create index book_entry_moved on book_entry using brin (day) with (autosummarize = on);
