import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EmbeddedServer, startEmbedded } from './embedded-postgres.ts';
import { findPostgres } from './postgres-binaries.ts';
import { readPostmaster } from './postmaster.ts';

let directory: string;
let dataDir: string;
const running = new Set<EmbeddedServer>();
const children = new Set<ChildProcess>();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-embedded-'));
  await chmod(directory, 0o755); // mkdtemp closes it, and as root the server runs as another user
  dataDir = join(directory, 'postgres');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  for (const server of running) await server.stop();
  running.clear();
  if (readPostmaster(dataDir)) await (await findPostgres()).pgCtl(['stop', '-m', 'immediate', '-D', dataDir]);
  await rm(directory, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startEmbedded>[0]> = {}): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDir, fsync: false, ...options });
  running.add(server);
  return server;
}

/** Another Node process that uses the server until its stdin ends, then stops it; answers when it has joined. */
async function startElsewhere(): Promise<ChildProcess> {
  const module = JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'));
  const source = `
    import { startEmbedded } from ${module};
    const server = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, fsync: false });
    console.log('joined');
    process.stdin.resume().once('end', () => server.stop());`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  const lines = createInterface({ input: child.stdout! });
  const ended = once(child, 'exit').then(() => ['ended before it joined']);
  expect(await Promise.race([once(lines, 'line'), ended])).toEqual(['joined']);
  return child;
}

async function leave(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.stdin!.end();
  expect(await exit).toEqual([0, null]);
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isRunning = () => readPostmaster(dataDir) !== undefined;
const processId = () => Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);

describe.each(['socket', 'tcp'] as const)('by %s', (transport) => {
  test('what was written is there after a stop and a start', async () => {
    const first = await start({ transport, fsync: true });
    expect(
      await query(first.url, `select current_database() as name, current_setting('fsync') as fsync`),
    ).toEqual([{ name: 'kept', fsync: 'on' }]);
    await query(first.url, `create table mug as select 'blue' as colour`);
    await first.stop();
    expect(isRunning()).toBe(false);

    const second = await start({ transport });
    expect(await query(second.url, 'select * from mug')).toEqual([{ colour: 'blue' }]);
  });
});

test('a stop that is repeated does nothing', async () => {
  const server = await start();
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  expect(isRunning()).toBe(false);
});

test('two that begin at once on a new directory share one server', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.url).toBe(other.url);
  await query(one.url, 'create table mug (mug_id int)');
  expect(await query(other.url, 'select * from mug')).toEqual([]);
});

test('the last to leave stops it, whoever that is', async () => {
  const child = await startElsewhere();
  const server = await start();
  const first = processId();
  await leave(child);
  expect(isRunning()).toBe(true);
  expect(processId()).toBe(first);

  const other = await startElsewhere();
  await server.stop();
  expect(processId()).toBe(first);
  await leave(other);
  expect(isRunning()).toBe(false);
});

