-- What was asked of a payment provider to be given back, written before it is asked: after a crash the same is asked again, by
-- the same key and of the same amount, whatever was cancelled meanwhile.
create table refund_asked (
  brand_id int not null,
  order_id bigint not null,
  number int not null,
  -- The payment that it goes back to.
  payment_id text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('asked', 'given', 'refused')),
  reason text,
  primary key (brand_id, order_id, number)
);
alter table refund_asked enable row level security;
alter table refund_asked force row level security;
create policy brand on refund_asked
  using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
  with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
grant select, insert, update on refund_asked to kept_app;
