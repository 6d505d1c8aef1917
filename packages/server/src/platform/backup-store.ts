import type pg from 'pg';

/** Columns of a table that hold something of their own; what is computed of others is computed again. */
export async function columnsOf(client: pg.ClientBase, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select attname::text as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and attgenerated = '' order by attnum`,
    [`public.${table}`],
  );
  return rows.map(({ name }) => name);
}

/** Tables that outlive a crash of PostgreSQL; the others hold what is under way. */
export async function lastingTables(client: pg.ClientBase): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relpersistence = 'p'`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** A snapshot of everything, with no brand left out: an error, and no half of it, where the role may not see them all. */
export async function beginBackup(client: pg.ClientBase): Promise<void> {
  await client.query('begin isolation level repeatable read, read only');
  await client.query('set local row_security = off');
}

export async function migrationsIn(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('select name from kept_migration order by name');
  return rows.map(({ name }) => name);
}

export async function isEmpty(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ there: boolean }>(
    `select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r') as there`,
  );
  return !rows[0]!.there;
}

export async function beginRestore(client: pg.ClientBase, tables: readonly string[]): Promise<void> {
  await client.query('begin');
  await client.query('set local row_security = off');
  // What triggers wrote is in the backup already.
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
}

export async function endRestore(client: pg.ClientBase, tables: readonly string[]): Promise<void> {
  await client.query(RENUMBER_READERS);
  await client.query(
    `update access a set transaction = case when (a.transaction, a.access_id) <= (r.transaction, r.event_id) then '1' else '2' end::xid8
     from event_reader r where r.brand_id = a.brand_id and r.reader = 'audit_access'`,
  );
  await client.query(
    `update event_reader set transaction = '1', event_id = ${Number.MAX_SAFE_INTEGER}
     where reader = 'audit_access'`,
  );
  const { rows } = await client.query<{ name: string; column: string }>(
    `select attrelid::regclass::text as name, attname::text as column from pg_attribute
     where attidentity <> '' and attrelid = any ($1::regclass[])`,
    [tables.map((table) => `public.${table}`)],
  );
  for (const { name, column } of rows)
    await client.query(
      `select setval(pg_get_serial_sequence('${name}', '${column}'), coalesce(max(${column}), 0) + 1, false) from ${name}`,
    );
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
  await client.query('commit');
  await client.query('analyze');
}

/**
 * The log is read in the order of its transactions, and another server counts its own anew: those of the old one would lie in its
 * future, where nobody reads. What a reader has read must stay read, and nothing else: so each event is told by how many readers'
 * places lie before it, which are small numbers, and each reader's place by how many lie before that.
 */
const RENUMBER_READERS = `
  with place as (
    select brand_id, transaction, event_id, count(*) as readers from event_reader where reader <> 'audit_access' group by 1, 2, 3),
  events as (
    update event e set transaction = (1 + (select coalesce(sum(p.readers), 0) from place p
      where p.brand_id = e.brand_id and (p.transaction, p.event_id) < (e.transaction, e.event_id)))::text::xid8)
  update event_reader r set event_id = ${Number.MAX_SAFE_INTEGER}, transaction = (1 + (select coalesce(sum(p.readers), 0) from place p
    where p.brand_id = r.brand_id and (p.transaction, p.event_id) < (r.transaction, r.event_id)))::text::xid8
  where reader <> 'audit_access'`;
