import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../packages/server/src/app.ts';
import { createPlaceService } from '../packages/server/src/demand/place-service.ts';
import { type BenchBrand, type BenchItem, oneUnit, openBrand, stockShop } from './brand.ts';
import type { ReadOptions } from './http-reads.ts';
import type { LoadOutcome } from './http-sockets.ts';
import {
  alternate,
  type Bench,
  type BenchOptions,
  figureText,
  type Measured,
  spreadOf,
  spreadText,
} from './measure.ts';
import { serveMedusa } from './peers/medusa.ts';
import type { Peer } from './peers/peer.ts';
import { serveVendure } from './peers/vendure.ts';

/**
 * What availability costs over HTTP, one process answering and another asking, beside the same server answering a constant
 * of the same length under the same guard. Some items are here, some are coming, some are neither.
 */

const KEY = 'bench-key';
const LOAD = fileURLToPath(new URL('http-reads.ts', import.meta.url));
const LEAST_PER_SECOND = 10_000;
const LEAST_OF_CONSTANT = 0.6;
const STEADY_PER_SECOND = 5_000;
const MOST_P99_MILLISECONDS = 10;
const ORDERS_PER_SECOND = 100;
const CONNECTIONS = 64;
const PEERS =
  "Medusa's inventory module stands behind a plain server of Node's, 10,000 items; Vendure answers a product's stock by its Shop API, 2,000 products.";

export const bench: Bench = {
  name: 'availability',
  async *run({ quick, peers }: BenchOptions): AsyncGenerator<Measured> {
    const numbers = quick ? 5_000 : 100_000;
    const seconds = quick ? 2 : 6;
    const rounds = quick ? 1 : 3;
    const brand = await openBrand(10);
    try {
      await stockShop(brand, Array.from({ length: numbers }, itemOf));
      await brand.asOwner('vacuum analyze');
      const app = await buildApp(brand.kept, { bootstrapKey: KEY });
      const path = '/v1/availability?channel=web&quantity=2&sku=SKU-{n}';
      let constant = '';
      app.get('/v1/constant', { config: { permission: 'queue:read' } }, (_request, reply) => {
        reply.header('etag', '"constant"').header('cache-control', 'private, no-cache');
        return reply.type('application/json; charset=utf-8').send(constant);
      });
      const sample = await app.inject({
        url: path.replace('{n}', '1'),
        headers: { authorization: `Bearer ${KEY}` },
      });
      if (sample.statusCode !== 200) throw new Error(sample.body);
      constant = sample.body;
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as AddressInfo;
      const read = (more: Pick<ReadOptions, 'path' | 'seconds' | 'perSecond'>) =>
        loaded({ port, key: KEY, numbers, connections: CONNECTIONS, ...more });
      try {
        const cold = await read({ path, seconds, perSecond: null });
        await warm(read, path, numbers);
        const rates = await beside(peers ? [serveMedusa, serveVendure] : [], brand, async (served) => {
          const [medusa, vendure] = served;
          return alternate(rounds, {
            kept: async () => (await read({ path, seconds, perSecond: null })).perSecond,
            constant: async () =>
              (await read({ path: '/v1/constant?n={n}', seconds, perSecond: null })).perSecond,
            Medusa: () => rateOf(medusa, seconds),
            Vendure: () => rateOf(vendure, seconds),
          });
        });
        const kept = rates.kept!;
        const limit = rates.constant!.median;
        yield {
          row: {
            bench: 'availability',
            work: `answers, random of ${numbers} SKUs`,
            kept: kept.median,
            unit: '/s',
            limit,
            peers: { Medusa: rates.Medusa?.median ?? null, Vendure: rates.Vendure?.median ?? null },
            ratio: kept.median / limit,
            goal: `≥ ${LEAST_PER_SECOND}/s, ≥ ${LEAST_OF_CONSTANT} × a constant`,
            holds: kept.least >= LEAST_PER_SECOND && kept.median / limit >= LEAST_OF_CONSTANT,
          },
          spread: spreadText(kept),
          note: `availability: one process answers, another asks; nothing in memory yet, it answered ${figureText(cold.perSecond)}/s. ${peers ? PEERS : 'Peers are measured with --peers.'}`,
        };
        const steadily = { seconds, perSecond: STEADY_PER_SECOND };
        const limitMs = (await read({ path: '/v1/constant?n={n}', ...steadily })).p99;
        yield await steady(rounds, limitMs, () => read({ path, ...steadily }));
        yield await steady(
          rounds,
          limitMs,
          () => whileOrdersCome(brand, numbers, () => read({ path, ...steadily })),
          `, ${ORDERS_PER_SECOND} orders/s placed meanwhile`,
        );
      } finally {
        await app.close();
      }
    } finally {
      await brand.close();
    }
  },
};

