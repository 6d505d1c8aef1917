import { z } from 'zod';
import { ensureBrand } from '../../accounts/index.ts';
import { buildApp } from '../../app.ts';
import { systemClock } from '../../platform/clock.ts';
import { openDatabase, withBrand } from '../../platform/database.ts';
import { openIds } from '../../platform/ids.ts';
import type { Kept } from '../../platform/kept.ts';
import { createLog } from '../../platform/log.ts';
import { sealerOf } from '../../platform/sealed.ts';
import { saveConnection } from '../connections.ts';
import type { Connector, Page } from '../connector.ts';
import { offerConnectors } from '../registry.ts';
import { runConnections } from '../work.ts';
import { MemorySystem, memoryConnector } from './memory-system.ts';

/** A process of Kept that is connected to one shop, to be killed at any instant: `node kept-process.ts DATABASE_URL SHOP_URL`. */
const [url = '', shopUrl = ''] = process.argv.slice(2);

const shop: Connector<{ url: string }, { token: string }> = {
  ...(memoryConnector(new MemorySystem()) as object as Connector<{ url: string }, { token: string }>),
  kind: 'paged',
  streams: ['orders'],
  settings: z.object({ url: z.url() }),
  open(context) {
    // Its pushes are those of the system in memory; it is read page by page.
    const pushes = memoryConnector(new MemorySystem()).open({ ...context, settings: { channel: 'web' } });
    return {
      check: async () => [],
      receive: (push) => pushes.receive!(push),
      async *changes(_stream, cursor): AsyncGenerator<Page> {
        for (let after = Number(cursor ?? 0); ; ) {
          const answer = await context.fetch(`${context.settings.url}/?after=${after}`);
          const { facts, next } = (await answer.json()) as { facts: Page['facts']; next: number };
          if (facts.length === 0) return;
          after = next;
          yield { facts, cursor: String(next) };
        }
      },
    };
  },
};

const db = await openDatabase({ url });
const kept: Kept = { db, clock: systemClock, ids: openIds(db), log: createLog('error') };
await ensureBrand(kept, { title: 'Test', timeZone: 'UTC', currency: 'USD', country: 'US' });
offerConnectors(kept, {
  connectors: [shop],
  // The same in each process that comes after another.
  sealer: sealerOf([Buffer.alloc(32, 7)]),
  privateTargets: true,
});
await withBrand(db, 1, (client) =>
  saveConnection(kept, client, 1, 'killed', {
    kind: 'paged',
    settings: { url: shopUrl },
    secrets: { token: 'good' },
  }),
);
const app = await buildApp(kept, {});
const address = await app.listen({ port: 0, host: '127.0.0.1' });
runConnections(kept, 1, { leaseSeconds: 1 });
console.log(`at ${address}`);
