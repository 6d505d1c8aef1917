import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { kyselyOn, openDatabase, withBrand } from './database.ts';
import { openIds } from './ids.ts';
import { testDatabase } from './testing/database.ts';

const { db, url } = await testDatabase();

beforeAll(async () => {
  await asOwner(`
    create table note (brand_id int, note_id int, text text not null, primary key (brand_id, note_id));
    alter table note enable row level security;
    create policy brand on note
      using (brand_id = (select nullif(current_setting('app.brand', true), '')::int))
      with check (brand_id = (select nullif(current_setting('app.brand', true), '')::int));
    grant select, insert, update, delete on note to kept_app;
  `);
});
beforeEach(() =>
  asOwner(`truncate note; insert into note values (1, 1, 'of brand 1'), (2, 1, 'of brand 2')`),
);

describe('a brand', () => {
  const readAll = (client: pg.PoolClient) =>
    client.query('select text from note order by text').then(({ rows }) => rows);

  test('sees its own rows and no others', async () => {
    expect(await withBrand(db, 1, readAll)).toEqual([{ text: 'of brand 1' }]);
    expect(await withBrand(db, 2, readAll)).toEqual([{ text: 'of brand 2' }]);
    expect(await withBrand(db, 3, readAll)).toEqual([]);
  });

  test('cannot write for another', async () => {
    const intrusion = withBrand(db, 1, (client) => client.query(`insert into note values (2, 9, 'x')`));
    await expect(intrusion).rejects.toMatchObject({ code: '42501' });
  });

  test('outside of withBrand nothing is seen, on a used connection neither', async () => {
    const narrow = await openDatabase({ url, max: 1 });
    await withBrand(narrow, 1, readAll);
    expect((await narrow.pool.query('select * from note')).rows).toEqual([]);
    await narrow.close();
  });

  test('must be a number', async () => {
    const injected = `1'; drop table note; --` as unknown as number;
    await expect(withBrand(db, injected, readAll)).rejects.toThrow('not a brand id');
  });

  test('may be read through Kysely, in the same transaction', async () => {
    const texts = await withBrand(db, 2, async (client) => {
      await client.query(`insert into note values (2, 2, 'new')`);
      return kyselyOn(client).selectFrom('note').select('text').orderBy('text').execute();
    });
    expect(texts).toEqual([{ text: 'new' }, { text: 'of brand 2' }]);
  });
});

