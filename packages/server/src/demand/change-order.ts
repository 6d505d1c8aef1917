import {
  dayNumber,
  dayText,
  type Fact,
  type LinePosition,
  type PlacedLine,
  toStockUnits,
} from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import {
  type Decided,
  decideItems,
  type KnownItem,
  type Loaded,
  type LoadScope,
  lockItems,
  lockSettings,
  lookupItems,
} from '../promising/index.ts';
import { insertCancellations, insertShipments } from './fact-store.ts';
import { type Growth, growthOf, lockGrowth, NO_GROWTH, recordGrowth } from './growth.ts';
import type { OrderLineInput } from './order-input.ts';
import type { ChangeCause, OrderPlan } from './order-plan.ts';
import {
  insertComponents,
  insertLines,
  type NewLine,
  readOrder,
  type StoredLine,
  type StoredOrder,
  unitPrice,
  updateLineCounts,
} from './order-store.ts';
import { insertOptions } from './production-request-store.ts';
import { requestProduction, unknownOption } from './production-requests.ts';
import { insertStated } from './stated-charge-store.ts';
import { statedOf } from './stated-charges.ts';

/** An order, or the error that says what was looked for. */
export async function orderOrFail(
  client: pg.PoolClient,
  brandId: number,
  order: number | null,
  name: string,
): Promise<StoredOrder> {
  const stored = order === null ? null : await readOrder(client, brandId, order);
  if (stored === null)
    throw new KeptError(
      'not_found',
      `There is no order ${JSON.stringify(name)}. Name it by Kept's id, or as channel:ref.`,
    );
  return stored;
}

/**
 * Locks what a change of an order is about, and reads the order again: what was read before another change of it had
 * committed would count its units twice. The items of lines to be added are locked with the others, in SKU order. `grows`:
 * units may be added, and a customer's limits are looked at.
 */
export async function lockForChange(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  newSkus: readonly string[] = [],
  grows = newSkus.length > 0,
): Promise<StoredOrder> {
  await lockSettings(client, brandId, 'shared');
  const added = newSkus.length === 0 ? [] : [...(await lookupItems(client, brandId, newSkus)).values()];
  if (grows) await lockGrowth(client, brandId, order, added);
  const items = [...order.lines, ...added].flatMap(({ legs }) => legs.map((leg) => leg.item));
  await lockItems(client, brandId, [...new Set(items)]);
  return (await readOrder(client, brandId, order.order)) ?? order;
}

/** A line of an order by its name there. */
export function lineOrFail(order: StoredOrder, ref: string | number, path: string): StoredLine {
  const line = order.lines.find((one) => String(one.ref) === String(ref));
  if (line !== undefined) return line;
  const there = order.lines.map((one) => String(one.ref)).join(', ');
  throw new KeptError(
    'invalid_input',
    `The order has no line ${JSON.stringify(ref)}; its lines are ${there}.`,
    {
      errors: [{ path, message: `expected one of ${there}` }],
    },
  );
}

/**
 * Carries a plan out: every item of the lines it names is locked, and what is freed goes to the next in the queue in the
 * same transaction.
 * @throws KeptError `conflict` where more would be cancelled or shipped than is open, `cannot_promise` where a request
 *   adds more than can be promised; nothing is changed then.
 */
export async function changeOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  plan: OrderPlan,
  cause: ChangeCause,
): Promise<Decided> {
  const fresh = await newLines(client, brandId, order, plan.place);
  const growth = await growthOf(client, brandId, order, plan, fresh);
  const named = [...plan.cancel, ...plan.ship, ...plan.add, ...plan.reschedule].map((one) => one.line);
  const items = new Set([
    ...named.flatMap((line) => line.legs.map((leg) => leg.item)),
    ...fresh.flatMap((one) => one.item.legs.map((leg) => leg.item)),
  ]);
  const event = await kept.ids.take(brandId, 'event', 1);
  const recordedAt = kept.clock.now().toISOString();
  const decided = await decideItems(kept, client, brandId, {
    items: [...items],
    scope: scopeOf(order, plan),
    event,
    happenedAt: cause.happenedAt,
    facts: (loaded) => factsOf(order, plan, fresh, cause, loaded, growth),
    async saveLines(decided) {
      refuseIfRefused(decided, order, plan);
      const placed = decided.decision.outcomes.flatMap((outcome) =>
        outcome.kind === 'placed' ? outcome.lines : [],
      );
      await Promise.all([
        saveCounts(client, brandId, order, named, decided),
        saveNewLines(client, brandId, order, fresh, placed, recordedAt, decided),
      ]);
    },
  });
  await Promise.all([
    recordGrowth(client, brandId, order, growth),
    requestProduction(kept, client, brandId, decided),
    insertCancellations(client, brandId, event, order.order, plan.cancel, cause),
    insertShipments(client, brandId, event, order.order, plan.ship, decided.settings.placeOf, cause),
    recordEvents(client, brandId, [
      {
        id: event,
        kind: cause.event,
        data: { order: order.order, reason: cause.reason, ...summary(plan) },
        at: recordedAt,
        actor: cause.actor,
      },
    ]),
  ]);
  return decided;
}

