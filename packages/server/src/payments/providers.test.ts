import { afterAll, expect, test } from 'vitest';
import { manualProvider } from './manual.ts';
import type { ProviderAuthorisation } from './provider.ts';
import { shopifyProvider } from './shopify.ts';
import { stripeProvider } from './stripe.ts';
import { conforms } from './testing/conformance.ts';
import { shopifyStandin } from './testing/shopify-standin.ts';
import { openStripeStandin } from './testing/stripe-standin.ts';

const stripe = await openStripeStandin();
afterAll(() => stripe.close());
const usesStripe = stripeProvider({ secretKey: 'sk_test_standin', url: stripe.url });

conforms('stripe', async () => ({
  provider: usesStripe,
  async authorise(amount, card) {
    const customer = card === 'once' ? null : 'cus_1';
    const payment_method = card === 'once' ? null : card === 'declined' ? 'pm_declined' : 'pm_saved';
    return stripe.create({ amount, currency: 'usd', customer, payment_method }).id;
  },
  refunded: async (reference) => stripe.refunded(reference),
  can: { capture: true, reauthorise: true, charge: true },
}));

conforms('manual', async () => {
  const recorded = new Map<string, ProviderAuthorisation>();
  return {
    provider: manualProvider(async (reference) => recorded.get(reference) ?? null),
    async authorise(amount) {
      const reference = `by-hand-${recorded.size}`;
      recorded.set(reference, {
        reference,
        amount: { amount, currency: 'USD' },
        captureBefore: null,
        network: null,
        state: 'authorised',
      });
      return reference;
    },
    refunded: async () => 0,
    can: { capture: false, reauthorise: false, charge: false },
  };
});

conforms('shopify', async () => {
  const shop = shopifyStandin();
  return {
    provider: shopifyProvider(shop.admin),
    authorise: async (amount) => shop.authorise(amount),
    refunded: async (reference) => shop.refunded(reference),
    can: { capture: true, reauthorise: false, charge: false },
  };
});

test('Stripe says the card’s network and its own window', async () => {
  const { id } = stripe.create({
    amount: 100,
    currency: 'usd',
    customer: 'cus_1',
    payment_method: 'pm_saved',
  });
  expect(await usesStripe.look(id)).toMatchObject({
    network: 'visa',
    captureBefore: expect.stringMatching(/Z$/),
  });
});

test('a connection that fails is no refusal', async () => {
  const nowhere = stripeProvider({ secretKey: 'sk_test_standin', url: 'http://127.0.0.1:9' });
  await expect(nowhere.look('pi_1')).rejects.toMatchObject({ type: 'StripeConnectionError' });
});
