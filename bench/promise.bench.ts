import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createPlaceService } from '../packages/server/src/demand/place-service.ts';
import { type BenchBrand, oneUnit, openBrand, stockShop, temporaryDirectory } from './brand.ts';
import { cancelInQueue, fillQueue, QUEUE } from './cancel-in-queue.ts';
import { DirectTransaction } from './direct-transaction.ts';
import { type OrderServer, serveOrders } from './http-orders.ts';
import {
  alternate,
  type Bench,
  type BenchOptions,
  figureText,
  type Measured,
  type Row,
  type Spread,
  spreadOf,
  spreadText,
} from './measure.ts';
import { type Medusa, measureMedusa, toldOfMedusa } from './peers/medusa.ts';
import { CLIENTS, HOT, IN_FLIGHT, oneOf, RANDOM, singly, together } from './promise-flows.ts';
import { SlowTail } from './slow-tail.ts';
import { UpdateInsert } from './update-insert.ts';

/** What promising costs, PostgreSQL with fsync on, everything in turn on the same machine. */

/** As many units as one purchase order's line may have. */
const MAXIMUM_COMING = 10_000_000;

const LEAST_TIMES_SINGLY = 60;
const LEAST_TIMES_MEDUSA = 400;
const LEAST_TIMES_LIMIT_ON_ONE = 4;
const LEAST_TIMES_LIMIT_ON_TWO = 5;
const MOST_TIMES_DIRECT = 1.3;
const LEAST_HTTP_PER_SECOND = 5000;
const STEADY_PER_SECOND = 2500;
const MOST_P99_MILLISECONDS = 100;
const MOST_CANCEL_MILLISECONDS = 5;

interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  /** Orders of a client alone. */
  readonly alone: number;
  /** Seconds of each load through HTTP. */
  readonly load: number;
  /** Lines that wait. */
  readonly queue: number;
  /** Most cancellations, and the seconds after which there are enough of them. */
  readonly cancellations: number;
  readonly patience: number;
}
const FULL: Effort = {
  rounds: 5,
  seconds: 3,
  alone: 1500,
  load: 10,
  queue: 100_000,
  cancellations: 200,
  patience: 20,
};
const QUICK: Effort = {
  rounds: 1,
  seconds: 1,
  alone: 200,
  load: 2,
  queue: 10_000,
  cancellations: 20,
  patience: 5,
};

