import type { SignalChosen, SignalOutcome } from '@kept/contract';
import { dayText } from '@kept/engine';
import type { z } from 'zod';
import { unknownSku } from '../catalog/index.ts';
import { cancelOpenLines, switchLine } from '../demand/index.ts';
import { orderCharge } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { savePurchaseOrders, saveRevisions } from '../supply/index.ts';
import { addAlternative, openSignal, type WaitingLine, waitingLines } from './choice-store.ts';
import { tell } from './terms.ts';
import { readSoldItem } from './terms-store.ts';

type Chosen = z.output<typeof SignalChosen>;
type Of<Name extends Chosen['choice']> = Extract<Chosen, { choice: Name }>;
type Outcome = z.output<typeof SignalOutcome>;

/**
 * Carries out what somebody chose about promises that nothing backs any more. Each order is a transaction of its own: one that
 * cannot be done is told, and keeps nobody else's from being done. The signal goes by itself once nothing waits.
 * @throws KeptError `not_found`, `conflict` for a signal of another kind
 */
export async function choose(kept: Kept, brandId: number, id: string, chosen: Chosen): Promise<Outcome> {
  const { sku, lines } = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const signal = await openSignal(client, brandId, id);
      if (signal === null) throw new KeptError('not_found', `No signal ${JSON.stringify(id)} is open.`);
      if (signal.sku === null || !ABOUT_BACKING.has(signal.kind))
        throw new KeptError(
          'conflict',
          `This signal is ${signal.kind}; its choices name the calls that carry them out.`,
        );
      return { sku: signal.sku, lines: await waitingLines(client, brandId, signal.sku) };
    },
    { reads: true },
  );
  const outcome = await carryOut(kept, brandId, sku, lines, chosen);
  const left = await withBrand(kept.db, brandId, (client) => waitingLines(client, brandId, sku), {
    reads: true,
  });
  return { choice: chosen.choice, ...outcome, waiting: left.reduce((units, one) => units + one.waiting, 0) };
}

const ABOUT_BACKING = new Set(['selling_stopped', 'promises_unbacked']);

type Done = Pick<Outcome, 'orders' | 'failed'>;

async function carryOut(
  kept: Kept,
  brandId: number,
  sku: string,
  lines: readonly WaitingLine[],
  chosen: Chosen,
): Promise<Done> {
  switch (chosen.choice) {
    case 'expedite':
      await expedite(kept, brandId, sku, chosen);
      return { orders: [...new Set(lines.map((one) => one.name))], failed: [] };
    case 'substitute':
      await withBrand(kept.db, brandId, async (client) => {
        if ((await readSoldItem(client, brandId, chosen.sku)) === null) throw unknownSku(chosen.sku, 'sku');
        await addAlternative(client, brandId, sku, chosen.sku);
      });
      return eachOrder(lines, chosen.orders, (own) => substitute(kept, brandId, sku, own, chosen));
    case 'cancel_and_refund':
      return eachOrder(lines, chosen.orders, (own) => cancelAndRefund(kept, brandId, own, chosen.reason));
  }
}

/** A purchase order that is there is brought forward; one that is not is placed. */
async function expedite(kept: Kept, brandId: number, sku: string, chosen: Of<'expedite'>): Promise<void> {
  const { purchaseOrder, line, expectedOn, supplier, quantity, location, freightMode } = chosen;
  await withBrand(kept.db, brandId, async (client) => {
    if (supplier === undefined) {
      await saveRevisions(kept, client, brandId, [{ purchaseOrder, line, expectedOn, reason: 'expedited' }]);
      return;
    }
    if (quantity === undefined || location === undefined)
      throw new KeptError('invalid_input', 'A new purchase order needs a quantity and a location.', {
        errors: [
          ...(quantity === undefined
            ? [{ path: 'quantity', message: 'expected the units to be ordered' }]
            : []),
          ...(location === undefined
            ? [{ path: 'location', message: 'expected where they are to come to' }]
            : []),
        ],
      });
    const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
    const [saved] = await savePurchaseOrders(kept, client, brandId, [
      {
        ref: purchaseOrder,
        purchaseOrder: {
          supplier,
          placedOn: dayText(today),
          stage: 'placed',
          ...(freightMode === undefined ? {} : { freightMode }),
          lines: [{ line, sku, quantity, expectedOn, location }],
        },
      },
    ]);
    if (saved?.state === 'refused') throw saved.error;
  });
}

async function eachOrder(
  lines: readonly WaitingLine[],
  wanted: readonly string[] | undefined,
  work: (own: readonly WaitingLine[]) => Promise<void>,
): Promise<Done> {
  const done: Done = { orders: [], failed: [] };
  const byOrder = Map.groupBy(lines, (one) => one.name);
  for (const name of wanted ?? byOrder.keys()) {
    const own = byOrder.get(name);
    try {
      if (own === undefined) throw new KeptError('conflict', 'Nothing of this order waits for the item.');
      await work(own);
      done.orders.push(name);
    } catch (error) {
      if (!(error instanceof KeptError)) throw error;
      done.failed.push({ order: name, reason: error.message });
    }
  }
  return done;
}

/** Offered, the customer chooses on their own page; agreed, their units become the other item's. */
async function substitute(
  kept: Kept,
  brandId: number,
  sku: string,
  own: readonly WaitingLine[],
  chosen: Of<'substitute'>,
): Promise<void> {
  const [{ order, name }] = own as [WaitingLine];
  await withBrand(kept.db, brandId, async (client) => {
    if (chosen.how === 'offer') {
      await tell(kept, client, brandId, 'substitute.offered', { order, name, sku, instead: chosen.sku });
      return;
    }
    for (const one of own)
      await switchLine(kept, client, brandId, order, {
        line: one.ref,
        sku: chosen.sku,
        quantity: one.waiting,
      });
  });
}

/** What nothing backs is cancelled, and what was paid for it is asked back for the customer; `payments` sends it. */
async function cancelAndRefund(
  kept: Kept,
  brandId: number,
  own: readonly WaitingLine[],
  reason: string,
): Promise<void> {
  const [{ order, name }] = own as [WaitingLine];
  await withBrand(kept.db, brandId, async (client) => {
    const units = new Map(own.map((one) => [one.line, one.waiting]));
    await cancelOpenLines(kept, client, brandId, order, units, reason);
    const { refunds } = await orderCharge(kept, client, brandId, order);
    if (refunds.length > 0)
      await tell(kept, client, brandId, 'refund.requested', { order, name, refunds, reason });
  });
}
