import { authorisationStep } from '@kept/engine';
import { insertPayment } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { raiseSignals, withdrawSignal } from '../signals/index.ts';
import { openAuthorisations, type StoredPayment } from './charge-store.ts';
import { authorisationOf } from './order-charge.ts';
import { type PaymentProvider, type ProviderAuthorisation, ProviderRefusal } from './provider.ts';

const registered = new WeakMap<object, Map<string, PaymentProvider>>();

/** Makes a provider known to this process. A payment of one that is not known waits for a person. */
export function registerProvider(kept: Pick<Kept, 'db'>, provider: PaymentProvider): void {
  const providers = registered.get(kept.db) ?? new Map<string, PaymentProvider>();
  registered.set(kept.db, providers.set(provider.name, provider));
}

export function providerOf(kept: Pick<Kept, 'db'>, name: string): PaymentProvider | undefined {
  return registered.get(kept.db)?.get(name);
}

type Open = StoredPayment & { readonly order: number; readonly refused: boolean };

/**
 * Sees to authorisations that would lapse before their goods ship: each is extended or made anew where its provider can, and
 * is a signal where it cannot. A provider is asked outside of any transaction, by a key of the payment, so that asking twice
 * renews once.
 */
export async function renewAuthorisations(kept: Kept, brandId: number): Promise<void> {
  const open = await withBrand(kept.db, brandId, (client) => openAuthorisations(client, brandId), {
    reads: true,
  });
  const now = kept.clock.now().getTime();
  for (const one of open) {
    const step = authorisationStep(authorisationOf(one), now);
    if (step.kind === 'wait') continue;
    const lapsesAt = new Date(step.lapsesAt).toISOString();
    if (step.kind === 'lapsed') await tell(kept, brandId, one, 'authorisation_lapsed', { lapsesAt });
    else if (!one.refused) {
      const renewed = await renew(kept, one);
      if ('authorisation' in renewed) await record(kept, brandId, one, renewed.authorisation);
      else await tell(kept, brandId, one, 'authorisation_lapsing', { lapsesAt, ...renewed });
    }
  }
}

/** The new authorisation; or why there is none, and whether that is final or tried again. */
async function renew(
  kept: Kept,
  one: Open,
): Promise<{ authorisation: ProviderAuthorisation } | { reason: string; final: boolean }> {
  const provider = providerOf(kept, one.provider);
  if (provider === undefined || one.reference === null)
    return { reason: 'it was recorded by hand', final: true };
  const key = `kept-renew-${one.order}-${one.id}`;
  try {
    const authorisation =
      (await provider.extend(one.reference, key)) ?? (await provider.reauthorise(one.reference, key));
    return authorisation === null
      ? { reason: 'the bank wants its customer', final: true }
      : { authorisation };
  } catch (error) {
    if (error instanceof ProviderRefusal) return { reason: error.message, final: true };
    kept.log.warn(
      { err: error, payment: one.id },
      'an authorisation could not be renewed; it is tried again',
    );
    return { reason: 'the provider could not be reached; it is tried again', final: false };
  }
}

async function record(kept: Kept, brandId: number, one: Open, renewed: ProviderAuthorisation): Promise<void> {
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  const payment = {
    id: `${one.id}+`,
    kind: 'authorised',
    amount: renewed.amount,
    at,
    captureBefore: renewed.captureBefore ?? undefined,
    provider: one.provider as 'manual' | 'stripe' | 'shopify',
    reference: renewed.reference,
    network: renewed.network ?? undefined,
    of: one.id,
  } as const;
  await withBrand(kept.db, brandId, async (client) => {
    await insertPayment(client, brandId, event, one.order, payment);
    const data = { order: one.order, payment };
    await recordEvents(client, brandId, [{ id: event, kind: 'payment.renewed', data, at }]);
    await withdrawSignal(kept, client, brandId, 'authorisation_lapsing', `${one.order}:${one.id}`);
  });
}

async function tell(
  kept: Kept,
  brandId: number,
  one: Open,
  kind: 'authorisation_lapsing' | 'authorisation_lapsed',
  data: Record<string, unknown>,
): Promise<void> {
  const subject = `${one.order}:${one.id}`;
  const amount = { amount: one.amount, currency: one.currency };
  await withBrand(kept.db, brandId, async (client) => {
    if (kind === 'authorisation_lapsed')
      await withdrawSignal(kept, client, brandId, 'authorisation_lapsing', subject);
    await raiseSignals(kept, client, brandId, [
      { kind, subject, order: one.order, data: { payment: one.id, amount, ...data } },
    ]);
  });
}
