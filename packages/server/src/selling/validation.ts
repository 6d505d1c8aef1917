import type { Validation, ValidationInput, ValidationOrder } from '@kept/contract';
import { dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownLocation } from '../catalog/index.ts';
import { cancelOpenLines } from '../demand/index.ts';
import { orderCharge } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { savePurchaseOrders, saveSupply } from '../supply/index.ts';
import { changeTerms, itemOrFail, tell } from './terms.ts';
import type { SoldItem } from './terms-store.ts';
import {
  decideValidation,
  insertValidation,
  ordersOf,
  readValidation,
  supplyNumber,
  type ValidationRow,
  validationsDue,
} from './validation-store.ts';

type View = z.output<typeof Validation>;

/**
 * Begins a campaign: the supply that will be ordered if the goal is met is announced as production, and orders are backed by
 * it as by any other. It is for nobody else, since the item takes no other orders while the campaign runs.
 * @throws KeptError `conflict` where one runs, or the item is sold in another way
 */
export async function beginValidation(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  input: z.output<typeof ValidationInput>,
): Promise<View> {
  const item = await itemOrFail(client, brandId, sku);
  const settings = await loadSettings(client, kept.db, brandId);
  const kind = settings.policies.get(item.policy)?.kind;
  if (kind !== 'demand_validation')
    throw new KeptError(
      'conflict',
      `${sku} follows the policy ${item.policy}, which takes no orders before the supplier’s. PUT /v1/items/${encodeURIComponent(sku)} with the policy demand_validation first.`,
    );
  const place = settings.placeOf.get(input.location);
  if (place === undefined) throw unknownLocation(input.location, 'location');
  const before = await readValidation(client, brandId, sku);
  if (before !== null && (before.state === 'open' || before.state === 'met'))
    throw new KeptError(
      'conflict',
      `A campaign of ${sku} is ${before.state === 'open' ? 'under way' : 'met, and its purchase order is to be placed'}.`,
    );
  const { today } = worldAt(settings, kept.clock.now());
  const until = dayNumber(input.until);
  if (until < today) throw wrong('until', `expected ${dayText(today)} or later`);
  const leadTimeDays = input.leadTimeDays ?? item.leadTimeDays;
  if (leadTimeDays === null)
    throw wrong('leadTimeDays', 'expected the days from the supplier order to the receipt');
  const number = (before?.number ?? 0) + 1;
  const most = input.most ?? input.goal;
  const supplyRef = `${sku}-validation-${number}`;
  await saveSupply(kept, client, brandId, supplyRef, {
    kind: 'production',
    sku,
    location: input.location,
    quantity: most,
    // The supplier is asked on the day after the last.
    expectedOn: dayText(until + 1 + leadTimeDays),
    stage: 'placed',
    reason: 'orders before the supplier’s',
  });
  const supply = await supplyNumber(client, brandId, item.item, supplyRef);
  await insertValidation(client, brandId, {
    item: item.item,
    number,
    goal: input.goal,
    most,
    until: input.until,
    supplier: input.supplier,
    supplyRef,
    place,
  });
  const validation = { goal: input.goal, until, open: true, supply };
  await changeTerms(kept, client, brandId, item, { ...item.terms, validation });
  await tell(kept, client, brandId, 'validation.opened', { sku, ...input });
  return viewValidation(client, brandId, sku);
}

/** @throws KeptError `not_found` */
export async function viewValidation(client: pg.PoolClient, brandId: number, sku: string): Promise<View> {
  return view(await validationOrFail(client, brandId, sku));
}

async function validationOrFail(client: pg.PoolClient, brandId: number, sku: string): Promise<ValidationRow> {
  const row = await readValidation(client, brandId, sku);
  if (row !== null) return row;
  throw new KeptError(
    'not_found',
    `${sku} has no campaign. PUT /v1/validations/${encodeURIComponent(sku)} begins one.`,
  );
}

function view({ item: _item, supplyRef: _ref, ...row }: ValidationRow): View {
  return row;
}

/** Decides campaigns whose goal is reached or whose day is over. */
export async function decideValidations(kept: Kept, brandId: number): Promise<void> {
  const due = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const settings = await loadSettings(client, kept.db, brandId);
      return validationsDue(client, brandId, dayText(worldAt(settings, kept.clock.now()).today));
    },
    { reads: true },
  );
  for (const { sku } of due)
    await withBrand(kept.db, brandId, (client) => decideOne(kept, client, brandId, sku));
}

/** Under the item's lock it is looked at again: orders may have been cancelled meanwhile. */
async function decideOne(kept: Kept, client: pg.PoolClient, brandId: number, sku: string): Promise<void> {
  const item = await itemOrFail(client, brandId, sku);
  const row = await readValidation(client, brandId, sku);
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
  if (row?.state !== 'open') return;
  if (row.units >= row.goal) await meet(kept, client, brandId, item, row);
  else if (dayNumber(row.until) < today) await miss(kept, client, brandId, item, row);
}

