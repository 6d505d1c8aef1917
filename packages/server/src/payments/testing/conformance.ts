import { describe, expect, test } from 'vitest';
import { type PaymentProvider, ProviderRefusal } from '../provider.ts';

export interface Standin {
  readonly provider: PaymentProvider;
  /** Authorises an amount of USD as the shop's checkout would, on a card that is saved or not. */
  authorise(amount: number, card: 'saved' | 'once' | 'declined'): Promise<string>;
  /** What the other side says was given back so far. */
  refunded(reference: string): Promise<number>;
  readonly can: { readonly capture: boolean; readonly reauthorise: boolean; readonly charge: boolean };
}

let tests = 0;
/** No two calls that are two things have one key, in any test. */
const key = (name: string) => `${tests}-${name}`;
const usd = (amount: number) => ({ amount, currency: 'USD' });

/** What every provider has to do alike. */
export function conforms(name: string, open: () => Promise<Standin>): void {
  describe(`the provider ${name}`, () => {
    test('says what is set aside, and until when', async () => {
      const { provider, authorise } = await open();
      const reference = await authorise(5000, 'saved');
      const seen = await provider.look(reference);
      expect(seen).toMatchObject({ amount: usd(5000), state: 'authorised' });
      expect(seen.captureBefore === null || !Number.isNaN(Date.parse(seen.captureBefore))).toBe(true);
    });

    test('refuses a payment that it does not know, in words', async () => {
      const { provider } = await open();
      await expect(provider.look('nothing')).rejects.toBeInstanceOf(ProviderRefusal);
    });

    test('captures once for one key, and never more than is set aside', async () => {
      tests++;
      const { provider, authorise, can } = await open();
      const reference = await authorise(5000, 'saved');
      if (!can.capture) {
        await expect(provider.capture(reference, usd(100), key('k'))).rejects.toBeInstanceOf(ProviderRefusal);
        return;
      }
      await expect(provider.capture(reference, usd(5001), key('k-0'))).rejects.toBeInstanceOf(
        ProviderRefusal,
      );
      const first = await provider.capture(reference, usd(5000), key('k-1'));
      expect(first.amount).toEqual(usd(5000));
      expect(await provider.capture(reference, usd(5000), key('k-1'))).toEqual(first);
      expect((await provider.look(reference)).state).toBe('captured');
    });

    test('charges a saved card without its holder, once for one key, and says so where it cannot', async () => {
      tests++;
      const { provider, authorise, can } = await open();
      const first = await provider.charge(await authorise(5000, 'saved'), usd(1500), key('c-1'));
      if (can.charge) {
        expect(first).toMatchObject({ amount: usd(1500) });
        expect(first!.reference).not.toBe('');
        await provider.refund(first!.reference, usd(1500), key('c-2'));
      } else expect(first).toBeNull();
      expect(await provider.charge(await authorise(5000, 'once'), usd(1500), key('c-3'))).toBeNull();
      expect(await provider.charge(await authorise(5000, 'declined'), usd(1500), key('c-4'))).toBeNull();
      const again = await authorise(5000, 'saved');
      const once = await provider.charge(again, usd(100), key('c-5'));
      expect(await provider.charge(again, usd(100), key('c-5'))).toEqual(once);
    });

    test('refunds to the payment that took the money, to the cent, once for one key, never more than it took', async () => {
      tests++;
      const { provider, authorise, refunded, can } = await open();
      const reference = await authorise(5000, 'saved');
      if (!can.capture) {
        await expect(provider.refund(reference, usd(100), key('k'))).rejects.toBeInstanceOf(ProviderRefusal);
        return;
      }
      await expect(provider.refund(reference, usd(1), key('k-0'))).rejects.toBeInstanceOf(ProviderRefusal);
      await provider.capture(reference, usd(5000), key('k-1'));
      const first = await provider.refund(reference, usd(1999), key('k-2'));
      expect(first.amount).toEqual(usd(1999));
      expect(await provider.refund(reference, usd(1999), key('k-2'))).toEqual(first);
      expect(await refunded(reference)).toBe(1999);
      await expect(provider.refund(reference, usd(3002), key('k-3'))).rejects.toBeInstanceOf(ProviderRefusal);
      await provider.refund(reference, usd(3001), key('k-4'));
      expect(await refunded(reference)).toBe(5000);
    });

    test('renews a saved card without its holder, and says so where it cannot', async () => {
      tests++;
      const { provider, authorise, can } = await open();
      const saved = await authorise(5000, 'saved');
      const renewed =
        (await provider.extend(saved, key('e-1'))) ?? (await provider.reauthorise(saved, key('r-1')));
      if (can.reauthorise) {
        expect(renewed).toMatchObject({ amount: usd(5000), state: 'authorised' });
        if (renewed!.reference !== saved) expect((await provider.look(saved)).state).toBe('cancelled');
      } else expect(renewed).toBeNull();
      expect(await provider.reauthorise(await authorise(5000, 'once'), key('r-2'))).toBeNull();
      const declined = await authorise(5000, 'declined');
      expect(await provider.reauthorise(declined, key('r-3'))).toBeNull();
      expect((await provider.look(declined)).state).toBe('authorised');
    });
  });
}
