import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { tell } from '../../comms/index.ts';
import { offerConnectors, workConnections } from '../../connections/index.ts';
import { FOUL_WEATHER } from '../../connections/testing/call-faults.ts';
import { testSealer } from '../../connections/testing/conformance.ts';
import { relayTo } from '../../connections/testing/relay.ts';
import { decideDue } from '../../due.ts';
import { odooConnector } from '../../erp/index.ts';
import { odooServer } from '../../erp/odoo/simulator/odoo-server.ts';
import { Buying } from '../../erp/testing/buying.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { START, testKept } from '../../testing/brand.ts';
import { amazonConnector } from '../amazon/index.ts';
import { openAmazonSimulator } from '../amazon/simulator/server.ts';
import { shopifyConnector } from '../shopify/index.ts';
import { ShopifySimulator } from '../shopify/simulator/server.ts';
import { numberIn } from '../shopify/simulator/state.ts';
import { wholesaleConnector } from '../wholesale/index.ts';
import { type Fault, PartnerSimulator } from '../wholesale/simulator/partner.ts';
import { sftpServer } from '../wholesale/testing/sftp-server.ts';

/** A silence that is waited for; on a busy machine one that was none is a call that is made again. */
const SILENCE_MS = 250;
const MINUTE_MS = 60_000;
export const PARTNER_NUMBER = '012345678905';
const NAMES = { ours: 'NORTHOUT', theirs: 'KEPTBRAND' };
/** What goes wrong with a partner's files, in turn. */
const FILE_FAULTS: readonly (Fault | undefined)[] = ['duplicate', 'missed', 'out_of_order', undefined];

export interface ToldMail {
  readonly to: string;
  readonly kind: string;
  readonly order: string | null;
  readonly text: string;
  readonly link: string | null;
}

/**
 * A brand with a shop at Shopify, a seller's account at Amazon, a wholesale partner and an ERP, each simulated: one warehouse
 * serves all of them. Six lamps and forty mugs lie there.
 */