/** Beyond this, the heads of the queues are no shorter to read than the queues. */
const MOST_UNITS_BY_HEADS = 1000;

/** The order's own lines, and whoever could take the units that it leaves. */
function scopeOf(order: StoredOrder, plan: OrderPlan): LoadScope {
  let units = 0;
  const leaves = (line: StoredLine, quantity: number) => {
    for (const { per } of line.legs) units += quantity * per;
  };
  for (const { line, quantity } of [...plan.cancel, ...plan.ship]) leaves(line, quantity);
  for (const { line } of plan.reschedule) leaves(line, line.ordered - line.shipped - line.cancelled);
  return units > MOST_UNITS_BY_HEADS ? { lines: 'queue' } : { lines: { orders: [order.order], units } };
}

interface FreshLine {
  readonly number: number;
  readonly input: OrderLineInput;
  readonly item: KnownItem;
  readonly quantity: number;
  readonly factor: number;
}

async function newLines(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  lines: readonly OrderLineInput[],
): Promise<FreshLine[]> {
  if (lines.length === 0) return [];
  const items = await lookupItems(client, brandId, [...new Set(lines.map((line) => line.sku))]);
  const next = Math.max(0, ...order.lines.map((line) => line.line)) + 1;
  return lines.map((input, index) => {
    const item = items.get(input.sku);
    if (item === undefined)
      throw new KeptError('unknown_sku', `No item has the SKU ${JSON.stringify(input.sku)}.`, {
        errors: [{ path: `lines[${index}].sku`, message: 'expected the SKU of an item' }],
      });
    const factor = input.uom === undefined ? 1 : item.uoms[input.uom];
    const quantity = factor === undefined ? null : toStockUnits(input.quantity, factor);
    if (factor === undefined || quantity === null)
      throw new KeptError(
        'invalid_input',
        `${input.quantity} ${input.uom ?? 'units'} of ${input.sku} are not stock units.`,
        {
          errors: [{ path: `lines[${index}].uom`, message: 'expected a unit of measure of the item' }],
        },
      );
    const unmade = unknownOption(item, input.options);
    if (unmade !== null)
      throw new KeptError('invalid_input', `${unmade}.`, {
        errors: [{ path: `lines[${index}].options`, message: unmade }],
      });
    return { number: next + index, input, item, quantity, factor };
  });
}

