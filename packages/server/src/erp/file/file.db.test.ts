import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import writeXlsx from 'write-excel-file/node';
import { sftpServer } from '../../channels/wholesale/testing/sftp-server.ts';
import { type Action, offerConnectors, workConnections } from '../../connections/index.ts';
import { conforms, type Side, testSealer } from '../../connections/testing/conformance.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, givenShop, order, START, testKept } from '../../testing/brand.ts';
import { totalIn } from '../testing/buying.ts';
import { fileConnector } from './connector.ts';

const roots: string[] = [];
afterAll(() => Promise.all(roots.map((root) => rm(root, { recursive: true }))));
const newRoot = async () => {
  const root = await mkdtemp(join(tmpdir(), 'kept-erp-file-'));
  roots.push(root);
  await mkdir(join(root, 'in'));
  return root;
};
let ticks = 0;
/** Written a while ago, each later than the one before. */
const put = async (root: string, name: string, content: string | Uint8Array) => {
  const path = join(root, 'in', name);
  await writeFile(path, content);
  const at = Date.now() / 1000 - 600 + ++ticks;
  await utimes(path, at, at);
};
const HEAD = 'PO Number;Vendor;Item Code;Qty Ordered;Received Qty;ETA;Warehouse;Status';
const common = { currency: 'USD', everyMinutes: 1, locations: { Hall: 'main' } };

/** Each thing that happens is an export of all open orders, as ERPs make them. */
function side(
  root: string,
  settings: Side['settings'],
  secrets: Side['secrets'],
  faults: Side['faults'],
): Side {
  const orders = new Map<string, { quantity: number; received: number }>();
  const total = () => [...orders.values()].reduce((sum, one) => sum + one.quantity + 1000 * one.received, 0);
  return {
    settings,
    secrets,
    faults,
    given: (kept) => givenShop(kept, { MUG: 0 }),
    async happen(number) {
      const last = [...orders.values()].at(-1);
      if (number % 2 === 1 || last === undefined) orders.set(`F${number}`, { quantity: number, received: 0 });
      else last.received += 2;
      const rows = [...orders].map(
        ([ref, { quantity, received }]) =>
          `${ref};acme;MUG;${quantity};${received};2026-04-01;Hall;confirmed`,
      );
      await put(root, `open-${number}.csv`, [HEAD, ...rows, ''].join('\n'));
    },
    total: async () => total(),
    totalIn,
    async close() {},
  };
}

const overFolder = await testDatabase();
conforms('files in a folder', overFolder.url, {
  connector: fileConnector,
  async start() {
    const root = await newRoot();
    const mailbox = { kind: 'folder', in: join(root, 'in'), out: join(root, 'out') };
    return side(root, { ...common, mailbox }, {}, { throttle() {}, fail() {}, hang() {} });
  },
});

const overSftp = await testDatabase();
conforms('files over SFTP', overSftp.url, {
  connector: fileConnector,
  async start() {
    const root = await newRoot();
    const server = await sftpServer(root, 'erp', 'secret');
    const { port, hostKey } = server;
    const mailbox = {
      kind: 'sftp',
      host: '127.0.0.1',
      port,
      hostKey,
      username: 'erp',
      in: '/in',
      out: '/out',
    };
    const faults = { throttle: server.fail, fail: server.cut, hang: server.hang };
    const one = side(root, { ...common, mailbox }, { password: 'secret' }, faults);
    return { ...one, close: () => server.close() };
  },
});

