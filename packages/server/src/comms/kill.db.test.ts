import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, order, purchaseOrder, START, testKept } from '../testing/brand.ts';
import { mailServer } from './testing/mail-server.ts';

const { url } = await testDatabase();
const post = await mailServer();
const one = await testKept(url, manualClock(START));
afterAll(async () => {
  await one.close();
  await post.close();
});

const teller = fileURLToPath(new URL('./testing/teller.ts', import.meta.url));
const KILLS = Number(process.env.KEPT_KILLS ?? 10);
/** As many that there is still something to tell at the last kill. */
const ORDERS = 10 * KILLS;

/**
 * A process that writes and sends is killed at any instant, again and again, while orders are there to be told. In the end each
 * order has one confirmation, recorded as sent; what reached the mail server twice carries one Message-ID.
 */
test(
  `${KILLS} kills between cause, send and record: none missing, none twice`,
  async () => {
    await givenShop(one, { CUP: 0 });
    await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('CUP', ORDERS, '2026-03-23'));
    for (let number = 0; number < ORDERS; number++) {
      const { status } = await one.call(
        'POST',
        '/v1/orders',
        order('CUP', 1, {
          customer: { name: 'Ada', email: `ada${number}@example.com` },
          lines: [
            {
              line: 1,
              sku: 'CUP',
              quantity: 1,
              price: { amount: 1000, currency: 'USD' },
              statedShipBy: '2026-04-30',
            },
          ],
        }),
      );
      expect(status).toBe(201);
    }
    const start = () =>
      spawn(process.execPath, [teller, url, post.url, START.toISOString()], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    for (let kill = 0; kill < KILLS; kill++) {
      const child: ChildProcess = start();
      await once(child.stdout!, 'data');
      // At another moment each time: while it writes, claims, speaks with the server, or records.
      await new Promise((resolve) => setTimeout(resolve, (kill * 37) % 90));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const last = start();
    const states = async () => (await one.call('GET', '/v1/message-settings')).body.messages;
    await expect.poll(states, { timeout: 40_000 }).toEqual({ sent: ORDERS });
    last.kill('SIGKILL');
    await once(last, 'exit');

    const { items } = (await one.call('GET', '/v1/messages?limit=1000')).body;
    expect(items).toHaveLength(ORDERS);
    expect(new Set(items.map((message: { order: string }) => message.order)).size).toBe(ORDERS);
    // At least once towards SMTP: whoever got two can tell that they are one.
    const ids = new Map<string, Set<string>>();
    for (const mail of post.mails) {
      const to = JSON.stringify(mail.to);
      ids.set(to, (ids.get(to) ?? new Set()).add(mail.messageId!));
    }
    expect(ids.size).toBe(ORDERS);
    for (const own of ids.values()) expect(own.size).toBe(1);
  },
  60_000 + 6000 * KILLS,
);
