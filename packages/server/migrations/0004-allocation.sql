-- Who gets the units: places given by hand, locks, what is released to pick, and re-allocations that somebody approved.

alter table order_line add column locked boolean not null default false;
-- Its rank was given by hand.
alter table order_line add column moved boolean not null default false;
-- Units that have been released to pick, counted as `shipped` is: what is beyond it is being picked.
alter table order_line add column released int not null default 0 check (released >= 0);

-- Append-only: a line was locked or let go, by whom and why.
create table line_lock (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  event_id bigint not null,
  locked boolean not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, order_id, line, event_id)
);

-- A place in the queue given by hand. The ranks are JSON: [[order, line, before, after, addedBefore, addedAfter], …], since a line
-- may need others to stand closer together to find room.
create table queue_move (
  brand_id int not null,
  move_id bigint not null,
  order_id bigint not null,
  line int not null,
  ranks text not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  event_id bigint not null,
  undone_by text,
  undone_at timestamptz,
  undone_reason text,
  primary key (brand_id, move_id)
);
create index queue_move_of on queue_move (brand_id, order_id, line) where undone_at is null;

-- A re-allocation as it was previewed. It is approved as it is, while its item stands as the digest says, or not at all.
create table reallocation (
  brand_id int not null,
  reallocation_id bigint not null,
  item_id int not null,
  terms text not null,
  proposal text not null,
  digest text not null,
  reason text not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, reallocation_id)
);
create table reallocation_approval (
  brand_id int not null,
  reallocation_id bigint not null,
  event_id bigint not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, reallocation_id)
);

-- Append-only: what was released to pick, where from, by whom.
create table release_line (
  brand_id int not null,
  event_id bigint not null,
  number int not null,
  order_id bigint not null,
  line int not null,
  item_id int not null,
  location_id int not null,
  quantity int not null check (quantity > 0),
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, event_id, number)
);
create index release_line_of on release_line (brand_id, order_id, line);
create index order_line_released on order_line (brand_id, order_id) where released > shipped;

do $$
declare name text;
begin
  foreach name in array array['line_lock', 'queue_move', 'reallocation', 'reallocation_approval', 'release_line']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert on %I to kept_app', name);
  end loop;
end $$;
-- A move is taken back, never rewritten.
grant update (undone_by, undone_at, undone_reason) on queue_move to kept_app;
