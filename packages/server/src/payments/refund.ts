import type { OrderCharge } from '@kept/contract';
import type { z } from 'zod';
import { insertPayment } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { readOrderMoney } from './charge-store.ts';
import { orderCharge } from './order-charge.ts';
import { ProviderRefusal } from './provider.ts';
import { providerOf } from './renew.ts';

type Charge = z.output<typeof OrderCharge>;

/**
 * Gives back what is due, each part to the payment it came by. What a provider refuses, or people handle, is a signal; it
 * never becomes store credit. `again`: a provider could not be reached. The key is the payment's and what had gone back of it before, so that asking twice refunds once.
 */
export async function refundWhatIsDue(
  kept: Kept,
  brandId: number,
  order: number,
): Promise<{ charge: Charge; again: boolean }> {
  const { charge, payments } = await withBrand(
    kept.db,
    brandId,
    async (client) => ({
      charge: await orderCharge(kept, client, brandId, order),
      payments: (await readOrderMoney(client, brandId, order)).payments,
    }),
    { reads: true },
  );
  let again = false;
  for (const { payment: id, amount } of charge.refunds) {
    const paid = payments.find((one) => one.id === id)!;
    const times = payments.filter((one) => one.kind === 'refunded' && one.of === id).length;
    const refunded = await giveBack(kept, paid, amount, `kept-refund-${order}-${id}-${times}`);
    again ||= 'again' in refunded;
    const at = kept.clock.now().toISOString();
    const event = await kept.ids.take(brandId, 'event', 1);
    await withBrand(kept.db, brandId, async (client) => {
      if ('reason' in refunded) {
        const data = { payment: id, amount, reason: refunded.reason };
        await raiseSignals(kept, client, brandId, [
          { kind: 'refund_failed', subject: `${order}:${id}`, order, data },
        ]);
        return;
      }
      const provider = paid.provider as 'manual' | 'stripe' | 'shopify';
      const payment = { id: refunded.id, kind: 'refunded', amount, at, provider, of: id } as const;
      await insertPayment(client, brandId, event, order, payment);
      await recordEvents(client, brandId, [
        { id: event, kind: 'payment.refunded', data: { order, payment }, at },
      ]);
      await withdrawSignal(kept, client, brandId, 'refund_failed', `${order}:${id}`);
    });
  }
  const after = await withBrand(kept.db, brandId, (client) => orderCharge(kept, client, brandId, order), {
    reads: true,
  });
  return { charge: after, again };
}

async function giveBack(
  kept: Kept,
  paid: { readonly provider: string; readonly reference: string | null },
  amount: { readonly amount: number; readonly currency: string },
  key: string,
): Promise<{ id: string } | { reason: string; again?: true }> {
  const provider = providerOf(kept, paid.provider);
  if (provider === undefined || paid.reference === null)
    return { reason: 'it was recorded by hand, and has to go back by hand' };
  try {
    return { id: (await provider.refund(paid.reference, amount, key)).id };
  } catch (error) {
    if (error instanceof ProviderRefusal) return { reason: error.message };
    kept.log.warn({ err: error }, 'a refund could not be sent');
    return { reason: 'the provider could not be reached; it is tried again', again: true };
  }
}
