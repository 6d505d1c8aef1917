-- Every table: brand_id leads the primary key and each unique constraint, so that a brand's rows live and move together, and
-- row-level security is on from the first row. The hot tables (customer_order, order_line, commitment, promise, event) carry
-- no foreign keys: four of them cost two thirds of the order rate. Aggregates on the locked rows carry the CHECKs that guard
-- the units, and `kept doctor --full` guards the references.

do $$ begin
  if not exists (select from pg_roles where rolname = 'kept_app') then
    create role kept_app nologin nosuperuser nobypassrls;
  end if;
end $$;

create table brand (
  brand_id int primary key,
  title text not null,
  time_zone text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  country text,
  calendar text not null default '{"workdays":[1,2,3,4,5],"holidays":[]}',
  -- What every decision of the brand shares (locations, channels, policies) is read once and kept until this moves.
  settings_version int not null default 1,
  created_at timestamptz not null
);

-- Ids are given out in blocks, per brand and kind: no sequence and no lock spans brands.
create table id_block (
  brand_id int not null,
  kind text not null,
  next bigint not null default 1,
  primary key (brand_id, kind)
);

create table policy (
  brand_id int not null,
  name text not null,
  kind text not null check (kind in ('backorder', 'preorder', 'made_to_order', 'drop', 'demand_validation', 'out_of_stock')),
  settings text not null,
  primary key (brand_id, name)
);

create table location (
  brand_id int not null,
  location_id int not null,
  code text not null,
  title text not null,
  channels text[],                       -- null: every channel
  calendar text,
  cut_off text,
  time_zone text,
  country text,
  closed boolean not null default false,
  primary key (brand_id, location_id),
  unique (brand_id, code)
);

create table channel (
  brand_id int not null,
  channel_id int not null,
  code text not null,
  title text not null,
  kind text not null,
  maximum_promise_days int check (maximum_promise_days >= 0),
  messages text not null default 'email' check (messages in ('email', 'channel', 'none')),
  primary key (brand_id, channel_id),
  unique (brand_id, code)
);

create table supplier (
  brand_id int not null,
  code text not null,
  title text not null,
  status text not null default 'active' check (status in ('active', 'abandoned')),
  lead_time_days int,
  moq int,
  payment_terms text,
  calendar text,
  primary key (brand_id, code)
);

-- The lock of everything that concerns the item, and what a decision needs of it. The words are in item_detail, so that this row stays small.
create table item (
  brand_id int not null,
  item_id int not null,
  sku text not null,
  lifecycle text not null default 'active' check (lifecycle in ('upcoming', 'active', 'discontinued')),
  policy text not null default 'backorder',
  lead_time_days int check (lead_time_days >= 0),
  launch_on date,
  next_supply int not null default 1,
  backordered int not null default 0 check (backordered >= 0),
  limited boolean not null default false, -- some channel has limits: item_channel has rows
  kit boolean not null default false,
  primary key (brand_id, item_id),
  unique (brand_id, sku)
) with (fillfactor = 70);

create table item_detail (
  brand_id int not null,
  item_id int not null,
  title text not null,
  price bigint not null check (price >= 0),
  currency text not null,
  cost bigint,
  cost_currency text,
  supplier text,
  moq int,
  order_multiple int,
  alternatives text[] not null default '{}',
  uoms text not null default '{}',
  primary key (brand_id, item_id),
  foreign key (brand_id, item_id) references item
);

create table kit_component (
  brand_id int not null,
  kit_item_id int not null,
  component_item_id int not null,
  quantity int not null check (quantity > 0),
  primary key (brand_id, kit_item_id, component_item_id),
  foreign key (brand_id, kit_item_id) references item,
  foreign key (brand_id, component_item_id) references item
);
create index kit_component_of on kit_component (brand_id, component_item_id);

create table item_channel (
  brand_id int not null,
  item_id int not null,
  channel_id int not null,
  protected int,
  maximum int,
  unit text not null check (unit in ('units', 'share')),
  from_on date,
  until_on date,
  committed int not null default 0 check (committed >= 0),
  primary key (brand_id, item_id, channel_id),
  foreign key (brand_id, item_id) references item
);

-- A channel's own name for an item (RULES 3). A duplicate or blank SKU stays unmapped until a person settles it.
create table listing (
  brand_id int not null,
  channel_id int not null,
  external_id text not null,
  sku text,
  title text not null,
  item_id int,
  state text not null check (state in ('mapped', 'unmapped', 'duplicate')),
  primary key (brand_id, channel_id, external_id)
);

