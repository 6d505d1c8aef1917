import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import { type Cluster, type Seat, signalTo } from './cluster.ts';

/** What happens to processes and to the database while clients go on. */
export const DISTURBANCES = [
  'kept_killed',
  'kept_stopped',
  'kept_frozen',
  'postgres_killed',
  'backend_killed',
  'postgres_stopped',
  'postgres_frozen',
  'postgres_slow',
  'connections_cut',
  'tables_locked',
] as const;
export type Disturbance = (typeof DISTURBANCES)[number];
export type Disturbed = Readonly<Record<Disturbance, number>>;

/** A Kept that is asked to end has so long to answer what it has begun. */
const MOST_STOPPING_MS = 30_000;

/** Each round has a Kept killed and a database that loses what it has in memory; the others come as chance has it. */
const MORE: readonly (readonly [weight: number, kind: Disturbance])[] = [
  [2, 'kept_killed'],
  [2, 'kept_stopped'],
  [2, 'kept_frozen'],
  [1, 'postgres_stopped'],
  [1, 'postgres_frozen'],
  [1, 'postgres_slow'],
  [1, 'connections_cut'],
  [1, 'tables_locked'],
];

/**
 * Disturbs Kepts and their database at random instants for as long as is said.
 * @returns how often each was done, and what did not go as it must
 */
export async function disturb(
  cluster: Cluster,
  chance: Chance,
  milliseconds: number,
): Promise<{ readonly disturbed: Disturbed; readonly faults: readonly string[] }> {
  const disturbed = Object.fromEntries(DISTURBANCES.map((kind) => [kind, 0])) as Record<Disturbance, number>;
  const faults: string[] = [];
  const kinds: Disturbance[] = [
    'kept_killed',
    chance.maybe(0.7) ? 'postgres_killed' : 'backend_killed',
    ...Array.from({ length: chance.whole(1, 3) }, () => chance.weighed(MORE)),
  ];
  const begin = Date.now();
  // One after the other on the same thing: a process that was frozen is not killed meanwhile.
  const turns = new Map<unknown, Promise<void>>();
  const inTurn = (of: unknown, work: () => Promise<void>) => {
    const turn = (turns.get(of) ?? Promise.resolve()).then(work);
    turns.set(of, turn);
    return turn;
  };
  await Promise.all(
    kinds
      .map((kind) => ({
        kind,
        at: milliseconds * (0.1 + 0.8 * chance.share()),
        seat: chance.oneOf(cluster.seats),
        draw: chance.whole(0, 2 ** 31),
      }))
      .map(async ({ kind, at, seat, draw }) => {
        await sleep(Math.max(0, begin + at - Date.now()));
        await inTurn(kind.startsWith('kept') ? seat : cluster, async () => {
          if (kind.startsWith('kept') && seat.address === null) return;
          disturbed[kind]++;
          const fault = await WAYS[kind](cluster, seat, draw);
          if (fault !== null) faults.push(fault);
        });
      }),
  );
  return { disturbed, faults };
}

type Way = (cluster: Cluster, seat: Seat, draw: number) => Promise<string | null>;

const done = null;
/** From 200 ms to two seconds. */
const shortly = (draw: number) => 200 + (draw % 1800);

const WAYS: Readonly<Record<Disturbance, Way>> = {
  async kept_killed(_cluster, seat, draw) {
    await seat.kill();
    await sleep(draw % 300);
    await seat.untilReady();
    return done;
  },
  async kept_stopped(_cluster, seat) {
    const code = await seat.stopWithin(MOST_STOPPING_MS);
    await seat.untilReady();
    if (code === 0) return done;
    const said = seat.complaints.slice(-5).join(' | ');
    return code === null
      ? `a Kept that was asked to end had not after ${MOST_STOPPING_MS / 1000} s; it last said: ${said}`
      : `a Kept that was asked to end ended with ${code}; it last said: ${said}`;
  },
  async kept_frozen(_cluster, seat, draw) {
    await frozen(seat.pid === null ? [] : [seat.pid], shortly(draw));
    return done;
  },
  async postgres_killed(cluster) {
    await cluster.killPostgres('SIGKILL');
    return done;
  },
  async backend_killed(cluster, _seat, draw) {
    await cluster.killBackend(draw % 50);
    return done;
  },
  /** As an upgrade of the database does: it ends all connections, and writes down what it has in memory. */
  async postgres_stopped(cluster) {
    await cluster.killPostgres('SIGINT');
    return done;
  },
  async postgres_frozen(cluster, _seat, draw) {
    await frozen(cluster.serverProcesses(), shortly(draw));
    return done;
  },
  /** Half of the time it stands still. */
  async postgres_slow(cluster, _seat, draw) {
    for (const end = Date.now() + shortly(draw); Date.now() < end; await sleep(30))
      await frozen(cluster.serverProcesses(), 30);
    return done;
  },
  async connections_cut(cluster) {
    await cluster.asOwner(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kept' and pid <> pg_backend_pid()`,
    );
    return done;
  },
  /** As a migration does that takes its time. */
  async tables_locked(cluster, _seat, draw) {
    await cluster.asOwner(`
      begin; set local lock_timeout = '2s'; set local idle_in_transaction_session_timeout = 0;
      lock table item, customer_order, order_line in access exclusive mode;
      select pg_sleep(${shortly(draw) / 1000}); commit`);
    return done;
  },
};

/** Processes that do nothing for so many milliseconds, and know nothing of it. */
async function frozen(pids: readonly number[], milliseconds: number): Promise<void> {
  const all = (signal: NodeJS.Signals) => {
    for (const pid of pids) signalTo(pid, signal);
  };
  const goOn = () => all('SIGCONT');
  process.once('exit', goOn);
  all('SIGSTOP');
  try {
    await sleep(milliseconds);
  } finally {
    goOn();
    process.off('exit', goOn);
  }
}
