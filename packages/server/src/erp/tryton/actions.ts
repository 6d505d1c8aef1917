import type { Action, Outcome } from '../../connections/index.ts';
import { decimalOf, oneLocation } from '../money.ts';
import { draftMark, inUnitsOf } from '../order-fact.ts';
import { DONE, type Of, refused, writeInto } from '../outgoing.ts';
import { dividedBy, fraction, ofTwoDirections, whole } from '../units.ts';
import { partOf } from './orders.ts';
import type { Row, TrytonRpc } from './rpc.ts';
import type { TrytonSettings } from './settings.ts';
import { Day, Decimal } from './values.ts';

export async function carryOut(
  rpc: TrytonRpc,
  action: Action,
  settings: TrytonSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  return writeInto('Tryton', action, {
    draft_purchase_order: (asked) => writeDraft(rpc, asked, settings, signal),
    promise_date: (asked) => writeDate(rpc, asked, signal),
    write_receipt: (asked) => writeReceipt(rpc, asked, signal),
  });
}

/** A draft of ours is known by its description: the same twice is written once. */
async function writeDraft(
  rpc: TrytonRpc,
  { ref, purchaseOrder }: Of<'draft_purchase_order'>,
  { locations }: TrytonSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  const description = draftMark(ref);
  const there = await rpc.read('purchase.purchase', [['description', '=', description]], ['state'], {
    signal,
  });
  if (there.length > 0) return { state: 'done', note: `It is Tryton's purchase ${there[0]!.id}.` };
  const [party] = await rpc.read('party.party', [['code', '=', purchaseOrder.supplier]], ['name'], {
    signal,
  });
  if (party === undefined) return refused(`Tryton has no party with the code ${purchaseOrder.supplier}.`);
  const warehouses = await rpc.read('stock.location', [['type', '=', 'warehouse']], ['code', 'name'], {
    signal,
  });
  const location = oneLocation(purchaseOrder.lines);
  if (location === null)
    return refused(
      'A purchase of Tryton comes to one warehouse; the draft has lines for several. Split it by location.',
    );
  const warehouse = warehouses.find(({ code, name }) => {
    const called = String(code ?? name);
    return (locations[called] ?? called) === location;
  });
  if (warehouse === undefined)
    return refused(`No warehouse of Tryton is the location ${location}; name it in the setting locations.`);
  const products = await productsOf(
    rpc,
    purchaseOrder.lines.map((line) => line.sku),
    signal,
  );
  const missing = purchaseOrder.lines.filter((line) => !products.has(line.sku)).map((line) => line.sku);
  if (missing.length > 0)
    return refused(`Tryton has no purchasable product with the code ${missing.join(', ')}.`);
  const lines = purchaseOrder.lines.map((line) => {
    const product = products.get(line.sku)!;
    return {
      type: 'line',
      product: product.id,
      quantity: line.quantity,
      unit: partOf(product, 'default_uom').id,
      unit_price: new Decimal(
        line.unitCost === undefined ? String(product.cost_price ?? '0') : decimalOf(line.unitCost),
      ),
      ...(line.expectedOn === null
        ? {}
        : { delivery_date_edit: true, delivery_date_store: new Day(line.expectedOn) }),
    };
  });
  const currency = await currencyId(rpc, purchaseOrder.currency, signal);
  const made = (await rpc.call(
    'purchase.purchase',
    'create',
    [
      [
        {
          party: party.id,
          warehouse: warehouse.id,
          description,
          ...(currency === null ? {} : { currency }),
          lines: [['create', lines]],
        },
      ],
    ],
    signal,
  )) as number[];
  return { state: 'done', note: `It is Tryton's purchase ${made[0]}.` };
}

async function productsOf(rpc: TrytonRpc, skus: readonly string[], signal?: AbortSignal) {
  const rows = await rpc.read(
    'product.product',
    [
      ['code', 'in', skus],
      ['purchasable', '=', true],
    ],
    ['code', 'cost_price', 'default_uom.id'],
    { signal },
  );
  return new Map(rows.map((row) => [String(row.code), row]));
}

async function currencyId(rpc: TrytonRpc, code: string | undefined, signal?: AbortSignal) {
  if (code === undefined) return null;
  const [row] = await rpc.read('currency.currency', [['code', '=', code]], ['code'], { signal });
  return (row?.id as number | undefined) ?? null;
}