describe('a transaction', () => {
  test('that has the last connection gets an id all the same', async () => {
    const narrow = await openDatabase({ url, max: 1, connectionTimeoutMs: 1500 });
    const ids = openIds(narrow);
    const taken = await withBrand(narrow, 1, () => ids.take(1, 'order', 3));
    expect(taken).toBeGreaterThan(0);
    await narrow.close();
  });

  test('plans its statements once where it is told to, and later ones as they come', async () => {
    const mode = (client: pg.PoolClient) =>
      client.query('show plan_cache_mode').then(({ rows }) => rows[0].plan_cache_mode);
    const narrow = await openDatabase({ url, max: 1 });
    expect(await withBrand(narrow, 1, mode, { plannedOnce: true, actor: 'key:o’clock' })).toBe(
      'force_generic_plan',
    );
    expect(await withBrand(narrow, 1, mode)).toBe('auto');
    await narrow.close();
  });

  const insert = (client: pg.PoolClient, id: number) =>
    client.query(`insert into note values (1, $1, 'x')`, [id]);
  const count = () =>
    withBrand(db, 1, (client) =>
      client.query('select count(*) as n from note').then(({ rows }) => rows[0].n),
    );

  test('keeps all of its work', async () => {
    await withBrand(db, 1, async (client) => {
      await Promise.all([insert(client, 2), insert(client, 3)]);
    });
    expect(await count()).toBe(3);
  });

  test('keeps nothing when the work throws, and the error comes out as it was', async () => {
    const bug = new Error('a bug');
    const work = withBrand(db, 1, async (client) => {
      await insert(client, 2);
      throw bug;
    });
    await expect(work).rejects.toBe(bug);
    expect(await count()).toBe(1);
  });

  test('does not pretend to have kept what a swallowed failure undid', async () => {
    const work = withBrand(db, 1, async (client) => {
      await insert(client, 2);
      await insert(client, 2).catch(() => {});
    });
    await expect(work).rejects.toThrow('as if it had not');
    expect(await count()).toBe(1);
  });

  test('keeps nothing when a statement that nobody waited for fails, in the database or before it got there', async () => {
    const insert = (client: pg.PoolClient, id: number) =>
      client.query('insert into note values (1, $1, $2)', [id, 'late']);
    const inDatabase = withBrand(db, 1, async (client, later) => {
      later(insert(client, 2));
      later(insert(client, 1)); // is there already
    });
    await expect(inDatabase).rejects.toMatchObject({ code: '23505' });
    const before = withBrand(db, 1, async (client, later) => {
      await client.query('select 1');
      later(insert(client, 3));
      later(Promise.all([insert(client, 4), Promise.reject(new RangeError('cannot be written'))]));
    });
    await expect(before).rejects.toThrow('cannot be written');
    const kept = withBrand(db, 1, async (client, later) => later(insert(client, 5)));
    await kept;
    const { rows } = await withBrand(db, 1, (client) => client.query('select note_id from note order by 1'));
    expect(rows).toEqual([{ note_id: 1 }, { note_id: 5 }]);
  });

  test('runs again after a deadlock, until both are through', async () => {
    await asOwner(`insert into note values (1, 2, 'second')`);
    let runs = 0;
    const both = barrier(2);
    const lockBoth = (first: number, second: number) =>
      withBrand(db, 1, async (client) => {
        runs++;
        const lock = (id: number) =>
          client.query('update note set text = $2 where note_id = $1', [id, `${first}`]);
        await lock(first);
        await both();
        await lock(second);
      });
    await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
    expect(runs).toBeGreaterThan(2);
  });

  test('gives up after five more runs, and says that it was too busy', async () => {
    let runs = 0;
    const work = withBrand(db, 1, (client) => {
      runs++;
      return client.query(`do $$ begin raise exception 'collision' using errcode = '40001'; end $$`);
    });
    await expect(work).rejects.toMatchObject({ code: 'overloaded', status: 503 });
    expect(runs).toBe(6);
  });

  test('whose connection dies rejects, and the next one gets another connection', async () => {
    const work = withBrand(db, 1, async (client) => {
      const { rows } = await client.query('select pg_backend_pid() as pid');
      await asOwner(`select pg_terminate_backend(${rows[0].pid})`);
      await client.query('select 1');
    });
    await expect(work).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await count()).toBe(1);
  });

  test('that stands still for too long is ended with its locks, and the next one goes on', async () => {
    const hasty = await openDatabase({ url, max: 2, idleTransactionMs: 50 });
    const still = withBrand(hasty, 1, async (client) => {
      await client.query('select from note where note_id = 1 for update');
      await new Promise((resolve) => setTimeout(resolve, 300));
      await client.query(`update note set text = 'too late'`);
    });
    await expect(still).rejects.toMatchObject({ code: 'database_unavailable' });
    const one = (client: pg.PoolClient) => client.query('select text from note for update');
    expect((await withBrand(hasty, 1, one)).rows).toEqual([{ text: 'of brand 1' }]);
    await hasty.close();
  });

  test('that finds no free connection in time is refused as overloaded', async () => {
    const narrow = await openDatabase({ url, max: 1, connectionTimeoutMs: 50 });
    const held = await narrow.pool.connect();
    await expect(withBrand(narrow, 1, (client) => client.query('select 1'))).rejects.toMatchObject({
      code: 'overloaded',
    });
    held.release();
    await narrow.close();
  });
});

test('of statements under way together the one that failed first is the error, whoever is heard first', async () => {
  const together = withBrand(db, 1, async (client) => {
    const doubled = client.query('insert into note values (1, 1, $1)', ['twice']);
    const heardLater = doubled
      .then(() => {})
      .then(() => {})
      .then(() => {});
    await Promise.all([heardLater, client.query('select 1')]);
  });
  await expect(together).rejects.toMatchObject({ code: '23505' });
});

