import type { Action, Outcome } from '../../connections/index.ts';
import { decimalOf, oneLocation } from '../money.ts';
import { draftMark, inUnitsOf } from '../order-fact.ts';
import { DONE, type Of, refused, writeInto } from '../outgoing.ts';
import { dividedBy, fraction, ofTwoDirections, whole } from '../units.ts';
import { idOf, type OdooRpc, type Row, textOf } from './rpc.ts';
import type { OdooSettings } from './settings.ts';

export async function carryOut(
  rpc: OdooRpc,
  action: Action,
  settings: OdooSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  return writeInto('Odoo', action, {
    draft_purchase_order: (asked) => writeDraft(rpc, asked, settings, signal),
    promise_date: (asked) => writeDate(rpc, asked, signal),
    write_receipt: (asked) => writeReceipt(rpc, asked, signal),
  });
}

/** A draft of ours is known by its source document: the same twice is written once. */
async function writeDraft(
  rpc: OdooRpc,
  { ref, purchaseOrder }: Of<'draft_purchase_order'>,
  { locations }: OdooSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  const read = (model: string, domain: readonly unknown[], fields: readonly string[]) =>
    rpc.read(model, domain, fields, {}, signal);
  const origin = draftMark(ref);
  const [there] = await read('purchase.order', [['origin', '=', origin]], ['name']);
  if (there !== undefined) return { state: 'done', note: `It is Odoo's ${there.name}.` };
  const number = Number(purchaseOrder.supplier);
  const [partner] = await read(
    'res.partner',
    Number.isInteger(number)
      ? ['|', ['ref', '=', purchaseOrder.supplier], '&', ['ref', '=', false], ['id', '=', number]]
      : [['ref', '=', purchaseOrder.supplier]],
    ['name'],
  );
  if (partner === undefined)
    return refused(`Odoo has no partner with the reference ${purchaseOrder.supplier}.`);
  const location = oneLocation(purchaseOrder.lines);
  if (location === null)
    return refused(
      'An order of Odoo comes to one warehouse; the draft has lines for several. Split it by location.',
    );
  const warehouses = await read('stock.warehouse', [], ['code', 'in_type_id']);
  const warehouse = warehouses.find(({ code }) => (locations[String(code)] ?? code) === location);
  if (warehouse === undefined)
    return refused(`No warehouse of Odoo is the location ${location}; name it in the setting locations.`);
  const skus = purchaseOrder.lines.map((line) => line.sku);
  const products = new Map(
    (await read('product.product', [['default_code', 'in', skus]], ['default_code', 'name', 'uom_id'])).map(
      (row) => [String(row.default_code), row],
    ),
  );
  const missing = skus.filter((sku) => !products.has(sku));
  if (missing.length > 0) return refused(`Odoo has no product with the reference ${missing.join(', ')}.`);
  const unit = (await rpc.fields('purchase.order.line', signal)).has('product_uom_id')
    ? 'product_uom_id'
    : 'product_uom';
  const lines = purchaseOrder.lines.map((line) => {
    const product = products.get(line.sku)!;
    return [
      0,
      0,
      {
        product_id: product.id,
        name: textOf(product.name) ?? line.sku,
        product_qty: line.quantity,
        [unit]: idOf(product.uom_id),
        ...(line.unitCost === undefined ? {} : { price_unit: Number(decimalOf(line.unitCost)) }),
        date_planned: `${line.expectedOn ?? purchaseOrder.placedOn} 12:00:00`,
      },
    ];
  });
  const values = {
    partner_id: partner.id,
    origin,
    picking_type_id: idOf(warehouse.in_type_id),
    order_line: lines,
  };
  const made = await rpc.call('purchase.order', 'create', null, { vals_list: [values] }, signal);
  return { state: 'done', note: `It is Odoo's purchase order ${String(made)}.` };
}

/** Odoo gives a line's date on to its open moves. */
async function writeDate(
  rpc: OdooRpc,
  { purchaseOrder, line, expectedOn }: Of<'promise_date'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (expectedOn === null)
    return refused('Odoo keeps a date of every line: an unknown one cannot be written.');
  const [row] = await rpc.read('purchase.order.line', [['id', '=', Number(line)]], ['order_id'], {}, signal);
  if (row === undefined) return refused(`Odoo has no line ${line} of ${purchaseOrder}.`);
  const vals = { date_planned: `${expectedOn} 12:00:00` };
  await rpc.call('purchase.order.line', 'write', [row.id], { vals }, signal);
  const open = await openMoves(rpc, row.id, signal);
  if (open.length > 0) {
    const ids = open.map((move) => move.id);
    await rpc.call('stock.move', 'write', ids, { vals: { date: vals.date_planned } }, signal);
  }
  return DONE;
}

const openMoves = (rpc: OdooRpc, line: number, signal?: AbortSignal) =>
  rpc.read(
    'stock.move',
    [
      ['purchase_line_id', '=', line],
      ['state', 'not in', ['done', 'cancel']],
    ],
    ['picking_id', 'product_uom', 'product_id', 'date'],
    { order: 'date asc, id asc' },
    signal,
  );

/** The transfer's note names the action before it is validated, so that one that was begun is gone on with. */
async function writeReceipt(
  rpc: OdooRpc,
  action: Of<'write_receipt'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const note = draftMark(action.id);
  const fields = ['state', 'note'];
  const marked = await rpc.read('stock.picking', [['note', 'ilike', note]], fields, {}, signal);
  let picking = marked[0];
  if (picking?.state === 'done') return DONE;
  if (picking === undefined) {
    const [move] = await openMoves(rpc, Number(action.line), signal);
    const id = idOf(move?.picking_id);
    if (move === undefined || id === null)
      return refused(`Nothing of line ${action.line} of ${action.purchaseOrder} is to come in Odoo.`);
    const quantity = await inMoveUnits(rpc, move, action.quantity, signal);
    if (quantity === null)
      return refused(`${action.quantity} stock units are no whole number of the unit of Odoo's move.`);
    const vals = (await rpc.fields('stock.move', signal)).has('picked')
      ? { quantity, picked: true }
      : { quantity_done: quantity };
    await rpc.call('stock.picking', 'write', [id], { vals: { note } }, signal);
    await rpc.call('stock.move', 'write', [move.id], { vals }, signal);
    picking = { id };
  }
  // The rest gets a transfer of its own, without a question to a person.
  const context = { skip_backorder: true, skip_sms: true };
  await rpc.call('stock.picking', 'button_validate', [picking.id], { context }, signal);
  return DONE;
}

async function inMoveUnits(rpc: OdooRpc, move: Row, units: number, signal?: AbortSignal) {
  const [product] = await rpc.read(
    'product.product',
    [['id', '=', idOf(move.product_id)]],
    ['uom_id'],
    {},
    signal,
  );
  const ids = [idOf(move.product_uom), idOf(product?.uom_id)];
  const rows = await rpc.read('uom.uom', [['id', 'in', ids]], ['factor', 'factor_inv'], {}, signal);
  const [unit, stockUnit] = ids.map((id) => {
    const row = rows.find((one) => one.id === id)!;
    return row.factor_inv === undefined
      ? fraction(row.factor as number)
      : ofTwoDirections(row.factor_inv as number, row.factor as number);
  });
  return whole(dividedBy(fraction(units), inUnitsOf(unit!, stockUnit!)));
}