describe('files', async () => {
  const { url } = await testDatabase();
  const clock = manualClock(START);
  const kept = await testKept(url, clock);
  const root = await newRoot();
  afterAll(() => kept.close());
  offerConnectors(kept.kept, { connectors: [fileConnector], sealer: testSealer(), privateTargets: true });
  await givenShop(kept, { MUG: 0, LAMP: 0 });
  const mailbox = { kind: 'folder', in: join(root, 'in'), out: join(root, 'out') };
  const connect = (more: Record<string, unknown> = {}) =>
    kept.call('PUT', '/v1/connections/erp', { kind: 'file', settings: { ...common, mailbox, ...more } });
  const work = async () => {
    clock.set(new Date(clock.now().getTime() + 2 * 3_600_000));
    await workConnections(kept.kept, 1);
    return (await kept.call('GET', '/v1/connections/erp')).body.streams[0];
  };
  await connect();

  test('a workbook is read as a CSV is, and what was received before is history', async () => {
    const text = (value: string) => ({ value, type: String });
    const rows = [
      HEAD.split(';').map(text),
      ['PO-1', 'acme', 'MUG', '10', '4', '2026-04-01', 'Hall', 'confirmed'].map(text),
    ];
    const bytes = await writeXlsx(rows as never).toBuffer();
    await put(root, 'open.xlsx', bytes);
    expect(await work()).toMatchObject({ trouble: null });
    expect((await kept.call('GET', '/v1/purchase-orders/PO-1')).body.lines).toMatchObject([
      { sku: 'MUG', ordered: 10, received: 4, open: 6, location: 'main' },
    ]);
    expect((await kept.call('GET', '/v1/stock?sku=MUG')).body.items).toEqual([]);
    await expect(readdir(join(root, 'in', '.taken', 'read'))).resolves.toHaveLength(1);
  });

  test('what comes afterwards is received; an older file that comes late says nothing', async () => {
    await kept.call('POST', '/v1/orders', order('MUG', 8, { ref: 'f', mode: 'placed' }));
    const file = (received: number, on: string) =>
      `${HEAD}\nPO-1;acme;MUG;10;${received};${on};Hall;confirmed\n`;
    await put(root, 'new.csv', file(9, '2026-04-20'));
    await work();
    await writeFile(join(root, 'in', 'old.csv'), file(6, '2026-03-20'));
    const old = Date.now() / 1000 - 100_000;
    await utimes(join(root, 'in', 'old.csv'), old, old);
    await work();
    expect((await kept.call('GET', '/v1/purchase-orders/PO-1')).body.lines).toMatchObject([
      { ordered: 10, received: 9, open: 1, expectedOn: '2026-04-20' },
    ]);
    const { body } = await kept.call('GET', '/v1/orders/web:f');
    const backing = body.lines[0].commitments.map(
      (one: { kind: string; quantity: number }) => `${one.quantity} ${one.kind}`,
    );
    expect(backing.sort()).toEqual(['1 pegged', '2 waiting', '5 reserved']);
  });

  test('columns that nobody knows are asked for, the file waits, and the answer is remembered', async () => {
    const head = 'Beleg;Kred;Zeug;Wieviel;Wann;Wo';
    const name = 'strange-*.csv';
    const kind = 'purchase_orders';
    await connect({ files: [{ name, kind }] });
    await put(root, 'strange-1.csv', `${head}\nPO-9;acme;LAMP;5;2026-05-01;Hall\n`);
    expect((await work()).trouble).toContain('strange-1.csv');
    expect(await readdir(join(root, 'in'))).toContain('strange-1.csv');
    const map = {
      ref: 'Beleg',
      supplier: 'Kred',
      sku: 'Zeug',
      quantity: 'Wieviel',
      expected_on: 'Wann',
      location: 'Wo',
    };
    await connect({ files: [{ name, kind, map }] });
    expect(await work()).toMatchObject({ trouble: null });
    // The same header under another name: what was said of it is remembered.
    await put(root, 'another-name.csv', `${head}\nPO-9;acme;LAMP;7;2026-05-01;Hall\n`);
    expect(await work()).toMatchObject({ trouble: null });
    expect((await kept.call('GET', '/v1/purchase-orders/PO-9')).body.lines).toMatchObject([{ ordered: 7 }]);
  });

  test('cases are pieces where that is said; a file with a bad row is put aside with what is wrong', async () => {
    const head = 'PO Number;Vendor;Item Code;Qty Ordered;UOM;ETA;Warehouse';
    await connect({ units: { case: 12 } });
    await put(root, 'cases.csv', `${head}\nPO-2;acme;LAMP;3;Case;2026-05-01;Hall\n`);
    await put(root, 'bad.csv', `${head}\nPO-3;acme;LAMP;three;Case;2026-05-01;Hall\n`);
    expect(await work()).toMatchObject({ trouble: null });
    expect((await kept.call('GET', '/v1/purchase-orders/PO-2')).body.lines).toMatchObject([{ ordered: 36 }]);
    expect((await kept.call('GET', '/v1/purchase-orders/PO-3')).status).toBe(404);
    expect(await readFile(join(root, 'out', 'bad.csv.problems.csv'), 'utf8')).toContain(
      '2,Qty Ordered,three,',
    );
    await expect(readdir(join(root, 'in', '.taken', 'refused'))).resolves.toHaveLength(1);
  });

  test('drafts, dates and receipts go out as files, each under one name', async () => {
    const connection = fileConnector.open({
      settings: fileConnector.settings.parse({ ...common, mailbox }),
      secrets: {},
      now: () => clock.now(),
      fetch,
      log: { info() {}, warn() {} },
      saveSecrets: async () => {},
      pushUrl: null,
    });
    const lines = [
      {
        line: 1,
        sku: '=MUG',
        quantity: 48,
        expectedOn: '2026-05-01',
        location: 'main',
        unitCost: { amount: 605, currency: 'USD' },
      },
    ];
    const purchaseOrder = { supplier: 'acme', placedOn: '2026-03-02', stage: 'draft', lines };
    const draft = {
      id: 'a',
      at: '',
      kind: 'draft_purchase_order',
      ref: 'K/1',
      purchaseOrder,
    } as unknown as Action;
    expect(await connection.act!(draft)).toMatchObject({ state: 'done' });
    expect(await connection.act!(draft)).toMatchObject({ state: 'done' });
    expect(await readFile(join(root, 'out', 'draft-purchase-order-K_1.csv'), 'utf8')).toBe(
      "ref,supplier,placed_on,line,sku,quantity,expected_on,location,unit_cost,currency\r\nK/1,acme,2026-03-02,1,'=MUG,48,2026-05-01,main,6.05,USD\r\n",
    );
    await connection.close?.();
  });

  test('all of it leaves nothing broken', async () => {
    expect(await faultsOf(kept.kept)).toEqual([]);
  });
});
