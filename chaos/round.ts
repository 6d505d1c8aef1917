import { setTimeout as sleep } from 'node:timers/promises';
import { checkInvariants } from '../packages/server/src/promising/index.ts';
import { compareCarts, untilGivenBack } from './carts.ts';
import { Chance } from './chance.ts';
import { Client } from './client.ts';
import type { Cluster, Database } from './cluster.ts';
import { type Done, isAccepted } from './deed.ts';
import { type Disturbed, disturb } from './disturbances.ts';
import { checkHistories, type HistoryOutcome } from './histories.ts';
import { nextDeed } from './mix.ts';
import { compareOrders, type ExpectedLine, expectedOrders, settle } from './settle.ts';
import { type Shelf, stockShelf } from './shelf.ts';
import { readItems, readTraces } from './traces.ts';

export interface RoundOptions {
  readonly round: number;
  readonly seed: number;
  readonly clients: number;
  /** How long clients begin new deeds. */
  readonly seconds: number;
}

export interface RoundOutcome {
  readonly round: number;
  readonly faults: readonly string[];
  readonly requests: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Of those without an answer, how many had happened. */
  readonly unansweredHappened: number;
  readonly retries: number;
  readonly disturbed: Disturbed;
  readonly histories: readonly HistoryOutcome[];
  /** How the round left its orders: they must stand like this for ever. */
  readonly orders: ReadonlyMap<string, readonly ExpectedLine[]>;
}

/** A load with disturbances, and then a look at everything. */
export async function runRound(cluster: Cluster, options: RoundOptions): Promise<RoundOutcome> {
  const { round, seed, seconds } = options;
  const chance = new Chance(seed * 100_003 + round);
  const since = new Date(Date.now() - 1);
  const shelf = await stockShelf(cluster, round);
  const prefix = `s${seed}r${round}c`;
  const clients = Array.from(
    { length: options.clients },
    (_, index) => new Client(`${prefix}${index + 1}`, new Chance(chance.whole(0, 2 ** 31)), cluster),
  );
  const until = Date.now() + seconds * 1000;
  const [{ disturbed, faults: amiss }] = await Promise.all([
    disturb(cluster, chance, seconds * 1000),
    ...clients.map((client) => live(client, shelf, until)),
  ]);
  await Promise.all(clients.flatMap((client) => [...client.left]));
  await cluster.heal();

  const done = clients.flatMap((client) => client.done);
  await sleep(Math.max(0, lastShortExpiry(clients) - Date.now() + 2));
  const faults = [...amiss, ...clients.flatMap((client) => client.faults)];
  const looked = Date.now();
  const { traces, items, broken } = await cluster.inspect(async (database) => ({
    traces: await readTraces(database, prefix, since),
    items: await readItems(database, [...shelf.beginnings.keys()]),
    broken: await findBroken(database),
  }));
  faults.push(...broken);
  const settled = settle(done, traces, faults);
  const orders = expectedOrders(settled);
  compareOrders(orders, traces.orders, faults);
  compareCarts(settled, traces, looked, faults);
  await untilGivenBack(cluster, faults);
  const histories = checkHistories(shelf, settled, traces, items, looked);
  for (const { fault } of histories) if (fault !== null) faults.push(fault);
  const unanswered = settled.filter(({ told }) => !told);
  return {
    round,
    faults,
    requests: done.length,
    acknowledged: done.filter(isAccepted).length,
    refused: done.filter((one) => one.answer !== null && !isAccepted(one)).length,
    unanswered: unanswered.length,
    unansweredHappened: unanswered.filter(({ happened }) => happened).length,
    retries: done.reduce((sum, { sends }) => sum + sends - 1, 0),
    disturbed,
    histories,
    orders,
  };
}

/** The invariants of DESIGN section 3, as `kept doctor --full` checks them. */
export async function findBroken(database: Database): Promise<string[]> {
  const findings = await checkInvariants(database, 1);
  return findings.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`));
}

/** One deed after the other, none sooner than so many milliseconds after the one before began. */
export async function live(client: Client, shelf: Shelf, until: number, everyMs = 0): Promise<void> {
  for (let next = Date.now(); Date.now() < until; next += everyMs) {
    if (next > Date.now()) await sleep(next - Date.now());
    const done = await client.carryOut(nextDeed(client, shelf));
    remember(client, done);
    // What took longer than its turn is not made up for by a crowd.
    next = Math.max(next, Date.now() - everyMs);
  }
}

/** What a client knows after an answer, or none. */
function remember(client: Client, done: Done): void {
  const { deed, answer } = done;
  const { order, cart } = deed;
  if (answer === null) {
    if (order !== undefined) order.sure = false;
    return;
  }
  if (!isAccepted(done)) {
    // A cart whose order was refused is still there.
    if (deed.kind === 'order' && cart !== undefined) cart.over = false;
    // A try before the refusal may have come through.
    if (order !== undefined && done.lost > 0) order.sure = false;
    return;
  }
  if (deed.kind === 'order') {
    client.orders.push(order!);
    order!.begin(answer.body);
  } else if (order !== undefined) deed.change?.(order);
  if (order !== undefined) order.hear(answer.body);
  if (deed.kind === 'hold') {
    cart!.id = answer.body.id;
    cart!.expiresAt = Date.parse(answer.body.expiresAt);
    client.carts.push(cart!);
  }
}

function lastShortExpiry(clients: readonly Client[]): number {
  const soon = Date.now() + 60_000;
  const short = clients
    .flatMap((client) => client.carts.map((cart) => cart.expiresAt))
    .filter((at) => at < soon);
  return Math.max(0, ...short);
}