export async function connectedBrand() {
  const closing: (() => Promise<unknown>)[] = [];
  const clock = manualClock(START);
  const { url } = await testDatabase();
  const mails: ToldMail[] = [];
  const outgoing = {
    sender: {
      name: 'a test',
      reaches: 'email' as const,
      async send({
        to,
        text,
        about,
      }: {
        to: string;
        text: string;
        about: { kind: string; order: string | null; link: string | null };
      }) {
        mails.push({ to, text, kind: about.kind, order: about.order, link: about.link });
        return { kind: 'sent' as const };
      },
      close() {},
    },
    pageUrl: 'https://orders.example',
  };
  const kept = await testKept(url, clock, outgoing);
  closing.push(() => kept.close());
  const relay = await relayTo(() => kept);
  closing.push(() => relay.close());
  offerConnectors(kept.kept, {
    connectors: [
      shopifyConnector({ pauseMs: 1 }),
      amazonConnector({ pauseMs: 1, patienceMs: 1000 }),
      wholesaleConnector,
      odooConnector,
    ],
    sealer: testSealer(),
    privateTargets: true,
    publicUrl: relay.url,
    silenceMs: SILENCE_MS,
  });
  const now = () => clock.now();
  const simulator = await new ShopifySimulator({ now, pointsPerSecond: 5000 }).listen();
  closing.push(() => simulator.close());
  const amazon = await openAmazonSimulator({ now, polls: 1 });
  closing.push(() => amazon.close());
  const buying = new Buying();
  const erp = await odooServer(buying, 'json2');
  closing.push(() => erp.close());
  const folder = await mkdtemp(join(tmpdir(), 'kept-story-'));
  closing.push(() => rm(folder, { recursive: true }));
  const sftp = await sftpServer(folder, 'kept', 'secret');
  closing.push(() => sftp.close());
  const partner = new PartnerSimulator(folder, NAMES);

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await kept.call(method, path, body);
    expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  const { shop } = simulator;
  const place = shop.addLocation('Warehouse');
  const variants = {
    LAMP: shop.addVariant('LAMP', '10.00'),
    MUG: shop.addVariant('MUG', '10.00'),
  };
  const stock = { LAMP: 6, MUG: 40 };
  await call('PUT', '/v1/channels/web', { title: 'Shop', kind: 'shopify', messages: 'email' });
  await call('PUT', '/v1/channels/amazon-us', {
    title: 'Amazon',
    kind: 'amazon',
    maximumPromiseDays: 30,
    messages: 'none',
  });
  await call('PUT', '/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale', messages: 'none' });
  await call('PUT', '/v1/locations/main', {
    title: 'Warehouse',
    channels: ['web', 'amazon-us', 'wholesale'],
  });
  for (const [sku, counted] of Object.entries(stock)) {
    await call('PUT', `/v1/items/${sku}`, {
      title: sku.toLowerCase(),
      price: { amount: 1000, currency: 'USD' },
      ...(sku === 'LAMP' && { alternatives: ['MUG'] }),
    });
    await call('POST', '/v1/stock/adjustments', { sku, location: 'main', counted, reason: 'opening' });
    shop.move(variants[sku as 'LAMP'].item, place.id, 'available', counted);
    amazon.shop.list({ sku });
  }
  const connect = (name: string, kind: string, settings: unknown, secrets: unknown) =>
    call('PUT', `/v1/connections/${name}`, { kind, settings, secrets });
  await connect(
    'erp',
    'odoo',
    { address: erp.address, database: 'brand', locations: { WH: 'main' }, items: 'elsewhere' },
    { apiKey: 'key' },
  );
  await connect(
    'shop',
    'shopify',
    {
      shop: shop.domain,
      channel: 'web',
      adminUrl: simulator.url,
      stock: false,
      locations: { [numberIn(place.id)]: 'main' },
    },
    { ...simulator.app, ...simulator.token() },
  );
  await connect(
    'seller',
    'amazon',
    { ...amazon.settings, channel: 'amazon-us', historyDays: 2 },
    amazon.secrets,
  );
  await connect(
    'partners',
    'wholesale',
    {
      mailbox: {
        kind: 'sftp',
        host: '127.0.0.1',
        port: sftp.port,
        username: 'kept',
        hostKey: sftp.hostKey,
        in: '/in',
        out: '/out',
      },
      partners: [
        {
          code: 'north',
          standard: 'x12',
          ours: { qualifier: 'ZZ', id: NAMES.theirs },
          theirs: { qualifier: 'ZZ', id: NAMES.ours },
          customer: { name: 'North Outfitters' },
          items: { numbers: { [`UP:${PARTNER_NUMBER}`]: 'LAMP' } },
          catalogue: ['LAMP'],
        },
      ],
    },
    { password: 'secret' },
  );

  let foul = false;
  let rounds = 0;
  return {
    kept,
    clock,
    call,
    mails,
    simulator,
    shop,
    place,
    variants,
    amazon,
    buying,
    erp,
    sftp,
    partner,
    /** From now on everything goes wrong that can, with calls, pushes and files; it goes on for as long as the story does. */
    weather(is: 'fair' | 'foul'): void {
      foul = is === 'foul';
      if (!foul) return;
      for (const calls of [simulator.faults, erp.calls, sftp.calls])
        Object.assign(calls.weather, FOUL_WEATHER);
      Object.assign(amazon.faults, FOUL_WEATHER, {
        expiredTokens: true,
        duplicates: true,
        outOfOrder: true,
        missed: true,
      });
      Object.assign(simulator.webhooks, { duplicates: true, reversed: true });
    },
    /** The partner orders lamps. */
    async partnerOrders(number: string, quantity: number): Promise<void> {
      const fault = foul ? FILE_FAULTS[rounds % FILE_FAULTS.length] : undefined;
      if (fault !== undefined) partner.next(fault);
      await partner.order(number, [{ line: '1', quantity, number: PARTNER_NUMBER }]);
    },
    /** Some rounds of everybody's work, with the time that they would take. */
    async work(count = 4): Promise<void> {
      for (let round = 0; round < count; round++) {
        rounds++;
        if (foul) {
          simulator.webhooks.miss = rounds % 2;
          if (rounds % 3 === 0) simulator.expireTokens();
          // Its people send again what was never acknowledged.
          if (rounds % 6 === 0) await partner.sendAgain();
        }
        await simulator.webhooks.delivered();
        await workConnections(kept.kept, 1);
        await decideDue(kept.kept, 1);
        await tell(kept.kept, 1, outgoing);
        await partner.read();
        clock.set(new Date(clock.now().getTime() + 11 * MINUTE_MS));
      }
    },
    async close(): Promise<void> {
      for (const close of closing.toReversed()) await close();
    },
  };
}

export type ConnectedBrand = Awaited<ReturnType<typeof connectedBrand>>;
