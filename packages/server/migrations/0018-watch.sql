-- A fact that was signalled and is over. One that a person has settled is not signalled again until it was gone.
alter table signal add column gone_at timestamptz;
create index signal_there on signal (brand_id, kind, subject) where gone_at is null;

-- When a brand was last looked over for what its buyers must see.
create table watch_look (
  brand_id int not null,
  looked_at timestamptz not null,
  event_id bigint not null,
  projected_on date,
  primary key (brand_id)
);

-- Append-only: who is told of signals, and how. JSON; the newest counts.
create table signal_settings (
  brand_id int not null,
  version int not null,
  settings text not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, version)
);

-- What is on its way to buyers: a signal to a webhook, or a day's digest to an address. Once per cause.
create table signal_delivery (
  brand_id int not null,
  cause text not null,
  target text not null,
  payload text not null,
  attempts int not null default 0,
  try_at timestamptz not null,
  -- By the database's own clock: what a process that died was sending is others' when this is over.
  claimed_until timestamptz,
  done_at timestamptz,
  trouble text,
  primary key (brand_id, cause, target)
);
create index signal_delivery_open on signal_delivery (brand_id, try_at) where done_at is null and attempts < 8;

do $$
declare name text;
begin
  foreach name in array array['watch_look', 'signal_settings', 'signal_delivery'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on signal_settings from kept_app;