/** Existing moves do not follow their line: the date goes where it counts, into what is still to come. */
async function writeDate(
  rpc: TrytonRpc,
  { purchaseOrder, line, schedule, expectedOn }: Of<'promise_date'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (expectedOn === null)
    return refused('Tryton keeps a date of every delivery: an unknown one cannot be written.');
  const [row] = await rpc.read('purchase.line', [['id', '=', Number(line)]], ['product'], { signal });
  if (row === undefined) return refused(`Tryton has no line ${line} of ${purchaseOrder}.`);
  const date = new Day(expectedOn);
  const open = await openMoves(rpc, Number(line), schedule, signal);
  if (open.length > 0) {
    const ids = open.map((move) => move.id);
    await rpc.call('stock.move', 'write', [ids, { planned_date: date }], signal);
    // What of them does not come gets a move with the date of the line.
    await writeLineDate(rpc, Number(line), date, signal);
    return DONE;
  }
  const moves = await rpc.read('stock.move', [['origin', '=', `purchase.line,${Number(line)}`]], ['state'], {
    signal,
  });
  if (moves.length > 0) return refused(`Nothing of line ${line} of ${purchaseOrder} is still to come.`);
  await writeLineDate(rpc, Number(line), date, signal);
  return DONE;
}

const writeLineDate = (rpc: TrytonRpc, line: number, date: Day, signal?: AbortSignal) =>
  rpc.call(
    'purchase.line',
    'write',
    [[line], { delivery_date_edit: true, delivery_date_store: date }],
    signal,
  );

const openMoves = (
  rpc: TrytonRpc,
  line: number,
  schedule: string | number | undefined,
  signal?: AbortSignal,
) =>
  rpc.read(
    'stock.move',
    [
      ['origin', '=', `purchase.line,${line}`],
      ['state', 'in', ['staging', 'draft', 'assigned']],
      ...(schedule === undefined ? [] : [['id', '=', Number(schedule)]]),
    ],
    [
      'quantity',
      'uom.factor',
      'uom.rate',
      'product.default_uom.factor',
      'product.default_uom.rate',
      'shipment',
    ],
    {
      order: [
        ['planned_date', 'ASC'],
        ['id', 'ASC'],
      ],
      signal,
    },
  );

/**
 * Units come in by a supplier shipment, as a person would book them: its reference is the action's id, so that one that was
 * begun is gone on with. What of a move did not come gets a new move from Tryton itself.
 */
async function writeReceipt(
  rpc: TrytonRpc,
  action: Of<'write_receipt'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const reference = draftMark(action.id);
  const fields = ['state'];
  let [shipment] = await rpc.read('stock.shipment.in', [['reference', '=', reference]], fields, { signal });
  if (shipment === undefined) {
    const [move] = await openMoves(rpc, Number(action.line), action.schedule, signal);
    if (move === undefined)
      return refused(`Nothing of line ${action.line} of ${action.purchaseOrder} is to come in Tryton.`);
    if (move.shipment)
      return refused('A supplier shipment of Tryton has this delivery already: book it there.');
    const quantity = inMoveUnits(move, action.quantity);
    if (quantity === null)
      return refused(`${action.quantity} stock units are no whole number of the unit of Tryton's line.`);
    const [line] = await rpc.read(
      'purchase.line',
      [['id', '=', Number(action.line)]],
      ['purchase.party', 'purchase.warehouse'],
      { signal },
    );
    const { party, warehouse } = partOf(line!, 'purchase');
    const [id] = (await rpc.call(
      'stock.shipment.in',
      'create',
      [[{ supplier: party, warehouse, reference }]],
      signal,
    )) as number[];
    const values = { quantity, shipment: `stock.shipment.in,${id}` };
    await rpc.call('stock.move', 'write', [[move.id], values], signal);
    shipment = { id, state: 'draft' };
  }
  for (const button of ['receive', 'done'])
    if (shipment.state === 'draft' || (button === 'done' && shipment.state === 'received')) {
      await rpc.call('stock.shipment.in', button, [[shipment.id]], signal);
      shipment = { ...shipment, state: button === 'receive' ? 'received' : 'done' };
    }
  return DONE;
}

/** Stock units in the move's own unit; null where a part would be left. */
function inMoveUnits(move: Row, units: number): number | null {
  const unitOf = (unit: Row) => ofTwoDirections(unit.factor as number, unit.rate as number);
  const factor = inUnitsOf(
    unitOf(partOf(move, 'uom')),
    unitOf(partOf(partOf(move, 'product'), 'default_uom')),
  );
  return whole(dividedBy(fraction(units), factor));
}
