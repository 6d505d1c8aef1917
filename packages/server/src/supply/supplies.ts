import type { SupplyInput } from '@kept/contract';
import type { SupplyKind } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownLocation, unknownSku } from '../catalog/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, lookupItems } from '../promising/index.ts';
import { changeSupplies, differs, type SupplyChange, type SupplyState } from './change-supplies.ts';
import { inStockUnits } from './receive.ts';
import { lockSupplyRef, readSupplies, type StoredSupply } from './supply-store.ts';

/** What lives beside purchase orders and backs lines the same way (RULES 20). */
const KINDS: readonly SupplyKind[] = ['transfer', 'hold_release', 'production'];

/** Makes a transfer, an announced release of held stock, or production; or makes it what the body says. */
export async function saveSupply(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  input: z.output<typeof SupplyInput>,
): Promise<{ created: boolean; changed: boolean }> {
  const next = await stateOf(kept, client, brandId, ref, input);
  await lockSupplyRef(client, brandId, ref);
  const known = await findSupply(client, brandId, ref);
  if (known !== null && known.kind !== next.kind)
    throw new KeptError(
      'conflict',
      `${ref} is recorded as a ${known.kind}; give this ${next.kind} another reference.`,
    );
  const changes = changesOf(known, next, input.reason);
  if (changes.length === 0) return { created: false, changed: false };
  const now = kept.clock.now();
  const event = await kept.ids.take(brandId, 'event', 1);
  const data = { ref, ...input };
  await recordEvents(client, brandId, [{ id: event, kind: 'supply.saved', data, at: now.toISOString() }]);
  await changeSupplies(kept, client, brandId, changes, { event, happenedAt: now });
  return { created: known === null, changed: true };
}

/** The one under a reference, if there is one. */
export async function findSupply(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<StoredSupply | null> {
  const [supply] = await readSupplies(client, brandId, KINDS, [ref]);
  return supply ?? null;
}

/** @throws KeptError `not_found` */
export async function supplyOrFail(
  client: pg.PoolClient,
  brandId: number,
  ref: string,
): Promise<StoredSupply> {
  const supply = await findSupply(client, brandId, ref);
  if (supply !== null) return supply;
  throw new KeptError(
    'not_found',
    `There is no supply ${JSON.stringify(ref)}. PUT /v1/supplies/${encodeURIComponent(ref)} makes a transfer, a hold release or production; purchase orders are under /v1/purchase-orders.`,
  );
}

async function stateOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  input: z.output<typeof SupplyInput>,
): Promise<SupplyState> {
  const { placeOf } = await loadSettings(client, kept.db, brandId);
  const item = (await lookupItems(client, brandId, [input.sku])).get(input.sku);
  if (item === undefined) throw unknownSku(input.sku, 'sku');
  const place = placeOf.get(input.location);
  if (place === undefined) throw unknownLocation(input.location, 'location');
  const from = input.from === undefined ? null : placeOf.get(input.from);
  if (from === undefined) throw unknownLocation(input.from!, 'from');
  if (from !== null && input.kind !== 'transfer')
    throw invalid('from', 'only a transfer comes from another location');
  if (from === place) throw invalid('from', 'expected another location than the one it goes to');
  return {
    item: item.item,
    kind: input.kind,
    ref,
    line: '',
    schedule: '',
    place,
    stage: input.stage,
    ordered:
      input.uom === undefined
        ? input.quantity
        : inStockUnits(input.quantity, input.uom, item.uoms, input.sku, 'quantity'),
    expectedOn: input.expectedOn,
    unitCost: null,
    currency: null,
    from,
  };
}

function changesOf(
  known: StoredSupply | null,
  next: SupplyState,
  reason: string | undefined,
): SupplyChange[] {
  if (known === null) return [{ known: null, next, reason: reason ?? 'placed' }];
  if (known.item !== next.item)
    return [
      {
        known,
        next: { ...known, stage: 'cancelled' },
        reason: reason ?? 'it is another item’s now',
        retire: true,
      },
      { known: null, next, reason: reason ?? 'placed' },
    ];
  return differs(known, next) ? [{ known, next, reason: reason ?? 'updated' }] : [];
}

const invalid = (path: string, message: string) =>
  new KeptError('invalid_input', `${path}: ${message}.`, { errors: [{ path, message }] });
