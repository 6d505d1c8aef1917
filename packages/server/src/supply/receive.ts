import type { PurchaseOrderReceipt } from '@kept/contract';
import { dayNumber, type Fact, type Reason, type SupplyPosition, toStockUnits } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownLocation } from '../catalog/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems, type Loaded, loadSettings, lookupItems, type Settings } from '../promising/index.ts';
import { nameOf } from './line-ref.ts';
import { insertReceipts, insertRevisions, type StoredSupply } from './supply-store.ts';

export type Receipt = Omit<z.output<typeof PurchaseOrderReceipt>, 'line' | 'schedule'>;

/**
 * Units came in for a line. Its pegs become reservations in queue order in the same transaction (RULES 13); more than was
 * ordered is accepted, and is free for the queue.
 * @param supplies the line's deliveries, the next to come first: units fill them in that order, too much goes to the last
 */
export async function receive(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  supplies: readonly StoredSupply[],
  receipt: Receipt,
): Promise<void> {
  const { item, sku, kind, ref } = supplies[0]!;
  const place = placeOf(receipt, await loadSettings(client, kept.db, brandId));
  const units = await stockUnits(client, brandId, sku, receipt);
  const now = kept.clock.now();
  const happenedAt = receipt.at === undefined ? now : new Date(receipt.at);
  const event = await kept.ids.take(brandId, 'event', 1);
  const data = { kind, ref, line: nameOf(supplies[0]!.line), sku, ...receipt, quantity: units };
  await recordEvents(client, brandId, [{ id: event, kind: 'supply.received', data, at: now.toISOString() }]);

  let parts: Part[] = [];
  let begun: StoredSupply[] = [];
  await decideItems(kept, client, brandId, {
    items: [item],
    scope: { lines: 'queue', supplies },
    event,
    happenedAt,
    facts: (loaded) => {
      parts = partsOf(supplies, loaded, units, receipt.close, place);
      begun = parts.filter((part) => part.supply.stage === 'draft').map((part) => part.supply);
      return parts.flatMap((part) => factsOf(part, receipt));
    },
  });
  const recorded = { event, happenedAt: happenedAt.toISOString(), recordedAt: now.toISOString() };
  await insertReceipts(
    client,
    brandId,
    parts.map((part) => ({
      item,
      supply: part.supply.supply,
      quantity: part.quantity,
      condition: receipt.condition,
      place: part.place,
      closed: receipt.close,
    })),
    recorded,
  );
  await insertRevisions(
    client,
    brandId,
    begun.map((supply) => ({ ...supply, stage: 'placed', reason: 'received', recorded })),
  );
}

/** A receipt as facts of the engine, on positions as they are loaded. */
export function factsOfReceipt(
  supplies: readonly StoredSupply[],
  loaded: Loaded,
  receipt: Receipt,
  units: number,
): Fact[] {
  const parts = partsOf(supplies, loaded, units, receipt.close, placeOf(receipt, loaded.settings));
  return parts.flatMap((part) => factsOf(part, receipt));
}

function placeOf({ location }: Receipt, settings: Settings): number | undefined {
  if (location === undefined) return undefined;
  const place = settings.placeOf.get(location);
  if (place === undefined) throw unknownLocation(location, 'location');
  return place;
}

/** What came for one delivery. */
interface Part {
  readonly supply: StoredSupply;
  readonly position: SupplyPosition;
  readonly quantity: number;
  readonly place: number;
}

function partsOf(
  supplies: readonly StoredSupply[],
  { positions }: Loaded,
  units: number,
  close: boolean,
  place: number | undefined,
): Part[] {
  let left = units;
  const parts = supplies.map((supply, index): Part => {
    const position = positions.get(supply.item)?.supplies.find((one) => one.id === supply.supply);
    if (position === undefined) throw new Error(`supply ${supply.supply} of ${supply.sku} was not loaded`);
    const quantity = index === supplies.length - 1 ? left : Math.min(left, position.open);
    left -= quantity;
    return { supply, position, quantity, place: place ?? supply.place };
  });
  return close ? parts : parts.filter((part, index) => part.quantity > 0 || (units === 0 && index === 0));
}

function factsOf({ supply, position, quantity, place }: Part, { condition, close }: Receipt): Fact[] {
  const cause = causeOf(supply, position, quantity, place, { condition, close });
  const { item } = supply;
  const facts: Fact[] = [];
  // What has come was ordered, whatever the paper says.
  if (supply.stage === 'draft') {
    const { pegged: _pegged, held: _held, received: _received, ...state } = position;
    const expected = supply.expectedOn === null ? null : dayNumber(supply.expectedOn);
    facts.push({ kind: 'supply', item, supply: { ...state, stage: 'placed', expected }, cause });
  }
  facts.push({ kind: 'receive', item, supply: supply.supply, quantity, place, condition, close, cause });
  // What was announced to leave quality hold lay there all the while.
  if (supply.kind === 'hold_release' && quantity > 0)
    facts.push({
      kind: 'stock',
      item,
      place: supply.place,
      changes: [{ condition: 'quality_hold', delta: -quantity }],
      cause,
    });
  return facts;
}

function causeOf(
  supply: StoredSupply,
  position: SupplyPosition,
  quantity: number,
  place: number,
  { condition, close }: { condition: Receipt['condition']; close: boolean },
): Reason {
  const named =
    supply.kind === 'purchase_order'
      ? { purchaseOrder: supply.ref, line: nameOf(supply.line) }
      : { supply: supply.kind, ref: supply.ref };
  const short = close ? Math.max(0, position.open - quantity) : 0;
  const data = { ...named, quantity, condition, place, ...(short > 0 ? { short } : {}) };
  if (condition === 'quality_hold') return { code: 'quality_hold', ...data };
  if (short > 0 || condition !== 'sellable') return { code: 'received_short', ...data };
  return { code: supply.kind === 'hold_release' ? 'released' : 'received', ...data };
}

export async function stockUnits(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  { quantity, uom }: Receipt,
): Promise<number> {
  if (uom === undefined) return quantity;
  const item = (await lookupItems(client, brandId, [sku])).get(sku);
  return inStockUnits(quantity, uom, item?.uoms ?? {}, sku, 'quantity');
}

/**
 * A quantity of a unit of measure in stock units (RULES 7).
 * @throws KeptError `invalid_input` for a unit that the item does not have, or more units than are counted
 */
export function inStockUnits(
  quantity: number,
  uom: string,
  uoms: Readonly<Record<string, number>>,
  sku: string,
  path: string,
): number {
  const factor = uoms[uom];
  if (factor === undefined)
    throw new KeptError('invalid_input', `uom: ${sku} has no unit of measure ${JSON.stringify(uom)}.`, {
      errors: [
        {
          path: 'uom',
          message: `expected one of ${Object.keys(uoms).join(', ') || 'none: it has no units of measure'}`,
        },
      ],
    });
  const units = toStockUnits(quantity, factor);
  if (units === null)
    throw new KeptError('invalid_input', `${path}: expected at most 10,000,000 stock units.`, {
      errors: [{ path, message: 'expected at most 10,000,000 stock units' }],
    });
  return units;
}
