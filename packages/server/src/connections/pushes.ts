import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { createBatcher } from '../promising/index.ts';
import { applyFacts, isOfThePlace } from './apply-facts.ts';
import { endConnection, forgetParting } from './connections.ts';
import { AccessLost, Busy, type Fact, type FactKind, type Push } from './connector.ts';
import { breakConnection, heldConnection, type OpenedConnection } from './opened.ts';
import {
  type ClaimedPush,
  claimPushes,
  insertPushes,
  type PushRow,
  pushesDone,
  pushesLater,
} from './push-store.ts';
import { type ReadOptions, waitMs } from './read-changes.ts';
import { retryWaiting } from './refusals.ts';

/** Older than this, what carries a time is somebody's copy (Standard Webhooks says the same). */
const REPLAY_MS = 5 * 60_000;
/** Pushes that are written down together, and most that may wait before senders are told to come again. */
const BATCH = 1000;
const WAITING = 16_384;
/** Pushes that are decided together. */
const DECIDED = 1000;
const LEASE_SECONDS = 20;
/** After so many attempts it is a person's. */
const MOST_ATTEMPTS = 12;
const REREAD = 50;

const intakes = new WeakMap<object, Map<number, ReturnType<typeof createBatcher<PushRow, null>>>>();
const listeners = new WeakMap<object, (connection: string) => void>();

/** Who wants to hear at once that something came. */
export function onPush(kept: Pick<Kept, 'db'>, listener: ((connection: string) => void) | null): void {
  if (listener === null) listeners.delete(kept.db);
  else listeners.set(kept.db, listener);
}

function intakeOf(kept: Kept, brandId: number) {
  let ofDatabase = intakes.get(kept.db);
  if (ofDatabase === undefined) {
    ofDatabase = new Map();
    intakes.set(kept.db, ofDatabase);
  }
  let intake = ofDatabase.get(brandId);
  if (intake === undefined) {
    intake = createBatcher<PushRow, null>({
      batch: BATCH,
      waiting: WAITING,
      async run(pushes, turn) {
        await withBrand(kept.db, brandId, async (client, later) => {
          later(insertPushes(client, brandId, pushes));
          turn.handOver();
          await turn.before();
        });
        return pushes.map(() => null);
      },
    });
    ofDatabase.set(brandId, intake);
  }
  return intake;
}

/**
 * Takes a push: it is on the disk when this returns, and decided afterwards. The same id twice is taken once. A paused
 * connection's are taken all the same, and decided when it goes on; what is asked about privacy is decided at once, whatever
 * the connection's state, and of one that has ended nothing else is taken.
 * @throws KeptError `not_found`, `unauthorized` where the signature or the time is not right, `overloaded`
 */
export async function takePush(kept: Kept, brandId: number, name: string, push: Push): Promise<string> {
  const { connection, row } = await heldConnection(kept, brandId, name);
  const received = await connection.receive?.(push);
  if (received === undefined)
    throw new KeptError('not_found', `${name} takes no pushes: what changed there is read.`);
  if (!received.authentic) throw new KeptError('unauthorized', `The push is not authentic: ${received.why}.`);
  const now = kept.clock.now();
  if (received.sentAt !== undefined && Math.abs(now.getTime() - received.sentAt.getTime()) > REPLAY_MS)
    throw new KeptError(
      'unauthorized',
      `The push says that it was sent at ${received.sentAt.toISOString()}, and it is ${now.toISOString()}.`,
    );
  const { facts = [] } = received;
  if (facts.length > 0 && facts.every(isAboutPrivacy)) {
    await applyFacts(kept, brandId, name, facts);
    if (row.state === 'disconnected' && facts.some(isOfEverybody)) await forgetParting(kept, brandId, name);
    return received.id;
  }
  if (row.state === 'disconnected')
    throw new KeptError('not_found', `There is no connection ${JSON.stringify(name)}.`);
  await intakeOf(kept, brandId).submit({
    connection: name,
    id: received.id.slice(0, 500),
    receivedAt: now.toISOString(),
    headers: JSON.stringify(push.headers),
    query: JSON.stringify(push.query),
    path: push.path,
    body: push.body,
  });
  listeners.get(kept.db)?.(name);
  return received.id;
}

const isAboutPrivacy = ({ kind }: Fact) => kind === 'redaction' || kind === 'data_request';
const isOfEverybody = (fact: Fact) => fact.kind === 'redaction' && fact.channel !== undefined;

/**
 * Decides what was pushed, until nothing waits. Facts of many pushes are applied together; they may come twice and out of order,
 * which the facts themselves see to.
 * @returns how many pushes were decided
 */
