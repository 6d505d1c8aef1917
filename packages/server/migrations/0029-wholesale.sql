-- Every file that a trading partner sent, as it came: an order that cannot be understood is not lost.
create table edi_interchange (
  brand_id int not null,
  interchange_id text not null,
  connection text not null,
  file text not null,
  body bytea not null,
  content text not null,                 -- a digest: tells the same file from another under its control number
  standard text,
  partner text,                          -- null: nobody that is known
  control text,
  received_at timestamptz not null,
  verdict text not null check (verdict in ('taken', 'duplicate', 'conflict', 'rejected', 'unreadable')),
  faults text not null,                  -- JSON
  primary key (brand_id, interchange_id)
);
-- One control number of a partner is taken once; what comes again beside it is kept as what it is.
create unique index edi_interchange_once on edi_interchange (brand_id, connection, partner, standard, control)
  where verdict in ('taken', 'rejected');
create index edi_interchange_newest on edi_interchange (brand_id, received_at desc);

create table edi_message (
  brand_id int not null,
  message_id text not null,
  interchange_id text not null,
  partner text not null,
  type text not null,
  control text not null,
  number text,                           -- the order's, as the partner has it
  document text,                         -- JSON; null: it cannot be told what it says
  faults text not null,                  -- JSON
  state text not null check (state in ('received', 'done', 'task', 'rejected', 'set_aside')),
  trouble text,                          -- JSON: what a person must decide
  received_at timestamptz not null,
  done_at timestamptz,
  primary key (brand_id, message_id)
);
create index edi_message_open on edi_message (brand_id, received_at) where state = 'received';
create index edi_message_newest on edi_message (brand_id, received_at desc, message_id);

-- An order that came by message: how its lines read to the partner, and what the partner was last told of them.
create table edi_order (
  brand_id int not null,
  ref text not null,                     -- as Kept's order has it
  connection text not null,
  partner text not null,
  number text not null,                  -- as the partner has it
  release text,
  ordered_on date not null,
  known text not null,                   -- JSON: the partner's lines and Kept's
  ship_to text,                          -- JSON
  change text,                           -- a change of the partner's that is not answered yet; its own number
  told text,                             -- JSON: the lots of each line; null: nothing yet
  primary key (brand_id, ref)
);

-- What goes out, once per cause; and whether the partner has said that it can read it.
create table edi_sent (
  brand_id int not null,
  cause text not null,
  connection text not null,
  partner text not null,
  type text not null,
  number text,
  control text not null,
  body text not null,
  made_at timestamptz not null,
  sent_at timestamptz,
  attempts int not null default 0,
  trouble text,
  answered text,                         -- accepted, accepted_with_errors, rejected
  answered_at timestamptz,
  answer text,                           -- JSON: what was said of it
  primary key (brand_id, cause)
);
create index edi_sent_open on edi_sent (brand_id, connection, made_at, cause) where sent_at is null;
create index edi_sent_control on edi_sent (brand_id, partner, control);

create table edi_control (
  brand_id int not null,
  partner text not null,
  kind text not null,
  last bigint not null,
  primary key (brand_id, partner, kind)
);

do $$
declare name text;
begin
  foreach name in array array['edi_interchange', 'edi_message', 'edi_order', 'edi_sent', 'edi_control'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update on %I to kept_app', name);
  end loop;
end $$;
revoke update on edi_interchange from kept_app;
