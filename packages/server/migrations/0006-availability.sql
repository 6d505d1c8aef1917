-- How an item is sold before it is here, beyond its policy: JSON, null where nothing was said.
alter table item add column terms text;

-- A brand's own words for shoppers, by language: JSON, the path of each text and what it says.
create table copy_words (
  brand_id int not null,
  language text not null,
  words text not null,
  primary key (brand_id, language)
);

-- Keys that stand in a shop's pages for everybody to see: they read what shoppers of one channel are told, and nothing else.
create table publishable_key (
  brand_id int not null,
  key_digest text not null,
  name text not null,
  channel text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  primary key (brand_id, key_digest)
);

-- Which items have changed, and in which transaction: what processes that answer from memory look at, to forget what is no
-- longer so. Written by triggers, since whoever forgot to write it would sell what is gone. Rows are of use for seconds, and
-- not logged: after a crash nobody's memory is older than the server.
create unlogged table item_change (
  brand_id int not null,
  transaction xid8 not null default pg_current_xact_id(),
  items int[] not null,
  at timestamptz not null default clock_timestamp()
);
create index item_change_since on item_change (brand_id, transaction);

create function note_item_change() returns trigger language plpgsql as $$
begin
  insert into item_change (brand_id, items) select brand_id, array_agg(distinct item_id) from changed group by brand_id;
  return null;
end $$;
create function note_kit_change() returns trigger language plpgsql as $$
begin
  insert into item_change (brand_id, items) select brand_id, array_agg(distinct kit_item_id) from changed group by brand_id;
  return null;
end $$;

create trigger changed after update on item referencing new table as changed
  for each statement execute function note_item_change();
create trigger changed after update on item_detail referencing new table as changed
  for each statement execute function note_item_change();
create trigger stored after insert on stock referencing new table as changed
  for each statement execute function note_item_change();
create trigger changed after update on stock referencing new table as changed
  for each statement execute function note_item_change();
create trigger ordered after insert on supply referencing new table as changed
  for each statement execute function note_item_change();
create trigger changed after update on supply referencing new table as changed
  for each statement execute function note_item_change();
create trigger limited after insert on item_channel referencing new table as changed
  for each statement execute function note_item_change();
create trigger changed after update on item_channel referencing new table as changed
  for each statement execute function note_item_change();
create trigger freed after delete on item_channel referencing old table as changed
  for each statement execute function note_item_change();
create trigger made_up after insert on kit_component referencing new table as changed
  for each statement execute function note_kit_change();
create trigger taken_apart after delete on kit_component referencing old table as changed
  for each statement execute function note_kit_change();

do $$
declare name text;
begin
  foreach name in array array['copy_words', 'publishable_key', 'item_change'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy brand on %I using (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int)) '
      'with check (brand_id = (select nullif(current_setting(''app.brand'', true), '''')::int))', name);
    execute format('grant select, insert, update, delete on %I to kept_app', name);
  end loop;
end $$;
