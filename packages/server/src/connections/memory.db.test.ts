import { testDatabase } from '../platform/testing/database.ts';
import { Busy, type Fact } from './connector.ts';
import { conforms } from './testing/conformance.ts';
import { MemorySystem, memoryConnector, signPush } from './testing/memory-system.ts';
import { PushSender } from './testing/push-sender.ts';

const { url } = await testDatabase();
const system = new MemorySystem();

const orderFact = (number: number): Fact => ({
  kind: 'order',
  externalId: `order/${number}`,
  sourceUpdatedAt: `2026-03-02T10:${String(number).padStart(2, '0')}:00Z`,
  order: {
    ref: `M${number}`,
    channel: 'web',
    mode: 'placed',
    placedAt: '2026-03-02T09:00:00Z',
    customer: { name: 'Ada' },
    shipTo: { country: 'US' },
    lines: [{ line: 1, sku: 'LAMP', quantity: number, price: { amount: 1000, currency: 'USD' } }],
  },
});

conforms('a system in memory', url, {
  connector: memoryConnector(system),
  async start(_clock, pushUrl) {
    system.tell(
      'catalog',
      { kind: 'channel', externalId: 'web', channel: { code: 'web', title: 'Web', kind: 'web' } },
      {
        kind: 'item',
        externalId: 'LAMP',
        item: { sku: 'LAMP', title: 'Lamp', price: { amount: 1000, currency: 'USD' } },
      },
    );
    system.pageSize = 2;
    let units = 0;
    const sender = new PushSender();
    return {
      settings: { channel: 'web' },
      secrets: { token: 'good' },
      faults: {
        throttle: (calls) => {
          for (let n = 0; n < calls; n++)
            system.faults.push(new Busy(new Date('2026-03-02T09:00:01Z'), 'too many'));
        },
        fail: (calls) => {
          for (let n = 0; n < calls; n++) system.faults.push(new Error('it answered 503'));
        },
        // There is no network: this is what the platform makes of a call that never ended.
        hang: (calls) => {
          if (calls === 0) system.faults.length = 0;
          for (let n = 0; n < calls; n++) system.faults.push(new TypeError('fetch failed: no answer'));
        },
        pushes: (trouble) => {
          sender.trouble = trouble;
        },
      },
      async happen(number) {
        system.tell('orders', orderFact(number));
        units += number;
        const body = JSON.stringify({ id: `push-${number}`, facts: [orderFact(number)] });
        const headers = { 'content-type': 'application/json', 'x-signature': signPush(body) };
        sender.send(() => fetch(pushUrl, { method: 'POST', headers, body }));
      },
      pushed: () => sender.delivered(),
      total: async () => units,
      totalIn: async (kept) => (await kept.call('GET', '/v1/backorders')).body.totals.units,
      traces: async () => system.traces,
      async close() {},
    };
  },
});
