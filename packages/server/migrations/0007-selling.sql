-- The order that used a hold up; null where it was over, or given back.
alter table hold add column used_by bigint;

-- What a person must see and decide about. One that is open is there once per subject, however often it is found.
create table signal (
  brand_id int not null,
  signal_id text not null,
  kind text not null,
  subject text not null,
  sku text,
  order_id bigint,
  at timestamptz not null,
  data text not null,
  settled_at timestamptz,
  settled_by text,
  choice text,
  primary key (brand_id, signal_id)
);
create unique index signal_open on signal (brand_id, kind, subject) where settled_at is null;

-- Orders before the supplier's: a goal until a day. The supply stands for what is ordered if the goal is met.
create table validation (
  brand_id int not null,
  item_id int not null,
  number int not null,
  goal int not null check (goal > 0),
  most int not null check (most >= goal),
  until_on date not null,
  supplier text not null,
  location_id int not null,
  supply_ref text not null,
  state text not null check (state in ('open', 'met', 'missed', 'ordered')),
  units int not null default 0,
  purchase_order text,
  decided_at timestamptz,
  primary key (brand_id, item_id, number)
);

create table limited_release (
  brand_id int not null,
  ref text not null,
  item_id int not null,
  channel_id int not null,
  units int not null check (units > 0),
  each int not null check (each > 0),
  method text not null check (method in ('first_come', 'draw')),
  closes_at timestamptz not null,
  offer_minutes int not null check (offer_minutes > 0),
  -- The digest is told from the first day; the seed only once it has been used.
  seed text not null,
  seed_digest text not null,
  beacon text,
  entries_digest text,
  state text not null check (state in ('joining', 'offering', 'done')),
  primary key (brand_id, ref)
);
create table limited_release_entry (
  brand_id int not null,
  ref text not null,
  entry_id text not null,
  number int not null,
  email text not null,
  locale text,
  joined_at timestamptz not null,
  rank int,
  state text not null check (state in ('waiting', 'offered', 'taken', 'passed')),
  hold_id text,
  offered_at timestamptz,
  expires_at timestamptz,
  primary key (brand_id, ref, entry_id),
  unique (brand_id, ref, email),
  unique (brand_id, ref, number)
);

-- "Tell me when it is back." Confirmed by the mail's owner, told in the order of asking.
create table back_in_stock (
  brand_id int not null,
  subscription_id text not null,
  item_id int not null,
  channel_id int not null,
  email text not null,
  quantity int not null check (quantity > 0),
  locale text,
  token_digest text not null,
  asked_at timestamptz not null,
  confirmed_at timestamptz,
  told_at timestamptz,
  primary key (brand_id, subscription_id)
);
create unique index back_in_stock_waiting on back_in_stock (brand_id, item_id, channel_id, email) where told_at is null;
create index back_in_stock_to_tell on back_in_stock (brand_id, confirmed_at) where told_at is null;

do $$
declare name text;
begin
  foreach name in array array['signal', 'validation', 'limited_release', 'limited_release_entry', 'back_in_stock'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
