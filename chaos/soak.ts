import { megabytesNow, serverMegabytesNow } from '../bench/processes.ts';
import { Chance } from './chance.ts';
import { crashesOf } from './chaos.ts';
import { Client } from './client.ts';
import { type Cluster, startCluster } from './cluster.ts';
import type { Done } from './deed.ts';
import { type Flatness, flatness, quantileOf } from './flat.ts';
import { findBroken, live } from './round.ts';
import { stockShelf } from './shelf.ts';

export interface SoakOptions {
  /** Of the database: empty, and reachable by its user. */
  readonly directory: string;
  readonly minutes: number;
  readonly windowSeconds: number;
  readonly clients: number;
  readonly processes: number;
  readonly seed: number;
}

/** What one window of the load was like. Milliseconds, megabytes. */
export interface SoakWindow {
  readonly minute: number;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** By what was asked: where the slowest come from. */
  readonly p99ByKind: Readonly<Record<string, number>>;
  /** Of each Kept. */
  readonly megabytes: readonly number[];
  readonly serverMegabytes: number;
  readonly faults: readonly string[];
}

/** Of the most that was measured first. */
const SHARE_OF_MOST = 0.5;
const MEASURED_SECONDS = 15;
/** What counts as growth: a share of what it was, and more than noise. */
const MEMORY = { share: 0.25, least: 64 };
const LATENCY = { share: 0.5, least: 20 };

/**
 * Kepts on one PostgreSQL with fsync under a mixed load without faults, at half of what they were seen to do at most, for as long as
 * is asked. Each window has customers and items of its own, as days have.
 * @returns what was wrong in the end: an invariant, a request that was answered as it must not be
 */
export async function* runSoak(options: SoakOptions): AsyncGenerator<SoakWindow, readonly string[]> {
  const cluster = await startCluster(options.directory, options.processes);
  try {
    // The first load also makes the channels and places that all share.
    const most = await load(cluster, options, 1, MEASURED_SECONDS, 0);
    const everyMs = (options.clients * 1000) / (SHARE_OF_MOST * (most.length / MEASURED_SECONDS));
    const began = Date.now();
    const until = began + options.minutes * 60_000;
    for (let window = 2; Date.now() < until; window++) {
      const faults: string[] = [];
      const start = Date.now();
      const done = await load(cluster, options, window, options.windowSeconds, everyMs, faults);
      const seconds = (Date.now() - start) / 1000;
      // What was sent again took as long as its client waited.
      const heard = done.filter(({ end, sends }) => end !== null && sends === 1);
      const took = heard.map(tookOf);
      yield {
        minute: Math.round((Date.now() - began) / 6000) / 10,
        requests: done.length,
        perSecond: done.length / seconds,
        p50: quantileOf(took, 0.5),
        p99: quantileOf(took, 0.99),
        p99ByKind: Object.fromEntries(
          Object.entries(Object.groupBy(heard, kindOf)).map(([kind, some]) => [
            kind,
            quantileOf(some!.map(tookOf), 0.99),
          ]),
        ),
        megabytes: cluster.seats.map(({ pid }) => (pid === null ? 0 : megabytesNow(pid))),
        serverMegabytes: serverMegabytesNow(options.directory),
        faults: [...faults, ...crashesOf(cluster)],
      };
    }
    await cluster.heal();
    return await cluster.inspect(findBroken);
  } finally {
    await cluster.stop();
  }
}

const tookOf = ({ begin, end }: Done) => end! - begin;
/** Reads by what they read. */
const kindOf = ({ deed }: Done) => (deed.kind === 'read' ? deed.path.replace(/\?.*/, '') : deed.kind);

async function load(
  cluster: Cluster,
  { clients: count, seed }: SoakOptions,
  window: number,
  seconds: number,
  everyMs: number,
  faults: string[] = [],
): Promise<readonly Done[]> {
  const shelf = await stockShelf(cluster, window);
  const chance = new Chance(seed * 100_003 + window);
  const clients = Array.from(
    { length: count },
    (_, index) =>
      new Client(`s${seed}w${window}c${index + 1}`, new Chance(chance.whole(0, 2 ** 31)), cluster),
  );
  const until = Date.now() + seconds * 1000;
  await Promise.all(clients.map((client) => live(client, shelf, until, everyMs)));
  await Promise.all(clients.flatMap((client) => [...client.left]));
  faults.push(...clients.flatMap((client) => client.faults));
  return clients.flatMap((client) => client.done);
}

/** Whether memory and the slowest answers stayed as they were. Null: the run was too short to tell. */
export function verdictsOf(windows: readonly SoakWindow[]): Record<string, Flatness | null> {
  const kepts = windows[0]?.megabytes.length ?? 0;
  const memory = Array.from({ length: kepts }, (_, at) => [
    `memory of Kept ${at + 1}, MB`,
    flatness(
      windows.map((one) => one.megabytes[at]!),
      MEMORY,
    ),
  ]);
  return {
    ...Object.fromEntries(memory),
    'p99, ms': flatness(
      windows.map((one) => one.p99),
      LATENCY,
    ),
  };
}
