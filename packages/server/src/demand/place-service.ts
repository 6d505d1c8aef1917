import type pg from 'pg';
import { type Later, withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { answerTogether, type Named, otherContent, takeTogether } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import {
  createBatcher,
  createItemMemory,
  type ItemMemory,
  loadSettings,
  type Turn,
  worldAt,
} from '../promising/index.ts';
import { editPlacedOrder } from './edit-order.ts';
import type { Order } from './order-input.ts';
import { type OrderView, reasonsOfParts, viewOrders, viewPlaced } from './order-view.ts';
import { CatalogMoved, type PlaceOptions, placeOrders } from './place-orders.ts';
import type { PlaceRequest, PlaceResult } from './place-request.ts';
import { createRecordAhead, type RecordAhead, RecordedTooSoon } from './record-ahead.ts';

export interface Placed {
  readonly status: 200 | 201;
  readonly order: OrderView;
}

/** An order as a caller asks for it, with its Idempotency-Key if it has one. */
interface Asked {
  readonly order: Order;
  readonly name: Named;
  /** Who asks, as the audit trail names them. */
  readonly actor: string | undefined;
}

/** Where the names of orders count. */
const SOURCE = 'POST /v1/orders';

/** Most orders decided in one transaction, and most that may wait before callers are told to come again. */
const BATCH = 4096;
const WAITING = 16_384;

/** Takes orders as they come: those that arrive together are decided together, one transaction for all of them. */
export function createPlaceService(kept: Kept) {
  const batchers = new Map<number, ReturnType<typeof createBatcher<Asked, Placed | Error>>>();

  function batcherOf(brandId: number) {
    let batcher = batchers.get(brandId);
    if (batcher === undefined) {
      const memory = createItemMemory();
      const ahead = createRecordAhead();
      batcher = createBatcher<Asked, Placed | Error>({
        batch: BATCH,
        waiting: WAITING,
        run: (asked, turn) => placeBatch(kept, brandId, asked, turn, { memory, ahead }),
      });
      batchers.set(brandId, batcher);
    }
    return batcher;
  }

  return {
    /** @throws KeptError as the order's own answer: `cannot_promise`, `order_differs`, `unknown_sku`, … */
    async place(brandId: number, order: Order, name: Named = null, actor?: string): Promise<Placed> {
      const answer = await batcherOf(brandId).submit({ order, name, actor });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

async function placeBatch(
  kept: Kept,
  brandId: number,
  asked: readonly Asked[],
  turn: Turn,
  known: { readonly memory: ItemMemory; readonly ahead: RecordAhead },
): Promise<(Placed | Error)[]> {
  let handedOver = false;
  const once = async () => {
    let answers: (Placed | Error)[] = [];
    let answering: Promise<void> = Promise.resolve();
    const work = async (client: pg.PoolClient, later: Later) => {
      if (handedOver) turn.again();
      const answer = await decideNamed(kept, client, brandId, asked, { later, ...known });
      handedOver = true;
      turn.handOver();
      await turn.before();
      // Behind the commit: what each caller is told is made while PostgreSQL writes, and said when it is durable.
      answering = new Promise<void>((resolve, reject) =>
        setImmediate(() => {
          try {
            answers = answer();
            resolve();
          } catch (error) {
            reject(error);
          }
        }),
      );
      answering.catch(() => {});
    };
    await withBrand(kept.db, brandId, work, { plannedOnce: true });
    await answering;
    return answers;
  };
  try {
    return await once();
  } catch (error) {
    if (error instanceof CatalogMoved) {
      known.memory.forget();
      return once();
    }
    if (error instanceof RecordedTooSoon) return once();
    // Another process recorded an order of the same name while we waited for the items: now it is there to be seen.
    if (isUniqueViolation(error, 'customer_order_brand_id_channel_id_ref_key')) return once();
    throw error;
  }
}

/** Orders of which some have names: those that were answered before are answered alike, the others are decided together. */
async function decideNamed(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  asked: readonly Asked[],
  options: PlaceOptions,
): Promise<() => (Placed | Error)[]> {
  if (asked.every((one) => one.name === null)) return decideTogether(kept, client, brandId, asked, options);
  const names = asked.map((one) => one.name);
  const before = await takeTogether<Placed>(client, brandId, SOURCE, names, kept.clock.now());
  const first = new Map<string, number>();
  const fresh: number[] = [];
  for (const [index, name] of names.entries()) {
    if (before[index] !== null) continue;
    if (name !== null && first.has(name.externalId)) continue; // the same key twice at once
    if (name !== null) first.set(name.externalId, index);
    fresh.push(index);
  }
  const answer = await decideTogether(
    kept,
    client,
    brandId,
    fresh.map((index) => asked[index]!),
    options,
  );
  // What is kept under a name is its answer, which so is made before the commit.
  const made = answer();
  const answers: (Placed | Error)[] = new Array(asked.length);
  for (const [place, index] of fresh.entries()) answers[index] = made[place]!;
  const toKeep = [...first].map(([externalId, index]) => {
    const own = answers[index]!;
    return { externalId, answer: own instanceof Error ? undefined : own };
  });
  const saved = answerTogether(client, brandId, SOURCE, toKeep);
  if (options.later !== undefined) options.later(saved);
  else await saved;
  for (const [index, name] of names.entries()) {
    const known = before[index]!;
    if (known instanceof KeptError) answers[index] = known;
    else if (known !== null) answers[index] = known.answer;
    else if (answers[index] === undefined) answers[index] = twinOf(names, first, answers, name!);
  }
  return () => answers;
}

/** The same key twice in one batch: the second is told what the first was, if it says the same. */
function twinOf(
  names: readonly Named[],
  first: ReadonlyMap<string, number>,
  answers: readonly (Placed | Error)[],
  name: NonNullable<Named>,
): Placed | Error {
  const index = first.get(name.externalId)!;
  return names[index]!.content === name.content ? answers[index]! : otherContent(SOURCE, name.externalId);
}

/** Places orders in the caller's transaction and answers each as the API does. */
export async function placeInTransaction(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orders: readonly Order[],
): Promise<(Placed | Error)[]> {
  const requests = orders.map((order) => ({ order }));
  return (await decideTogether(kept, client, brandId, requests))();
}

/** @returns what makes the answers, for when there is time for it; it asks nothing more of the database */
async function decideTogether(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  requests: readonly PlaceRequest[],
  options: PlaceOptions = {},
): Promise<() => (Placed | Error)[]> {
  const results = await placeOrders(kept, client, brandId, requests, options);
  // Edits are facts about lines that are there; each is decided by itself, after the new orders of the batch.
  for (const [index, result] of results.entries())
    if (result.kind === 'edit') {
      const { order, actor } = requests[index]!;
      await editPlacedOrder(kept, client, brandId, result.order, order, actor);
    }
  const known = results.flatMap((result) =>
    result.kind === 'known' || result.kind === 'edit' ? [result.order] : [],
  );
  const views = known.length > 0 ? await viewNow(kept, client, brandId, known) : new Map<number, OrderView>();
  return () => {
    const decided = results.find((result) => result.kind === 'placed')?.decided;
    const reasons = decided === undefined ? new Map() : reasonsOfParts(decided);
    return results.map((result: PlaceResult, index): Placed | Error => {
      switch (result.kind) {
        case 'failed':
          return result.error;
        case 'placed':
          return {
            status: 201,
            order: viewPlaced(result.order, requests[index]!.order, result.decided, reasons, result.lines),
          };
        default:
          return { status: 200, order: views.get(result.order)! };
      }
    });
  };
}

export async function viewNow(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Map<number, OrderView>> {
  const settings = await loadSettings(client, kept.db, brandId);
  return viewOrders(client, brandId, settings, worldAt(settings, kept.clock.now()), orders);
}

function isUniqueViolation(error: unknown, constraint: string): boolean {
  const { code, constraint: found } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  return code === '23505' && found === constraint;
}