describe('columns arrive', () => {
  const cases: [expression: string, value: unknown][] = [
    [`date '2026-03-01'`, '2026-03-01'],
    [`array[date '2026-03-01', null]`, ['2026-03-01', null]],
    ['9007199254740991::int8', Number.MAX_SAFE_INTEGER],
    ['array[-1::int8]', [-1]],
    ['array[]::int8[]', []],
    ['count(*)', 1],
    ['12345678901234567890.50::numeric', '12345678901234567890.50'],
    ['array[0.10::numeric]', ['0.10']],
    [`timestamptz '2026-03-14 10:26:53.5+01'`, '2026-03-14T09:26:53.500Z'],
    [`timestamptz '2026-03-14 00:00:00+00'`, '2026-03-14T00:00:00.000Z'],
    [`array[timestamptz '2026-03-14 00:00:00.123456+00']`, ['2026-03-14T00:00:00.123Z']],
    [`'infinity'::timestamptz`, 'infinity'],
    ['null::date', null],
  ];
  test.each(cases)('%s as %j', async (expression, value) => {
    const { rows } = await db.pool.query(`select ${expression} as value`);
    expect(rows[0].value).toEqual(value);
    const viaKysely = await sql<{ value: unknown }>`select ${sql.raw(expression)} as value`.execute(
      db.kysely,
    );
    expect(viaKysely.rows[0]?.value).toEqual(value);
  });

  test('an int8 that a number cannot hold is an error and not its neighbour', async () => {
    await expect(db.pool.query('select 9007199254740993 as n')).rejects.toThrow('too large to be exact');
  });
});

describe('a connection that fails says where, why and what to do', () => {
  const socket = new pg.Client({ connectionString: url });
  const cases: [situation: string, url: string, says: RegExp][] = [
    [
      'nothing listens',
      'postgresql://u:hunter2@127.0.0.1:1/kept',
      /No PostgreSQL answers at 127\.0\.0\.1:1\. Start it/,
    ],
    ['no socket', 'postgresql:///kept?host=/nowhere&user=u', /the socket in \/nowhere/],
    ['no such host', 'postgresql://u:hunter2@nowhere.invalid/kept', /nowhere\.invalid:5432, is not known/],
    ['no such database', url.replace(socket.database ?? '', 'absent'), /has no database "absent"/],
  ];
  test.each(cases)('%s', async (_situation, wrongUrl, says) => {
    const failure = await openDatabase({ url: wrongUrl }).catch((err) => err);
    expect(failure).toMatchObject({ code: 'database_unavailable', message: expect.stringMatching(says) });
    expect(failure.message).not.toContain('hunter2');
  });

  test('whom the database does not let act as kept_app', async () => {
    await asOwner('create role stranger login');
    const failure = openDatabase({ url: url.replace('user=postgres', 'user=stranger') });
    await expect(failure).rejects.toThrow(/stranger may not act as the role kept_app.*kept migrate/);
  });
  afterAll(() => asOwner('drop role stranger'));
});

test('a server that takes a connection and then keeps silent is unavailable, and not an error of ours', async () => {
  const { host, port, database, user } = new pg.Client({ connectionString: url });
  const taken: Socket[] = [];
  let silent = false;
  const relay = createServer((socket) => {
    taken.push(socket);
    socket.on('error', () => {});
    if (silent) return;
    const behind = connect(host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port });
    taken.push(behind);
    behind.on('error', () => {});
    socket.pipe(behind).pipe(socket);
  });
  await new Promise<void>((listening) => relay.listen(0, '127.0.0.1', listening));
  const address = `postgresql://${user}@127.0.0.1:${(relay.address() as AddressInfo).port}/${database}`;
  const relayed = await openDatabase({ url: address, connectionTimeoutMs: 300 });
  silent = true;
  for (const socket of taken) socket.destroy();
  await expect.poll(() => relayed.pool.idleCount).toBe(0);
  await expect(withBrand(relayed, 1, async () => {})).rejects.toMatchObject({ code: 'database_unavailable' });
  await relayed.close();
  for (const socket of taken) socket.destroy();
  relay.close();
});

async function asOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Resolves for the first `parties` callers when all have come; later ones pass. */
function barrier(parties: number): () => Promise<void> {
  let arrived = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return () => {
    if (++arrived >= parties) resolve();
    return promise;
  };
}
