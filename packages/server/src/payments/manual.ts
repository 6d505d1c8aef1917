import { type PaymentProvider, type ProviderAuthorisation, ProviderRefusal } from './provider.ts';

/**
 * Money that people handle: bank transfers, a terminal, another system's. Kept knows what it was told and can do nothing
 * itself, so everything that would need the provider comes back to a person.
 */
export function manualProvider(
  told: (reference: string) => Promise<ProviderAuthorisation | null>,
): PaymentProvider {
  const byHand = (what: string) =>
    new ProviderRefusal(`${what} by hand, and record it as a payment of the order.`);
  return {
    name: 'manual',
    async look(reference) {
      const known = await told(reference);
      if (known === null) throw new ProviderRefusal(`No payment ${reference} was recorded.`);
      return known;
    },
    extend: async () => null,
    reauthorise: async () => null,
    charge: async () => null,
    async capture() {
      throw byHand('Take the money');
    },
    async refund() {
      throw byHand('Give the money back');
    },
  };
}
