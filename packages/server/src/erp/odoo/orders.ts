import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import { type ErpLine, type ErpOrder, inUnitsOf, orderFact, refOfDraft, type Stage } from '../order-fact.ts';
import { type Fraction, fraction, ofTwoDirections, times } from '../units.ts';
import { type Context, changedOf, dayOf, idOf, instant, type OdooRpc, type Row, textOf } from './rpc.ts';

const STAGE: Readonly<Record<string, Stage>> = {
  draft: 'draft',
  sent: 'draft',
  'to approve': 'draft',
  purchase: 'confirmed',
  done: 'confirmed',
  cancel: 'cancelled',
};
const ENDED = new Set(['done', 'cancel']);

/** What a partner is called here: its reference, or its number where it has none. */
export const supplierCode = (partner: Row): string => textOf(partner.ref) ?? String(partner.id);

/** An order, its lines and their moves each have a stamp of their own. */
export function orderSources(rpc: OdooRpc, context: Context): readonly Source[] {
  const source = (
    model: string,
    domain: readonly unknown[],
    ordersOf: (
      ids: readonly (number | string)[],
      signal: AbortSignal | undefined,
    ) => Promise<readonly number[]>,
  ): Source => ({
    page: (asked) => changedOf(rpc, model, domain, asked),
    facts: async (changed, { history, signal }) =>
      readOrders(
        rpc,
        context,
        await ordersOf(
          changed.map((one) => one.id),
          signal,
        ),
        history,
        signal,
      ),
  });
  const ofLines = async (ids: readonly unknown[], signal: AbortSignal | undefined) => {
    const rows = await rpc.read('purchase.order.line', [['id', 'in', ids]], ['order_id'], {}, signal);
    return [...new Set(rows.flatMap((row) => idOf(row.order_id) ?? []))];
  };
  return [
    source('purchase.order', [], async (ids) => ids as readonly number[]),
    source('purchase.order.line', [], ofLines),
    source('stock.move', [['purchase_line_id', '!=', false]], async (ids, signal) => {
      const moves = await rpc.read('stock.move', [['id', 'in', ids]], ['purchase_line_id'], {}, signal);
      return ofLines(
        moves.map((move) => idOf(move.purchase_line_id)),
        signal,
      );
    }),
  ];
}

async function readOrders(
  rpc: OdooRpc,
  context: Context,
  ids: readonly number[],
  history: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly Fact[]> {
  if (ids.length === 0) return [];
  const read = (model: string, domain: readonly unknown[], fields: readonly string[]) =>
    rpc.read(model, domain, fields, {}, signal);
  const among = (rows: readonly Row[], field: string) => [
    'id',
    'in',
    [...new Set(rows.flatMap((row) => idOf(row[field]) ?? []))],
  ];
  const orders = await read(
    'purchase.order',
    [['id', 'in', ids]],
    [
      'name',
      'origin',
      'state',
      'partner_id',
      'date_order',
      'date_approve',
      'currency_id',
      'picking_type_id',
      'write_date',
    ],
  );
  const lines = await read(
    'purchase.order.line',
    [['order_id', 'in', ids]],
    [
      'order_id',
      'product_id',
      'product_qty',
      'qty_received',
      'date_planned',
      'price_unit',
      'product_uom_id',
      'product_uom',
      'write_date',
    ],
  );
  const moves = await read(
    'stock.move',
    [['purchase_line_id', 'in', lines.map((line) => line.id)]],
    ['purchase_line_id', 'state', 'date', 'write_date'],
  );
  const products = await read(
    'product.product',
    [among(lines, 'product_id'), ['active', 'in', [true, false]]],
    ['default_code', 'type', 'uom_id'],
  );
  const units = await read(
    'uom.uom',
    [
      [
        'id',
        'in',
        [
          ...lines.map((line) => idOf(line.product_uom_id ?? line.product_uom)),
          ...products.map((one) => idOf(one.uom_id)),
        ],
      ],
      ['active', 'in', [true, false]],
    ],
    ['factor', 'factor_inv'],
  );
  const partners = await read(
    'res.partner',
    [among(orders, 'partner_id'), ['active', 'in', [true, false]]],
    ['ref', 'name'],
  );
  const types = await read('stock.picking.type', [among(orders, 'picking_type_id')], ['warehouse_id']);
  const warehouses = await read('stock.warehouse', [among(types, 'warehouse_id')], ['code']);
  const world: World = {
    linesOf: Map.groupBy(lines, (line) => idOf(line.order_id)),
    movesOf: Map.groupBy(moves, (move) => idOf(move.purchase_line_id)),
    products: byId(products),
    units: new Map(units.map((unit) => [unit.id, sizeOf(unit)])),
    partners: byId(partners),
    types: byId(types),
    warehouses: byId(warehouses),
  };
  const telling = {
    locations: context.settings.locations,
    history,
    warn: (words: string, data: Record<string, unknown>) => context.log.warn(words, data),
  };
  const facts = orders.flatMap((order) => {
    const told = orderOf(order, world);
    return told === null ? [] : (orderFact(told, telling) ?? []);
  });
  const named = partners.map(
    (partner): Fact => ({
      kind: 'supplier',
      externalId: `res.partner/${partner.id}`,
      supplier: { code: supplierCode(partner), title: textOf(partner.name) ?? supplierCode(partner) },
    }),
  );
  return [...named, ...facts];
}

interface World {
  readonly linesOf: ReadonlyMap<number | null, readonly Row[]>;
  readonly movesOf: ReadonlyMap<number | null, readonly Row[]>;
  readonly products: ReadonlyMap<number, Row>;
  readonly units: ReadonlyMap<number, Fraction>;
  readonly partners: ReadonlyMap<number, Row>;
  readonly types: ReadonlyMap<number, Row>;
  readonly warehouses: ReadonlyMap<number, Row>;
}

const byId = (rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));