create table stock (
  brand_id int not null,
  item_id int not null,
  location_id int not null,
  sellable int not null default 0,
  quality_hold int not null default 0 check (quality_hold >= 0),
  returned int not null default 0 check (returned >= 0),
  damaged int not null default 0 check (damaged >= 0),
  reserved int not null default 0 check (reserved >= 0),
  held int not null default 0 check (held >= 0),
  check (reserved + held <= sellable),
  primary key (brand_id, item_id, location_id),
  foreign key (brand_id, item_id) references item,
  foreign key (brand_id, location_id) references location
) with (fillfactor = 50);

-- Append-only: stock is the sum of its movements.
create table stock_movement (
  brand_id int not null,
  movement_id bigint not null,
  item_id int not null,
  location_id int not null,
  condition text not null check (condition in ('sellable', 'quality_hold', 'returned', 'damaged')),
  delta int not null,
  reason text not null,
  event_id bigint not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (brand_id, movement_id)
);
create index stock_movement_of on stock_movement (brand_id, item_id, location_id);

create table purchase_order (
  brand_id int not null,
  ref text not null,
  supplier text not null,
  placed_on date not null,
  stage text not null,
  freight_mode text,
  currency text,
  primary key (brand_id, ref)
);

create table supply (
  brand_id int not null,
  item_id int not null,
  supply_id int not null,                -- the item's own numbering
  kind text not null check (kind in ('purchase_order', 'transfer', 'hold_release', 'production')),
  ref text not null,
  line text not null default '',         -- as JSON, so that 1 and "1" are answered as they were given
  schedule text not null default '',
  location_id int not null,
  stage text not null check (stage in ('draft', 'placed', 'confirmed', 'in_production', 'in_transit', 'arrived', 'cancelled')),
  ordered int not null check (ordered >= 0),
  open int not null check (open >= 0),
  received int not null default 0 check (received >= 0),
  pegged int not null default 0 check (pegged >= 0),
  held int not null default 0 check (held >= 0),
  expected_on date,
  planned_on date,                       -- its units leave then if it comes when expected
  promisable_on date,                    -- the day that is promised; null: backs nothing
  unit_cost bigint,
  currency text,
  check (pegged + held <= open),
  primary key (brand_id, item_id, supply_id),
  unique (brand_id, kind, ref, line, schedule),
  foreign key (brand_id, item_id) references item,
  foreign key (brand_id, location_id) references location
) with (fillfactor = 50);
create index supply_open on supply (brand_id, item_id) where open > 0;

-- Append-only: what was expected, when that was known, and why it changed.
create table supply_revision (
  brand_id int not null,
  item_id int not null,
  supply_id int not null,
  revision int not null,
  stage text not null,
  ordered int not null,
  open int not null,
  expected_on date,
  reason text not null,
  event_id bigint not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (brand_id, item_id, supply_id, revision)
);

create table supply_receipt (
  brand_id int not null,
  item_id int not null,
  supply_id int not null,
  event_id bigint not null,
  quantity int not null,
  condition text not null,
  location_id int not null,
  closed boolean not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (brand_id, item_id, supply_id, event_id)
);

create table customer_order (
  brand_id int not null,
  order_id bigint not null,
  channel_id int not null,
  ref text not null,
  mode smallint not null,                -- 0 request, 1 placed
  placed_at timestamptz not null,
  recorded_at timestamptz not null,
  source_updated_at timestamptz,
  content text not null,                 -- a digest of what was asked: tells the same order from another with its name
  customer_name text not null,
  customer_email text,
  customer_class text,
  locale text,
  country text not null,
  region text,
  zip text,
  business boolean not null default false,
  ship_complete boolean not null default false,
  allow_partial boolean not null default false,
  accept_backorder boolean not null default true,
  currency text not null,
  shipping bigint,
  shipping_tax bigint,
  payment_due_at timestamptz,
  replaces bigint,
  primary key (brand_id, order_id),
  unique (brand_id, channel_id, ref)
);
create index customer_order_unpaid on customer_order (brand_id, payment_due_at) where payment_due_at is not null;

create table order_line (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  line_ref text not null,                -- as JSON, as it was given
  item_id int not null,
  ordered int not null check (ordered >= 0),
  shipped int not null default 0 check (shipped >= 0),
  cancelled int not null default 0 check (cancelled >= 0),
  refused int not null default 0 check (refused >= 0),
  price bigint not null,
  discount bigint not null default 0,
  tax bigint not null default 0,
  kind text not null default 'sale' check (kind in ('sale', 'replacement', 'gift')),
  rank bigint not null,
  added int not null default 0 check (added >= 0),
  added_rank bigint,
  promise_version int not null default 0, -- 0: none yet
  told_version int not null default 0,    -- the latest that the customer knows
  waiting_since timestamptz,
  not_before date,
  cancel_after date,
  stated_ship_by date,
  stated_deliver_by date,
  check (shipped + cancelled <= ordered),
  primary key (brand_id, order_id, line)
) with (fillfactor = 80);
create index order_line_cancel_after on order_line (brand_id, cancel_after)
  where cancel_after is not null and shipped + cancelled < ordered;

