import type { Item, ItemInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Saved, saveInRounds } from '../platform/saved.ts';
import { loadSettings, lockSettings, touchCosts } from '../promising/index.ts';
import { notFound, unknownPolicy, unknownSku, wrong } from './errors.ts';
import {
  type ItemRow,
  insertItems,
  lockItemsBySku,
  readItems,
  readKitRoles,
  readStanding,
  replaceComponents,
  type StoredItem,
  updateItems,
} from './item-store.ts';
import { replanItems } from './replan.ts';
import { queuedAmong } from './replan-store.ts';
import { lockBrand } from './settings-store.ts';

export type ItemRecord = z.input<typeof ItemInput> & { readonly sku: string };

export interface SaveOptions {
  /**
   * What a record leaves out: 'keep' leaves it as it is, since a file rarely has a column for everything; 'default' is
   * PUT, which says the whole. 'keep' unless told.
   */
  readonly absent?: 'keep' | 'default';
}

/** Makes items, or makes them what the records say. Some statements per call, not per item. */
export function saveItems(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly ItemRecord[],
  options: SaveOptions = {},
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => record.sku,
    (round) => saveRound(kept, client, brandId, round, options),
  );
}

/**
 * Changes what is told of an item, and leaves the rest.
 * @throws KeptError `not_found`
 */
export async function changeItem(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  change: Partial<ItemRecord>,
): Promise<Saved> {
  const there = (await readItems(client, brandId, [sku])).get(sku);
  if (there === undefined) throw notFound('item with the SKU', sku, 'items');
  // As they are locked to be saved, so that nobody changes between the two what is left out here.
  if (change.components !== undefined || there.components.length > 0) await lockBrand(client, brandId);
  await lockSettings(client, brandId, 'shared');
  await lockItemsBySku(client, brandId, [sku]);
  const { title, price, currency } = (await readItems(client, brandId, [sku])).get(sku)!;
  const record = { title, price: { amount: price, currency }, ...change, sku };
  const [saved] = await saveItems(kept, client, brandId, [record]);
  return saved!;
}

async function saveRound(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly ItemRecord[],
  options: SaveOptions,
): Promise<Saved[]> {
  const skus = records.map((record) => record.sku);
  const there = await readItems(client, brandId, skus);
  const brandLocked = records.some(
    (record) =>
      !there.has(record.sku) ||
      record.components !== undefined ||
      there.get(record.sku)!.components.length > 0,
  );
  if (brandLocked) await lockBrand(client, brandId);
  await lockSettings(client, brandId, 'shared');
  await lockItemsBySku(client, brandId, skus);
  const known = await readItems(client, brandId, skus);
  const { policies } = await loadSettings(client, kept.db, brandId);
  const wanted = records.map((record) => rowOf(record, known.get(record.sku), options));
  const roles = await readKitRoles(client, brandId, [
    ...new Set([...skus, ...wanted.flatMap((row) => row.components.map((component) => component.sku))]),
  ]);
  const inBatch = new Map(wanted.map((row) => [row.sku, row]));

  const saved = new Map<string, Saved>();
  const created: ItemRow[] = [];
  const changed: { before: StoredItem; after: StoredItem }[] = [];
  // Kits last: what they are made of may be refused.
  for (const row of [...wanted].sort((a, b) => Number(isKit(a)) - Number(isKit(b)))) {
    const before = known.get(row.sku);
    const error = policies.has(row.policy)
      ? faultOfKit(row, before, roles, inBatch)
      : unknownPolicy(row.policy, 'policy');
    if (error !== null) {
      saved.set(row.sku, { state: 'refused', error });
      inBatch.delete(row.sku);
    } else if (before === undefined) {
      created.push(row);
      saved.set(row.sku, { state: 'applied', created: true });
    } else if (sameItem(before, row)) saved.set(row.sku, { state: 'unchanged', created: false });
    else {
      changed.push({ before, after: { ...row, item: before.item } });
      saved.set(row.sku, { state: 'applied', created: false });
    }
  }
  await write(kept, client, brandId, created, changed);
  return skus.map((sku) => saved.get(sku)!);
}

async function write(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  created: readonly ItemRow[],
  changed: readonly { before: StoredItem; after: StoredItem }[],
): Promise<void> {
  const count = created.length + changed.length;
  if (count === 0) return;
  const ids = created.length === 0 ? new Map<string, number>() : await insertItems(client, brandId, created);
  if (changed.length > 0)
    await updateItems(
      client,
      brandId,
      changed.map((one) => one.after),
    );
  const kits = [
    ...created.filter(isKit).map((row) => ({ ...row, item: ids.get(row.sku)! })),
    ...changed.filter(({ before, after }) => !sameComponents(before, after)).map((one) => one.after),
  ];
  if (kits.length > 0) await replaceComponents(client, brandId, kits);
  const at = kept.clock.now().toISOString();
  const firstEvent = await kept.ids.take(brandId, 'event', count);
  const rows = [...created, ...changed.map((one) => one.after)];
  await recordEvents(
    client,
    brandId,
    rows.map((row, index) => ({ id: firstEvent + index, kind: 'item.saved', data: row, at })),
  );
  const recosted = changed.filter(
    ({ before, after }) => before.cost !== after.cost || before.costCurrency !== after.costCurrency,
  );
  await touchCosts(
    client,
    brandId,
    recosted.map((one) => one.after.item),
    at,
  );
  const moved = changed.filter(({ before, after }) => movesBacking(before, after));
  if (moved.length === 0) return;
  const [only] = moved;
  const queued = await queuedAmong(
    client,
    brandId,
    moved.map((one) => one.after.item),
  );
  await replanItems(kept, client, brandId, queued, {
    event: firstEvent,
    cause: { code: 'item_changed', ...(moved.length === 1 ? { sku: only!.after.sku } : {}) },
  });
}