/** A plan as facts of the engine. @throws KeptError `conflict` where more would be cancelled or shipped than is open */
export function factsOf(
  order: StoredOrder,
  plan: OrderPlan,
  fresh: readonly FreshLine[],
  cause: ChangeCause,
  { positions, settings }: Pick<Loaded, 'positions' | 'settings'>,
  growth: Growth = NO_GROWTH,
): Fact[] {
  const facts: Fact[] = [];
  const legs = legsOfOrder(order, positions);
  const openOf = (line: StoredLine): number => {
    const leg = legs.get(line.line);
    return leg === undefined ? 0 : leg.ordered - leg.shipped - leg.cancelled;
  };
  const demand = (line: StoredLine, quantity: number, what: string) => {
    const open = openOf(line);
    if (quantity <= open) return;
    const detail = `Line ${line.ref} has ${open} open units of ${line.sku}; ${quantity} cannot be ${what}.`;
    throw new KeptError('conflict', detail, { line: line.ref, open });
  };
  for (const { line, quantity } of plan.cancel) {
    demand(line, quantity, 'cancelled');
    facts.push({ kind: 'cancel', order: order.order, line: line.line, quantity, cause: cause.reason });
  }
  const shipping = new Map<number, number>();
  for (const { line, quantity, location } of plan.ship) {
    shipping.set(line.line, (shipping.get(line.line) ?? 0) + quantity);
    demand(line, shipping.get(line.line)!, 'shipped');
    const place = location === null ? null : settings.placeOf.get(location);
    if (settings.placeOf.size === 0)
      throw new KeptError(
        'unknown_location',
        'There is no location that it could have left from. PUT /v1/locations/:code makes one.',
      );
    if (place === undefined)
      throw new KeptError('unknown_location', `No location has the code ${JSON.stringify(location)}.`, {
        errors: [{ path: 'lines', message: 'expected the code of a location' }],
      });
    facts.push({ kind: 'ship', order: order.order, line: line.line, quantity, place, cause: cause.reason });
  }
  for (const { line } of plan.reschedule)
    if (openOf(line) === 0)
      throw new KeptError(
        'conflict',
        `Line ${line.ref} of ${line.sku} is over: it has no open units to wait.`,
        {
          line: line.ref,
          open: 0,
        },
      );
  for (const { line, notBefore, cancelAfter } of plan.reschedule) {
    facts.push({
      kind: 'reschedule',
      order: order.order,
      line: line.line,
      notBefore: notBefore === null ? null : dayNumber(notBefore),
      cancelAfter: cancelAfter === null ? null : dayNumber(cancelAfter),
      cause: cause.reason,
    });
  }
  for (const { line, quantity } of plan.add) {
    if (openOf(line) === 0) reopen(order, line, positions);
    const at = cause.happenedAt.getTime();
    facts.push({
      kind: 'add',
      order: order.order,
      line: line.line,
      quantity,
      at,
      mode: cause.mode,
      cause: cause.reason,
      ...growth.lines.get(line.line)?.fact({ positions, settings }),
    });
  }
  if (fresh.length > 0)
    facts.push({
      kind: 'place',
      order: order.order,
      channel: order.channel,
      mode: cause.mode,
      placedAt: cause.queuesFrom ?? cause.happenedAt.getTime(),
      class: order.class,
      country: order.country,
      shipComplete: order.shipComplete,
      joins: true,
      allowPartial: false,
      acceptBackorder: order.acceptBackorder,
      lines: fresh.map((one) => ({
        line: one.number,
        legs: one.item.legs,
        quantity: one.quantity,
        shipped: 0,
        cancelled: 0,
        hold: one.input.hold ?? null,
        notBefore: one.input.notBefore === undefined ? null : dayNumber(one.input.notBefore),
        cancelAfter: one.input.cancelAfter === undefined ? null : dayNumber(one.input.cancelAfter),
        value: one.input.price.amount * one.input.quantity - (one.input.discount?.amount ?? 0),
        ...growth.lines.get(one.number)?.fact({ positions, settings }),
      })),
    });
  return facts;
}

/** One leg of each of an order's lines that were loaded: all of a line's legs count alike. */
function legsOfOrder(order: StoredOrder, positions: Loaded['positions']): Map<number, LinePosition> {
  const legs = new Map<number, LinePosition>();
  for (const { lines } of positions.values())
    for (const line of lines) if (line.order === order.order) legs.set(line.line, line);
  return legs;
}

/**
 * A line with nothing open stands in no queue and was not loaded: units that are added to it bring it back. What it had been
 * promised ended with it; the new units' promise is its next version.
 */
function reopen(order: StoredOrder, line: StoredLine, positions: Loaded['positions']): void {
  for (const { item, per } of line.legs)
    positions.get(item)?.lines.push({
      order: order.order,
      line: line.line,
      item,
      per,
      ordered: line.ordered,
      shipped: line.shipped,
      cancelled: line.cancelled,
      rank: line.rank,
      added: null,
      channel: order.channel,
      country: order.country,
      placedAt: Date.parse(order.placedAt),
      class: order.class,
      notBefore: line.notBefore === null ? null : dayNumber(line.notBefore),
      cancelAfter: line.cancelAfter === null ? null : dayNumber(line.cancelAfter),
      tied: order.shipComplete || line.kit,
      promise:
        line.promiseVersion === 0
          ? null
          : { version: line.promiseVersion, parts: [], shippedBefore: line.shipped },
      commitments: [],
    });
}

