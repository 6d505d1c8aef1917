import type pg from 'pg';
import { holdSuppliers, lockBrandSettings, readSuppliers, touchSettings } from '../catalog/index.ts';
import type { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Saved, saveInRounds } from '../platform/saved.ts';
import { decideItems, loadSettings, lockSettings, lookupItems } from '../promising/index.ts';
import { changeSupplies, differs, type SupplyChange } from './change-supplies.ts';
import { type HeaderRow, insertHeaders, lockHeaders, readHeaders, updateHeaders } from './order-store.ts';
import { readSupplies, type StoredSupply } from './supply-store.ts';
import { type PurchaseOrderRecord, supplyKey, type Wanted, wantedOf } from './wanted.ts';

/**
 * Makes purchase orders what the records say, header and lines: each record is the whole truth of its order, so lines that
 * it no longer has are cancelled and their pegs freed. Some statements and one decision per call, not per order.
 */
export function savePurchaseOrders(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly PurchaseOrderRecord[],
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => record.ref,
    (round) => saveRound(kept, client, brandId, round),
  );
}

export interface Prepared {
  readonly record: PurchaseOrderRecord;
  readonly wanted: readonly Wanted[];
}

async function saveRound(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly PurchaseOrderRecord[],
): Promise<Saved[]> {
  const saved = new Map<string, Saved>();
  const prepared: Prepared[] = [];
  for (const one of await prepare(kept, client, brandId, records)) {
    if ('error' in one) saved.set(one.record.ref, { state: 'refused', error: one.error });
    else prepared.push(one);
  }
  if (prepared.length > 0) await write(kept, client, brandId, prepared, saved);
  return records.map((record) => saved.get(record.ref)!);
}

async function prepare(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly PurchaseOrderRecord[],
): Promise<(Prepared | { record: PurchaseOrderRecord; error: KeptError })[]> {
  const settings = await loadSettings(client, kept.db, brandId);
  const skus = new Set(records.flatMap((record) => record.purchaseOrder.lines.map((line) => line.sku)));
  const items = await lookupItems(client, brandId, [...skus]);
  return records.map((record) => {
    const wanted = wantedOf(record, items, settings);
    return wanted instanceof Error ? { record, error: wanted } : { record, wanted };
  });
}

async function write(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  prepared: readonly Prepared[],
  saved: Map<string, Saved>,
): Promise<void> {
  const refs = prepared.map((one) => one.record.ref);
  const { headers, created, turned } = await writeHeaders(client, brandId, prepared);
  const stored = Map.groupBy(
    await readSupplies(client, brandId, ['purchase_order'], refs),
    (supply) => supply.ref,
  );
  const changes = prepared.map((one) => changesOf(one, stored.get(one.record.ref) ?? []));
  const touched = prepared.filter((one, index) => headers.has(one.record.ref) || changes[index]!.length > 0);
  for (const { record } of prepared)
    saved.set(record.ref, {
      state: touched.some((one) => one.record === record) ? 'applied' : 'unchanged',
      created: created.has(record.ref),
    });
  if (touched.length === 0) return;
  const now = kept.clock.now();
  const event = await kept.ids.take(brandId, 'event', touched.length);
  await recordEvents(
    client,
    brandId,
    touched.map(({ record }, index) => ({
      id: event + index,
      kind: 'purchase_order.saved',
      data: { purchaseOrder: record.ref, created: created.has(record.ref), ...record.purchaseOrder },
      at: now.toISOString(),
    })),
  );
  await changeSupplies(kept, client, brandId, changes.flat(), { event, happenedAt: now });
  const items = new Set(turned.flatMap((ref) => (stored.get(ref) ?? []).map((supply) => supply.item)));
  if (items.size === 0) return;
  await decideItems(kept, client, brandId, {
    items: [...items],
    scope: { lines: 'queue' },
    event,
    facts: () =>
      [...items].map((item) => ({ kind: 'replan' as const, item, cause: { code: 'supplier_changed' } })),
  });
}

