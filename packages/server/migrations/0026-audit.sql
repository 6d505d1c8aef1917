-- Who looked at what, and who changed settings, people and keys. Facts themselves stand in event, with their actor.
create table access (
  brand_id int not null,
  access_id bigint not null,
  at timestamptz not null,
  actor text not null,
  kind text not null check (kind in ('read', 'change', 'sign_in')),
  route text not null,
  about text not null,                   -- JSON: what the address named
  status int not null,
  address text,                          -- of whoever signs in, or tries
  transaction xid8 not null default pg_current_xact_id(),
  primary key (brand_id, access_id)
);
create index access_settled on access (brand_id, transaction, access_id);
-- They grow at the end: a summary of each range of blocks is enough to find a time, and costs an order nothing.
create index access_at on access using brin (at);
create index event_at on event using brin (at);

-- The chain: each seal is over the rows it names and over the seal before, so that a row or seal that is gone or changed shows.
create table audit_seal (
  brand_id int not null,
  number bigint not null,
  events bigint[] not null,
  accesses bigint[] not null,
  previous text not null,
  hash text not null,
  at timestamptz not null,
  primary key (brand_id, number)
);

do $$
declare name text;
begin
  foreach name in array array['access', 'audit_seal'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert on %I to kept_app', name);
  end loop;
end $$;