export async function decidePushes(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  { signal, leaseSeconds = LEASE_SECONDS }: ReadOptions = {},
): Promise<number> {
  const { name } = opened.row;
  let decided = 0;
  while (!signal?.aborted) {
    const claimed = await withBrand(kept.db, brandId, (client) =>
      claimPushes(client, brandId, name, kept.clock.now(), DECIDED, leaseSeconds),
    );
    if (claimed.length === 0) break;
    await decide(kept, brandId, opened, claimed, signal);
    decided += claimed.length;
  }
  return decided;
}

interface Told {
  readonly push: ClaimedPush;
  readonly facts: readonly Fact[];
  readonly reread: readonly { readonly stream: string; readonly ids: readonly string[] }[];
}

async function decide(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  claimed: readonly ClaimedPush[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name } = opened.row;
  const { told, done, ended } = await read(opened, claimed);
  const applied = await applyFacts(kept, brandId, name, inOrder(told.flatMap((one) => one.facts)));
  const later = await rereadAll(kept, brandId, opened, told, signal);
  const waiting = new Set(later.map((one) => one.id));
  for (const { push } of told) if (!waiting.has(push.id)) done.push({ id: push.id, trouble: null });
  await withBrand(kept.db, brandId, async (client) => {
    await pushesDone(client, brandId, name, done, kept.clock.now());
    await pushesLater(client, brandId, name, later);
  });
  if (applied.applied > 0) await retryWaiting(kept, brandId, name);
  if (ended !== null) await endConnection(kept, brandId, name, ended);
}

async function read({ connection }: OpenedConnection, claimed: readonly ClaimedPush[]) {
  const told: Told[] = [];
  const done: { id: string; trouble: string | null }[] = [];
  let ended: string | null = null;
  for (const push of claimed) {
    const received = await connection.receive!({
      headers: JSON.parse(push.headers),
      query: JSON.parse(push.query),
      path: push.path,
      body: push.body,
    });
    // Its secret was another one when it was taken: it was authentic then, and nothing more can be made of it.
    if (!received.authentic) done.push({ id: push.id, trouble: received.why });
    else {
      told.push({ push, facts: received.facts ?? [], reread: received.reread ?? [] });
      ended ??= received.ended ?? null;
    }
  }
  return { told, done, ended };
}

/** Reads anew what the pushes only named, each thing once. @returns pushes that are to be tried again */
async function rereadAll(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  told: readonly Told[],
  signal: AbortSignal | undefined,
): Promise<{ id: string; tryAt: Date; trouble: string }[]> {
  const { name } = opened.row;
  const wanted = new Map<string, Set<string>>();
  for (const { reread } of told)
    for (const { stream, ids } of reread)
      wanted.set(stream, new Set([...(wanted.get(stream) ?? []), ...ids]));
  if (wanted.size === 0) return [];
  if (opened.connection.reread === undefined)
    throw new Error(`${opened.connector.kind} asks for things to be read anew, and cannot read them`);
  try {
    for (const [stream, ids] of wanted) {
      const all = [...ids];
      for (let from = 0; from < all.length; from += REREAD) {
        const facts = await opened.connection.reread(stream, all.slice(from, from + REREAD), signal);
        await applyFacts(kept, brandId, name, facts);
      }
    }
    return [];
  } catch (error) {
    if (isOfThePlace(error)) throw error;
    const now = kept.clock.now().getTime();
    const trouble = error instanceof Error ? error.message : String(error);
    if (error instanceof AccessLost) await breakConnection(kept, brandId, name, error);
    return told
      .filter((one) => one.reread.length > 0)
      .map(({ push }) => ({
        id: push.id,
        trouble,
        tryAt:
          error instanceof Busy
            ? error.after
            : new Date(now + waitMs(Math.min(push.attempts, MOST_ATTEMPTS))),
      }));
  }
}

/** What is referred to comes first: pushes come as they like. */
const ORDER: readonly FactKind[] = [
  'channel',
  'location',
  'supplier',
  'item',
  'listing',
  'purchase_order',
  'supply',
  'purchase_order_revision',
  'receipt',
  'supply_receipt',
  'order',
  'change',
  'cancellation',
  'shipment',
  'payment',
  'stock',
  'redaction',
  'data_request',
];
const placeOf = new Map(ORDER.map((kind, index) => [kind, index]));

function inOrder(facts: readonly Fact[]): Fact[] {
  return facts.toSorted((a, b) => (placeOf.get(a.kind) ?? 0) - (placeOf.get(b.kind) ?? 0));
}
