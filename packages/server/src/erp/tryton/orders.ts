import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import {
  type ErpDelivery,
  type ErpLine,
  type ErpOrder,
  inUnitsOf,
  orderFact,
  refOfDraft,
  type Stage,
} from '../order-fact.ts';
import { type Fraction, fraction, ofTwoDirections, times } from '../units.ts';
import type { Context, Row, TrytonRpc } from './rpc.ts';
import { changedOf, newestOf } from './stamps.ts';

const STAGE: Readonly<Record<string, Stage>> = {
  draft: 'draft',
  quotation: 'draft',
  confirmed: 'confirmed',
  processing: 'confirmed',
  done: 'confirmed',
  cancelled: 'cancelled',
};

/** Of a line that is bought, and kept in stock. */
const LINE_FIELDS = [
  'purchase',
  'sequence',
  'type',
  'quantity',
  'unit_price',
  'delivery_date',
  'delivery_date_store',
  'unit.factor',
  'unit.rate',
  'product.code',
  'product.type',
  'product.default_uom.factor',
  'product.default_uom.rate',
  'create_date',
  'write_date',
];
const MOVE_FIELDS = [
  'origin',
  'state',
  'quantity',
  'planned_date',
  'effective_date',
  'uom.factor',
  'uom.rate',
  'create_date',
  'write_date',
];
const ORDER_FIELDS = [
  'number',
  'description',
  'state',
  'purchase_date',
  'party',
  'party.code',
  'party.name',
  'warehouse.code',
  'warehouse.name',
  'currency.code',
  'create_date',
  'write_date',
];

/**
 * The three tables in which a purchase order changes. Its own stamp moves neither on a part receipt nor on a slip: those are
 * told by its moves, whose first stamp is that of their making.
 */
export function orderSources(rpc: TrytonRpc, context: Context): readonly Source[] {
  const source = (model: string, domain: unknown[], field: string | null): Source => ({
    page: (asked) => changedOf(rpc, model, domain, asked),
    async facts(changed, { history, signal }) {
      const ids = changed.map((one) => one.id);
      const orders =
        field === null
          ? ids
          : (await rpc.read(model, [['id', 'in', ids]], [field], { signal })).map((row) => row[field]);
      return readOrders(rpc, context, [...new Set(orders)] as number[], history, signal);
    },
  });
  return [
    source('purchase.purchase', [], null),
    source('purchase.line', [], 'purchase'),
    source('stock.move', [['purchase', '!=', null]], 'purchase'),
  ];
}

async function readOrders(
  rpc: TrytonRpc,
  context: Context,
  ids: readonly number[],
  history: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly Fact[]> {
  if (ids.length === 0) return [];
  const orders = await rpc.read('purchase.purchase', [['id', 'in', ids]], ORDER_FIELDS, { signal });
  const lines = await rpc.read('purchase.line', [['purchase', 'in', ids]], LINE_FIELDS, { signal });
  const moves = await rpc.read('stock.move', [['purchase', 'in', ids]], MOVE_FIELDS, { signal });
  const linesOf = Map.groupBy(lines, (line) => line.purchase as number);
  const movesOf = Map.groupBy(moves, (move) => move.origin as string);
  const telling = {
    locations: context.settings.locations,
    history,
    warn: (words: string, data: Record<string, unknown>) => context.log.warn(words, data),
  };
  const suppliers = new Map<string, Fact>();
  const facts: Fact[] = [];
  for (const order of orders) {
    const told = orderOf(order, linesOf.get(order.id as number) ?? [], movesOf);
    if (told === null) continue;
    const fact = orderFact(told, telling);
    if (fact === null) continue;
    facts.push(fact);
    const { code, name } = partOf(order, 'party');
    suppliers.set(told.supplier, {
      kind: 'supplier',
      // Its own name: what the suppliers' stream tells of it has its own stamp and its lead time.
      externalId: `named/${told.supplier}`,
      supplier: { code: String(code), title: String(name) },
    });
  }
  return [...suppliers.values(), ...facts];
}

/** Null: it has no name yet that will stay, or nothing in it that is stocked. */
function orderOf(
  order: Row,
  lines: readonly Row[],
  movesOf: ReadonlyMap<string, readonly Row[]>,
): ErpOrder | null {
  const ref = refOfDraft(order.description as string | null) ?? (order.number as string | null);
  const stage = STAGE[order.state as string];
  const party = partOf(order, 'party');
  if (ref === null || stage === undefined || !party.code) return null;
  const warehouse = partOf(order, 'warehouse');
  const bought = lines.filter((line) => line.type === 'line' && isStocked(line));
  const moves = bought.flatMap((line) => movesOf.get(`purchase.line,${line.id}`) ?? []);
  const updatedAt = newestOf([order, ...lines, ...moves]);
  return {
    externalId: `purchase/${order.id}`,
    ref,
    supplier: String(party.code),
    placedOn: (order.purchase_date as string | null) ?? (order.create_date as string).slice(0, 10),
    stage,
    updatedAt,
    currency: partOf(order, 'currency').code as string | null,
    lines: bought.map((line) =>
      lineOf(
        line,
        movesOf.get(`purchase.line,${line.id}`) ?? [],
        String(warehouse.code ?? warehouse.name ?? ''),
      ),
    ),
  };
}

const isStocked = (line: Row) => {
  const product = partOf(line, 'product');
  return product.type === 'goods' && Boolean(product.code);
};

function lineOf(line: Row, moves: readonly Row[], warehouse: string): ErpLine {
  const stockUnit = unitOf(partOf(partOf(line, 'product'), 'default_uom'));
  const factor = inUnitsOf(unitOf(partOf(line, 'unit')), stockUnit);
  const stands = moves.filter((move) => move.state !== 'cancelled');
  const common = {
    line: line.id as number,
    sku: String(partOf(line, 'product').code),
    quantity: times(fraction(line.quantity as number), factor),
    received: fraction(0),
    expectedOn: dateOf(line),
    warehouse,
    price: line.unit_price as string | null,
    factor,
  };
  if (moves.length === 0) return common;
  // Somebody gave up what was still to come.
  if (stands.length === 0) return { ...common, stage: 'cancelled' };
  return {
    ...common,
    deliveries: stands.map(
      (move): ErpDelivery => ({
        id: move.id as number,
        quantity: times(fraction(move.quantity as number), inUnitsOf(unitOf(partOf(move, 'uom')), stockUnit)),
        came: move.state === 'done',
        // The line's own date becomes that of its receipt; what is to come stands in its moves.
        expectedOn: ((move.state === 'done' ? move.effective_date : null) ?? move.planned_date ?? null) as
          | string
          | null,
      }),
    ),
  };
}

/** Tryton shows no date that has passed, and gives none to a new move: what was agreed is late then, not unknown. */
const dateOf = (line: Row) => (line.delivery_date ?? line.delivery_date_store ?? null) as string | null;

const unitOf = (unit: Row): Fraction => ofTwoDirections(unit.factor as number, unit.rate as number);

/** A record that was read along with another: `party.code` comes as `party.`. */
export const partOf = (row: Row, field: string): Row => (row[`${field}.`] as Row | null) ?? {};
