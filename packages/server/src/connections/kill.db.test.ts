import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, type TestKept, testKept } from '../testing/brand.ts';
import { orderFact } from './testing/memory-shop.ts';
import { signPush } from './testing/memory-system.ts';

const worker = fileURLToPath(new URL('./testing/kept-process.ts', import.meta.url));
const { url } = await testDatabase();
let one: TestKept;
let shop: Server;
let shopUrl: string;
const told: { facts: unknown[] } = { facts: [] };

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 0 });
  // The shop: a page of its orders after a place.
  shop = createServer((request, response) => {
    const after = Number(new URL(request.url!, 'http://shop').searchParams.get('after') ?? 0);
    const facts = told.facts.slice(after, after + 400);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ facts, next: after + facts.length }));
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
});
afterAll(async () => {
  shop.closeAllConnections();
  shop.close();
  await one.close();
});

/** A real process of Kept with a connection to the shop: its loops run, and it listens. */
async function start(): Promise<{ address: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [worker, url, shopUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /at (http:\S+)/.exec(said);
      if (found !== null) resolve(found[1]!);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  return {
    address,
    async kill() {
      child.removeAllListeners('exit');
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const totals = async () =>
  (await one.call('GET', '/v1/backorders')).body.totals as { lines: number; units: number };
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('a process that is killed in its back-fill loses nothing, and the next counts nothing twice', async () => {
  const orders = 3000;
  told.facts = Array.from({ length: orders }, (_, n) => orderFact(n, 2));
  for (const share of [0.15, 0.5, 0.8]) {
    const running = await start();
    await until(async () => (await totals()).lines >= orders * share);
    // wherever it is: in a page, between two, or in a statement
    await running.kill();
    expect((await totals()).units).toBe(2 * (await totals()).lines);
  }
  const last = await start();
  await until(async () => (await totals()).lines === orders);
  const before = await totals();
  expect(before).toMatchObject({ lines: orders, units: 2 * orders });
  await last.kill();
  expect(await faultsOf(one.kept)).toEqual([]);
}, 120_000);

test('every push that was answered with 2xx is decided, whenever the process is killed', async () => {
  const before = (await totals()).lines;
  const answered = new Set<number>();
  let number = 100_000;
  for (let round = 0; round < 3; round++) {
    const running = await start();
    let over = false;
    const send = async () => {
      while (!over) {
        const n = number++;
        const body = JSON.stringify({ id: `push-${n}`, facts: [orderFact(n, 1)] });
        try {
          const { status } = await fetch(`${running.address}/v1/connections/killed/pushes`, {
            method: 'POST',
            body,
            headers: { 'content-type': 'application/json', 'x-signature': signPush(body) },
          });
          if (status === 200) answered.add(n);
        } catch {
          return;
        }
      }
    };
    const senders = Array.from({ length: 8 }, send);
    const wanted = answered.size + 300;
    await until(async () => answered.size >= wanted);
    await running.kill();
    over = true;
    await Promise.all(senders);
  }
  const last = await start();
  await until(async () => (await one.call('GET', '/v1/connections/killed')).body.waiting.pushes === 0);
  await last.kill();
  // What was on the disk and not yet answered is decided too; never more than was sent, and each once.
  const decided = (await totals()).lines - before;
  expect(decided).toBeGreaterThanOrEqual(answered.size);
  expect(decided).toBeLessThanOrEqual(number - 100_000);
  for (const n of [...answered].filter((_, index) => index % 25 === 0))
    expect((await one.call('GET', `/v1/orders/web:M${n}`)).body.lines[0]).toMatchObject({ ordered: 1 });
  expect(await faultsOf(one.kept)).toEqual([]);
}, 120_000);
