import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APART, askCatalogue, SPREADABLE } from './catalogue-store.ts';
import { testDatabase } from './testing/database.ts';

const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(() => owner.end());

test.each([
  ['brands are apart', APART],
  ['a brand is all that a row depends on', SPREADABLE],
])('%s, in every table there is', async (_, rules) => {
  const { rows } = await owner.query(
    "select count(*)::int as n from pg_tables where schemaname = 'public' and tablename <> 'kept_migration'",
  );
  expect(rows[0].n).toBeGreaterThan(60);
  for (const { sentence, faults } of await askCatalogue(owner, rules)) expect(faults, sentence).toEqual([]);
});

describe('a fault is found:', () => {
  const own = "(brand_id = (select nullif(current_setting('app.brand', true), '')::int))";
  const sound = `create table probe (brand_id int not null, id int not null, primary key (brand_id, id));
    alter table probe enable row level security; alter table probe force row level security;
    create policy brand on probe using ${own} with check ${own};`;
  test.each<[string, string]>([
    ['a table of no brand', `create table stray (id int primary key)`],
    ['security that is off', `alter table item disable row level security`],
    ['security that the owner passes', `alter table item no force row level security`],
    ['no policy', `${sound} drop policy brand on probe`],
    ['a second policy, which lets more through', `create policy all_rows on item for select using (true)`],
    ['a policy that lets anything be written', `${sound} alter policy brand on probe with check (true)`],
    ['a role that passes row-level security', `alter role kept_app bypassrls`],
    ['a role that owns a table', `alter table item owner to kept_app`],
    ['a membership in a stronger role', `create role strong bypassrls; grant strong to kept_app`],
    ['a view with its owner’s rights', `create view leak as select * from item`],
    [
      'a function with its owner’s rights',
      `create function leak() returns setof item language sql security definer as 'select * from item'`,
    ],
    ['a key without the brand', `${sound} alter table probe add unique (id)`],
    ['a unique index without the brand', `create unique index on item (sku)`],
    [
      'a foreign key without the brand',
      `${sound} create table other (brand_id int primary key);
      alter table probe add foreign key (id) references other (brand_id)`,
    ],
    [
      'a trigger that writes for no brand',
      `create function nobodys() returns trigger language plpgsql as 'begin return null; end';
      create trigger odd after insert on item for each row execute function nobodys()`,
    ],
    [
      'a trigger on emptying a table',
      `create trigger odd after truncate on item for each statement execute function note_item_change()`,
    ],
    [
      'a function that reads everybody’s rows',
      `create function everybody() returns bigint language sql as 'select count(*) from item'`,
    ],
    [
      'an identity that ends at two thousand million',
      `${sound} alter table probe add column n int generated always as identity`,
    ],
    ['a column that counts by itself', `${sound} alter table probe add column n serial`],
  ])('%s', async (_, plant) => {
    await owner.query('begin');
    try {
      await owner.query(plant);
      const answers = [...(await askCatalogue(owner, APART)), ...(await askCatalogue(owner, SPREADABLE))];
      expect(answers.flatMap(({ faults }) => faults).length).toBeGreaterThan(0);
    } finally {
      await owner.query('rollback');
    }
  });
});
