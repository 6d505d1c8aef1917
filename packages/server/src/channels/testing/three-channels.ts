import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { smtpSender, tell } from '../../comms/index.ts';
import { mailServer } from '../../comms/testing/mail-server.ts';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { erpnextServer, SITE_ZONE } from '../../erp/erpnext/simulator/erpnext-server.ts';
import { erpnextConnector } from '../../erp/index.ts';
import { Buying } from '../../erp/testing/buying.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { START, testKept } from '../../testing/brand.ts';
import { amazonConnector } from '../amazon/index.ts';
import { openAmazonSimulator } from '../amazon/simulator/server.ts';
import { shopify } from '../shopify/index.ts';
import { ShopifySimulator } from '../shopify/simulator/server.ts';
import { wholesaleConnector } from '../wholesale/index.ts';
import { PartnerSimulator } from '../wholesale/simulator/partner.ts';

const NAMES = { ours: 'NORTHOUT', theirs: 'KEPTBRAND' };
/** What the wholesale partner calls the mug. */
export const MUG_AT_NORTH = '012345678905';

/**
 * A brand with a Shopify shop, a seller's account at Amazon, a wholesale partner and an ERP, all simulated and each on a port or
 * folder of its own, and a mail server for its customers. The ERP tells supply, the shop tells items, neither tells stock.
 */
export async function threeChannels() {
  const { url } = await testDatabase();
  const clock = manualClock(START);
  const post = await mailServer();
  const sender = smtpSender(post.url, 'Kept <kept@ember.example>');
  const outgoing = { sender, sms: null, pageUrl: 'https://orders.ember.example' };
  const kept = await testKept(url, clock, outgoing);
  const shopifySide = await new ShopifySimulator({ now: () => clock.now(), pointsPerSecond: 5000 }).listen();
  const amazon = await openAmazonSimulator({ now: () => clock.now(), polls: 1 });
  const folder = await mkdtemp(join(tmpdir(), 'kept-partner-'));
  const partner = new PartnerSimulator(folder, NAMES);
  const buying = new Buying();
  buying.skus.splice(0, buying.skus.length, 'MUG', 'CUP');
  const erp = await erpnextServer(buying);
  // What Shopify sends to an address is handed to Kept as it comes.
  const relay = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string>;
    const answer = await kept.call('POST', request.url!, Buffer.concat(chunks), headers);
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  offerConnectors(kept.kept, {
    connectors: [
      shopify,
      amazonConnector({ pauseMs: 1, patienceMs: 1000 }),
      wholesaleConnector,
      erpnextConnector,
    ],
    sealer: testSealer(),
    privateTargets: true,
    publicUrl: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
  });

  const done = async (method: string, path: string, body?: unknown) => {
    const answer = await kept.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const { shop } = shopifySide;
  const warehouse = shop.addLocation('Warehouse');
  const mug = shop.addVariant('MUG', '10.00');
  const cup = shop.addVariant('CUP', '8.00');

  async function connect(): Promise<void> {
    const channels = ['web', 'amazon-us', 'wholesale'];
    await done('PUT', '/v1/channels/web', { title: 'Web shop', kind: 'shopify' });
    await done('PUT', '/v1/channels/amazon-us', {
      title: 'Amazon.com',
      kind: 'amazon',
      maximumPromiseDays: 30,
    });
    await done('PUT', '/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
    await done('PUT', '/v1/locations/main', { title: 'Warehouse', channels });
    await done('PUT', '/v1/connections/shop', {
      kind: 'shopify',
      settings: {
        shop: shop.domain,
        channel: 'web',
        adminUrl: shopifySide.url,
        stock: false,
        locations: { [/(\d+)$/.exec(warehouse.id)![1]!]: 'main' },
      },
      secrets: { ...shopifySide.app, ...shopifySide.token() },
    });
    await work(1);
    await done('PUT', '/v1/connections/amazon', {
      kind: 'amazon',
      settings: { ...amazon.settings, channel: 'amazon-us', historyDays: 2 },
      secrets: amazon.secrets,
    });
    await done('PUT', '/v1/connections/erp', {
      kind: 'erpnext',
      settings: {
        address: erp.address,
        company: 'Brand',
        timeZone: SITE_ZONE,
        locations: { 'Stores - B': 'main' },
        items: 'elsewhere',
      },
      secrets: { apiKey: 'key', apiSecret: 'secret' },
    });
    await done('PUT', '/v1/connections/partners', {
      kind: 'wholesale',
      settings: {
        mailbox: { kind: 'folder', in: join(folder, 'in'), out: join(folder, 'out') },
        partners: [
          {
            code: 'north',
            standard: 'x12',
            ours: { qualifier: 'ZZ', id: NAMES.theirs },
            theirs: { qualifier: 'ZZ', id: NAMES.ours },
            customer: { name: 'North Outfitters' },
            items: { numbers: { [`UP:${MUG_AT_NORTH}`]: 'MUG' } },
            catalogue: ['MUG'],
          },
        ],
      },
      secrets: {},
    });
    await work();
  }

  /** Some rounds of what Kept does by itself, with the time that they would take. */
  async function work(rounds = 3): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      await shopifySide.webhooks.delivered();
      await workConnections(kept.kept, 1);
      await tell(kept.kept, 1, outgoing);
      await partner.read();
      clock.set(new Date(clock.now().getTime() + 11 * 60_000));
    }
  }

  return {
    kept,
    clock,
    done,
    connect,
    work,
    post,
    shop,
    mug,
    cup,
    warehouse,
    amazon,
    partner,
    buying,
    async close() {
      await kept.close();
      sender.close();
      await new Promise((resolve) => relay.close(resolve));
      await Promise.all([shopifySide.close(), amazon.close(), erp.close(), post.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