function rowOf(record: ItemRecord, before: StoredItem | undefined, options: SaveOptions): ItemRow {
  const kept = options.absent === 'default' ? undefined : before;
  return {
    sku: record.sku,
    title: record.title,
    price: record.price.amount,
    currency: record.price.currency,
    cost: record.cost?.amount ?? kept?.cost ?? null,
    costCurrency: record.cost?.currency ?? kept?.costCurrency ?? null,
    supplier: record.supplier ?? kept?.supplier ?? null,
    lifecycle: record.lifecycle ?? kept?.lifecycle ?? 'active',
    policy: record.policy ?? kept?.policy ?? 'backorder',
    leadTimeDays: record.leadTimeDays ?? kept?.leadTimeDays ?? null,
    launchOn: record.launchOn ?? kept?.launchOn ?? null,
    moq: record.moq ?? kept?.moq ?? null,
    orderMultiple: record.orderMultiple ?? kept?.orderMultiple ?? null,
    alternatives: record.alternatives ?? kept?.alternatives ?? [],
    uoms: record.uoms ?? kept?.uoms ?? {},
    components: record.components ?? kept?.components ?? [],
  };
}

/** Components are items that exist, each once, none of them a kit; and a kit is nobody's component. */
function faultOfKit(
  row: ItemRow,
  before: StoredItem | undefined,
  roles: ReadonlyMap<string, { kit: boolean; partOf: string | null }>,
  inBatch: ReadonlyMap<string, ItemRow>,
): KeptError | null {
  if (row.components.length === 0 || (before !== undefined && sameComponents(before, row))) return null;
  const seen = new Set<string>();
  for (const [index, { sku }] of row.components.entries()) {
    const path = `components[${index}].sku`;
    if (sku === row.sku) return wrong(path, 'a kit is not its own component');
    if (seen.has(sku)) return wrong(path, `${sku} is there twice; give its quantity once`);
    seen.add(sku);
    const beside = inBatch.get(sku);
    if (beside === undefined && !roles.has(sku)) return unknownSku(sku, path);
    if (beside === undefined ? roles.get(sku)!.kit : beside.components.length > 0)
      return wrong(path, `${sku} is a kit itself; name its components instead`);
  }
  const partOf = roles.get(row.sku)?.partOf ?? null;
  if (partOf !== null)
    return wrong('components', `${row.sku} is a component of the kit ${partOf}, so it is no kit`);
  return null;
}

/** What a decision reads of an item. */
function movesBacking(before: ItemRow, after: ItemRow): boolean {
  return (
    before.lifecycle !== after.lifecycle ||
    before.policy !== after.policy ||
    before.leadTimeDays !== after.leadTimeDays ||
    before.launchOn !== after.launchOn
  );
}

function sameItem({ item: _item, ...before }: StoredItem, after: ItemRow): boolean {
  const keys = Object.keys(before) as (keyof typeof before)[];
  return keys.every((key) =>
    key === 'components' ? sameComponents(before, after) : same(before[key], after[key]),
  );
}

function sameComponents(before: ItemRow, after: ItemRow): boolean {
  const listed = (row: ItemRow) =>
    row.components.map(({ sku, quantity }) => JSON.stringify([sku, quantity])).sort();
  return same(listed(before), listed(after));
}

const isKit = (row: ItemRow) => row.components.length > 0;

function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

/** Items as the API answers them. */
export async function viewItems(
  client: pg.PoolClient,
  brandId: number,
  rows: readonly StoredItem[],
): Promise<z.output<typeof Item>[]> {
  const standing = await readStanding(
    client,
    brandId,
    rows.map((row) => row.item),
  );
  return rows.map((row) => ({
    sku: row.sku,
    title: row.title,
    price: { amount: row.price, currency: row.currency },
    cost: row.cost === null ? undefined : { amount: row.cost, currency: row.costCurrency ?? row.currency },
    supplier: row.supplier ?? undefined,
    lifecycle: row.lifecycle,
    policy: row.policy,
    leadTimeDays: row.leadTimeDays ?? undefined,
    moq: row.moq ?? undefined,
    orderMultiple: row.orderMultiple ?? undefined,
    components: row.components.length === 0 ? undefined : row.components,
    alternatives: row.alternatives.length === 0 ? undefined : row.alternatives,
    uoms: Object.keys(row.uoms).length === 0 ? undefined : row.uoms,
    launchOn: row.launchOn ?? undefined,
    stock: standing.get(row.item)?.stock ?? [],
    backordered: standing.get(row.item)?.backordered ?? 0,
  }));
}
