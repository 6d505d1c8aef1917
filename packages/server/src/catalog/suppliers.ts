import type { Supplier, SupplierInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Saved, saveInRounds } from '../platform/saved.ts';
import { calendarOf, calendarText } from './calendar.ts';
import type { SaveOptions } from './items.ts';
import { replanItems } from './replan.ts';
import { queuedOfSuppliers } from './replan-store.ts';
import { lockBrandSettings, touchSettings } from './settings-store.ts';
import { readSuppliers, type SupplierRow, upsertSuppliers } from './supplier-store.ts';

export type SupplierRecord = z.input<typeof SupplierInput> & { readonly code: string };

/**
 * Makes suppliers, or makes them what the records say. What an abandoned one still owes backs nothing: the brand's settings
 * name its purchase orders, so that every decision sees it at once, and nothing of the orders themselves is changed; made
 * active again, it backs what it backed.
 */
export function saveSuppliers(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly SupplierRecord[],
  options: SaveOptions = {},
): Promise<Saved[]> {
  return saveInRounds(
    records,
    (record) => record.code,
    async (round) => {
      await lockBrandSettings(client, brandId);
      const codes = round.map((record) => record.code);
      const known = new Map((await readSuppliers(client, brandId, codes)).map((row) => [row.code, row]));
      const rows = round.map((record) => supplierRow(record, known.get(record.code), options));
      const written = rows.filter((row) => !same(known.get(row.code), row));
      if (written.length > 0) await write(kept, client, brandId, written, known);
      return rows.map((row) => ({
        state: written.includes(row) ? 'applied' : 'unchanged',
        created: !known.has(row.code),
      }));
    },
  );
}

async function write(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  rows: readonly SupplierRow[],
  known: ReadonlyMap<string, SupplierRow>,
): Promise<void> {
  await upsertSuppliers(client, brandId, rows);
  const at = kept.clock.now().toISOString();
  const event = await kept.ids.take(brandId, 'event', rows.length);
  await recordEvents(
    client,
    brandId,
    rows.map((data, index) => ({ id: event + index, kind: 'supplier.saved', data, at })),
  );
  const turned = rows.filter((row) => known.has(row.code) && known.get(row.code)!.status !== row.status);
  if (turned.length === 0) return;
  await touchSettings(client, brandId);
  const queued = await queuedOfSuppliers(
    client,
    brandId,
    turned.map((row) => row.code),
  );
  const [only] = turned;
  await replanItems(kept, client, brandId, queued, {
    event,
    cause: {
      code: only!.status === 'abandoned' ? 'supplier_abandoned' : 'supplier_active',
      ...(turned.length === 1 ? { supplier: only!.code } : {}),
    },
  });
}

function supplierRow(
  record: SupplierRecord,
  before: SupplierRow | undefined,
  options: SaveOptions,
): SupplierRow {
  const kept = options.absent === 'default' ? undefined : before;
  return {
    code: record.code,
    title: record.title,
    status: record.status ?? kept?.status ?? 'active',
    leadTimeDays: record.leadTimeDays ?? kept?.leadTimeDays ?? null,
    moq: record.moq ?? kept?.moq ?? null,
    paymentTerms: record.paymentTerms ?? kept?.paymentTerms ?? null,
    calendar: record.calendar === undefined ? (kept?.calendar ?? null) : calendarText(record.calendar),
  };
}

function same(before: SupplierRow | undefined, after: SupplierRow): boolean {
  if (before === undefined) return false;
  return (Object.keys(after) as (keyof SupplierRow)[]).every((key) => before[key] === after[key]);
}

export function supplierView(row: SupplierRow): z.output<typeof Supplier> {
  return {
    code: row.code,
    title: row.title,
    status: row.status,
    leadTimeDays: row.leadTimeDays ?? undefined,
    moq: row.moq ?? undefined,
    paymentTerms: row.paymentTerms ?? undefined,
    calendar: row.calendar === null ? undefined : calendarOf(row.calendar),
  };
}