/** Writes the headers under their locks. */
async function writeHeaders(
  client: pg.PoolClient,
  brandId: number,
  prepared: readonly Prepared[],
): Promise<{
  /** New, or other than it was. */
  headers: ReadonlySet<string>;
  created: ReadonlySet<string>;
  /** It went to an abandoned supplier or came from one: what it backs is another. */
  turned: readonly string[];
}> {
  const refs = prepared.map((one) => one.record.ref);
  const before = new Map((await readHeaders(client, brandId, refs)).map((row) => [row.ref, row]));
  const suppliers = new Set([
    ...prepared.map((one) => one.record.purchaseOrder.supplier),
    ...[...before.values()].map((row) => row.supplier),
  ]);
  // The settings name the orders of abandoned suppliers, and change under the brand's lock, which comes before all others.
  const abandoned = new Set(
    (await readSuppliers(client, brandId, [...suppliers]))
      .filter((supplier) => supplier.status === 'abandoned')
      .map((supplier) => supplier.code),
  );
  if (abandoned.size > 0) await lockBrandSettings(client, brandId);
  else await lockSettings(client, brandId, 'shared');
  await holdSuppliers(client, brandId, [...suppliers].sort());
  const created = await insertHeaders(
    client,
    brandId,
    prepared.map((one) => headerOf(one, undefined)),
  );
  const known = await lockHeaders(client, brandId, refs);
  const changed = prepared
    .filter((one) => !created.has(one.record.ref))
    .map((one) => headerOf(one, known.get(one.record.ref)))
    .filter((row) => !sameHeader(known.get(row.ref)!, row));
  if (changed.length > 0) await updateHeaders(client, brandId, changed);
  const turned = changed.filter(
    (row) => abandoned.has(row.supplier) !== abandoned.has(known.get(row.ref)!.supplier),
  );
  const startsAbandoned = prepared.some(
    ({ record }) => created.has(record.ref) && abandoned.has(record.purchaseOrder.supplier),
  );
  if (turned.length > 0 || startsAbandoned) await touchSettings(client, brandId);
  return {
    headers: new Set([...created, ...changed.map((row) => row.ref)]),
    created,
    turned: turned.map((row) => row.ref),
  };
}

function headerOf(
  { record: { ref, purchaseOrder, assumed } }: Prepared,
  known: HeaderRow | undefined,
): HeaderRow {
  const keeps = (field: 'placedOn' | 'stage') => known !== undefined && assumed?.includes(field) === true;
  return {
    ref,
    supplier: purchaseOrder.supplier,
    placedOn: keeps('placedOn') ? known!.placedOn : purchaseOrder.placedOn,
    stage: keeps('stage') ? known!.stage : purchaseOrder.stage,
    freightMode: purchaseOrder.freightMode ?? null,
    currency: purchaseOrder.currency ?? null,
  };
}

function sameHeader(before: HeaderRow, after: HeaderRow): boolean {
  return (Object.keys(after) as (keyof HeaderRow)[]).every((key) => before[key] === after[key]);
}

/** From what is stored to what is wanted, line by line. */
export function changesOf({ record, wanted }: Prepared, stored: readonly StoredSupply[]): SupplyChange[] {
  const { reason } = record.purchaseOrder;
  const known = new Map(stored.map((supply) => [supplyKey(supply), supply]));
  const changes: SupplyChange[] = [];
  for (const { state, key, receivedBefore, ownStage } of wanted) {
    const before = known.get(key);
    known.delete(key);
    if (before === undefined) {
      changes.push({ known: null, next: state, reason: reason ?? 'placed', receivedBefore });
      continue;
    }
    const stage = record.assumed?.includes('stage') && !ownStage ? before.stage : state.stage;
    const next = { ...state, stage, line: before.line, schedule: before.schedule };
    if (before.item !== state.item) {
      changes.push(cancellation(before, reason ?? 'the line is another item’s now', true));
      changes.push({ known: null, next: state, reason: reason ?? 'placed', receivedBefore });
    } else if (differs(before, next)) changes.push({ known: before, next, reason: reason ?? 'updated' });
  }
  for (const before of known.values())
    if (before.stage !== 'cancelled' && before.open > 0)
      changes.push(cancellation(before, reason ?? 'no longer in the order', false));
  return changes;
}

function cancellation(known: StoredSupply, reason: string, retire: boolean): SupplyChange {
  return { known, next: { ...known, stage: 'cancelled' }, reason, retire };
}
