import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../packages/server/src/app.ts';
import { saveConnection } from '../packages/server/src/connections/connections.ts';
import { genericChannel, offerConnectors, runConnections } from '../packages/server/src/connections/index.ts';
import { createApplier, type ImportRecord } from '../packages/server/src/imports/index.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { sealerOf } from '../packages/server/src/platform/sealed.ts';
import { type BenchBrand, openBrand, stockShop } from './brand.ts';
import { orderFact, type PushLoad } from './http-pushes.ts';
import type { LoadOutcome } from './http-sockets.ts';
import type { Bench, Measured } from './measure.ts';
import { singleInserts } from './single-inserts.ts';

const LOAD = fileURLToPath(new URL('http-pushes.ts', import.meta.url));
const SHOP = fileURLToPath(new URL('orders-shop.ts', import.meta.url));
const SECRET = `whsec_${Buffer.from('the secret of the bench, long enough').toString('base64')}`;
const PUSHES_PER_SECOND = 1000;
const SKUS = 200;
const skus = Array.from({ length: SKUS }, (_, n) => `SKU-${n}`);
const HISTORY = 250_000;
const QUICK_HISTORY = 20_000;
const MOST_SECONDS = 600;

/** Pushes at a steady rate: how long each sender waits for its 2xx, and each fact for its decision. And a shop's history. */
export const bench: Bench = {
  name: 'connections',
  async *run({ quick }) {
    yield* pushes(quick);
    yield* backFill(quick);
  },
};

async function* pushes(quick: boolean): AsyncGenerator<Measured> {
  const brand = await stockedBrand();
  const seconds = quick ? 5 : 30;
  const app = await buildApp(brand.kept, {});
  try {
    await connect(brand, {});
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    const stop = runConnections(brand.kept, brand.brandId);
    const path = '/v1/connections/shop/pushes';
    await load({ port, path, seconds: 2, name: 'warm' });
    const taken = await load({ port, path, seconds, name: 'push' });
    await until(async () => (await waiting(brand)) === 0);
    await stop();
    const [decided] = (await brand.asOwner(
      `select count(*)::int as pushes, max(extract(epoch from done_at - received_at) * 1000)::float as worst,
         percentile_cont(0.99) within group (order by extract(epoch from done_at - received_at) * 1000) as p99,
         (select count(*)::int from customer_order where ref like 'push-%') as orders
       from connection_push where push_id like 'push-%'`,
    )) as { pushes: number; worst: number; p99: number; orders: number }[];
    const peer = await singleInserts(brand, SECRET);
    const alone = await load({ port: peer.port, path: '/', seconds: quick ? 3 : 10, name: 'single' });
    await peer.close();
    const whole = decided!.orders === decided!.pushes;
    const row = (work: string, kept: number, goal: string, holds: boolean, note: string): Measured => ({
      row: { bench: 'connections', work, kept, unit: 'ms', limit: null, peers: {}, ratio: null, goal, holds },
      note,
    });
    const steady = row(
      `${PUSHES_PER_SECOND} signed pushes a second: p99 until the 2xx, on the disk by then`,
      taken.p99,
      'under 50 ms',
      taken.p99 < 50,
      `p50 ${taken.p50.toFixed(1)} ms, worst ${taken.worst.toFixed(0)} ms, ${Math.round(taken.perSecond)} a second; decided beside them by the same process`,
    );
    yield {
      ...steady,
      row: { ...steady.row, peers: { 'plain server, one INSERT each, deciding nothing': alone.p99 } },
    };
    yield row(
      'the same: the longest from taken to decided',
      decided!.worst,
      'at most 2,000 ms, none lost, none twice',
      whole && decided!.worst <= 2000,
      `p99 ${decided!.p99.toFixed(0)} ms; ${decided!.pushes} pushes, ${decided!.orders} orders`,
    );
  } finally {
    await app.close();
    await brand.close();
  }
}

async function* backFill(quick: boolean): AsyncGenerator<Measured> {
  const orders = quick ? QUICK_HISTORY : HISTORY;
  const brand = await stockedBrand();
  const child = spawn(process.execPath, [SHOP, String(orders), String(SKUS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const factsUrl = /http:\S+/.exec(String((await once(child.stdout, 'data'))[0]))![0];
    const began = performance.now();
    await connect(brand, { factsUrl });
    const stop = runConnections(brand.kept, brand.brandId);
    await until(async () => (await counted(brand)) === orders);
    const seconds = (performance.now() - began) / 1000;
    await stop();
    const limit = await imported(Math.min(orders, QUICK_HISTORY));
    const perSecond = orders / seconds;
    yield {
      row: {
        bench: 'connections',
        work: `a history of ${orders} orders read from a shop without limits`,
        kept: perSecond,
        unit: 'orders/s',
        limit,
        peers: {},
        ratio: perSecond / limit,
        goal: '250,000 in 10 min: 417 orders/s',
        holds: perSecond >= HISTORY / MOST_SECONDS,
      },
      note: `${seconds.toFixed(1)} s; the limit is an import of such orders in one transaction, with all items locked`,
    };
  } finally {
    child.kill();
    await brand.close();
  }
}

/** The same orders as an import applies them: no network, one transaction, nobody else. */
async function imported(orders: number): Promise<number> {
  const brand = await stockedBrand();
  try {
    const applier = createApplier(brand.kept, brand.brandId);
    const began = performance.now();
    await applier.begin();
    for (let from = 0; from < orders; from += 1000)
      await applier.apply(
        Array.from({ length: 1000 }, (_, n): ImportRecord => {
          const { order } = orderFact(`I${from + n}`, skus[n % SKUS]!);
          return { kind: 'order', order: { ...order, mode: 'placed' } };
        }),
      );
    await applier.commit();
    return orders / ((performance.now() - began) / 1000);
  } finally {
    await brand.close();
  }
}

async function stockedBrand(): Promise<BenchBrand> {
  const brand = await openBrand(10);
  await stockShop(
    brand,
    skus.map((sku) => ({ sku, stock: 1000, coming: 1_000_000 })),
  );
  offerConnectors(brand.kept, {
    connectors: [genericChannel],
    sealer: sealerOf([Buffer.alloc(32, 1)]),
    privateTargets: true,
  });
  return brand;
}

const connect = ({ kept, brandId }: BenchBrand, settings: Record<string, unknown>) =>
  withBrand(kept.db, brandId, (client) =>
    saveConnection(kept, client, brandId, 'shop', {
      kind: 'generic-channel',
      settings: { channel: 'web', ...settings },
      secrets: { secret: SECRET },
    }),
  );

async function load(options: Pick<PushLoad, 'port' | 'path' | 'seconds' | 'name'>): Promise<LoadOutcome> {
  const all: PushLoad = { ...options, secret: SECRET, skus, connections: 64, perSecond: PUSHES_PER_SECOND };
  const child = spawn(process.execPath, [LOAD, JSON.stringify(all)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load ended with ${code}`);
  const outcome = JSON.parse(said) as LoadOutcome;
  if (outcome.failed > 0) throw new Error(`${outcome.failed} pushes were not taken`);
  return outcome;
}

async function waiting({ asOwner }: BenchBrand): Promise<number> {
  const [row] = await asOwner('select count(*)::int as pushes from connection_push where done_at is null');
  return Number(row!.pushes);
}

async function counted({ asOwner }: BenchBrand): Promise<number> {
  const [row] = await asOwner(
    `select facts::int from connection_stream where stream = 'facts' and phase = 'following'`,
  );
  return Number(row?.facts ?? 0);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
