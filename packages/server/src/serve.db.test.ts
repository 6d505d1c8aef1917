import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase } from './platform/testing/database.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const { url, db } = await testDatabase();

test('a Kept that cannot start ends at once, says why, and leaves nothing open', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const child = spawn(process.execPath, [main, 'start', '--no-demo', '--port', String(port)], {
    env: { ...process.env, KEPT_DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  taken.close();
  expect(code).toBe(1);
  expect(said).toContain(String(port));
  const { rows } = await db.pool.query(
    `select count(*)::int as connections from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  expect(rows).toEqual([{ connections: 0 }]);
});

test('a Kept that is asked to end answers what it has begun, and does not wait for connections that stay open', async () => {
  const child = spawn(process.execPath, [main, 'start', '--no-demo', '--port', '0'], {
    env: { ...process.env, KEPT_DATABASE_URL: url, KEPT_BOOTSTRAP_KEY: 'k' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let at = '';
  for await (const line of createInterface({ input: child.stdout })) {
    at = /^Kept is at (\S+)/.exec(line)?.[1] ?? at;
    if (at !== '') break;
  }
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  // Whoever changes settings waits for all others, here for us.
  await other.query('begin; select pg_advisory_xact_lock(7341, 1)');
  const asked = fetch(`${at}/v1/channels/web`, {
    method: 'PUT',
    headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Web', kind: 'web' }),
  });
  for (;;) {
    const { rows } = await other.query(
      `select count(*)::int as waiting from pg_locks where locktype = 'advisory' and not granted`,
    );
    if (rows[0].waiting > 0) break;
  }
  child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  await other.query('commit');
  await other.end();
  const answer = await asked;
  expect([answer.status, answer.headers.get('connection')]).toEqual([201, 'close']);
  const answered = performance.now();
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  // Connections are kept open for 72 seconds between requests.
  expect(performance.now() - answered).toBeLessThan(20_000);
});
