import type { Cart } from './deed.ts';
import type { Settled } from './settle.ts';
import type { TracedHold, Traces } from './traces.ts';

/** Kept looks every five seconds for what is over; restarts may keep it from doing so for a while. */
export const GIVEN_BACK_AFTER_MS = 8_000;

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
    else if (used.has(cart!) && hold.open)
      faults.push(`cart ${cart!.id} was used or given back and is still open`);
    else if (
      !used.has(cart!) &&
      item !== undefined &&
      hold.expiresAt > looked &&
      hold.kept !== cart!.quantity
    )
      faults.push(`cart ${cart!.id} keeps ${hold.kept} of ${cart!.quantity} units before its time is over`);
  }
}

/** Carts whose time is long over have given their units back by themselves. */
export function findForgotten(
  holds: ReadonlyMap<string, TracedHold>,
  looked: number,
  faults: string[],
): void {
  for (const [id, { open, expiresAt }] of holds)
    if (open && expiresAt < looked - GIVEN_BACK_AFTER_MS)
      faults.push(
        `cart ${id} was over ${Math.round((looked - expiresAt) / 1000)} s ago and still keeps its units`,
      );
}
