import { dayNumber, type Fact, type LinePosition, type PlacedLine, type PlaceOrder } from '@kept/engine';
import type pg from 'pg';
import type { Later } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { type EventRow, recordEvents } from '../platform/outbox.ts';
import { decideItems, type ItemMemory, type Loaded, loadSettings, lookupItems } from '../promising/index.ts';
import { customerRooms, recordLimitedPurchases } from './customer-limits.ts';
import {
  findOrders,
  insertComponents,
  insertLines,
  insertOrders,
  type NewComponent,
  type NewLine,
  type NewOrder,
  unitPrice,
} from './order-store.ts';
import { findReplaced, twins, withoutKnown } from './place-known.ts';
import { refusal, refusedLines } from './place-refusal.ts';
import { type PlaceRequest, type PlaceResult, type Prepared, prepare } from './place-request.ts';
import { insertOptions } from './production-request-store.ts';
import { requestProduction } from './production-requests.ts';
import { type RecordAhead, RecordedTooSoon } from './record-ahead.ts';
import { ownOf } from './sold-as.ts';
import { insertStated } from './stated-charge-store.ts';
import { type NewStated, statedOf } from './stated-charges.ts';
import { recordUnmet, type Unmet } from './unmet-store.ts';

export interface PlaceOptions {
  /** Takes what is written without waiting for its answer. */
  readonly later?: Later | undefined;
  /** Where items may be remembered; `CatalogMoved` is thrown where that was no longer right. */
  readonly memory?: ItemMemory | undefined;
  /** Says whether orders are recorded before they are decided; `RecordedTooSoon` is thrown where one was and is refused. */
  readonly ahead?: RecordAhead | undefined;
}

/** An item was remembered as it no longer is: to be done again, from what is stored. */
export class CatalogMoved extends Error {
  override readonly name = 'CatalogMoved';
}

/**
 * Decides and records orders that came together, first come, first served. Each is accepted, refused or known by itself;
 * one that cannot be read (an unknown SKU, another order's name) fails alone.
 */
export async function placeOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  requests: readonly PlaceRequest[],
  options: PlaceOptions = {},
): Promise<PlaceResult[]> {
  const { memory } = options;
  const results: (PlaceResult | undefined)[] = new Array(requests.length).fill(undefined);
  const skus = new Set<string>();
  let measured = false;
  for (const { order } of requests)
    for (const line of order.lines) {
      skus.add(line.sku);
      measured ||= line.uom !== undefined || line.options !== undefined;
    }
  const lookup = memory === undefined || measured ? lookupItems : memory.lookup;
  // They travel together: none needs what another answers.
  const [settings, items, known] = await Promise.all([
    loadSettings(client, kept.db, brandId),
    lookup(client, brandId, [...skus]),
    findOrders(
      client,
      brandId,
      requests.map((request) => request.order),
    ),
  ]);
  const prepared: Prepared[] = [];
  for (const [index, request] of requests.entries()) {
    const ready = prepare(index, request, settings, items);
    if (ready instanceof KeptError) results[index] = { kind: 'failed', error: ready };
    else prepared.push(ready);
  }
  const fresh = withoutKnown(known, prepared, results);
  await findReplaced(client, brandId, fresh, results);
  const toDecide = fresh.filter((one) => results[one.index] === undefined);
  if (toDecide.length > 0) await decideOrders(kept, client, brandId, toDecide, results, options);
  return twins(prepared, results);
}

async function decideOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orders: readonly Prepared[],
  results: (PlaceResult | undefined)[],
  { later, memory, ahead }: PlaceOptions,
): Promise<void> {
  await customerRooms(client, brandId, orders);
  const [firstOrder, firstEvent] = await Promise.all([
    kept.ids.take(brandId, 'order', orders.length),
    kept.ids.take(brandId, 'event', orders.length),
  ]);
  const eventOf = new Map<number, number>();
  for (const [place, one] of orders.entries()) {
    one.order = firstOrder + place;
    one.event = firstEvent + place;
    eventOf.set(one.order, one.event);
  }
  const touched = new Set(
    orders.flatMap((one) => one.items.flatMap((item) => item.legs.map((leg) => leg.item))),
  );
  const recordedAt = kept.clock.now().toISOString();
  const recorded =
    ahead?.pays(orders.length) === true ? recordOrders(client, brandId, orders, recordedAt) : null;
  for (const one of recorded ?? []) one.catch(() => {}); // told below
  const deciding = decideItems(kept, client, brandId, {
    items: [...touched],
    scope: { lines: 'none' },
    event: firstEvent,
    eventOf: (order) => eventOf.get(order) ?? firstEvent,
    facts: (loaded) => {
      if (memory !== undefined) refuseOutdated(orders, loaded.positions);
      return orders.map((one) => placeFact(one, loaded));
    },
    later,
  });
  const decided = await deciding.catch(async (error: unknown) => {
    // Where one of them failed, its error is the cause and this one only follows.
    for (const one of recorded ?? []) await one;
    throw error;
  });
  const placed: Prepared[] = [];
  const newLines: NewLine[] = [];
  const components: NewComponent[] = [];
  const stated: NewStated[] = [];
  const options: { order: number; line: number; options: readonly string[] }[] = [];
  const unmet: Unmet[] = [];
  const events: EventRow[] = [];
  for (const [place, one] of orders.entries()) {
    const outcome = decided.decision.outcomes[place]!;
    const { order } = one.request;
    if (outcome.kind === 'refused') {
      results[one.index] = { kind: 'failed', error: refusal(one, outcome) };
      // What could not be had is demand all the same (RULES 26).
      for (const { line, asked, available } of outcome.lines)
        unmet.push(unmetOf(one, line - 1, asked, available));
      events.push({
        id: one.event,
        kind: 'order.refused',
        data: { channel: order.channel, ref: order.ref, lines: refusedLines(one, outcome) },
        at: recordedAt,
        actor: one.request.actor,
      });
      continue;
    }
    if (outcome.kind !== 'placed') throw new Error(`an order came out as ${outcome.kind}`);
    placed.push(one);
    for (const [number, line] of outcome.lines.entries()) {
      const recorded = newLine(one, number, line);
      newLines.push(recorded);
      const charge = statedOf(decided, one.items[number]!, order.channel, line, recorded);
      if (charge !== null) stated.push(charge);
      if (recorded.input.options?.length)
        options.push({ order: one.order, line: line.line, options: recorded.input.options });
      if (line.refused > 0) unmet.push(unmetOf(one, number, line.ordered + line.refused, line.ordered));
      for (const leg of line.legs)
        if (one.items[number]!.kit)
          components.push({ order: one.order, line: line.line, item: leg.item, per: leg.per });
    }
    results[one.index] = { kind: 'placed', order: one.order, decided, lines: outcome.lines };
  }
  ahead?.note(events.length > 0);
  if (recorded !== null && events.length > 0) throw new RecordedTooSoon();
  const written = Promise.all([
    ...(recorded ?? recordOrders(client, brandId, placed, recordedAt)),
    insertLines(client, brandId, newLines),
    insertComponents(client, brandId, components),
    recordEvents(client, brandId, events),
    recordLimitedPurchases(client, brandId, orders, newLines),
    insertStated(client, brandId, stated),
    insertOptions(client, brandId, options),
    recordUnmet(client, brandId, unmet, recordedAt),
    requestProduction(kept, client, brandId, decided),
  ]);
  if (later !== undefined) later(written);
  else await written;
}

