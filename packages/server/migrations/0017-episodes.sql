-- Why items run out. An episode is opened and closed by the transaction that begins and ends an item's queue.

-- When the line last stopped waiting: all its open units were reserved, shipped or cancelled. Null: it waits, or never did.
alter table order_line add column waited_until timestamptz;
create index order_line_waited on order_line (brand_id, item_id, waiting_since) where waiting_since is not null;

create table episode (
  brand_id int not null,
  item_id int not null,
  -- The stock it is about: locations that share channels, called by the lowest of them.
  pool int not null,
  number int not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- What was found when its records were last read, as JSON; null: not read yet.
  looked_at timestamptz,
  found text,
  cause text,
  primary key (brand_id, item_id, pool, number)
);
create unique index episode_open on episode (brand_id, item_id, pool) where closed_at is null;
create index episode_by_time on episode (brand_id, opened_at, item_id, pool, number);
create index episode_to_look on episode (brand_id) where closed_at is null or looked_at is null or looked_at <= closed_at;

-- A backorder keeps the causes that were in force when it began: JSON, [[cause, weight], …].
create table backorder_cause (
  brand_id int not null,
  item_id int not null,
  pool int not null,
  number int not null,
  order_id bigint not null,
  line int not null,
  began_at timestamptz not null,
  units int not null,
  causes text not null,
  primary key (brand_id, item_id, pool, number, order_id, line)
);
create index backorder_cause_of on backorder_cause (brand_id, order_id, line);

-- Append-only: what a person says the causes are; the newest counts. No causes: what was found counts again.
create table episode_tag (
  brand_id int not null,
  item_id int not null,
  pool int not null,
  number int not null,
  version int not null,
  causes text,
  note text,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, item_id, pool, number, version)
);

-- The day on which an item's position fell to its reorder point, and what was needed then (RULES 28).
create table reorder_crossing (
  brand_id int not null,
  item_id int not null,
  crossed_on date not null,
  needed int not null,
  moq int not null,
  lead_time_days int not null,
  recovered_on date,
  primary key (brand_id, item_id, crossed_on)
);
create unique index reorder_crossing_open on reorder_crossing (brand_id, item_id) where recovered_on is null;

-- The day on which crossings were last looked for.
create table crossing_look (
  brand_id int not null,
  looked_on date not null,
  primary key (brand_id)
);

-- Append-only: what a channel was told it may sell of an item, and from when it said so (RULES 28).
create table channel_offer (
  brand_id int not null,
  item_id int not null,
  channel_id int not null,
  offered_at timestamptz not null,
  quantity int not null check (quantity >= 0),
  primary key (brand_id, item_id, channel_id, offered_at)
);

do $$
declare name text;
begin
  foreach name in array array['episode', 'backorder_cause', 'episode_tag', 'reorder_crossing', 'crossing_look', 'channel_offer'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on episode_tag, channel_offer from kept_app;
revoke delete on episode, backorder_cause from kept_app;
