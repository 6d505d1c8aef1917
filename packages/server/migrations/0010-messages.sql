-- What customers are told, what they answer, and the clocks that follow.

-- The log's readers go by (transaction, event_id). New rows go to the end of it, so that it costs writers little.
create index event_order on event (brand_id, transaction, event_id);

-- How far a reader of the log has come.
create table event_reader (
  brand_id int not null,
  reader text not null,
  transaction xid8 not null default '0',
  event_id bigint not null default 0,
  primary key (brand_id, reader)
);

-- The newest version that was passed on to be told; null: the one the line began with. Lines with news are few, and are
-- found by this index without reading the others.
alter table order_line add column noted_version int;
create index order_line_news on order_line (brand_id, order_id)
  where promise_version > coalesce(noted_version, told_version);

-- What a channel sends its customers itself (RULES 30).
alter table channel add column sends text[] not null default '{}';

-- Orders to be looked at, and when: at once after a fact, later for what a day brings. Gone once nothing can fall due.
create table order_look (
  brand_id int not null,
  order_id bigint not null,
  look_at timestamptz not null,
  primary key (brand_id, order_id)
);
create index order_look_due on order_look (brand_id, look_at);

-- A message, once per cause. `lines` is JSON: what is told of each line. The content is written when it is sent, and stays.
create table message (
  brand_id int not null,
  message_id bigint not null,
  order_id bigint not null,
  kind text not null,
  cause text not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'sending', 'sent', 'skipped', 'failed', 'superseded', 'shadowed', 'channel')),
  lines text not null,
  due_at timestamptz not null,
  legal_by date,
  written_at timestamptz not null,
  attempts int not null default 0,
  try_at timestamptz not null,
  -- By the database's own clock: a process that dies leaves its messages to others when this is over.
  claimed_until timestamptz,
  trouble text,
  sent_at timestamptz,
  sent_by text,
  recipient text,
  language text,
  template_version int,
  subject text,
  body_text text,
  body_html text,
  primary key (brand_id, message_id),
  unique (brand_id, order_id, cause)
);
create index message_to_send on message (brand_id, try_at) where state in ('waiting', 'sending');

-- Append-only: what customers chose, and who wrote it down.
create table customer_choice (
  brand_id int not null,
  event_id bigint not null,
  order_id bigint not null,
  line int not null,
  kind text not null check (kind in ('wait', 'cancel', 'switch', 'additional_period')),
  quantity int,
  until_on date,
  sku text,
  reason text,
  actor text not null,
  happened_at timestamptz not null,
  primary key (brand_id, event_id, line)
);
create index customer_choice_of on customer_choice (brand_id, order_id);

-- Money that is owed back, and until when.
create table refund_due (
  brand_id int not null,
  event_id bigint not null,
  order_id bigint not null,
  regime text not null,
  basis text not null check (basis in ('delay', 'withdrawal', 'agreement')),
  -- refund: sent back; statement: an authorisation that is never charged; confirm: a person sets the amount
  kind text not null check (kind in ('refund', 'statement', 'confirm')),
  amount bigint not null check (amount >= 0),
  currency text not null,
  arose_on date not null,
  due_on date not null,
  done_at timestamptz,
  primary key (brand_id, event_id)
);
create index refund_due_of on refund_due (brand_id, order_id);
create index refund_due_open on refund_due (brand_id, due_on) where done_at is null;

-- How a brand speaks, JSON, with a record of every change; and the key that signs its customers' links.
create table comms_settings (
  brand_id int not null,
  version int not null,
  settings text not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, version)
);
create table link_key (
  brand_id int not null,
  key text not null,
  primary key (brand_id)
);
-- Links of an order made before this instant open nothing any more.
create table link_revoked (
  brand_id int not null,
  order_id bigint not null,
  revoked_at timestamptz not null,
  primary key (brand_id, order_id)
);

-- Append-only: the brand's own words in a message, by kind and language.
create table message_template (
  brand_id int not null,
  kind text not null,
  language text not null,
  version int not null,
  words text not null,
  actor text not null,
  at timestamptz not null,
  primary key (brand_id, kind, language, version)
);

do $$
declare name text;
begin
  foreach name in array array['event_reader', 'order_look', 'message', 'customer_choice', 'refund_due', 'comms_settings',
    'link_key', 'link_revoked', 'message_template']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on customer_choice, comms_settings, message_template from kept_app;
revoke delete on message, refund_due from kept_app;