-- A kit's line, item by item, as the kit was made up when it was ordered.
create table order_line_component (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  item_id int not null,
  per int not null check (per > 0),
  primary key (brand_id, order_id, line, item_id)
);

-- kind 0 reserved (source: location), 1 pegged (source: the item's supply), 2 waiting (source 0)
create table commitment (
  brand_id int not null,
  item_id int not null,
  kind smallint not null check (kind between 0 and 2),
  source int not null,
  rank bigint not null,
  order_id bigint not null,
  line int not null,
  quantity int not null check (quantity > 0),
  primary key (brand_id, order_id, line, item_id, kind, source)
);
-- Who stands on a source, in queue order: a freed unit finds the next line without reading the queue.
create index commitment_queue on commitment (brand_id, item_id, kind, source, rank, order_id, line);

-- Append-only. The parts are JSON: [[quantity, shipBy, deliverBy], …], earliest first; none: withdrawn.
create table promise (
  brand_id int not null,
  order_id bigint not null,
  line int not null,
  version int not null,
  quantity int not null,
  ship_by date,
  deliver_by date,
  parts text not null,
  shipped_before int not null default 0,
  change text not null,
  reasons text not null,
  event_id bigint not null,
  made_at timestamptz not null,
  primary key (brand_id, order_id, line, version)
);

create table hold (
  brand_id int not null,
  hold_id text not null,
  item_id int not null,
  channel_id int not null,
  quantity int not null,
  expires_at timestamptz not null,
  open boolean not null default true,
  commitments text not null,
  primary key (brand_id, hold_id)
);
create index hold_open on hold (brand_id, item_id) where open;
create index hold_expiring on hold (brand_id, expires_at) where open;

create table shipment (
  brand_id int not null,
  event_id bigint not null,
  number int not null,
  order_id bigint not null,
  line int not null,
  location_id int,                       -- null: from wherever the line's reservations were
  quantity int not null check (quantity > 0),
  carrier text,
  tracking text,
  shipped_at timestamptz not null,
  delivered_on date,
  primary key (brand_id, event_id, number)
);
create index shipment_of on shipment (brand_id, order_id);

create table cancellation (
  brand_id int not null,
  event_id bigint not null,
  order_id bigint not null,
  line int not null,
  quantity int not null check (quantity > 0),
  by text not null,
  reason text not null,
  happened_at timestamptz not null,
  primary key (brand_id, event_id, line)
);
create index cancellation_of on cancellation (brand_id, order_id);

create table payment (
  brand_id int not null,
  order_id bigint not null,
  payment_id text not null,
  kind text not null check (kind in ('authorised', 'captured', 'refunded', 'disputed')),
  amount bigint not null,
  currency text not null,
  happened_at timestamptz not null,
  capture_before timestamptz,
  event_id bigint not null,
  primary key (brand_id, order_id, payment_id)
);

-- Append-only: the audit trail, and the outbox. A reader goes by (transaction, event_id) below the oldest running
-- transaction, so that a slow writer's events are never passed over.
create table event (
  brand_id int not null,
  event_id bigint not null,
  kind text not null,
  data text not null,
  actor text,
  at timestamptz not null,
  transaction xid8 not null default pg_current_xact_id(),
  primary key (brand_id, event_id)
);

-- What was already taken in: the same fact twice changes nothing.
create table inbox (
  brand_id int not null,
  source text not null,
  external_id text not null,
  content text not null,
  status int not null default 200,
  answer text not null,
  at timestamptz not null,
  primary key (brand_id, source, external_id)
);

create table import_run (
  brand_id int not null,
  import_id text not null,
  status text not null,                  -- JSON as the API answers it
  started_at timestamptz not null,
  primary key (brand_id, import_id)
);
create table import_error (
  brand_id int not null,
  import_id text not null,
  number int not null,
  error text not null,
  primary key (brand_id, import_id, number)
);
create table column_mapping (
  brand_id int not null,
  signature text not null,
  mapping text not null,
  primary key (brand_id, signature)
);

create table api_key (
  brand_id int not null,
  key_digest text not null,
  name text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (brand_id, key_digest)
);
create table session (
  brand_id int not null,
  token_digest text not null,
  kind text not null check (kind in ('link', 'session')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (brand_id, token_digest)
);

do $$
declare name text;
begin
  for name in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and c.relname <> 'kept_migration'
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    -- The setting is read once per statement, not once per row; '' stands for "not set" after a transaction ends.
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on stock_movement, supply_revision, supply_receipt, shipment, cancellation, event from kept_app;
revoke delete on promise, customer_order, order_line from kept_app;
revoke update on promise from kept_app;
