-- What each item's days say of its demand, gathered anew for each run of forecasts: days (since 1970-01-01) and units side by side,
-- days without units left out. In arrays, since a brand has millions of such days and nobody asks for one.
create table demand_history (
  brand_id int not null,
  item_id int not null,
  channel_id int not null,
  days int[] not null,
  units int[] not null,
  largest int[] not null,                -- the largest line of the day
  primary key (brand_id, item_id, channel_id)
);
-- What changed an item's standing, by day: units to and from the shelf but for shipments, more or less supply that may be promised
-- from, and what was asked for and could not be had.
create table standing_history (
  brand_id int not null,
  item_id int not null,
  days int[] not null,
  stock int[] not null,
  supply int[] not null,
  unmet int[] not null,
  primary key (brand_id, item_id)
);

-- A run makes the forecasts of all items, in parts that any number of processes share: a part is claimed until a time by the
-- database's clock, and somebody else's after that. Part 0 gathers the history.
create table forecast_run (
  brand_id int not null,
  made_on date not null,
  started_at timestamptz not null,
  horizon_weeks int not null,
  items int not null default 0,
  weekdays real[],
  level_spread real,                     -- how far levels move, learnt from all items
  primary key (brand_id, made_on)
);
create table forecast_part (
  brand_id int not null,
  made_on date not null,
  part int not null,
  items int[] not null,
  attempts int not null default 0,
  claimed_until timestamptz,
  done_at timestamptz,
  trouble text,
  primary key (brand_id, made_on, part)
);
create index forecast_part_open on forecast_part (brand_id, made_on, part) where done_at is null and attempts < 3;

-- Every forecast that was made, so that it can be scored by what came. The week of mean[1] begins on made_on.
create table item_forecast (
  brand_id int not null,
  item_id int not null,
  made_on date not null,
  mean real[] not null,
  deviation real not null,
  alike real not null,
  weekdays real[] not null,
  basis text not null,                   -- JSON: what it was made from
  primary key (brand_id, item_id, made_on)
);

-- A planner's own figure, kept beside the forecast with its reason. One that is ended is no longer used, and still scored.
create table forecast_override (
  brand_id int not null,
  item_id int not null,
  number int not null,
  from_on date not null,
  until_on date not null,
  weekly real check (weekly >= 0),
  factor real check (factor >= 0),
  reason text not null,
  actor text not null,
  made_at timestamptz not null,
  made_on date not null,
  ended_at timestamptz,
  check (until_on >= from_on and (weekly is null) <> (factor is null)),
  primary key (brand_id, item_id, number)
);

-- How an item's reordering stood when it was last looked at, and since when it has been due: the evidence when an MOQ bites.
create table reorder_state (
  brand_id int not null,
  item_id int not null,
  looked_on date not null,
  position int not null,
  reorder_point int not null,
  order_up_to int not null,
  wanted int not null,
  quantity int not null,
  due_since date,
  primary key (brand_id, item_id)
);

-- Items that a launch is thought to sell like.
create table look_alike (
  brand_id int not null,
  item_id int not null,
  like_item_id int not null,
  primary key (brand_id, item_id, like_item_id)
);

do $$
declare name text;
begin
  foreach name in array array['demand_history', 'standing_history', 'forecast_run', 'forecast_part', 'item_forecast',
    'forecast_override', 'reorder_state', 'look_alike']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke delete on item_forecast, forecast_override from kept_app;
