import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName, lookupItems } from '../promising/index.ts';
import { readOrder } from './order-store.ts';
import { recordUnmet } from './unmet-store.ts';

/** A line of a refusal. */
export interface RefusedUnits {
  readonly line: string | number;
  readonly sku: string;
  readonly asked: number;
  readonly available: number;
}

/** Records what a change of an order asked for and could not have; apart from what the order itself was refused. */
export async function recordRefusedChange(
  kept: Kept,
  brandId: number,
  name: string,
  lines: readonly RefusedUnits[],
): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const id = await findOrderByName(client, brandId, name);
    const order = id === null ? null : await readOrder(client, brandId, id);
    if (order === null) return;
    const items = await lookupItems(client, brandId, [...new Set(lines.map((line) => line.sku))]);
    await recordUnmet(
      client,
      brandId,
      lines.flatMap(({ line, sku, asked, available }) => {
        const item = items.get(sku);
        if (item === undefined) return [];
        const units = asked - available;
        const change = { channel: order.channel, ref: `${order.ref} (change)`, line: String(line) };
        return [{ kind: 'refused' as const, ...change, item: item.item, asked, units }];
      }),
      kept.clock.now().toISOString(),
    );
  });
}
