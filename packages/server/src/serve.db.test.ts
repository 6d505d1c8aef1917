import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
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
