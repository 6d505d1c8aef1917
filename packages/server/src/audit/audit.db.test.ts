import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { columnTypes } from '../platform/column-types.ts';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, order, type TestKept, testKept } from '../testing/brand.ts';
import { auditFaults, sealAudit } from './index.ts';

const { url } = await testDatabase();
const owner = new pg.Client({ connectionString: url, types: columnTypes });
/** Looks are written once a second. */
const SOON = { timeout: 20_000 };
let one: TestKept;
beforeAll(async () => {
  await owner.connect();
  one = await testKept(url);
  await givenShop(one, { LAMP: 5 });
  expect((await one.call('POST', '/v1/orders', order('LAMP', 1, { ref: 'A1' }))).status).toBe(201);
  await one.call('GET', '/v1/orders/web:A1');
  await one.call('POST', '/v1/keys', { name: 'erp', scopes: ['orders:read'] });
  await sealAudit(one.kept, 1);
  await one.call('PUT', '/v1/brand', { title: 'Wren' });
  await sealAudit(one.kept, 1);
});
beforeEach(() => owner.query('begin'));
afterAll(async () => {
  await owner.end();
  await one.close();
});

const faults = () => withBrand(one.kept.db, 1, (client) => auditFaults(client, 1));
const audit = async (query = '') => (await one.call('GET', `/v1/audit${query}`)).body.items;

test('who saw, changed and ordered what is told, the latest first', async () => {
  await owner.query('rollback');
  const kinds = async (query = '') => (await audit(query)).map(({ kind }: { kind: string }) => kind);
  // Looks are written behind the answer.
  await expect.poll(() => kinds(), SOON).toContain('read GET /v1/orders/:order');
  expect(await kinds()).toEqual(expect.arrayContaining(['changed POST /v1/keys', 'changed PUT /v1/brand']));
  const [look] = await audit('?kind=/v1/orders/');
  expect(look).toMatchObject({ actor: 'key:bootstrap', about: { order: 'web:A1' }, status: 200 });
  const placed = await audit('?about=A1');
  expect(placed.length).toBeGreaterThan(0);
  expect(await audit('?actor=key:nobody')).toEqual([]);
  const all = await audit('?limit=500');
  const first = (await one.call('GET', '/v1/audit?limit=2')).body;
  const next = (await one.call('GET', `/v1/audit?limit=500&cursor=${first.next}`)).body;
  expect([...first.items, ...next.items].map(({ at, kind }) => `${at} ${kind}`)).toEqual(
    all.map(({ at, kind }: { at: string; kind: string }) => `${at} ${kind}`),
  );
  const { body: csv } = await one.call('GET', '/v1/audit?format=csv');
  expect(csv.split('\r\n')[0]).toBe('at,actor,kind,about,status,address');
  expect(csv).toContain('changed PUT /v1/brand');
});

test('who is refused is written down too', async () => {
  await owner.query('rollback');
  const { key } = (await one.call('POST', '/v1/keys', { name: 'weak', scopes: ['orders:read'] })).body;
  await one.call('GET', '/v1/people', undefined, { authorization: `Bearer ${key}` });
  await expect.poll(async () => (await audit('?actor=key:weak'))[0], SOON).toMatchObject({ status: 403 });
});

test('a try to sign in is written down, without its secrets', async () => {
  await owner.query('rollback');
  const given = { email: 'ada@wren.example', password: 'not my password' };
  await one.call('POST', '/sign-in/password', given, { 'sec-fetch-site': 'same-origin' });
  const [tried] = await audit('?kind=/sign-in/');
  expect(tried).toMatchObject({
    kind: 'POST /sign-in/password',
    actor: 'nobody',
    status: 401,
    address: '127.0.0.1',
  });
  expect(JSON.stringify(tried)).not.toContain('not my password');
});

test('the role that serves can take nothing away', async () => {
  await owner.query('rollback');
  for (const table of ['access', 'audit_seal', 'event'])
    for (const sql of [`delete from ${table}`, `update ${table} set at = now()`])
      await expect(withBrand(one.kept.db, 1, (client) => client.query(sql))).rejects.toThrow(
        'permission denied',
      );
});

test('as it is, the chain is whole, and two processes do not seal twice', async () => {
  await owner.query('rollback');
  await Promise.all([sealAudit(one.kept, 1), sealAudit(one.kept, 1)]);
  expect(await faults()).toEqual([]);
  const { rows } = await owner.query(
    `select count(*)::int as sealed, count(distinct id)::int as rows from audit_seal, unnest(events) id`,
  );
  expect(rows[0].sealed).toBe(rows[0].rows);
  expect(rows[0].sealed).toBe(Number((await owner.query('select count(*) from event')).rows[0].count));
  const { body } = await one.call('GET', '/v1/audit/seal');
  expect(body).toMatchObject({ number: expect.any(Number), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test.each([
  [
    'a fact is gone',
    `delete from event where event_id = (select min(event_id) from event)`,
    /rows? under seal 1 are gone/,
  ],
  [
    'a fact was changed',
    `update event set actor = 'key:somebody' where event_id = (select min(event_id) from event)`,
    /under seal 1.*was changed/,
  ],
  ['a look is gone', `delete from access where access_id = (select min(access_id) from access)`, /are gone/],
  ['the first seal is gone', `delete from audit_seal where number = 1`, /seal 1 is gone/],
  [
    'the last seal is gone',
    'delete from audit_seal where number = (select max(number) from audit_seal)',
    /were sealed, and their seals are gone/,
  ],
  ['a seal between is gone', `delete from audit_seal where number = 2`, /seal 2 is gone/],
  [
    'a seal names less than it did',
    `update audit_seal set events = '{}', accesses = '{}' where number = 1`,
    /seal itself, was changed/,
  ],
  [
    'a seal was made anew',
    `update audit_seal set hash = md5('x') where number = 1`,
    /changed|not over the seal/,
  ],
])('%s: it shows', async (_, tamper, says) => {
  // More than one seal, and more than two: something lies behind each.
  await owner.query('rollback');
  await one.call('PUT', '/v1/brand', { title: `Wren ${Math.random()}` });
  await sealAudit(one.kept, 1);
  await owner.query('begin');
  await owner.query(tamper);
  await owner.query(`set local app.brand = '1'`);
  expect((await auditFaults(owner as unknown as pg.PoolClient, 1)).join('\n')).toMatch(says);
  await owner.query('rollback');
});
