-- What Kept is connected to: channels and ERPs, what they told, and what they are asked to do.

create table connection (
  brand_id int not null,
  name text not null,
  kind text not null,
  role text not null check (role in ('channel', 'erp')),
  title text not null,
  -- broken: a person has to mend it, `trouble` says how
  state text not null check (state in ('active', 'paused', 'broken', 'disconnected')),
  trouble text,
  settings text not null,
  -- Encrypted (platform/secret-box.ts); null: none.
  secrets text,
  created_at timestamptz not null,
  -- When what was missed is looked for next; null: the coming night.
  reconcile_at timestamptz,
  primary key (brand_id, name)
);

-- How far each stream is read. The claim is of the process that reads it, by the database's own clock.
create table connection_stream (
  brand_id int not null,
  connection text not null,
  stream text not null,
  phase text not null default 'back_fill' check (phase in ('back_fill', 'following')),
  cursor text,
  -- Of a back-fill or replay: nothing before it is asked for.
  from_at timestamptz,
  -- A replay: what is known with the same content is applied again.
  again boolean not null default false,
  progress real,
  facts bigint not null default 0,
  last_read_at timestamptz,
  read_at timestamptz not null,
  attempts int not null default 0,
  trouble text,
  claim bigint not null default 0,
  claimed_until timestamptz,
  primary key (brand_id, connection, stream)
);

-- The newest that was told of each thing: by it the same twice changes nothing, and the older is passed over.
create table connection_fact (
  brand_id int not null,
  connection text not null,
  kind text not null,
  external_id text not null,
  source_updated_at timestamptz,
  -- A digest; '' where it could not be applied, so that it is tried whenever it is told again.
  content text not null,
  at timestamptz not null,
  primary key (brand_id, connection, kind, external_id)
);

-- Whose an order or a purchase order is, and what it is called there: told by the fact of it.
create table connection_thing (
  brand_id int not null,
  what text not null check (what in ('order', 'purchase_order')),
  -- Of an order: its channel's code.
  channel text not null,
  ref text not null,
  connection text not null,
  external_id text not null,
  primary key (brand_id, what, channel, ref)
);

-- Orders whose promise was passed on as news, for connections to tell as well.
create table order_news (
  brand_id int not null,
  order_id bigint not null,
  primary key (brand_id, order_id)
);

-- What could not be applied: nothing is lost.
create table connection_refusal (
  brand_id int not null,
  connection text not null,
  kind text not null,
  external_id text not null,
  fact text not null,
  code text not null,
  words text not null,
  attempts int not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (brand_id, connection, kind, external_id)
);

-- Taken before it is answered, decided after.
create table connection_push (
  brand_id int not null,
  connection text not null,
  push_id text not null,
  received_at timestamptz not null,
  headers text not null,
  query text not null,
  path text not null,
  body bytea not null,
  attempts int not null default 0,
  try_at timestamptz not null,
  claimed_until timestamptz,
  done_at timestamptz,
  trouble text,
  primary key (brand_id, connection, push_id)
);
create index connection_push_open on connection_push (brand_id, try_at) where done_at is null;

-- What is asked of the other system, once per cause.
create table connection_action (
  brand_id int not null,
  connection text not null,
  action_id text not null,
  kind text not null,
  action text not null,
  state text not null default 'waiting' check (state in ('waiting', 'pending', 'done', 'refused', 'withdrawn')),
  handle text,
  attempts int not null default 0,
  try_at timestamptz not null,
  claimed_until timestamptz,
  trouble text,
  created_at timestamptz not null,
  done_at timestamptz,
  order_id bigint,
  primary key (brand_id, connection, action_id)
);
create index connection_action_open on connection_action (brand_id, try_at) where state in ('waiting', 'pending');
create index connection_action_of on connection_action (brand_id, order_id) where order_id is not null;

-- What a channel was told of each item, and whether it is to be told anew.
create table connection_item (
  brand_id int not null,
  connection text not null,
  channel text not null,
  sku text not null,
  due boolean not null default true,
  -- Moves with every change: whoever published an older one leaves it due.
  version bigint not null default 1,
  told text,
  told_at timestamptz,
  attempts int not null default 0,
  try_at timestamptz not null,
  claimed_until timestamptz,
  trouble text,
  primary key (brand_id, connection, channel, sku)
);
create index connection_item_due on connection_item (brand_id, try_at) where due;

-- Append-only: what a person may want to know of a connection, reconciliations among it.
create table connection_note (
  brand_id int not null,
  connection text not null,
  note_id uuid not null default gen_random_uuid(),
  at timestamptz not null,
  level text not null check (level in ('info', 'warning', 'healed', 'broken')),
  words text not null,
  data text not null default '{}',
  primary key (brand_id, connection, note_id)
);
create index connection_note_at on connection_note (brand_id, connection, at);

do $$
declare name text;
begin
  foreach name in array array['connection', 'connection_stream', 'connection_fact', 'connection_refusal', 'connection_push',
    'connection_action', 'connection_item', 'connection_note', 'connection_thing', 'order_news']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on connection_note from kept_app;
