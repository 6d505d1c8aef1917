import { dayText } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { changeOrder, lockForChange } from './change-order.ts';
import { linesPastCancelAfter, unpaidOrders } from './due-store.ts';
import { type ChangeCause, NO_CHANGE } from './order-plan.ts';
import { readOrder } from './order-store.ts';

/**
 * What time brings to orders: lines past their cancel-after day, and orders whose payment did not come in time (RULES 5 and
 * 12), are cancelled as far as they are open; their units go to the next in the queue.
 */
export async function cancelWhatIsDue(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  const { past, unpaid } = await withBrand(kept.db, brandId, async (client) => {
    const settings = await loadSettings(client, kept.db, brandId);
    const today = dayText(worldAt(settings, now).today);
    const [past, unpaid] = await Promise.all([
      linesPastCancelAfter(client, brandId, today),
      unpaidOrders(client, brandId, now.toISOString()),
    ]);
    return { past, unpaid };
  });
  for (const [order, lines] of past) await cancelOpen(kept, brandId, order, new Set(lines), 'cancel_after');
  for (const order of unpaid) await cancelOpen(kept, brandId, order, null, 'unpaid');
}

/** Cancels what is still open of lines that the law has ended, as of the instant at which it did. */
export function cancelByLaw(
  kept: Kept,
  brandId: number,
  ended: {
    readonly order: number;
    readonly lines: readonly number[];
    readonly at: Date;
    readonly row: string;
  },
): Promise<void> {
  return cancelOpen(kept, brandId, ended.order, new Set(ended.lines), 'law', {
    by: 'law',
    words: ended.row,
    happenedAt: ended.at,
  });
}

async function cancelOpen(
  kept: Kept,
  brandId: number,
  orderId: number,
  lines: ReadonlySet<number> | null,
  code: string,
  how: Pick<Partial<ChangeCause>, 'by' | 'words' | 'happenedAt'> = {},
): Promise<void> {
  await withBrand(kept.db, brandId, (client) =>
    cancelOpenLines(kept, client, brandId, orderId, lines, code, how),
  );
}

/** Cancels what is open of an order, or of some of its lines (whole, or so many units of each), for a reason of the brand's own. */
export async function cancelOpenLines(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orderId: number,
  lines: ReadonlySet<number> | ReadonlyMap<number, number> | null,
  code: string,
  how: Pick<Partial<ChangeCause>, 'by' | 'words' | 'happenedAt'> = {},
): Promise<void> {
  const found = await readOrder(client, brandId, orderId);
  const order = found === null ? null : await lockForChange(client, brandId, found);
  const cancel = (order?.lines ?? [])
    .filter((line) => lines === null || lines.has(line.line))
    .map((line) => {
      const open = line.ordered - line.shipped - line.cancelled;
      return { line, quantity: lines instanceof Map ? Math.min(open, lines.get(line.line)) : open };
    })
    .filter((one) => one.quantity > 0);
  if (order === null || cancel.length === 0) return;
  const happenedAt = kept.clock.now();
  const cause = {
    event: 'order.cancelled',
    reason: { code },
    happenedAt,
    by: 'brand',
    words: code,
    mode: 'placed',
    ...how,
  } as const;
  await changeOrder(kept, client, brandId, order, { ...NO_CHANGE, cancel }, cause);
}