export const bench: Bench = {
  name: 'promise',
  async *run({ quick, peers }: BenchOptions): AsyncGenerator<Measured> {
    const effort = quick ? QUICK : FULL;
    const directory = await temporaryDirectory();
    const brand = await openBrand(CLIENTS + 8);
    try {
      await stockShop(brand, [
        { sku: HOT, stock: 20_000, coming: MAXIMUM_COMING },
        { ...QUEUE, coming: 0 },
        ...RANDOM.map((sku) => ({ sku, stock: 20, coming: 1_000_000 })),
      ]);
      await brand.asOwner('vacuum analyze');
      const limit = new UpdateInsert(brand, directory);
      await limit.prepare();
      const medusa = peers ? await measureMedusa(brand) : null;
      yield* rates(brand, limit, medusa, effort);
      yield await alone(brand, effort);
      const server = await serveOrders(brand, RANDOM);
      try {
        yield* throughHttp(server, effort);
        yield await cancelling(brand, server, effort);
      } finally {
        await server.close();
      }
    } finally {
      await brand.close();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function* rates(
  brand: BenchBrand,
  limit: UpdateInsert,
  medusa: Medusa | null,
  { rounds, seconds }: Effort,
): AsyncGenerator<Measured> {
  const flows = {
    hot: together(brand, [HOT]),
    hotSingly: singly(brand, [HOT]),
    random: together(brand, RANDOM),
    randomOnTwo: together(brand, RANDOM, 2),
    randomSingly: singly(brand, RANDOM),
  };
  // What is measured later has been compiled by then.
  for (const flow of Object.values(flows)) await flow(Math.min(2, seconds));
  const measured = (await alternate(rounds, {
    hot: () => flows.hot(seconds),
    hotLimit: () => limit.perSecond('one', seconds),
    hotSingly: () => flows.hotSingly(seconds),
    hotMedusa: () => medusa?.perSecond('one', seconds) ?? null,
    random: () => flows.random(seconds),
    randomLimit: () => limit.perSecond('random', seconds),
    randomOnTwo: () => flows.randomOnTwo(seconds),
    randomSingly: () => flows.randomSingly(seconds),
    randomMedusa: () => medusa?.perSecond('random', seconds) ?? null,
  })) as Record<string, Spread>;
  const {
    hot,
    hotLimit,
    hotSingly,
    hotMedusa,
    random,
    randomLimit,
    randomOnTwo,
    randomSingly,
    randomMedusa,
  } = measured;
  const times = hot!.median / hotSingly!.median;
  const note = `promise: the limit is one row updated and one inserted a transaction (${limit.how}), on one row or on 10,000 at random. "One a transaction" is Kept's own flow at ${CLIENTS} clients. ${await toldOfMedusa(medusa, seconds)}`;
  yield row(`one SKU, ${IN_FLIGHT} in flight`, hot!, 'orders/s', hotLimit!.median, {
    peers: { 'one a transaction': hotSingly!.median, Medusa: hotMedusa?.median ?? null },
    goal: `≥ ${LEAST_TIMES_SINGLY} × one a transaction, ≥ ${LEAST_TIMES_MEDUSA} × Medusa`,
    holds: times >= LEAST_TIMES_SINGLY && hot!.median >= LEAST_TIMES_MEDUSA * (hotMedusa?.median ?? 0),
    note: `${note} With one SKU, Kept is at ${figureText(times)} times it.`,
  });
  for (const [work, spread, least] of [
    ['one connection', random!, LEAST_TIMES_LIMIT_ON_ONE],
    ['two connections', randomOnTwo!, LEAST_TIMES_LIMIT_ON_TWO],
  ] as const)
    yield row(
      `${RANDOM.length} SKUs at random, ${IN_FLIGHT} in flight, ${work}`,
      spread,
      'orders/s',
      randomLimit!.median,
      {
        peers: { 'one a transaction': randomSingly!.median, Medusa: randomMedusa?.median ?? null },
        goal: `≥ ${least} × the limit`,
        holds: spread.median >= least * randomLimit!.median,
      },
    );
}

async function alone(brand: BenchBrand, { alone: times }: Effort): Promise<Measured> {
  const service = createPlaceService(brand.kept);
  const sku = oneOf(RANDOM);
  const run = randomBytes(3).toString('hex');
  const ref = (number: number) => `direct-${run}-${String(number).padStart(6, '0')}`;
  const direct = await DirectTransaction.record(brand, { ...oneUnit(sku), ref: ref(0) });
  const contenders = {
    kept: { place: () => service.place(brand.brandId, oneUnit(sku)), taken: [] as number[] },
    limit: { place: (number: number) => direct.run(ref(number)), taken: [] as number[] },
  };
  const warm = Math.ceil(times / 3);
  for (let number = 1; number <= warm + times; number++)
    for (const { place, taken } of Object.values(contenders)) {
      const began = performance.now();
      await place(number);
      if (number > warm) taken.push(performance.now() - began);
    }
  const p99 = (taken: readonly number[]) =>
    figureText(taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)]!);
  const kept = spreadOf(contenders.kept.taken)!;
  const limit = spreadOf(contenders.limit.taken)!.median;
  return row('one client alone, p50', kept, 'ms', limit, {
    goal: `≤ ${MOST_TIMES_DIRECT} × the limit`,
    holds: kept.median <= MOST_TIMES_DIRECT * limit,
    note: `promise: alone, the limit is the statements of such an order sent in one go, one transaction. Its p99 is ${p99(contenders.limit.taken)} ms, Kept's ${p99(contenders.kept.taken)} ms.`,
  });
}

async function* throughHttp(server: OrderServer, { rounds, load }: Effort): AsyncGenerator<Measured> {
  await server.load({ connections: 64, seconds: Math.min(3, load), perSecond: null });
  const rates = { 64: [] as number[], 256: [] as number[], 1024: [] as number[] };
  const steady: { p50: number[]; p99: number[]; worst: number[] } = { p50: [], p99: [], worst: [] };
  const tail = new SlowTail();
  for (let round = 0; round < rounds; round++) {
    for (const [connections, figures] of Object.entries(rates)) {
      const options = { connections: Number(connections), seconds: load / 2, perSecond: null };
      figures.push((await server.load(options)).perSecond);
    }
    const outcome = await tail.during(() =>
      server.load({ connections: 512, seconds: load, perSecond: STEADY_PER_SECOND }),
    );
    for (const name of ['p50', 'p99', 'worst'] as const) steady[name].push(outcome[name]);
  }
  const spreads = Object.entries(rates).map(([connections, figures]) => ({
    connections,
    spread: spreadOf(figures)!,
  }));
  const best = spreads.toSorted((a, b) => b.spread.median - a.spread.median)[0]!;
  yield row('through HTTP, as fast as answers come', best.spread, 'orders/s', null, {
    goal: `≥ ${LEAST_HTTP_PER_SECOND}`,
    holds: best.spread.median >= LEAST_HTTP_PER_SECOND,
    note: `promise: orders through HTTP come from a process of its own. Medians by connections: ${spreads.map(({ connections, spread }) => `${connections} ${figureText(spread.median)}/s`).join(', ')}.`,
  });
  const p99 = spreadOf(steady.p99)!;
  yield row(`through HTTP at ${STEADY_PER_SECOND}/s, p99`, p99, 'ms', null, {
    goal: `< ${MOST_P99_MILLISECONDS} ms`,
    holds: p99.median < MOST_P99_MILLISECONDS,
    note: `promise: at ${STEADY_PER_SECOND}/s, median p50 ${figureText(spreadOf(steady.p50)!.median)} ms; the slowest answers took ${spreadText(spreadOf(steady.worst)!)} ms. Time counts from when an order was due. ${tail.told()}`,
  });
}

async function cancelling(
  brand: BenchBrand,
  server: OrderServer,
  { queue, cancellations, patience }: Effort,
): Promise<Measured> {
  const served = await fillQueue(brand, queue);
  await brand.asOwner('vacuum analyze');
  const taken: number[] = [];
  const until = performance.now() + patience * 1000;
  for (const order of served.slice(0, cancellations)) {
    taken.push(await cancelInQueue(brand, server, order));
    if (taken.length >= 3 && performance.now() > until) break;
  }
  const spread = spreadOf(taken)!;
  return row(`cancelling in a queue of ${queue} lines`, spread, 'ms', null, {
    goal: `≤ ${MOST_CANCEL_MILLISECONDS} ms`,
    holds: spread.median <= MOST_CANCEL_MILLISECONDS,
    note: `promise: of ${taken.length} cancellations, each until its unit is with the next in the queue and the answer is made.`,
  });
}

function row(
  work: string,
  spread: Spread,
  unit: string,
  limit: number | null,
  { note, ...rest }: Partial<Row> & Pick<Row, 'goal' | 'holds'> & { note?: string },
): Measured {
  const ratio = limit === null ? null : spread.median / limit;
  const measured = { bench: 'promise', work, kept: spread.median, unit, limit, peers: {}, ratio, ...rest };
  return { row: measured, spread: spreadText(spread), ...(note === undefined ? {} : { note }) };
}
