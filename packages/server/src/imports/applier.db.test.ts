import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, type TestKept, testKept } from '../testing/brand.ts';
import { createApplier } from './applier.ts';
import { createImportStore } from './import-store.ts';
import { runImport } from './run.ts';

const { url, db } = await testDatabase();
let one: TestKept;
/** Sees what others do, and may end it: the role that serves may not. */
const owner = new pg.Client({ connectionString: url });

beforeAll(async () => {
  await owner.connect();
  one = await testKept(url);
  await givenShop(one, { LAMP: 0 });
});
afterAll(async () => {
  await one.close();
  await owner.end();
});

/** One more import than the pool has connections would hang if each kept its own. */
const MORE_THAN_THE_POOL = 9;

test('an import whose wait for a lock is cancelled fails and gives its connection back', async () => {
  const { pool } = one.kept.db;
  const other = await db.pool.connect();
  try {
    await other.query('begin; set local app.brand = 1');
    await other.query('select from item for update');
    for (let n = 0; n < MORE_THAN_THE_POOL; n++) {
      const running = importOf(createApplier(one.kept, 1));
      await untilOneWaits((pid) => owner.query('select pg_cancel_backend($1)', [pid]));
      const result = await running;
      expect(result).toMatchObject({ state: 'failed', applied: 0 });
      expect(result.failure).toMatchObject({ code: '57014' });
      expect(pool.idleCount).toBe(pool.totalCount);
    }
  } finally {
    await other.query('rollback');
    other.release();
  }
  expect(await importOf(createApplier(one.kept, 1))).toMatchObject({ state: 'done', applied: 1 });
  expect(pool.idleCount).toBe(pool.totalCount);
});

test('a connection that dies is told as such by whatever comes next, and is not kept', async () => {
  const { pool } = one.kept.db;
  for (const next of ['apply', 'commit', 'rollback'] as const) {
    const applier = createApplier(one.kept, 1);
    await applier.begin();
    await terminateHolder();
    const asked = next === 'apply' ? applier.apply([{ kind: 'item', item: ITEM }]) : applier[next]();
    await expect(asked).rejects.toMatchObject({ code: 'database_unavailable' });
    await applier.rollback().catch(() => {});
    expect(pool.idleCount).toBe(pool.totalCount);
  }
});

test('errors stand where they are put', async () => {
  const store = createImportStore(one.kept);
  const run = {
    id: 'e1',
    file: 'a.csv',
    kind: null,
    state: 'checking' as const,
    startedAt: '2026-03-02T09:00:00Z',
  };
  const none = { rows: 0, applied: 0, unchanged: 0, skipped: 0, errorCount: 0, errors: [], finishedAt: null };
  await store.create('1', { ...run, ...none });
  const error = (line: number) => ({
    file: 'a.csv',
    line,
    column: null,
    value: null,
    message: '',
    expected: '',
  });
  await store.addErrors('1', 'e1', 0, [error(2), error(3)]);
  await store.addErrors('1', 'e1', 2, [error(4)]);
  expect((await store.errors('1', 'e1', 1, 10)).map(({ line }) => line)).toEqual([3, 4]);
});

test('how an import ended is committed with its records, and nothing takes it back', async () => {
  const store = createImportStore(one.kept);
  const none = { rows: 0, applied: 0, unchanged: 0, skipped: 0, errorCount: 0, errors: [], finishedAt: null };
  const startedAt = '2026-03-02T09:00:00Z';
  await store.create('1', { id: 'k1', file: 'a.csv', kind: null, state: 'checking', startedAt, ...none });

  const killed = createApplier(one.kept, 1, 'k1');
  await killed.begin();
  await killed.apply([{ kind: 'item', item: ITEM }]);
  await terminateHolder();
  await expect(killed.commit({ state: 'done', ...none } as never)).rejects.toMatchObject({
    code: 'database_unavailable',
  });
  await killed.rollback().catch(() => {});
  expect(await store.get('1', 'k1')).toMatchObject({ state: 'checking', finishedAt: null });

  // Nobody is left to write anything after the commit: a server was killed there.
  expect(await importOf(createApplier(one.kept, 1, 'k1'))).toMatchObject({ state: 'done' });
  const ended = await store.get('1', 'k1');
  expect(ended).toMatchObject({ state: 'done', rows: 1, finishedAt: '2026-03-02T09:00:00.000Z' });
  await store.update('1', 'k1', { state: 'applying', rows: 0 });
  await store.update('1', 'k1', { state: 'failed', message: 'the connection was lost' });
  expect(await store.get('1', 'k1')).toEqual(ended);
});

const ITEM = { sku: 'DESK', title: 'Desk', price: { amount: 100, currency: 'USD' } };

function importOf(applier: ReturnType<typeof createApplier>) {
  const file = (async function* () {
    yield Buffer.from('sku,location,condition,counted\nLAMP,main,sellable,5\n');
  })();
  return runImport({ file, name: 'stock.csv', options: {}, applier });
}

async function untilOneWaits(then: (pid: number) => Promise<unknown>): Promise<void> {
  for (;;) {
    const { rows } = await owner.query(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows[0] !== undefined) return void (await then(rows[0].pid));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Ends the one connection that has a transaction open, and waits until Node has heard of it. */
async function terminateHolder(): Promise<void> {
  await owner.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and state = 'idle in transaction'`,
  );
  await new Promise((resolve) => setTimeout(resolve, 100));
}
