-- What CX sees, messages that come back, and how far the log can be read.

-- How an order stands with its customer, as it was last looked at: who must hear something, who has not answered, what their
-- silence will do. There is none where nothing is to be said and nobody is asked.
create table order_duty (
  brand_id int not null,
  order_id bigint not null,
  state text not null check (state in ('notice_due', 'awaiting_consent', 'overdue', 'cancel', 'asked')),
  regime text not null,
  lines int not null,
  units bigint not null,
  -- by when a notice counts, and by when Kept means to have it out
  notice_by date,
  send_by date,
  -- what saying nothing comes to, and on which day, where the goods go
  silence text check (silence in ('consent', 'cancelled', 'nothing')),
  silence_on date,
  -- the notice that was sent and has no answer yet
  asked_at timestamptz,
  missed_on date,
  primary key (brand_id, order_id)
);
create index order_duty_to_tell on order_duty (brand_id, send_by, order_id) where state in ('notice_due', 'overdue', 'cancel');
create index order_duty_unanswered on order_duty (brand_id, silence_on, order_id) where asked_at is not null;

-- A name that travels with a message wherever it goes, by which what comes back of it is known.
alter table message add column reference text;
create unique index message_reference on message (brand_id, reference) where reference is not null;
alter table message drop constraint message_state_check;
alter table message add constraint message_state_check
  check (state in ('waiting', 'sending', 'sent', 'skipped', 'failed', 'superseded', 'shadowed', 'channel', 'bounced'));
create index message_to_tell on message (brand_id, due_at, message_id) where state in ('waiting', 'sending', 'failed', 'bounced');
create index message_sent_when on message (brand_id, sent_at) where sent_at is not null;
create index customer_choice_when on customer_choice (brand_id, happened_at);

-- Append-only: what came back of a message, or was heard of it.
create table message_report (
  brand_id int not null,
  event_id bigint not null,
  message_id bigint not null,
  kind text not null check (kind in ('delivered', 'deferred', 'bounced', 'complained')),
  detail text not null,
  source text not null,
  happened_at timestamptz not null,
  primary key (brand_id, event_id)
);
create index message_report_of on message_report (brand_id, message_id);

-- Where a customer can be reached beside mail.
alter table customer_order add column customer_phone text;


do $$
declare name text;
begin
  foreach name in array array['order_duty', 'message_report']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
revoke update, delete on message_report from kept_app;

-- Every transaction of this database below this one is over, whatever runs in other databases of the same server: they
-- write nothing here. Exact, since the order is: first the newest transaction that may have ended, then who still runs. A
-- transaction below the first that is not among the second is over, and a statement after this one sees what it wrote.
-- Where sessions of others cannot be looked into, the server's own horizon holds, which is never too high.
create function settled_transaction() returns xid8
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  top bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
  whole bigint := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  hidden boolean;
  oldest bigint;
begin
  perform pg_stat_clear_snapshot();
  -- Transaction ids of sessions have 32 bits: each is told by how far below the newest it is. What is above began later.
  select bool_or(running.hidden), min(top - running.below) filter (where running.below < 2147483648)
    into hidden, oldest
    from (
      select query = '<insufficient privilege>' as hidden,
        mod(mod(top, 4294967296) - backend_xid::text::bigint + 4294967296, 4294967296) as below
      from pg_stat_activity where datid = (select oid from pg_database where datname = current_database())
      union all
      select false, mod(mod(top, 4294967296) - transaction::text::bigint + 4294967296, 4294967296)
      from pg_prepared_xacts where database = current_database()
    ) running;
  -- Within one snapshot for all statements, what ends after it is not seen.
  if hidden or current_setting('transaction_isolation') <> 'read committed' then return whole::text::xid8; end if;
  return least(top, coalesce(oldest, top))::text::xid8;
end $$;
revoke execute on function settled_transaction() from public;
grant execute on function settled_transaction() to kept_app;