test('who comes while the last is leaving gets a server', async () => {
  const leaving = await start();
  const [, staying] = await Promise.all([leaving.stop(), start()]);
  expect(await query(staying.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a server that a killed process left behind is adopted, and stopped at the end', async () => {
  const child = await startElsewhere();
  const left = processId();
  await kill(child);
  expect(isRunning()).toBe(true);

  const server = await start();
  expect(processId()).toBe(left);
  await server.stop();
  expect(isRunning()).toBe(false);
});

test('a killed process does not count as somebody who still uses it', async () => {
  const server = await start();
  await kill(await startElsewhere());
  await vi.waitUntil(async () => {
    const [row] = await query(
      server.url,
      `select count(*)::int as users from pg_stat_activity where application_name = 'kept embedded'`,
    );
    return row?.users === 1;
  });
  await server.stop();
  expect(isRunning()).toBe(false);
});

test('a killed server comes back for whoever still uses it, with all that was committed', async () => {
  const server = await start({ fsync: true });
  await query(server.url, `create table mug as select 'blue' as colour`);
  const first = processId();
  process.kill(first, 'SIGKILL');
  await vi.waitUntil(() => isRunning() && processId() !== first, { timeout: 30_000 });
  const rows = await vi.waitUntil(() => query(server.url, 'select * from mug').catch(() => undefined), {
    timeout: 30_000,
  });
  expect(rows).toEqual([{ colour: 'blue' }]);
});

test('a server that was told to stop and does not is ended by whoever wants to join, with all that was committed', async () => {
  const server = await start({ fsync: true });
  await query(server.url, 'create table kept_it (n int); insert into kept_it values (1)');
  const lingering = new pg.Client({ connectionString: server.url });
  lingering.on('error', () => {});
  await lingering.connect();
  // Told so, it waits for its clients, and takes no others.
  process.kill(readPostmaster(dataDir)!.pid, 'SIGTERM');
  await vi.waitFor(() => expect(readPostmaster(dataDir)).toMatchObject({ stopping: true }));
  const joined = await start({ longestStopMs: 100 });
  expect(await query(joined.url, 'select n from kept_it')).toEqual([{ n: 1 }]);
  await lingering.end().catch(() => {});
});

test('its settings are never there in part: another process may be starting it just now', async () => {
  const path = join(dataDir, 'postgresql.conf');
  await (await start()).stop();
  const settings = readFileSync(path, 'utf8');
  const { ino, mtimeMs } = statSync(path);
  await (await start()).stop();
  expect(statSync(path)).toMatchObject({ ino, mtimeMs });

  await writeFile(path, '# changed by hand');
  const { ino: changed } = statSync(path);
  await (await start()).stop();
  expect(readFileSync(path, 'utf8')).toBe(settings);
  // Another file, moved to its place.
  expect(statSync(path).ino).not.toBe(changed);
});

test('a lock file whose number now belongs to another program does not stop it', async () => {
  await (await start()).stop();
  await writeFile(
    join(dataDir, 'postmaster.pid'),
    `${process.pid}\n${dataDir}\n1\n5432\n${dataDir}\n\n1 1\nready   \n`,
  );
  const server = await start();
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a path that is too long for a socket gets one elsewhere', async () => {
  dataDir = join(directory, 'long-'.repeat(20), 'postgres');
  const server = await start();
  expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  const socketDirectory = new URL(server.url).searchParams.get('host') ?? '';
  expect(socketDirectory).not.toContain('long-');
  await server.stop();
  await rm(socketDirectory, { recursive: true });
});

describe('what stands in the way is told', () => {
  test('a directory with something else in it', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'diary.txt'), 'Dear diary');
    await expect(start()).rejects.toMatchObject({
      code: 'cannot_start',
      message: `${dataDir} is neither empty nor a database. Choose another directory with --data.`,
    });
    expect(readFileSync(join(dataDir, 'diary.txt'), 'utf8')).toBe('Dear diary');
  });

  test('a database of another PostgreSQL', async () => {
    await (await start()).stop();
    await writeFile(join(dataDir, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 17, and this Kept brings 18');
  });

  test('a database that is damaged', async () => {
    await (await start()).stop();
    await rm(join(dataDir, 'global'), { recursive: true });
    await expect(start()).rejects.toThrow(/does not start .* It says:\n.*global/s);
  });

  test.runIf(process.getuid?.() === 0)(
    'as root, a directory that the user postgres cannot reach',
    async () => {
      await chmod(directory, 0o700);
      await expect(
        startEmbedded({ dataDir: join(directory, 'below', 'postgres'), fsync: false }),
      ).rejects.toThrow(`who may not enter ${directory}. Choose another directory with --data`);
    },
  );
});

test.runIf(process.getuid?.() === 0)(
  'as root, the closed directory that was given for the data is opened to pass through, and no more',
  async () => {
    await chmod(directory, 0o700);
    await (await start()).stop();
    expect(statSync(directory).mode & 0o777).toBe(0o711);
  },
);

test('an empty directory that is already there is used', async () => {
  await mkdir(dataDir);
  await start();
  expect(existsSync(join(dataDir, 'PG_VERSION'))).toBe(true);
});
