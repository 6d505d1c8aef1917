import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { smtpSender, tell } from './comms/index.ts';
import { mailServer } from './comms/testing/mail-server.ts';
import { decideDue } from './due.ts';
import { byTime } from './platform/clock-drift.ts';
import { migrate } from './platform/migrate.ts';
import { testDatabase } from './platform/testing/database.ts';
import { gateTo, gateToDatabase } from './platform/testing/gate.ts';
import { standingOf } from './standing.ts';
import {
  faultsOf,
  givenShop,
  order,
  purchaseOrder,
  START,
  type TestKept,
  testKept,
} from './testing/brand.ts';

/** What goes wrong around Kept: what it has acknowledged is there afterwards, and it heals alone. */

const MIGRATIONS = resolve(import.meta.dirname, '../migrations');
const { url } = await testDatabase();
const database = await gateToDatabase(url);
const post = await mailServer();
const mails = await gateTo({ host: '127.0.0.1', port: Number(new URL(post.url).port) });
const sender = smtpSender(`smtp://127.0.0.1:${mails.port}`, 'Ember <orders@ember.example>');
const owner = new pg.Client({ connectionString: url });
let one: TestKept;
beforeAll(async () => {
  await owner.connect();
  one = await testKept(database.url, undefined, { sender, pageUrl: 'https://orders.ember.example' });
  await givenShop(one, { LAMP: 1000, CUP: 0 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', 1000, '2026-03-23'));
});
afterAll(async () => {
  await one.close();
  await owner.end();
  sender.close();
  await Promise.all([database.shut(), mails.shut()]);
  await post.close();
});

const place = (wanted: ReturnType<typeof order>, key: string = wanted.ref) =>
  one.call('POST', '/v1/orders', wanted, { 'idempotency-key': key });
async function there(refs: readonly string[]): Promise<void> {
  const { rows } = await owner.query('select ref, count(*)::int as n from customer_order group by ref');
  const found = new Map(rows.map(({ ref, n }) => [ref, n]));
  for (const ref of refs) expect(found.get(ref), ref).toBe(1);
  expect(await faultsOf(one.kept)).toEqual([]);
}

test('the database goes, in the midst of orders, and comes back: refused meanwhile, none lost, none twice', async () => {
  const acknowledged: string[] = [];
  const unanswered: ReturnType<typeof order>[] = [];
  const statuses = new Map<number, number>();
  for (let round = 0; round < 5; round++) {
    const batch = Array.from({ length: 20 }, () => order(round % 2 === 0 ? 'LAMP' : 'CUP', 1));
    const answers = batch.map((wanted) => place(wanted));
    if (round > 0) await answers[round * 3];
    await database.shut();
    for (const [index, answer] of (await Promise.all(answers)).entries()) {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status === 201) acknowledged.push(batch[index]!.ref);
      else unanswered.push(batch[index]!);
    }
    const refused = await place(order('LAMP', 1));
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ code: 'database_unavailable' });
    expect((await one.call('GET', '/readyz')).status).toBe(503);
    expect((await one.call('GET', '/healthz')).status).toBe(200);
    await database.open();
    expect((await one.call('GET', '/readyz')).status).toBe(200);
  }
  expect([...statuses.keys()].sort()).toEqual([201, 503]);
  await there(acknowledged);
  // Who got no answer asks again, with the same key: what was done is answered, what was not is done.
  for (const wanted of unanswered) expect((await place(wanted)).status).toBe(201);
  await there([...acknowledged, ...unanswered.map(({ ref }) => ref)]);
});

