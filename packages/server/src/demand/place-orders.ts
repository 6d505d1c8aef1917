import {
  dayNumber,
  dayText,
  type Fact,
  type LinePosition,
  type Outcome,
  type PlacedLine,
  type PlaceOrder,
  toStockUnits,
} from '@kept/engine';
import type pg from 'pg';
import type { Later } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { type EventRow, recordEvents } from '../platform/outbox.ts';
import {
  type Decided,
  decideItems,
  findOrderByName,
  type ItemMemory,
  type KnownItem,
  type Loaded,
  loadSettings,
  lookupItems,
  type Settings,
} from '../promising/index.ts';
import { customerRooms, recordLimitedPurchases } from './customer-limits.ts';
import { contentOf, type LineHistory, type Order } from './order-input.ts';
import {
  findOrders,
  insertComponents,
  insertLines,
  insertOrders,
  type NewComponent,
  type NewLine,
  type NewOrder,
  type OrderIdentity,
  unitPrice,
} from './order-store.ts';
import { insertOptions } from './production-request-store.ts';
import { requestProduction, unknownOption } from './production-requests.ts';
import { type RecordAhead, RecordedTooSoon } from './record-ahead.ts';
import { ownOf } from './sold-as.ts';
import { insertStated } from './stated-charge-store.ts';
import { type NewStated, statedOf } from './stated-charges.ts';
import { recordUnmet, type Unmet } from './unmet-store.ts';

export interface PlaceRequest {
  readonly order: Order;
  /** Per line, where units were shipped or cancelled before Kept knew the order. */
  readonly history?: readonly LineHistory[];
}

/** What became of a request, in the order of the requests. */
export type PlaceResult =
  | {
      readonly kind: 'placed';
      readonly order: number;
      readonly decided: Decided;
      readonly lines: readonly PlacedLine[];
    }
  /** It was there already, with the same content. */
  | { readonly kind: 'known'; readonly order: number }
  /** A placed order that is there with other content: a line-by-line edit (RULES 2). */
  | { readonly kind: 'edit'; readonly order: number }
  | { readonly kind: 'failed'; readonly error: KeptError };

interface Prepared {
  readonly index: number;
  readonly request: PlaceRequest;
  readonly channel: number;
  /** No other order has it. */
  readonly name: string;
  readonly items: readonly KnownItem[];
  readonly quantities: readonly number[];
  readonly content: string;
  order: number;
  event: number;
  replaces: number | null;
  /** By line: most units that the customer may have, where there is a limit. */
  rooms: readonly (number | undefined)[];
}

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

function prepare(
  index: number,
  request: PlaceRequest,
  settings: Settings,
  items: ReadonlyMap<string, KnownItem>,
): Prepared | KeptError {
  const { order } = request;
  const channel = settings.channelOf.get(order.channel);
  if (channel === undefined)
    return new KeptError(
      'unknown_channel',
      `No channel has the code ${JSON.stringify(order.channel)}. PUT /v1/channels/${encodeURIComponent(order.channel)} makes one.`,
      {
        errors: [{ path: 'channel', message: 'expected the code of a channel' }],
      },
    );
  const errors: { path: string; message: string }[] = [];
  const known: KnownItem[] = [];
  const quantities: number[] = [];
  const currency = order.lines[0]!.price.currency;
  let unknown: string | null = null;
  for (const [place, line] of order.lines.entries()) {
    const item = items.get(line.sku);
    if (item === undefined) {
      unknown ??= line.sku;
      errors.push({
        path: `lines[${place}].sku`,
        message: `no item has the SKU ${JSON.stringify(line.sku)}`,
      });
      continue;
    }
    if (line.price.currency !== currency)
      errors.push({
        path: `lines[${place}].price.currency`,
        message: `expected ${currency}, as the order's first line`,
      });
    const factor = line.uom === undefined ? 1 : item.uoms[line.uom];
    const units = factor === undefined ? null : toStockUnits(line.quantity, factor);
    if (factor === undefined)
      errors.push({
        path: `lines[${place}].uom`,
        message: `${line.sku} has no unit of measure ${JSON.stringify(line.uom)}`,
      });
    else if (units === null)
      errors.push({
        path: `lines[${place}].quantity`,
        message: 'expected at most 10,000,000 stock units',
      });
    else if (item.legs.some((leg) => toStockUnits(units, leg.per) === null))
      errors.push({ path: `lines[${place}].quantity`, message: 'expected fewer kits' });
    // What a channel sold is recorded, also where nobody has said how long it takes to make.
    const unmade = order.mode === 'request' ? unknownOption(item, line.options) : null;
    if (unmade !== null) errors.push({ path: `lines[${place}].options`, message: unmade });
    known.push(item);
    quantities.push(units ?? 0);
  }
  if (errors.length > 0)
    return unknown === null
      ? new KeptError('invalid_input', errors.map((error) => `${error.path}: ${error.message}`).join('; '), {
          errors,
        })
      : new KeptError(
          'unknown_sku',
          `No item has the SKU ${JSON.stringify(unknown)}. PUT /v1/items/${encodeURIComponent(unknown)} makes one.`,
          { errors },
        );
  return {
    index,
    request,
    channel,
    name: nameOf(channel, order.ref),
    items: known,
    quantities,
    content: contentOf(order),
    order: 0,
    event: 0,
    replaces: null,
    rooms: [],
  };
}

