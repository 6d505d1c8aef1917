import Stripe from 'stripe';
import { type Money, type PaymentProvider, type ProviderAuthorisation, ProviderRefusal } from './provider.ts';

export interface StripeOptions {
  readonly secretKey: string;
  /** Where its API is; Stripe's own unless told. */
  readonly url?: string;
}

/** Stripe by its official library. A reference is a PaymentIntent's id; its charge says until when it can be captured. */
export function stripeProvider({ secretKey, url }: StripeOptions): PaymentProvider {
  const at = url === undefined ? null : new URL(url);
  const stripe = new Stripe(secretKey, {
    maxNetworkRetries: 2,
    telemetry: false,
    ...(at === null
      ? {}
      : { host: at.hostname, port: at.port, protocol: at.protocol === 'http:' ? 'http' : 'https' }),
  });
  const intent = (reference: string) =>
    stripe.paymentIntents.retrieve(reference, { expand: ['latest_charge', 'payment_method'] });

  return {
    name: 'stripe',
    look: (reference) => told(async () => authorisationOf(await intent(reference))),
    /** A longer window has to be asked for when the card is authorised; it cannot be had afterwards. */
    extend: async () => null,
    reauthorise: (reference, key) =>
      told(async () => {
        const old = await intent(reference);
        const { customer, payment_method: method } = old;
        // Without a saved card nobody but its holder can authorise it again.
        if (customer === null || method === null || old.status !== 'requires_capture') return null;
        try {
          const fresh = await stripe.paymentIntents.create(
            {
              amount: old.amount,
              currency: old.currency,
              customer: idOf(customer),
              payment_method: idOf(method),
              capture_method: 'manual',
              confirm: true,
              off_session: true,
              metadata: { ...old.metadata, replaces: reference },
              expand: ['latest_charge', 'payment_method'],
            },
            { idempotencyKey: key },
          );
          if (fresh.status !== 'requires_capture') return null;
          await stripe.paymentIntents.cancel(reference, {}, { idempotencyKey: `${key}-release` });
          return authorisationOf(fresh);
        } catch (error) {
          // The bank wants its customer, or says no: the old authorisation stands as long as it lasts.
          if (error instanceof Stripe.errors.StripeCardError) return null;
          throw error;
        }
      }),
    capture: (reference, amount, key) =>
      told(async () => {
        const captured = await stripe.paymentIntents.capture(
          reference,
          { amount_to_capture: amount.amount },
          { idempotencyKey: key },
        );
        return { id: captured.id, amount: moneyOf(captured.amount_received, captured.currency) };
      }),
    charge: (reference, amount, key) =>
      told(async () => {
        const { customer, payment_method: method } = reference.startsWith('seti_')
          ? await stripe.setupIntents.retrieve(reference)
          : await intent(reference);
        if (customer === null || method === null) return null;
        try {
          const taken = await stripe.paymentIntents.create(
            {
              amount: amount.amount,
              currency: amount.currency.toLowerCase(),
              customer: idOf(customer),
              payment_method: idOf(method),
              confirm: true,
              off_session: true,
              metadata: { follows: reference },
            },
            { idempotencyKey: key },
          );
          if (taken.status !== 'succeeded') return null;
          return {
            id: taken.id,
            reference: taken.id,
            amount: moneyOf(taken.amount_received, taken.currency),
          };
        } catch (error) {
          if (error instanceof Stripe.errors.StripeCardError) return null;
          throw error;
        }
      }),
    refund: (reference, amount, key) =>
      told(async () => {
        const refund = await stripe.refunds.create(
          { payment_intent: reference, amount: amount.amount },
          { idempotencyKey: key },
        );
        return { id: refund.id, amount: moneyOf(refund.amount, refund.currency) };
      }),
  };
}

function authorisationOf(intent: Stripe.PaymentIntent): ProviderAuthorisation {
  const charge = typeof intent.latest_charge === 'string' ? null : intent.latest_charge;
  const card = charge?.payment_method_details?.card ?? null;
  const before = card?.capture_before ?? null;
  return {
    reference: intent.id,
    amount: moneyOf(intent.amount, intent.currency),
    captureBefore: before === null ? null : new Date(before * 1000).toISOString(),
    network: card?.brand ?? null,
    state: stateOf(intent.status),
  };
}

function stateOf(status: Stripe.PaymentIntent.Status): ProviderAuthorisation['state'] {
  if (status === 'requires_capture') return 'authorised';
  return status === 'succeeded' ? 'captured' : status === 'canceled' ? 'cancelled' : 'lapsed';
}

const moneyOf = (amount: number, currency: string): Money => ({ amount, currency: currency.toUpperCase() });
const idOf = (one: string | { readonly id: string }) => (typeof one === 'string' ? one : one.id);

/** What Stripe refuses, in its own words; a connection that failed is not a refusal. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (
      error instanceof Stripe.errors.StripeInvalidRequestError ||
      error instanceof Stripe.errors.StripeCardError
    )
      throw new ProviderRefusal(error.message, { cause: error });
    throw error;
  }
}