test('the mail server is down for a day: everybody hears once, when it is back, without anybody looking', async () => {
  const hour = async () => {
    one.clock.set(new Date(one.clock.now().getTime() + 3_600_000));
    await tell(one.kept, 1, { sender, sms: null, pageUrl: 'https://orders.ember.example' });
  };
  await hour();
  await mails.shut();
  const told = Array.from({ length: 5 }, (_, index) => `day${index}@example.com`);
  for (const email of told)
    expect((await place(order('CUP', 1, { customer: { name: 'Ada', email } }))).status).toBe(201);
  for (let hours = 0; hours < 24; hours++) await hour();
  const states = async () =>
    (
      await owner.query(`select distinct m.state from message m join customer_order o using (brand_id, order_id)
        where o.customer_email like 'day%'`)
    ).rows;
  expect(await states()).toEqual([{ state: 'waiting' }]);
  await mails.open();
  for (let hours = 0; hours < 3; hours++) await hour();
  expect(await states()).toEqual([{ state: 'sent' }]);
  const { rows } =
    await owner.query(`select count(*)::int as n from message m join customer_order o using (brand_id, order_id)
    where o.customer_email like 'day%'`);
  const heard = post.mails.filter(({ to }) => told.some((email) => JSON.stringify(to).includes(email)));
  expect(heard).toHaveLength(rows[0].n);
  expect(new Set(heard.map(({ messageId }) => messageId)).size).toBe(heard.length);
  for (const email of told) expect(JSON.stringify(heard.map(({ to }) => to))).toContain(email);
});

test('a job that fails each time holds up no other, tells so each time, and is done when its cause is gone', async () => {
  expect((await one.call('PUT', '/v1/privacy/settings', { eraseAfterDays: 30 })).status).toBe(200);
  const done = order('LAMP', 1, { customer: { name: 'Ermintrude', email: 'ermintrude@example.com' } });
  expect((await place(done)).status).toBe(201);
  const shipped = { lines: [{ line: 1, quantity: 1 }] };
  expect((await one.call('POST', `/v1/orders/web:${done.ref}/shipments`, shipped)).status).toBeLessThan(300);
  expect(
    (
      await one.call('POST', '/v1/purchase-orders/PO-1/revisions', {
        line: 1,
        expectedOn: '2026-05-30',
        reason: 'freight',
      })
    ).status,
  ).toBe(200);
  await owner.query(`
    create function poison() returns trigger language plpgsql as $$ begin raise 'poisoned'; end $$;
    create trigger poison before insert on signal for each row execute function poison()`);
  one.clock.set(new Date(one.clock.now().getTime() + 40 * 86_400_000));
  await expect(decideDue(one.kept, 1)).rejects.toThrow(/poisoned/);
  const { rows } = await owner.query('select customer_email from customer_order where ref = $1', [done.ref]);
  expect(rows, 'the job after it').toEqual([{ customer_email: null }]);
  await owner.query('drop trigger poison on signal');
  await decideDue(one.kept, 1);
  expect((await owner.query('select from signal limit 1')).rowCount).toBe(1);
  expect(await faultsOf(one.kept)).toEqual([]);
});

test('an event that nobody can read stops its readers where it is, tells so, and holds up nothing else', async () => {
  await tell(one.kept, 1, { sender, pageUrl: 'https://orders.ember.example' });
  const before = order('CUP', 1, { customer: { name: 'Florian', email: 'florian@example.com' } });
  expect((await place(before)).status).toBe(201);
  const event = `kind = 'order.placed' and data::json ->> 'ref' = '${before.ref}'`;
  const { rows } = await owner.query(`select event_id, data from event where ${event}`);
  await owner.query(`update event set data = '{"order": ' where event_id = $1`, [rows[0].event_id]);
  const outgoing = { sender, pageUrl: 'https://orders.ember.example' };
  await expect(tell(one.kept, 1, outgoing)).rejects.toThrow(/JSON/);
  // What is decided does not wait for what is told.
  const behind = order('CUP', 1, { customer: { name: 'Gesine', email: 'gesine@example.com' } });
  expect((await place(behind)).status).toBe(201);
  one.clock.set(new Date(one.clock.now().getTime() + 3_600_000));
  const age = (await standingOf(one.kept, 1)).find(({ name }) => name === 'kept_log_age_seconds')!.value;
  expect(age).toBeGreaterThanOrEqual(3600);
  const written = () =>
    owner
      .query('select recipient from message where recipient = any($1) order by 1', [
        ['florian@example.com', 'gesine@example.com'],
      ])
      .then((found) => found.rows.map((row) => row.recipient));
  expect(await written()).toEqual([]);
  // Whoever was called mends it; nobody was passed over meanwhile.
  await owner.query('update event set data = $2 where event_id = $1', [rows[0].event_id, rows[0].data]);
  await tell(one.kept, 1, outgoing);
  await tell(one.kept, 1, outgoing);
  expect(await written()).toEqual(['florian@example.com', 'gesine@example.com']);
});

