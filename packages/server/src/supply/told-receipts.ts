import type { PurchaseOrderReceipt } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { deliveriesOf, lockOrders } from './lines.ts';
import { type Receipt, receive } from './receive.ts';
import { supplyOrFail } from './supplies.ts';
import { lockSupplyRef } from './supply-store.ts';

/**
 * Units of a purchase order's line came in.
 * @throws KeptError `not_found`, `invalid_input` for a unit of measure that the item does not have
 */
export async function receiveLine(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  body: z.output<typeof PurchaseOrderReceipt>,
): Promise<void> {
  const lines = (await lockOrders(client, brandId, [ref])).get(ref)!;
  const deliveries = deliveriesOf(lines, ref, body);
  const { line: _line, schedule: _schedule, ...receipt } = body;
  await receive(kept, client, brandId, deliveries, receipt);
}

/** Units of a transfer, a hold release or a production came in. */
export async function receiveSupply(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  ref: string,
  receipt: Receipt,
): Promise<void> {
  await lockSupplyRef(client, brandId, ref);
  await receive(kept, client, brandId, [await supplyOrFail(client, brandId, ref)], receipt);
}
