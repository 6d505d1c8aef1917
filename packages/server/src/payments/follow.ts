import { withBrand } from '../platform/database.ts';
import { type LoggedEvent, takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import { collectWhatIsOwed, holdCollection } from './collect.ts';
import { type MoneyDue, noteMoneyDue, settleMoneyDue, takeMoneyDue } from './money-due-store.ts';
import { holdRefunds, refundWhatIsDue } from './refund.ts';

const EVENTS = 5000;
const ORDERS = 200;
/** Longer than a provider takes to answer. */
const LEASE_MS = 120_000;
/** A minute, then two, four … and once an hour at the end. */
const waitMs = (attempts: number) => 60_000 * 2 ** Math.min(attempts - 1, 6);

/**
 * Moves the money that what happened calls for: what is owed is taken once goods have left, and what is due goes back. It
 * follows the event log, so that whoever ships or cancels waits for no provider, and nothing is forgotten in a crash.
 * @param shadow Kept only shows what it would do: money moves for what customers and people at the brand decided, and what
 *   Kept would have moved of its own is a signal for a person
 * @returns how many orders' money was looked after
 */
export async function moveMoney(kept: Kept, brandId: number, shadow: boolean): Promise<number> {
  while ((await followLog(kept, brandId, shadow)) === EVENTS);
  for (let seen = 0; ; ) {
    const now = kept.clock.now();
    const again = new Date(now.getTime() + LEASE_MS).toISOString();
    const due = await withBrand(kept.db, brandId, (client) =>
      takeMoneyDue(client, brandId, now.toISOString(), again, ORDERS),
    );
    for (const one of due) await see(kept, brandId, one);
    seen += due.length;
    if (due.length < ORDERS) return seen;
  }
}

function followLog(kept: Kept, brandId: number, shadow: boolean): Promise<number> {
  return withBrand(kept.db, brandId, async (client) => {
    const taken = await takeEvents(client, brandId, 'payments', EVENTS);
    if (taken === null || taken.length === 0) return 0;
    const at = kept.clock.now().toISOString();
    const shipped = ordersOf(taken, isShipment);
    const refunds = taken.filter(isRefund);
    const [held, wanted] = [true, false].map((hold) =>
      ordersOf(refunds, (event) => (shadow && isUnasked(event)) === hold),
    ) as [number[], number[]];
    await noteMoneyDue(client, brandId, 'refund', wanted, at);
    if (!shadow) await noteMoneyDue(client, brandId, 'collect', shipped, at);
    else {
      for (const order of new Set(shipped)) await holdCollection(kept, client, brandId, order);
      for (const order of new Set(held)) await holdRefunds(kept, client, brandId, order);
    }
    return taken.length;
  });
}

const isShipment = ({ kind }: LoggedEvent) => kind === 'order.shipped';
/**
 * What a person has to confirm is not given back by itself, and what was never taken has nothing to go back. What went back by
 * hand may end a signal.
 */
const isRefund = ({ kind, data }: LoggedEvent) =>
  kind === 'refund.requested' ||
  kind === 'payment.refunded' ||
  (kind === 'refund.due' && data?.kind === 'refund');

/** Nobody decided it this time: silence, a goal that was missed, a day that passed. */
const isUnasked = ({ data }: LoggedEvent) => data?.unasked === true;

function ordersOf(events: readonly LoggedEvent[], wanted: (event: LoggedEvent) => boolean): number[] {
  return events.flatMap((event) =>
    wanted(event) && typeof event.data?.order === 'number' ? [event.data.order] : [],
  );
}

async function see(kept: Kept, brandId: number, one: MoneyDue): Promise<void> {
  const again =
    one.what === 'collect'
      ? await collectWhatIsOwed(kept, brandId, one.order)
      : (await refundWhatIsDue(kept, brandId, one.order)).again;
  const tryAt = again ? new Date(kept.clock.now().getTime() + waitMs(one.attempts)).toISOString() : null;
  await withBrand(kept.db, brandId, (client) => settleMoneyDue(client, brandId, one, tryAt));
}
