import type { Action, Outcome } from '../../connections/index.ts';
import { decimalOf } from '../money.ts';
import { draftMark } from '../order-fact.ts';
import { DONE, type Of, refused, writeInto } from '../outgoing.ts';
import { dividedBy, fraction, whole } from '../units.ts';
import type { ErpnextRest } from './rest.ts';
import type { ErpnextSettings } from './settings.ts';

type Row = Readonly<Record<string, unknown>>;

export async function carryOut(
  rest: ErpnextRest,
  action: Action,
  settings: ErpnextSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  return writeInto('ERPNext', action, {
    draft_purchase_order: (asked) => writeDraft(rest, asked, settings, signal),
    promise_date: (asked) => writeDate(rest, asked, signal),
    write_receipt: (asked) => writeReceipt(rest, asked, settings, signal),
  });
}

/** A draft of ours is known by its title: the same twice is written once. */
async function writeDraft(
  rest: ErpnextRest,
  { ref, purchaseOrder }: Of<'draft_purchase_order'>,
  { company, locations }: ErpnextSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  const title = draftMark(ref);
  const [there] = await rest.list('Purchase Order', ['name'], [['title', '=', title]], 1, signal);
  if (there !== undefined) return { state: 'done', note: `It is ERPNext's ${there.name}.` };
  const skus = purchaseOrder.lines.map((line) => line.sku);
  const known = await rest.list('Item', ['name'], [['name', 'in', skus]], skus.length, signal);
  const missing = skus.filter((sku) => !known.some((item) => item.name === sku));
  if (missing.length > 0) return refused(`ERPNext has no item ${missing.join(', ')}.`);
  const warehouseOf = (location: string) =>
    Object.entries(locations).find(([, code]) => code === location)?.[0] ?? location;
  const day = (line: { expectedOn: string | null }) => line.expectedOn ?? purchaseOrder.placedOn;
  const made = await rest.create(
    'Purchase Order',
    {
      title,
      company,
      supplier: purchaseOrder.supplier,
      transaction_date: purchaseOrder.placedOn,
      schedule_date: purchaseOrder.lines.map(day).sort().at(-1),
      ...(purchaseOrder.currency === undefined ? {} : { currency: purchaseOrder.currency }),
      // Without a unit it is the item's stock unit.
      items: purchaseOrder.lines.map((line) => ({
        item_code: line.sku,
        qty: line.quantity,
        schedule_date: day(line),
        warehouse: warehouseOf(line.location),
        ...(line.unitCost === undefined ? {} : { rate: decimalOf(line.unitCost) }),
      })),
    },
    signal,
  );
  return { state: 'done', note: `It is ERPNext's ${made.name}.` };
}

/** The one date that may be changed in an order that was submitted. */
async function writeDate(
  rest: ErpnextRest,
  { line, expectedOn }: Of<'promise_date'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (expectedOn === null)
    return refused('ERPNext goes back to the date required: an unknown one cannot be written.');
  await rest.method(
    'frappe.client.set_value',
    {
      doctype: 'Purchase Order Item',
      name: String(line),
      fieldname: 'expected_delivery_date',
      value: expectedOn,
    },
    signal,
  );
  return DONE;
}

/** The delivery note of the receipt is the action's id: the same twice is booked once. */
async function writeReceipt(
  rest: ErpnextRest,
  action: Of<'write_receipt'>,
  { company }: ErpnextSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  const note = draftMark(action.id);
  const filters = [
    ['supplier_delivery_note', '=', note],
    ['docstatus', '=', 1],
  ] as const;
  if ((await rest.list('Purchase Receipt', ['name'], filters, 1, signal)).length > 0) return DONE;
  const [parent] = await rest.list(
    'Purchase Order',
    ['name', 'supplier'],
    [['Purchase Order Item', 'name', '=', String(action.line)]],
    1,
    signal,
  );
  if (parent === undefined) return refused(`ERPNext has no line ${action.line} of ${action.purchaseOrder}.`);
  const order = await rest.read('Purchase Order', parent.name, signal);
  const row = (order.items as readonly Row[]).find((one) => one.name === String(action.line))!;
  const factor = String(row.conversion_factor ?? 1);
  const quantity = whole(dividedBy(fraction(action.quantity), fraction(factor)));
  if (quantity === null)
    return refused(
      `${action.quantity} stock units are no whole number of ${row.uom ?? 'the unit'} of ERPNext's line.`,
    );
  await rest.create(
    'Purchase Receipt',
    {
      company,
      supplier: order.supplier,
      supplier_delivery_note: note,
      docstatus: 1,
      items: [
        {
          item_code: row.item_code,
          qty: quantity,
          uom: row.uom,
          conversion_factor: row.conversion_factor,
          warehouse: row.warehouse,
          rate: row.rate,
          purchase_order: order.name,
          purchase_order_item: row.name,
        },
      ],
    },
    signal,
  );
  return DONE;
}