const itemOf = (_: unknown, index: number): BenchItem => ({
  sku: `SKU-${index}`,
  stock: index % 3 === 0 ? 0 : index % 7,
  coming: index % 5 === 0 ? 0 : 50,
});

async function steady(
  rounds: number,
  limitMs: number,
  read: () => Promise<LoadOutcome>,
  more = '',
): Promise<Measured> {
  const figures: number[] = [];
  let worst = 0;
  for (let round = 0; round < rounds; round++) {
    const outcome = await read();
    figures.push(outcome.p99);
    worst = Math.max(worst, outcome.worst);
  }
  const spread = spreadOf(figures)!;
  return {
    row: {
      bench: 'availability',
      work: `p99 at ${STEADY_PER_SECOND}/s${more}`,
      kept: spread.median,
      unit: 'ms',
      limit: limitMs,
      peers: {},
      ratio: spread.median / limitMs,
      goal: `< ${MOST_P99_MILLISECONDS} ms`,
      holds: spread.median < MOST_P99_MILLISECONDS,
    },
    spread: spreadText(spread),
    note: `the slowest answer of ${more === '' ? 'the steady load' : 'the load with orders'} took ${figureText(worst)} ms.`,
  };
}

/** Asks until most of the items have been asked for. */
async function warm(
  read: (more: Pick<ReadOptions, 'path' | 'seconds' | 'perSecond'>) => Promise<LoadOutcome>,
  path: string,
  numbers: number,
): Promise<void> {
  let asked = 0;
  while (asked < 3 * numbers) asked += 4 * (await read({ path, seconds: 4, perSecond: null })).perSecond;
}

/** Orders of random items, placed by the process that answers, as the shop's customers would. */
async function whileOrdersCome<T>(
  { kept, brandId }: BenchBrand,
  numbers: number,
  work: () => Promise<T>,
): Promise<T> {
  const service = createPlaceService(kept);
  const placing = new Set<Promise<unknown>>();
  const timer = setInterval(() => {
    const sku = `SKU-${Math.floor(Math.random() * numbers)}`;
    const one = service.place(brandId, oneUnit(sku, 'placed')).finally(() => placing.delete(one));
    placing.add(one);
  }, 1000 / ORDERS_PER_SECOND);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await Promise.all(placing);
  }
}

/** Does it with peers that are served meanwhile. */
async function beside<T>(
  serve: readonly ((brand: BenchBrand) => Promise<Peer>)[],
  brand: BenchBrand,
  work: (served: readonly Peer[]) => Promise<T>,
): Promise<T> {
  const served: Peer[] = [];
  try {
    for (const one of serve) served.push(await one(brand));
    return await work(served);
  } finally {
    for (const peer of served) await peer.close();
  }
}

async function rateOf(peer: Peer | undefined, seconds: number): Promise<number | null> {
  if (peer === undefined) return null;
  const { port, path, numbers, header } = peer;
  const asked = { port, path, numbers, header, key: KEY, connections: CONNECTIONS };
  return (await loaded({ ...asked, seconds, perSecond: null })).perSecond;
}

async function loaded(options: ReadOptions): Promise<LoadOutcome> {
  const child = spawn(process.execPath, [LOAD, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load ended with ${code}`);
  const outcome = JSON.parse(said) as LoadOutcome;
  if (outcome.failed > 0) throw new Error(`${outcome.failed} reads were not answered`);
  return outcome;
}
