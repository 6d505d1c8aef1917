import pg from 'pg';
import { askCatalogue, SPREADABLE } from './catalogue-store.ts';
import { explainConnectionFailure } from './connection-failure.ts';
import { KeptError } from './errors.ts';

export interface Spread {
  /** Tables that were spread by brand_id now. */
  readonly distributed: readonly string[];
  /** Tables that every machine has whole, from now on. */
  readonly reference: readonly string[];
}

/**
 * Spreads a migrated database over the machines of a Citus cluster: every table with brand_id by it, all rows of a brand on one
 * machine; any other table whole on each. What is spread already stays. Run it with Kept stopped: rows move. Each table in a
 * transaction of its own, as Citus asks where tables refer to others; run again after a failure it goes on where it was.
 * @throws KeptError `cannot_start` where there is no Citus, or the schema has what it could not take; `database_unavailable`
 */
export async function spread(url: string): Promise<Spread> {
  const client = new pg.Client({ connectionString: url, application_name: 'kept migrate --citus' });
  client.on('error', () => {}); // the running statement rejects with it
  try {
    await client.connect();
  } catch (err) {
    throw explainConnectionFailure(err, url);
  }
  try {
    await ensureCitus(client);
    const faults = (await askCatalogue(client, SPREADABLE)).flatMap((rule) =>
      rule.faults.map((fault) => `${rule.sentence}: ${fault}`),
    );
    if (faults.length > 0)
      throw new KeptError('cannot_start', `Citus could not take the schema. ${faults.join('; ')}.`);
    await allowTriggers(client);
    return await spreadTables(client);
  } finally {
    await client.end();
  }
}

async function ensureCitus(client: pg.Client): Promise<void> {
  try {
    await client.query('create extension if not exists citus');
  } catch (err) {
    throw new KeptError(
      'cannot_start',
      `Citus could not be set up: ${(err as Error).message}. Install Citus 12 or newer on every machine, put citus into shared_preload_libraries, restart PostgreSQL, and run this as a superuser on the coordinator.`,
      { cause: err },
    );
  }
}

/** Ours write rows of the brand that they fire for, which lie on the machine that they fire on. */
async function allowTriggers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select current_database() as name');
  const database = pg.escapeIdentifier(rows[0]!.name);
  for (const setting of ['citus.enable_unsafe_triggers', 'citus.allow_nested_distributed_execution']) {
    await client.query(`alter database ${database} set ${setting} = on`);
    await client.query(`set ${setting} = on`);
  }
}

interface OwnTable {
  readonly name: string;
  readonly branded: boolean;
}

async function spreadTables(client: pg.Client): Promise<Spread> {
  const tables = await unspreadTables(client);
  const names = (branded: boolean) =>
    tables.filter((table) => table.branded === branded).map((table) => table.name);
  const [reference, distributed] = [names(false), names(true)];
  for (const name of reference) await client.query('select create_reference_table($1::regclass)', [name]);
  const [first] = await namesSpread(client);
  for (const name of distributed) {
    const beside = first ?? (name === distributed[0] ? 'default' : distributed[0]);
    await client.query(
      `select create_distributed_table($1::regclass, 'brand_id', colocate_with => $2::text)`,
      [name, beside],
    );
  }
  return { distributed, reference };
}

/** Those that others refer to before those that refer to them. */
async function unspreadTables(client: pg.Client): Promise<OwnTable[]> {
  const { rows } = await client.query<OwnTable>(
    `with recursive own as (
       select c.oid, c.relname::text as name, exists (select from pg_attribute where attrelid = c.oid and attname = 'brand_id'
           and not attisdropped) as branded
       from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
         and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')),
     depth (oid, n) as (
       select oid, 0 from own
       union
       select k.conrelid, d.n + 1 from depth d join pg_constraint k on k.confrelid = d.oid and k.contype = 'f'
         and k.conrelid <> k.confrelid where d.n < 20)
     select o.name, o.branded from own o join depth d using (oid)
     where not exists (select from pg_dist_partition p where p.logicalrelid = o.oid)
     group by o.name, o.branded order by max(d.n), o.name`,
  );
  return rows;
}

async function namesSpread(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select logicalrelid::regclass::text as name from pg_dist_partition where partmethod = 'h' order by 1 limit 1`,
  );
  return rows.map(({ name }) => name);
}