/** How many reference units a unit is. Until 18 `factor` said how many of it are one reference; since 19 it says this itself. */
const sizeOf = (unit: Row): Fraction =>
  unit.factor_inv === undefined
    ? fraction(unit.factor as number)
    : ofTwoDirections(unit.factor_inv as number, unit.factor as number);

function orderOf(order: Row, world: World): ErpOrder | null {
  const partner = world.partners.get(idOf(order.partner_id) ?? 0);
  const stage = STAGE[String(order.state)];
  if (partner === undefined || stage === undefined) return null;
  const lines = world.linesOf.get(order.id) ?? [];
  const type = world.types.get(idOf(order.picking_type_id) ?? 0);
  const warehouse = world.warehouses.get(idOf(type?.warehouse_id) ?? 0);
  const told = lines.map((line) => lineOf(line, world, textOf(warehouse?.code) ?? '', stage));
  const stamps = [order, ...lines, ...lines.flatMap((line) => world.movesOf.get(line.id) ?? [])];
  return {
    externalId: `purchase.order/${order.id}`,
    ref: refOfDraft(textOf(order.origin)) ?? String(order.name),
    supplier: supplierCode(partner),
    placedOn: dayOf(order.date_approve) ?? dayOf(order.date_order) ?? instant(order.write_date).slice(0, 10),
    stage,
    updatedAt: stamps
      .map((row) => instant(row.write_date))
      .sort()
      .at(-1)!,
    currency: Array.isArray(order.currency_id) ? String(order.currency_id[1]) : null,
    lines: told.filter((line) => line !== null),
  };
}

function lineOf(line: Row, world: World, warehouse: string, stage: Stage): ErpLine | null {
  const product = world.products.get(idOf(line.product_id) ?? 0);
  const sku = textOf(product?.default_code);
  if (product === undefined || sku === null || product.type === 'service') return null;
  const unit = world.units.get(idOf(line.product_uom_id ?? line.product_uom) ?? 0);
  const stockUnit = world.units.get(idOf(product.uom_id) ?? 0);
  if (unit === undefined || stockUnit === undefined) return null;
  const factor = inUnitsOf(unit, stockUnit);
  const received = times(fraction(line.qty_received as number), factor);
  const moves = world.movesOf.get(line.id) ?? [];
  const open = moves.filter((move) => !ENDED.has(String(move.state)));
  // Nobody waits for the rest: it was received without a backorder, or its moves were cancelled.
  const over = stage === 'confirmed' && moves.length > 0 && open.length === 0;
  const nothing = received.over === 0n;
  const days = open.flatMap((move) => dayOf(move.date) ?? []).sort();
  return {
    line: line.id,
    sku,
    quantity: over && !nothing ? received : times(fraction(line.product_qty as number), factor),
    received,
    // What is to come stands in the moves; of several the last, since the line has one date.
    expectedOn: days.at(-1) ?? dayOf(line.date_planned),
    warehouse,
    ...(over && nothing ? { stage: 'cancelled' as const } : {}),
    price: line.price_unit as number,
    factor,
  };
}