function refuseIfRefused(decided: Decided, order: StoredOrder, plan: OrderPlan): void {
  const refused = decided.decision.outcomes.flatMap((outcome) =>
    outcome.kind === 'refused' ? outcome.lines : [],
  );
  if (refused.length === 0) return;
  const lines = refused.map((one) => {
    const known = order.lines.find((line) => line.line === one.line);
    const fresh = plan.place[one.line - Math.max(0, ...order.lines.map((line) => line.line)) - 1];
    return {
      line: known?.ref ?? fresh?.line ?? one.line,
      sku: known?.sku ?? fresh?.sku ?? '',
      asked: one.asked,
      available: one.available,
      by: one.by === null ? null : dayText(one.by),
    };
  });
  const told = lines.map(
    (line) => `line ${line.line}: ${line.available} of ${line.asked} more ${line.sku} can be promised`,
  );
  throw new KeptError('cannot_promise', `${told.join('; ')}.`, { lines });
}

async function saveCounts(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  named: readonly StoredLine[],
  { positions }: Loaded,
): Promise<void> {
  const legs = legsOfOrder(order, positions);
  const seen = new Map<number, LinePosition>();
  for (const { line } of named) {
    const leg = legs.get(line);
    if (leg !== undefined) seen.set(line, leg);
  }
  await updateLineCounts(
    client,
    brandId,
    order.order,
    [...seen.values()].map((leg) => ({
      line: leg.line,
      ordered: leg.ordered,
      shipped: leg.shipped,
      cancelled: leg.cancelled,
      added: leg.added,
      notBefore: leg.notBefore === null ? null : dayText(leg.notBefore),
      cancelAfter: leg.cancelAfter === null ? null : dayText(leg.cancelAfter),
    })),
  );
}

async function saveNewLines(
  client: pg.PoolClient,
  brandId: number,
  order: StoredOrder,
  fresh: readonly FreshLine[],
  placed: readonly PlacedLine[],
  recordedAt: string,
  decided: Decided,
): Promise<void> {
  const rows = placed.map((line, index) => ({ line, one: fresh[index]! }));
  const lines = rows.map(
    ({ line, one }): NewLine => ({
      order: order.order,
      line: line.line,
      item: one.item.item,
      ordered: line.ordered,
      shipped: 0,
      cancelled: 0,
      refused: line.refused,
      rank: line.legs[0]?.rank ?? 0,
      promiseVersion: line.legs[0]?.promise?.version ?? 0,
      waitingSince: line.legs.some((leg) =>
        leg.commitments.some((commitment) => commitment.kind !== 'reserved'),
      )
        ? recordedAt
        : null,
      ...unitPrice(one.input, one.factor),
      input: one.input,
    }),
  );
  await insertLines(client, brandId, lines);
  const channel = decided.settings.channels[order.channel]?.code ?? '';
  const stated = rows.flatMap(
    ({ line, one }, index) => statedOf(decided, one.item, channel, line, lines[index]!) ?? [],
  );
  await insertStated(client, brandId, stated);
  await insertOptions(
    client,
    brandId,
    rows.flatMap(({ line, one: { input } }) =>
      input.options?.length ? [{ order: order.order, line: line.line, options: input.options }] : [],
    ),
  );
  await insertComponents(
    client,
    brandId,
    rows.flatMap(({ line, one }) =>
      one.item.kit
        ? line.legs.map((leg) => ({ order: order.order, line: line.line, item: leg.item, per: leg.per }))
        : [],
    ),
  );
}

function summary(plan: OrderPlan) {
  const short = (rows: readonly { line: StoredLine; quantity: number }[]) =>
    rows.map(({ line, quantity }) => ({ line: line.ref, quantity }));
  return {
    ...(plan.cancel.length > 0 ? { cancelled: short(plan.cancel) } : {}),
    ...(plan.ship.length > 0 ? { shipped: short(plan.ship) } : {}),
    ...(plan.add.length > 0 ? { added: short(plan.add) } : {}),
    ...(plan.place.length > 0
      ? { placed: plan.place.map(({ line, sku, quantity, price }) => ({ line, sku, quantity, price })) }
      : {}),
  };
}
