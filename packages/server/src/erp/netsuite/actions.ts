import type { Action, Outcome } from '../../connections/index.ts';
import { decimalOf, oneLocation } from '../money.ts';
import { draftMark } from '../order-fact.ts';
import { DONE, type Of, refused, writeInto } from '../outgoing.ts';
import { dividedBy, fraction, whole } from '../units.ts';
import { type NetsuiteRest, quoted } from './rest.ts';
import type { NetsuiteSettings } from './settings.ts';

export async function carryOut(
  rest: NetsuiteRest,
  action: Action,
  settings: NetsuiteSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  return writeInto('NetSuite', action, {
    draft_purchase_order: (asked) => writeDraft(rest, asked, settings, signal),
    promise_date: (asked) => writeDate(rest, asked, signal),
    write_receipt: (asked) => writeReceipt(rest, asked, signal),
  });
}

/** An order that waits for approval is NetSuite's draft. Its external id is Kept's name of it: the same twice is one. */
async function writeDraft(
  rest: NetsuiteRest,
  { ref, purchaseOrder }: Of<'draft_purchase_order'>,
  { locations }: NetsuiteSettings,
  signal?: AbortSignal,
): Promise<Outcome> {
  const externalId = draftMark(ref);
  const there = await rest.query(
    `SELECT id FROM transaction WHERE type = 'PurchOrd' AND externalid = ${quoted(externalId)}`,
    1,
    signal,
  );
  if (there.length > 0) return { state: 'done', note: `It is NetSuite's purchase order ${there[0]!.id}.` };
  const [vendor] = await rest.query(
    `SELECT id FROM vendor WHERE entityid = ${quoted(purchaseOrder.supplier)}`,
    1,
    signal,
  );
  if (vendor === undefined) return refused(`NetSuite has no vendor ${purchaseOrder.supplier}.`);
  const code = oneLocation(purchaseOrder.lines);
  if (code === null) return refused('The draft has lines for several locations. Split it by location.');
  const name = Object.entries(locations).find(([, one]) => one === code)?.[0] ?? code;
  const [location] = await rest.query(`SELECT id FROM location WHERE name = ${quoted(name)}`, 1, signal);
  if (location === undefined)
    return refused(`No location of NetSuite is ${code}; name it in the setting locations.`);
  const skus = purchaseOrder.lines.map((line) => line.sku);
  const items = await rest.query(
    `SELECT id, itemid, stockunit FROM item WHERE itemid IN (${skus.map(quoted).join(', ')})`,
    1000,
    signal,
  );
  const idOf = new Map(items.map((row) => [row.itemid, row]));
  const missing = skus.filter((sku) => !idOf.has(sku));
  if (missing.length > 0) return refused(`NetSuite has no item ${missing.join(', ')}.`);
  const lines = purchaseOrder.lines.map((line) => {
    const { id, stockunit } = idOf.get(line.sku)!;
    return {
      item: { id },
      quantity: line.quantity,
      // Kept's units are stock units, whatever the item is usually bought in.
      ...(stockunit ? { units: stockunit } : {}),
      ...(line.unitCost === undefined ? {} : { rate: Number(decimalOf(line.unitCost)) }),
      ...(line.expectedOn === null ? {} : { expectedReceiptDate: line.expectedOn }),
    };
  });
  await rest.record(
    'POST',
    'purchaseOrder',
    {
      externalId,
      entity: { id: vendor.id },
      location: { id: location.id },
      approvalStatus: { id: '1' },
      item: { items: lines },
    },
    signal,
  );
  return DONE;
}

const PURCHASE_ORDER = (name: string) =>
  `SELECT id FROM transaction WHERE type = 'PurchOrd' AND (tranid = ${quoted(name)} OR externalid = ${quoted(draftMark(name))})`;

async function writeDate(
  rest: NetsuiteRest,
  { purchaseOrder, line, expectedOn }: Of<'promise_date'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (expectedOn === null)
    return refused('NetSuite keeps a date of every line: an unknown one cannot be written.');
  const [order] = await rest.query(PURCHASE_ORDER(purchaseOrder), 1, signal);
  if (order === undefined) return refused(`NetSuite has no purchase order ${purchaseOrder}.`);
  const items = [{ line: Number(line), expectedReceiptDate: expectedOn }];
  await rest.record('PATCH', `purchaseOrder/${order.id}`, { item: { items } }, signal);
  return DONE;
}

/** The receipt's external id is the action's: the same twice is booked once. */
async function writeReceipt(
  rest: NetsuiteRest,
  action: Of<'write_receipt'>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const externalId = draftMark(action.id);
  const booked = await rest.query(
    `SELECT id FROM transaction WHERE type = 'ItemRcpt' AND externalid = ${quoted(externalId)}`,
    1,
    signal,
  );
  if (booked.length > 0) return DONE;
  const [order] = await rest.query(PURCHASE_ORDER(action.purchaseOrder), 1, signal);
  if (order === undefined) return refused(`NetSuite has no purchase order ${action.purchaseOrder}.`);
  const [line] = await rest.query(
    `SELECT l.id, lu.conversionrate AS lineunit, su.conversionrate AS stockunit FROM transactionline l JOIN item i ON i.id = l.item LEFT JOIN unitstypeuom lu ON lu.internalid = l.units LEFT JOIN unitstypeuom su ON su.internalid = i.stockunit WHERE l.transaction = ${order.id} AND l.id = ${Number(action.line)}`,
    1,
    signal,
  );
  if (line === undefined) return refused(`${action.purchaseOrder} has no line ${action.line} in NetSuite.`);
  const factor = dividedBy(fraction(line.lineunit || '1'), fraction(line.stockunit || '1'));
  const quantity = whole(dividedBy(fraction(action.quantity), factor));
  if (quantity === null)
    return refused(`${action.quantity} stock units are no whole number of the unit of NetSuite's line.`);
  const items = [{ orderLine: Number(action.line), itemReceive: true, quantity }];
  // Lines that are not named are not received, rather than all of them.
  await rest.record(
    'POST',
    `purchaseOrder/${order.id}/!transform/itemReceipt?replace=item`,
    { externalId, item: { items } },
    signal,
  );
  return DONE;
}
