import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tablesOfBrands } from './catalogue-store.ts';
import { spread } from './spread.ts';
import { testDatabase } from './testing/database.ts';

const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(() => owner.end());

/** What Kept asks of Citus, in its place: who was spread how, and that referred tables come before those that refer. */
const STAND_IN = `
  create schema stand_in;
  create table stand_in.dist (logicalrelid regclass primary key, partmethod char, beside text, at int generated always as identity);
  create view pg_dist_partition as select * from stand_in.dist;
  alter view pg_dist_partition set (security_invoker = true);
  create function create_reference_table(t regclass) returns void language sql as $$
    insert into stand_in.dist (logicalrelid, partmethod) values (t, 'n') $$;
  create function create_distributed_table(t regclass, by text, colocate_with text) returns void language plpgsql as $$
  begin
    if current_setting('citus.enable_unsafe_triggers', true) is distinct from 'on' and exists (
      select from pg_trigger where tgrelid = t and not tgisinternal) then raise 'cannot distribute % with triggers', t; end if;
    if exists (select from pg_constraint where conrelid = t and contype = 'f' and confrelid <> t
      and confrelid not in (select logicalrelid from stand_in.dist)) then raise '% refers to a local table', t; end if;
    if not exists (select from pg_attribute where attrelid = t and attname = by) then raise 'no column %', by; end if;
    if colocate_with <> 'default' and not exists (select from stand_in.dist where logicalrelid = colocate_with::regclass
      and partmethod = 'h') then raise '% is not distributed', colocate_with; end if;
    insert into stand_in.dist (logicalrelid, partmethod, beside) values (t, 'h', colocate_with);
  end $$;
  set allow_system_table_mods = on;
  insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    values (999999, 'citus', 10, 'pg_catalog'::regnamespace, false, '13.0-1');`;

test('without Citus there is a sentence that says what to install', async () => {
  await expect(spread(url)).rejects.toThrow(/Citus could not be set up: .* shared_preload_libraries/s);
});

test('every table with brand_id is spread by it beside the others, any other is whole on each machine; once', async () => {
  const tables = await tablesOfBrands(owner);
  await owner.query(STAND_IN);
  const { distributed, reference } = await spread(url);
  expect([...distributed].sort()).toEqual([...tables].sort());
  expect(reference).toEqual(['kept_migration']);
  const { rows } = await owner.query('select distinct beside from stand_in.dist where at > 2');
  expect(rows).toEqual([{ beside: distributed[0] }]);
  expect(await spread(url)).toEqual({ distributed: [], reference: [] });
  await owner.query('create table late (brand_id int not null primary key)');
  expect(await spread(url)).toEqual({ distributed: ['late'], reference: [] });
});

test('a schema that could not be taken is refused before anything moves', async () => {
  await owner.query('create table odd (brand_id int not null, id int primary key)');
  await expect(spread(url)).rejects.toThrow(/brand_id is first in every primary key.*odd_pkey of odd/s);
});