/** The goal is met: no more orders, and the purchase order is proposed as a draft, which promises nothing. */
async function meet(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  item: SoldItem,
  row: ValidationRow,
): Promise<void> {
  const { sku } = row;
  const purchaseOrder = `${row.supplyRef}-PO`;
  await writePurchaseOrder(kept, client, brandId, row, purchaseOrder, {
    stage: 'draft',
    quantity: row.units,
    expectedOn: null,
  });
  await decideValidation(
    client,
    brandId,
    { ...row, state: 'met', purchaseOrder },
    kept.clock.now().toISOString(),
  );
  await close(kept, client, brandId, item);
  for (const { order, name } of await ordersOf(client, brandId, item.item))
    await tell(kept, client, brandId, 'validation.kept', { sku, order, name });
  await tell(kept, client, brandId, 'validation.met', {
    sku,
    goal: row.goal,
    units: row.units,
    purchaseOrder,
  });
  await raiseSignals(kept, client, brandId, [
    {
      kind: 'validation_met',
      subject: sku,
      sku,
      data: { goal: row.goal, units: row.units, purchaseOrder },
    },
  ]);
}

/** The goal is missed: every order's units of it are cancelled, each customer is told, and what they paid is asked back for them. */
async function miss(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  item: SoldItem,
  row: ValidationRow,
): Promise<void> {
  const { sku, goal, units, until } = row;
  const orders = await ordersOf(client, brandId, item.item);
  for (const { order, name, lines } of orders) {
    await cancelOpenLines(kept, client, brandId, order, new Set(lines), 'validation_missed');
    const { refunds } = await orderCharge(kept, client, brandId, order);
    if (refunds.length > 0)
      await tell(kept, client, brandId, 'refund.requested', {
        order,
        name,
        refunds,
        reason: 'validation_missed',
      });
    await tell(kept, client, brandId, 'validation.refused', { sku, order, name, goal, units, until });
  }
  await saveSupply(kept, client, brandId, row.supplyRef, {
    kind: 'production',
    sku,
    location: row.location,
    quantity: row.most,
    expectedOn: null,
    stage: 'cancelled',
    reason: 'the goal was missed',
  });
  await decideValidation(
    client,
    brandId,
    { ...row, state: 'missed', purchaseOrder: null },
    kept.clock.now().toISOString(),
  );
  await close(kept, client, brandId, item);
  await tell(kept, client, brandId, 'validation.missed', { sku, goal, units, until, orders: orders.length });
  const data = { goal, units, until, orders: orders.length };
  await raiseSignals(kept, client, brandId, [{ kind: 'validation_missed', subject: sku, sku, data }]);
}

/**
 * The buyer places what was proposed. The purchase order comes before the announced supply goes, so that every customer's
 * units move from the one to the other in one transaction, and nobody else's order comes between.
 * @throws KeptError `conflict` where no goal was met
 */
export async function orderValidated(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  input: z.output<typeof ValidationOrder>,
): Promise<View> {
  const item = await itemOrFail(client, brandId, sku);
  const row = await validationOrFail(client, brandId, sku);
  if (row.state !== 'met')
    throw new KeptError(
      'conflict',
      `The campaign of ${sku} is ${row.state}; one that is met can be ordered.`,
    );
  const quantity = input.quantity ?? row.units;
  if (quantity < row.units) throw wrong('quantity', `expected ${row.units} or more: as many are ordered`);
  await writePurchaseOrder(kept, client, brandId, row, row.purchaseOrder!, {
    stage: input.stage,
    quantity,
    expectedOn: input.expectedOn,
  });
  await saveSupply(kept, client, brandId, row.supplyRef, {
    kind: 'production',
    sku,
    location: row.location,
    quantity: row.most,
    expectedOn: null,
    stage: 'cancelled',
    reason: 'ordered from the supplier',
  });
  await decideValidation(client, brandId, { ...row, state: 'ordered' }, kept.clock.now().toISOString());
  const { validation: _over, ...terms } = item.terms ?? {};
  await changeTerms(kept, client, brandId, item, terms);
  await withdrawSignal(kept, client, brandId, 'validation_met', sku);
  await tell(kept, client, brandId, 'validation.ordered', {
    sku,
    purchaseOrder: row.purchaseOrder,
    quantity,
  });
  return viewValidation(client, brandId, sku);
}

async function writePurchaseOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  row: ValidationRow,
  ref: string,
  line: {
    stage: 'draft' | 'placed' | 'confirmed' | 'in_production';
    quantity: number;
    expectedOn: string | null;
  },
): Promise<void> {
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
  const { stage, quantity, expectedOn } = line;
  const [saved] = await savePurchaseOrders(kept, client, brandId, [
    {
      ref,
      purchaseOrder: {
        supplier: row.supplier,
        placedOn: dayText(today),
        stage,
        lines: [{ line: 1, sku: row.sku, quantity, expectedOn, location: row.location }],
      },
    },
  ]);
  if (saved?.state === 'refused') throw saved.error;
}

/** The campaign takes no more orders; what it stood for is still there until a purchase order takes its place. */
async function close(kept: Kept, client: pg.PoolClient, brandId: number, item: SoldItem): Promise<void> {
  const { validation } = item.terms ?? {};
  if (validation === undefined) return;
  await changeTerms(kept, client, brandId, item, {
    ...item.terms,
    validation: { ...validation, open: false },
  });
}

const wrong = (path: string, message: string) =>
  new KeptError('invalid_input', `${path}: ${message}.`, { errors: [{ path, message }] });