test('a clock that jumps brings nothing about while it disagrees with the database, and what was done under it stands', async () => {
  const offset = { ms: 0 };
  const jumping = { ...one.kept, clock: { now: () => new Date(Date.now() + offset.ms) } };
  let done = 0;
  const work = () => byTime(jumping, async () => done++);
  expect(await work()).toBe(true);
  for (const ms of [3 * 86_400_000, -3 * 86_400_000, 200_000, -200_000]) {
    offset.ms = ms;
    expect(await work()).toBe(false);
  }
  offset.ms = 0;
  expect(await work()).toBe(true);
  expect(done).toBe(2);
  // A hold and orders while the clock goes back and forth by an hour.
  const { url: of } = await testDatabase();
  const shaken = await testKept(of, {
    now: () => new Date(START.getTime() + offset.ms),
    set() {},
    restart() {},
  });
  try {
    await givenShop(shaken, { LAMP: 50, CUP: 0 });
    await shaken.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', 100, '2026-03-23'));
    for (const [turn, ms] of [0, 3_600_000, -3_600_000, 7_200_000, 0].entries()) {
      offset.ms = ms;
      const hold = { channel: 'web', sku: 'LAMP', quantity: 3, ttlSeconds: 1800 };
      const held = await shaken.call('POST', '/v1/holds', hold);
      expect([held.status, turn]).toEqual([201, turn]);
      const placed = await shaken.call('POST', '/v1/orders', order('CUP', 2));
      expect(placed.status).toBe(201);
      await decideDue(shaken.kept, 1);
      const cancelled = await shaken.call('POST', `/v1/orders/${placed.body.id}/cancellations`, {
        lines: [{ line: 1, quantity: 1 }],
      });
      expect(cancelled.status).toBeLessThan(300);
      expect(await faultsOf(shaken.kept)).toEqual([]);
    }
  } finally {
    await shaken.close();
  }
});

test('the next version migrates while this one takes orders: both serve on the new schema', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kept-next-'));
  try {
    await cp(MIGRATIONS, directory, { recursive: true });
    await writeFile(
      join(directory, `${await nextNumber()}-next.sql`),
      `alter table customer_order add column next_words text not null default '';
       alter table order_line add column next_number bigint;
       select pg_sleep(0.3);`,
    );
    const placed: string[] = [];
    let migrating = true;
    const orders = (async () => {
      while (migrating) {
        const wanted = order('LAMP', 1);
        expect((await place(wanted)).status).toBe(201);
        placed.push(wanted.ref);
      }
    })();
    await migrate(url, { directory });
    migrating = false;
    await orders;
    // Another process beside, which had not seen the schema before.
    const other = await testKept(url, one.clock);
    const late = order('LAMP', 1);
    expect((await other.call('POST', '/v1/orders', late)).status).toBe(201);
    await other.close();
    await there([...placed, late.ref]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

async function nextNumber(): Promise<string> {
  const { rows } = await owner.query('select max(name) as last from kept_migration');
  return String(Number(rows[0].last.slice(0, 4)) + 1).padStart(4, '0');
}