/**
 * Writes of orders what no decision changes, and the events that tell of them. By name, so that two batches with names in common
 * wait for each other and never both.
 */
function recordOrders(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly Prepared[],
  recordedAt: string,
): Promise<void>[] {
  const newOrders = orders.map(({ order, channel, content, replaces, request }): NewOrder => {
    return { order, channel, content, recordedAt, replaces, input: request.order };
  });
  newOrders.sort((a, b) => a.channel - b.channel || (a.input.ref < b.input.ref ? -1 : 1));
  const events = orders.map(({ order, event, request: { order: input, actor } }): EventRow => {
    const data = { order, channel: input.channel, ref: input.ref, mode: input.mode };
    return { id: event, kind: 'order.placed', data, at: recordedAt, actor };
  });
  return [insertOrders(client, brandId, newOrders), recordEvents(client, brandId, events)];
}

/** A kit has no units of its own, and a limit per customer counts from when it is set: what is remembered otherwise is no longer so. */
function refuseOutdated(orders: readonly Prepared[], positions: Loaded['positions']): void {
  for (const { items } of orders)
    for (const { item, kit, perCustomer } of items) {
      const position = positions.get(item);
      if (kit || position === undefined) continue;
      const most = position.terms?.preorder?.perCustomer ?? null;
      if (position.kit || most !== perCustomer) throw new CatalogMoved();
    }
}

const unmetOf = (one: Prepared, index: number, asked: number, available: number): Unmet => ({
  kind: 'refused',
  channel: one.channel,
  ref: one.request.order.ref,
  line: String(one.request.order.lines[index]!.line),
  item: one.items[index]!.item,
  asked,
  units: asked - available,
});

function placeFact(one: Prepared, loaded: Loaded): Fact {
  const { order, history } = one.request;
  const fact: PlaceOrder = {
    kind: 'place',
    order: one.order,
    channel: one.channel,
    mode: order.mode,
    placedAt: Date.parse(order.placedAt),
    class: order.customer.class ?? null,
    country: order.shipTo.country,
    shipComplete: order.shipComplete,
    allowPartial: order.allowPartial,
    acceptBackorder: order.acceptBackorder,
    lines: order.lines.map((line, index) => ({
      line: index + 1,
      legs: one.items[index]!.legs,
      quantity: one.quantities[index]!,
      shipped: history?.[index]?.shipped ?? 0,
      cancelled: history?.[index]?.cancelled ?? 0,
      hold: line.hold ?? null,
      notBefore: line.notBefore === undefined ? null : dayNumber(line.notBefore),
      cancelAfter: line.cancelAfter === undefined ? null : dayNumber(line.cancelAfter),
      value: line.price.amount * line.quantity - (line.discount?.amount ?? 0),
      ...(one.rooms[index] === undefined ? {} : { most: one.rooms[index] }),
      ...ownOf(one.items[index]!, loaded),
      ...(line.options === undefined ? {} : { options: line.options }),
    })),
  };
  return fact;
}

function newLine(one: Prepared, index: number, line: PlacedLine): NewLine {
  const input = one.request.order.lines[index]!;
  const leg: LinePosition | undefined = line.legs[0];
  const waits = line.legs.some((part) =>
    part.commitments.some((commitment) => commitment.kind !== 'reserved'),
  );
  return {
    order: one.order,
    line: line.line,
    item: one.items[index]!.item,
    ordered: line.ordered,
    shipped: leg?.shipped ?? 0,
    cancelled: leg?.cancelled ?? 0,
    refused: line.refused,
    rank: leg?.rank ?? 0,
    promiseVersion: leg?.promise?.version ?? 0,
    waitingSince: waits ? one.request.order.placedAt : null,
    ...unitPrice(input, input.uom === undefined ? 1 : one.items[index]!.uoms[input.uom]!),
    input,
  };
}
