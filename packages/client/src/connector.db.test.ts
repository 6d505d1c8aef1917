import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CornerShop } from '../../../examples/connector/shop.ts';
import { type Kept, keptClient } from './index.js';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
let folder: string;
let process_: ChildProcess;
let url: string;
let kept: Kept;
let shop: CornerShop;

/** Kept as somebody runs it, who connects the shop of the guide to it. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-client-'));
  process_ = spawn(process.execPath, [main, 'start', '--no-demo', '--port', '0', '--data', folder], {
    env: {
      ...process.env,
      KEPT_BOOTSTRAP_KEY: 'first',
      KEPT_PRIVATE_WEBHOOKS: 'yes',
      KEPT_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: process_.stdout! })) {
    const found = /Kept is at (http:\S+)/.exec(line);
    if (found === null) continue;
    url = found[1]!;
    break;
  }
  kept = keptClient({ url, key: 'first' });
  const scopes = ['connections:write', 'orders:read'] as const;
  const { key } = await kept.call('POST /v1/keys', { body: { name: 'corner shop', scopes: [...scopes] } });
  shop = new CornerShop({ url, key });
});
afterAll(async () => {
  shop?.close();
  process_.kill('SIGTERM');
  await once(process_, 'exit');
  await rm(folder, { recursive: true, force: true });
});

test('a shop that is connected in an afternoon shows what may be had, sells, and does what it is asked', async () => {
  await shop.open([{ sku: 'TEA', title: 'Tea', cents: 490, stock: 3 }]);
  await expect.poll(() => shop.shown.get('TEA'), { timeout: 20_000 }).toMatchObject({ now: 3 });
  await shop.sell('C-1', 'TEA', 2, 'ada@example.com');
  await expect.poll(() => shop.shown.get('TEA')?.now, { timeout: 20_000 }).toBe(1);
  expect(await shop.promiseOf('C-1')).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  const order = 'corner:C-1';
  await kept.call('POST /v1/orders/{order}/cancellations', {
    params: { order },
    body: { lines: [{ line: 1, quantity: 2 }], by: 'brand', reason: 'changed_mind' },
  });
  await expect.poll(() => shop.sales.get('C-1')?.state, { timeout: 20_000 }).toBe('cancelled');
  const listed: string[] = [];
  for await (const { sku } of kept.all('GET /v1/items')) listed.push(sku);
  expect(listed).toEqual(['TEA']);
});
