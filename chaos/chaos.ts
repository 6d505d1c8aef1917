import { type Cluster, startCluster } from './cluster.ts';
import { type RoundOptions, type RoundOutcome, runRound } from './round.ts';
import { compareOrders, type ExpectedLine } from './settle.ts';
import { readTraces } from './traces.ts';

export interface ChaosOptions extends Omit<RoundOptions, 'round'> {
  /** Of the database: empty, and reachable by its user. */
  readonly directory: string;
  readonly rounds: number;
  readonly processes: number;
}

/** Round after round on one database; the last looks at all again that was acknowledged in any of them. */
export async function* runChaos(options: ChaosOptions): AsyncGenerator<RoundOutcome> {
  const { directory, rounds, processes, ...load } = options;
  const cluster = await startCluster(directory, processes);
  const orders = new Map<string, readonly ExpectedLine[]>();
  const begin = new Date();
  try {
    for (let round = 1; round <= rounds; round++) {
      const outcome = await runRound(cluster, { ...load, round });
      for (const [ref, lines] of outcome.orders) orders.set(ref, lines);
      const faults = [...outcome.faults, ...crashesOf(cluster)];
      if (round === rounds) faults.push(...(await lookBack(cluster, load.seed, begin, orders)));
      if (faults.length > 0) faults.push(...complaintsOf(cluster));
      yield { ...outcome, faults };
    }
  } finally {
    await cluster.stop();
  }
}

/** What an earlier round left must stand through the crashes of all later ones. */
async function lookBack(
  cluster: Cluster,
  seed: number,
  begin: Date,
  orders: ReadonlyMap<string, readonly ExpectedLine[]>,
): Promise<string[]> {
  const faults: string[] = [];
  const traces = await cluster.inspect((database) => readTraces(database, `s${seed}r`, begin));
  compareOrders(orders, traces.orders, faults);
  return faults;
}

/** Ends of processes that nobody brought about since the last look. */
export function crashesOf(cluster: Cluster): string[] {
  return cluster.seats.flatMap((seat, index) => {
    const { crashes } = seat;
    seat.crashes = 0;
    return crashes === 0
      ? []
      : [`process ${index + 1} ended by itself; it last said: ${seat.complaints.slice(-5).join(' | ')}`];
  });
}

/** What Kepts called their own errors: with a fault it says where to look. */
function complaintsOf(cluster: Cluster): string[] {
  return cluster.seats.flatMap((seat, index) =>
    seat.complaints
      .filter((line) => line.includes('"level":"error"'))
      .slice(-3)
      .map((line) => `process ${index + 1} said: ${line}`),
  );
}
