import { withBrand } from '../platform/database.ts';
import { type LoggedEvent, takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import { collectWhatIsOwed } from './collect.ts';
import { type MoneyDue, noteMoneyDue, settleMoneyDue, takeMoneyDue } from './money-due-store.ts';
import { refundWhatIsDue } from './refund.ts';

const EVENTS = 5000;
const ORDERS = 200;
/** Longer than a provider takes to answer. */
const LEASE_MS = 120_000;
/** A minute, then two, four … and once an hour at the end. */
const waitMs = (attempts: number) => 60_000 * 2 ** Math.min(attempts - 1, 6);

/**
 * Moves the money that what happened calls for: what is owed is taken once goods have left, and what is due goes back. It
 * follows the event log, so that whoever ships or cancels waits for no provider, and nothing is forgotten in a crash.
 * @returns how many orders' money was looked after
 */
export async function moveMoney(kept: Kept, brandId: number): Promise<number> {
  while ((await followLog(kept, brandId)) === EVENTS);
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

function followLog(kept: Kept, brandId: number): Promise<number> {
  return withBrand(kept.db, brandId, async (client) => {
    const taken = await takeEvents(client, brandId, 'payments', EVENTS);
    if (taken === null || taken.length === 0) return 0;
    const at = kept.clock.now().toISOString();
    await noteMoneyDue(client, brandId, 'collect', ordersOf(taken, isShipment), at);
    await noteMoneyDue(client, brandId, 'refund', ordersOf(taken, isRefund), at);
    return taken.length;
  });
}

const isShipment = ({ kind }: LoggedEvent) => kind === 'order.shipped';
/** What a person has to confirm is not given back by itself, and what was never taken has nothing to go back. */
const isRefund = ({ kind, data }: LoggedEvent) =>
  kind === 'refund.requested' || (kind === 'refund.due' && data?.kind === 'refund');

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
