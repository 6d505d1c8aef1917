import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, type TestKept, testKept } from '../testing/brand.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const { url } = await testDatabase();
let one: TestKept;
let folder: string;

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 0 });
  folder = await mkdtemp(join(tmpdir(), 'kept-kill-'));
});
afterAll(async () => {
  await one.close();
  await rm(folder, { recursive: true });
});

/** `kept import` on the test's database, in a process of its own. */
function importing(file: string, ...flags: string[]) {
  return spawn(process.execPath, [main, 'import', file, '--channel', 'web', ...flags], {
    env: { ...process.env, KEPT_DATABASE_URL: url },
    stdio: 'ignore',
  });
}

test('an import that is killed leaves nothing, and the same file comes in whole afterwards', async () => {
  const orders = 6000;
  const file = join(folder, 'orders.csv');
  const rows = Array.from({ length: orders }, (_, n) => `K${n},web,2026-03-01,Ada,US,LAMP,1,10.00`);
  await writeFile(file, ['ref,channel,placed_at,customer,country,sku,quantity,price', ...rows].join('\n'));

  const killed = importing(file);
  // Killed as soon as it writes: its first order is in its transaction then, seen by nobody else.
  await until(async () => (await writing()) || killed.exitCode !== null);
  expect(killed.exitCode).toBeNull();
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  await until(async () => !(await writing()));
  expect((await one.call('GET', '/v1/backorders')).body.totals.lines).toBe(0);
  expect(await faultsOf(one.kept)).toEqual([]);

  const again = importing(file);
  const [code] = await once(again, 'exit');
  expect(code).toBe(0);
  expect((await one.call('GET', '/v1/backorders')).body.totals).toMatchObject({
    lines: orders,
    units: orders,
  });

  const [twice] = await once(importing(file), 'exit');
  expect(twice).toBe(0);
  expect((await one.call('GET', '/v1/backorders')).body.totals.lines).toBe(orders);
  expect(await faultsOf(one.kept)).toEqual([]);
});

/** Whether somebody's open transaction has written an order line: the lock that goes with it shows. */
async function writing(): Promise<boolean> {
  const { rows } = await one.kept.db.pool.query(
    `select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.relation = 'order_line'::regclass and l.mode = 'RowExclusiveLock' and a.datname = current_database()`,
  );
  return rows.length > 0;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}
