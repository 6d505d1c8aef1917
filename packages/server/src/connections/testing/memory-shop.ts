import { type TestKept, testKept } from '../../testing/brand.ts';
import type { Fact } from '../connector.ts';
import { closeConnections } from '../opened.ts';
import { offerConnectors } from '../registry.ts';
import { workConnections } from '../work.ts';
import { testSealer } from './conformance.ts';
import { MemorySystem, memoryConnector, signPush } from './memory-system.ts';

export interface MemoryShop extends TestKept {
  readonly system: MemorySystem;
  work(): Promise<void>;
  push(body: Record<string, unknown>, signature?: string): ReturnType<TestKept['call']>;
}

/** A brand with one item, whose web shop is a system in memory. */
export async function memoryShop(url: string): Promise<MemoryShop> {
  const one = await testKept(url);
  const system = new MemorySystem();
  offerConnectors(one.kept, {
    connectors: [memoryConnector(system)],
    sealer: testSealer(),
    privateTargets: true,
  });
  const put = async (path: string, body: unknown) => {
    const { status, body: answer } = await one.call('PUT', path, body);
    if (status >= 300) throw new Error(`PUT ${path}: ${status} ${JSON.stringify(answer)}`);
  };
  await put('/v1/channels/web', { title: 'Web', kind: 'web' });
  await put('/v1/locations/main', { title: 'Warehouse' });
  await put('/v1/items/LAMP', { title: 'Lamp', price: { amount: 1000, currency: 'USD' } });
  await put('/v1/connections/shop', {
    kind: 'memory',
    settings: { channel: 'web' },
    secrets: { token: 'good' },
  });
  return {
    ...one,
    system,
    work: () => workConnections(one.kept, 1),
    push(body, signature) {
      const text = JSON.stringify(body);
      return one.call('POST', '/v1/connections/shop/pushes/orders', Buffer.from(text), {
        'content-type': 'application/json',
        'x-signature': signature ?? signPush(text),
      });
    },
    async close() {
      await closeConnections(one.kept);
      await one.close();
    },
  };
}

/** An order of lamps that the shop sold. */
export function orderFact(
  number: number,
  quantity: number,
  over: Partial<Extract<Fact, { kind: 'order' }>> = {},
): Fact {
  return {
    kind: 'order',
    externalId: `order/${number}`,
    sourceUpdatedAt: '2026-03-02T10:00:00Z',
    order: {
      ref: `M${number}`,
      channel: 'web',
      mode: 'placed',
      placedAt: '2026-03-02T09:00:00Z',
      customer: { name: 'Ada', email: 'ada@example.com' },
      shipTo: { country: 'US' },
      lines: [{ line: 1, sku: 'LAMP', quantity, price: { amount: 1000, currency: 'USD' } }],
    },
    ...over,
  };
}
