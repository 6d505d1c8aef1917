import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from './platform/migrate.ts';
import { asOwner, type Cluster, clusterIn, standbyOf } from './platform/testing/cluster.ts';
import { gateTo } from './platform/testing/gate.ts';
import { faultsOf, givenShop, order, purchaseOrder, type TestKept, testKept } from './testing/brand.ts';

/** What happens to the machine below the database: what was acknowledged is there afterwards, and Kept is not restarted. */

let parent: string;
const running = new Set<Cluster>();
const mounts: string[] = [];
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kept-failover-'));
  await chmod(parent, 0o755); // mkdtemp closes it, and as root the server runs as another user
});
afterAll(async () => {
  for (const cluster of running) await cluster.stop().catch(() => {});
  for (const mount of mounts) execFileSync('umount', [mount]);
  await rm(parent, { recursive: true, force: true });
});

async function shopOn(url: string): Promise<TestKept> {
  const one = await testKept(url);
  await givenShop(one, { LAMP: 100_000, CUP: 0 });
  const ordered = await one.call(
    'PUT',
    '/v1/purchase-orders/PO-1',
    purchaseOrder('CUP', 100_000, '2026-03-23'),
  );
  expect(ordered.status).toBeLessThan(300);
  return one;
}
const place = (one: TestKept, wanted: ReturnType<typeof order>) =>
  one.call('POST', '/v1/orders', wanted, { 'idempotency-key': wanted.ref });

async function expectOnce(url: string, refs: readonly string[]): Promise<void> {
  const { rows } = await asOwner(url, 'select ref, count(*)::int as n from customer_order group by ref');
  const found = new Map(rows.map(({ ref, n }) => [ref, n]));
  expect(refs.filter((ref) => found.get(ref) !== 1)).toEqual([]);
}

test.skipIf(process.platform === 'win32')(
  'the primary dies in the midst of orders, its standby is promoted: each acknowledged order is there, once',
  async () => {
    const primary = await clusterIn(parent, 'primary');
    running.add(primary);
    await migrate(primary.url);
    const standby = await standbyOf(primary, parent, 'standby');
    running.add(standby);
    // As an address that moves with the primary: a proxy's, or a provider's.
    const way = { path: primary.socket };
    const gate = await gateTo(way);
    const one = await shopOn(`postgresql://postgres@127.0.0.1:${gate.port}/kept`);

    const acknowledged: string[] = [];
    const unanswered: ReturnType<typeof order>[] = [];
    const enough = Promise.withResolvers<void>();
    // Each orders one after another, until it is no longer answered.
    const clients = Array.from({ length: 8 }, async (_, index) => {
      for (;;) {
        const wanted = order(index % 2 === 0 ? 'LAMP' : 'CUP', 1);
        const { status, body } = await place(one, wanted);
        if (status === 201) {
          if (acknowledged.push(wanted.ref) === 50) enough.resolve();
          continue;
        }
        unanswered.push(wanted);
        expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_unavailable' });
        return;
      }
    });
    await enough.promise;
    await primary.kill();
    running.delete(primary);
    await gate.shut();
    await Promise.all(clients);
    expect(unanswered).toHaveLength(clients.length);

    // The way leads to the standby before it takes writes: it reads, and refuses without a word of an inner fault.
    way.path = standby.socket;
    await gate.open();
    const read = async () => (await one.call('GET', '/v1/items/LAMP')).body;
    await expect.poll(read, { timeout: 20_000 }).toMatchObject({ sku: 'LAMP' });
    const early = await place(one, order('LAMP', 1));
    expect(early.status).toBe(503);
    expect(early.body).toMatchObject({ code: 'database_unavailable' });

    await asOwner(standby.url, 'select pg_promote(true)');
    await expectOnce(standby.url, acknowledged);
    for (const wanted of unanswered) expect((await place(one, wanted)).status).toBe(201);
    await expectOnce(standby.url, [...acknowledged, ...unanswered.map(({ ref }) => ref)]);
    expect((await one.call('GET', '/readyz')).status).toBe(200);
    expect(await faultsOf(one.kept)).toEqual([]);
    await one.close();
    await gate.shut();
  },
  120_000,
);

/** A file system of its own that can be filled; only root may mount one. */
function smallDisk(): string | null {
  const path = join(parent, 'disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=755', 'tmpfs', path], { stdio: 'ignore' });
    mounts.push(path);
    return path;
  } catch {
    return null;
  }
}

async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = 1 << 20; size >= 4096; ) {
      const { bytesWritten } = await file.write(Buffer.alloc(size)).catch(() => ({ bytesWritten: 0 }));
      if (bytesWritten < size) size /= 2;
    }
  } finally {
    await file.close();
  }
}

test('the disk of the database is full: refused with 503 and told so, and taken again once there is room', async ({
  skip,
}) => {
  await mkdir(join(parent, 'disk'));
  const disk = smallDisk();
  if (disk === null) return skip('a file system that can be filled needs root, and a system with mount');
  const cluster = await clusterIn(disk, 'data');
  running.add(cluster);
  await migrate(cluster.url);
  const one = await shopOn(cluster.url);
  const acknowledged: string[] = [];
  const refused: ReturnType<typeof order>[] = [];
  await fill(join(disk, 'filler'));
  for (let rounds = 0; refused.length < 100 && rounds < 300; rounds++) {
    const batch = Array.from({ length: 50 }, () => order(rounds % 2 === 0 ? 'LAMP' : 'CUP', 1));
    const answers = await Promise.all(batch.map((each) => place(one, each)));
    for (const [index, { status, body }] of answers.entries()) {
      if (status === 201) acknowledged.push(batch[index]!.ref);
      else {
        expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_unavailable' });
        refused.push(batch[index]!);
      }
    }
  }
  expect(refused.length).toBeGreaterThanOrEqual(100);
  expect((await one.call('GET', '/healthz')).status).toBe(200);

  await rm(join(disk, 'filler'));
  await expect.poll(async () => (await one.call('GET', '/readyz')).status, { timeout: 30_000 }).toBe(200);
  for (const each of refused) expect((await place(one, each)).status).toBe(201);
  await expectOnce(cluster.url, [...acknowledged, ...refused.map(({ ref }) => ref)]);
  expect(await faultsOf(one.kept)).toEqual([]);
  await one.close();
}, 180_000);
