import { expect, test } from 'vitest';
import { testDatabase } from './database.ts';

const first = await testDatabase();
const second = await testDatabase();

test('each has a database of its own, made from the migrations', async () => {
  const names = await Promise.all(
    [first, second].map(({ db }) =>
      db.pool.query('select current_database() as name').then(({ rows }) => rows[0].name),
    ),
  );
  expect(new Set(names).size).toBe(2);
  const { rows } = await first.db.pool.query(`select to_regclass('kept_migration')::text as migrated`);
  expect(rows[0].migrated).toBe('kept_migration');
});

test('it serves as the role that row-level security binds', async () => {
  const { rows } = await first.db.pool.query(
    `select current_user::text as role, rolsuper, rolbypassrls from pg_roles where rolname = current_user`,
  );
  expect(rows).toEqual([{ role: 'kept_app', rolsuper: false, rolbypassrls: false }]);
});
