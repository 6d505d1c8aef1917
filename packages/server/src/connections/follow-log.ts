import { Order, type PurchaseOrderInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { readShipments, viewNow } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import { type LoggedEvent, takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import { viewPurchaseOrder } from '../supply/index.ts';
import { heldOrders, insertActions } from './action-store.ts';
import { actionsOfNews, actionsOfOrder, type OrderNow } from './actions-of.ts';
import { type ConnectionRow, listConnections } from './connection-store.ts';
import type { Action, ActionKind } from './connector.ts';
import { toolsOf } from './registry.ts';
import {
  connectionsOfPurchaseOrders,
  ordersOfConnections,
  takeOrderNews,
  waitingAmong,
} from './thing-store.ts';

const EVENTS = 2000;
const NEWS = 1000;
const ABOUT_AN_ORDER = /^order\.(placed|cancelled|changed|shipped|released)$/;

/**
 * Writes down what connections are asked to do, out of the log: so whoever ships or cancels waits for no shop, and nothing is
 * forgotten in a crash. The reader's place and the actions are committed together; each has the id of its cause.
 */
export async function followLog(
  kept: Kept,
  brandId: number,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const all = async (follow: typeof followEvents, most: number) => {
    while (signal?.aborted !== true)
      if ((await withBrand(kept.db, brandId, (client) => follow(kept, client, brandId))) < most) return;
  };
  await all(followEvents, EVENTS);
  await all(followNews, NEWS);
}

async function followEvents(kept: Kept, client: pg.PoolClient, brandId: number): Promise<number> {
  const taken = await takeEvents(client, brandId, 'connections', EVENTS);
  if (taken === null || taken.length === 0) return 0;
  const connections = await connectedNow(kept, client, brandId);
  if (connections.size === 0) return taken.length;
  await followOrders(kept, client, brandId, connections, taken);
  await followPurchases(kept, client, brandId, connections, taken);
  return taken.length;
}

type Connected = ReadonlyMap<string, { readonly row: ConnectionRow; readonly can: ReadonlySet<ActionKind> }>;

async function connectedNow(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Connected> {
  const { connectors } = toolsOf(kept);
  const rows = await listConnections(client, brandId);
  return new Map(
    rows.flatMap((row) => {
      const connector = connectors.get(row.kind);
      return row.state === 'disconnected' || connector === undefined
        ? []
        : [[row.name, { row, can: new Set(connector.can.act) }] as const];
    }),
  );
}

async function followOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  connections: Connected,
  events: readonly LoggedEvent[],
): Promise<void> {
  const all = events.filter(({ kind, data }) => ABOUT_AN_ORDER.test(kind) && typeof data?.order === 'number');
  // Of most orders that a channel sold there is nothing to say to it: they have their units. A partner wants each answered.
  const answers = [...connections.values()].some(({ can }) => can.has('tell_order'));
  const quiet = ({ kind, data }: LoggedEvent) =>
    !answers && kind === 'order.placed' && data.mode === 'placed';
  const waiting = await waitingAmong(
    client,
    brandId,
    all.filter(quiet).map(({ data }) => data.order),
  );
  const about = all.filter((event) => !quiet(event) || waiting.has(event.data.order));
  const now = await ordersNow(
    kept,
    client,
    brandId,
    connections,
    about.map(({ data }) => data.order),
  );
  const shipments = about
    .filter(({ kind, data }) => kind === 'order.shipped' && now.has(data.order))
    .map(({ id, data }) => ({ event: id, order: data.order as number }));
  const shipped = Map.groupBy(await readShipments(client, brandId, shipments), (line) => line.event);
  const asked: AskedOf[] = [];
  for (const event of about) {
    const order = now.get(event.data.order);
    if (order === undefined) continue;
    const { can } = connections.get(order.of.connection)!;
    for (const action of actionsOfOrder(event, order, shipped.get(event.id) ?? [], can))
      asked.push({ action, of: order.of });
  }
  await ask(kept, client, brandId, asked);
}

async function followNews(kept: Kept, client: pg.PoolClient, brandId: number): Promise<number> {
  const orders = await takeOrderNews(client, brandId, NEWS);
  if (orders.length === 0) return 0;
  const connections = await connectedNow(kept, client, brandId);
  const at = kept.clock.now().toISOString();
  const now = await ordersNow(kept, client, brandId, connections, orders);
  const asked = [...now.values()].flatMap((order) =>
    actionsOfNews(order, at, connections.get(order.of.connection)!.can).map(
      (action): AskedOf => ({ action, of: order.of }),
    ),
  );
  await ask(kept, client, brandId, asked);
  return orders.length;
}

interface AskedOf {
  readonly action: Action;
  readonly of: OrderNow['of'];
}

/** All of a batch at once: of a history each order is told. */
async function ask(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  asked: readonly AskedOf[],
): Promise<void> {
  for (const [connection, some] of Map.groupBy(asked, (one) => one.of.connection))
    await insertActions(
      client,
      brandId,
      connection,
      kept.clock.now(),
      some.map(({ action, of }) => ({ action, order: of.order })),
    );
}

async function ordersNow(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  connections: Connected,
  orders: readonly number[],
): Promise<Map<number, OrderNow>> {
  const acting = (await ordersOfConnections(client, brandId, orders)).filter(
    ({ connection }) => (connections.get(connection)?.can.size ?? 0) > 0,
  );
  if (acting.length === 0) return new Map();
  const ids = acting.map((one) => one.order);
  const [views, held] = [await viewNow(kept, client, brandId, ids), await heldOrders(client, brandId, ids)];
  return new Map(
    acting.map((of) => [
      of.order,
      // Without the customer: what is there is theirs, and what is not there is nobody's.
      { of, state: Order.parse(views.get(of.order)), held: held.has(of.order) },
    ]),
  );
}

async function followPurchases(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  connections: Connected,
  events: readonly LoggedEvent[],
): Promise<void> {
  const proposed = events.filter(({ kind }) => kind === 'purchase_order.proposed');
  const moved = events.filter(
    ({ kind, data }) =>
      (kind === 'purchase_order.revised' && data?.expectedOn !== undefined) ||
      (kind === 'supply.received' && data?.kind === 'purchase_order'),
  );
  const refOf = ({ kind, data }: LoggedEvent): string =>
    kind === 'supply.received' ? data.ref : data.purchaseOrder;
  const ownerOf = await connectionsOfPurchaseOrders(client, brandId, moved.map(refOf));
  for (const event of moved) {
    const name = ownerOf.get(refOf(event));
    const connected = name === undefined ? undefined : connections.get(name);
    if (name === undefined || connected === undefined || event.actor === `connection:${name}`) continue;
    const action = await actionOfPurchase(kept, client, brandId, event, refOf(event));
    if (action !== null && connected.can.has(action.kind))
      await insertActions(client, brandId, name, kept.clock.now(), [{ action, order: null }]);
  }
  for (const event of proposed) {
    // From before there was a connection, it was placed by hand.
    const to = [...connections.values()].find(
      ({ row, can }) => can.has('draft_purchase_order') && row.createdAt <= event.at,
    );
    if (to === undefined) continue;
    const ref = String(event.data.purchaseOrder);
    const purchaseOrder = await draftOf(kept, client, brandId, ref);
    const action = {
      id: `draft_purchase_order:${event.id}`,
      at: event.at,
      kind: 'draft_purchase_order' as const,
      ref,
      purchaseOrder,
    };
    await insertActions(client, brandId, to.row.name, kept.clock.now(), [{ action, order: null }]);
  }
}

/** Null: the line is not there any more. */
async function actionOfPurchase(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { id, kind, data, at }: LoggedEvent,
  purchaseOrder: string,
): Promise<Action | null> {
  const order = await viewPurchaseOrder(kept, client, brandId, purchaseOrder);
  const line = order.lines.find((one) => String(one.line) === String(data.line));
  if (line === undefined) return null;
  const named = {
    at,
    purchaseOrder,
    line: data.line,
    sku: line.sku,
    ...(data.schedule === undefined ? {} : { schedule: data.schedule }),
  };
  if (kind === 'purchase_order.revised')
    return {
      ...named,
      id: `promise_date:${id}`,
      kind: 'promise_date',
      expectedOn: data.expectedOn,
      reason: String(data.reason ?? 'updated'),
    };
  return {
    ...named,
    id: `write_receipt:${id}`,
    kind: 'write_receipt',
    quantity: data.quantity,
    close: data.close === true,
    ...(data.location === undefined ? {} : { location: data.location }),
  };
}

/** The draft as it is in Kept: the event of one item's suggestion names it, and no more. */
async function draftOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<z.output<typeof PurchaseOrderInput>> {
  const { supplier, placedOn, stage, currency, lines } = await viewPurchaseOrder(kept, client, brandId, ref);
  return {
    supplier,
    placedOn,
    stage,
    ...(currency === null ? {} : { currency }),
    lines: lines.map((one) => ({
      line: one.line ?? 1,
      sku: one.sku,
      quantity: one.quantity,
      expectedOn: one.expectedOn,
      location: one.location,
      ...(one.unitCost === undefined ? {} : { unitCost: one.unitCost }),
    })),
  };
}
