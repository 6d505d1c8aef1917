import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendFile, chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findPostgres, type PostgresBinaries } from '../postgres-binaries.ts';

const run = promisify(execFile);

/** A PostgreSQL of a test's own, to which may happen what must not happen to that of the others. */
export interface Cluster {
  readonly directory: string;
  /** As its superuser, in the database `kept`. */
  readonly url: string;
  /** Where its socket lies, for a gate. */
  readonly socket: string;
  start(): Promise<void>;
  /** As if its machine had gone: no goodbye to anybody. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Started, with an empty database `kept`. Without fsync: its processes are killed, the machine under them is not.
 * @param parent a directory that the server's user may enter; `name` is made in it, and the caller removes it
 */
export async function clusterIn(parent: string, name: string, settings = ''): Promise<Cluster> {
  const postgres = await findPostgres();
  const cluster = at(postgres, join(parent, name));
  await mkdir(cluster.directory, { mode: 0o700 });
  await give(postgres, cluster.directory);
  await postgres.initdb([
    `--pgdata=${cluster.directory}`,
    '--username=postgres',
    '--auth=trust',
    '--no-sync',
  ]);
  await appendFile(
    join(cluster.directory, 'postgresql.conf'),
    `${settingsOf(cluster.directory)}\n${settings}\n`,
  );
  await cluster.start();
  await asOwner(cluster.url.replace(/\/kept\?/, '/postgres?'), 'create database kept');
  return cluster;
}

/** A standby of a cluster, from which on a commit there is answered once it is here as well. */
export async function standbyOf(primary: Cluster, parent: string, name: string): Promise<Cluster> {
  const postgres = await findPostgres();
  const standby = at(postgres, join(parent, name));
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  try {
    await client.query("select pg_backup_start('standby', true)");
    await run('cp', ['-a', primary.directory, standby.directory]);
    const { rows } = await client.query('select labelfile from pg_backup_stop(false)');
    for (const file of ['postmaster.pid', '.s.PGSQL.5432', '.s.PGSQL.5432.lock'])
      await rm(join(standby.directory, file));
    for (const [file, text] of [
      ['backup_label', rows[0].labelfile],
      ['standby.signal', ''],
    ]) {
      await writeFile(join(standby.directory, file), text);
      await give(postgres, join(standby.directory, file));
    }
    await appendFile(
      join(standby.directory, 'postgresql.conf'),
      `${settingsOf(standby.directory)}\nprimary_conninfo = 'host=${primary.directory} user=postgres application_name=standby'\n`,
    );
    await standby.start();
    await client.query("alter system set synchronous_standby_names = 'standby'");
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
  return standby;
}

/** One statement as the superuser. */
export async function asOwner(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

function at(postgres: PostgresBinaries, directory: string): Cluster {
  const url = `postgresql://postgres@localhost/kept?host=${encodeURIComponent(directory)}`;
  const control = (...args: string[]) => postgres.pgCtl([...args, '-w', '-D', directory]);
  return {
    directory,
    url,
    socket: join(directory, '.s.PGSQL.5432'),
    async start() {
      const output = join(directory, 'server.log');
      await control('start', '-l', output).catch((err: Error) => {
        throw new Error(`${err.message}\n${readFileSync(output, 'utf8').slice(-2000)}`, { cause: err });
      });
    },
    async kill() {
      const pid = Number(readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n')[0]);
      // What it has forked ends by itself when it is gone.
      process.kill(pid, 'SIGKILL');
    },
    stop: () => control('stop', '-m', 'immediate'),
  };
}

function settingsOf(directory: string): string {
  return `listen_addresses = ''
unix_socket_directories = '${directory}'
shared_buffers = 16MB
fsync = off
wal_level = replica
min_wal_size = 32MB
max_wal_size = 32MB
wal_keep_size = 64MB`;
}

async function give({ user }: PostgresBinaries, path: string): Promise<void> {
  if (user.uid === undefined) return;
  await chown(path, user.uid, user.gid ?? user.uid);
  await chmod(path, path.includes('.') ? 0o600 : 0o700);
}