/** Settles what is recorded already; of orders with one name in the same batch only the first goes on. */
function withoutKnown(
  found: readonly OrderIdentity[],
  prepared: readonly Prepared[],
  results: (PlaceResult | undefined)[],
): Prepared[] {
  const known = new Map(found.map((one) => [nameOf(one.channel, one.ref), one]));
  const first = new Set<string>();
  return prepared.filter((one) => {
    const there = known.get(one.name);
    if (there !== undefined) {
      results[one.index] = sameOrOther(one, there.order, there.content);
      return false;
    }
    if (first.has(one.name)) return false;
    first.add(one.name);
    return true;
  });
}

const nameOf = (channel: number, ref: string) => `${channel}:${ref}`;

function sameOrOther(one: Prepared, order: number, content: string): PlaceResult {
  if (content === one.content) return { kind: 'known', order };
  if (one.request.order.mode === 'placed') return { kind: 'edit', order };
  const name = `${one.request.order.channel}:${one.request.order.ref}`;
  const detail = `Order ${name} is recorded with other content. Use another ref, or POST /v1/orders/${encodeURIComponent(name)}/changes to change it.`;
  return { kind: 'failed', error: new KeptError('order_differs', detail, { order: name }) };
}

/** A second order with a name that the batch has just recorded is held against the first. */
function twins(prepared: readonly Prepared[], results: (PlaceResult | undefined)[]): PlaceResult[] {
  const recorded = new Map<string, Prepared>();
  for (const one of prepared) {
    const first = recorded.get(one.name);
    const result = results[one.index];
    if (result !== undefined) {
      if (first === undefined && result.kind === 'placed') recorded.set(one.name, one);
      continue;
    }
    results[one.index] =
      first === undefined
        ? // The first with this name was refused: this one is refused alike if it is the same, and may come again if not.
          sameRefusal(prepared, results, one)
        : sameOrOther(one, first.order, first.content);
  }
  return results as PlaceResult[];
}

function sameRefusal(
  prepared: readonly Prepared[],
  results: readonly (PlaceResult | undefined)[],
  one: Prepared,
): PlaceResult {
  const first = prepared.find((other) => other.name === one.name && results[other.index]);
  const result = first === undefined ? undefined : results[first.index];
  if (result !== undefined && first!.content === one.content) return result;
  return {
    kind: 'failed',
    error: new KeptError('overloaded', 'Another order with this ref came at the same moment; try again.'),
  };
}

/** The orders that replacements stand for. */
async function findReplaced(
  client: pg.PoolClient,
  brandId: number,
  fresh: readonly Prepared[],
  results: (PlaceResult | undefined)[],
): Promise<void> {
  for (const one of fresh) {
    const { replaces } = one.request.order;
    if (replaces === undefined) continue;
    one.replaces = await findOrderByName(client, brandId, replaces);
    if (one.replaces === null)
      results[one.index] = {
        kind: 'failed',
        error: new KeptError(
          'not_found',
          `The order ${JSON.stringify(replaces)}, which this one replaces, is not here.`,
          {
            errors: [{ path: 'replaces', message: 'expected an order that is recorded' }],
          },
        ),
      };
  }
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
  const events = orders.map(({ order, event, request: { order: input } }): EventRow => {
    const data = { order, channel: input.channel, ref: input.ref, mode: input.mode };
    return { id: event, kind: 'order.placed', data, at: recordedAt };
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

function refusedLines(one: Prepared, outcome: Extract<Outcome, { kind: 'refused' }>) {
  return outcome.lines.map((line) => {
    const input = one.request.order.lines[line.line - 1]!;
    const by = line.by === null ? null : dayText(line.by);
    return { line: input.line, sku: input.sku, asked: line.asked, available: line.available, by };
  });
}

function refusal(one: Prepared, outcome: Extract<Outcome, { kind: 'refused' }>): KeptError {
  const lines = refusedLines(one, outcome);
  const told = lines.map((line) =>
    line.available === 0
      ? `line ${line.line}: none of ${line.asked} ${line.sku} can be promised`
      : `line ${line.line}: ${line.available} of ${line.asked} ${line.sku} can be promised, by ${line.by}`,
  );
  return new KeptError('cannot_promise', `${told.join('; ')}. ${remedy(one, lines)}`, { lines });
}

function remedy(one: Prepared, lines: readonly { readonly available: number }[]): string {
  if (lines.some(({ available }) => available > 0)) {
    return 'Ask for what is available, or set allowPartial.';
  }
  return one.request.order.acceptBackorder
    ? 'GET /v1/availability tells when there is more.'
    : 'With acceptBackorder, what is coming may be promised too.';
}
