import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';
import type { Cart } from './deed.ts';
import type { Settled } from './settle.ts';
import { countOverdue, type Traces } from './traces.ts';

/** Kept looks every five seconds for what is over; restarts may keep it from doing so for a while. */
const OVERDUE_AFTER_MS = 8_000;
const POLL_MS = 500;
const MOST_LOOKS = 60;

/** Carts that were used or given back are over; the others of checked items still keep what they kept. */
export function compareCarts(
  settled: readonly Settled[],
  traces: Traces,
  looked: number,
  faults: string[],
): void {
  const used = new Set<Cart>();
  for (const { done, happened } of settled)
    if (happened && done.deed.cart !== undefined && done.deed.kind !== 'hold') used.add(done.deed.cart);
  for (const { done, happened } of settled) {
    const { cart, kind, item } = done.deed;
    if (kind !== 'hold' || !happened || cart!.id === null) continue;
    const hold = traces.holds.get(cart!.id);
    if (hold === undefined) faults.push(`cart ${cart!.id} was acknowledged and is not there`);
    else if (used.has(cart!) && hold.kept > 0)
      faults.push(`cart ${cart!.id} was used or given back and still keeps ${hold.kept} units`);
    else if (
      !used.has(cart!) &&
      item !== undefined &&
      hold.expiresAt > looked &&
      hold.kept !== cart!.quantity
    )
      faults.push(`cart ${cart!.id} keeps ${hold.kept} of ${cart!.quantity} units before its time is over`);
  }
}

/** Carts whose time is long over give their units back by themselves, though nobody touches their items. */
export async function untilGivenBack(cluster: Cluster, faults: string[]): Promise<void> {
  for (let looks = 1; ; looks++) {
    const before = new Date(Date.now() - OVERDUE_AFTER_MS);
    const overdue = await cluster.inspect((database) => countOverdue(database, before));
    if (overdue === 0) return;
    if (looks > MOST_LOOKS) {
      faults.push(`${overdue} carts are long over and still keep their units`);
      return;
    }
    await sleep(POLL_MS);
  }
}
