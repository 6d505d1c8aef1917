import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChargeTerms } from './charge.ts';
import { chargeBefore, duesOf } from './charge-stated.ts';

const anyTerms: fc.Arbitrary<ChargeTerms> = fc.oneof(
  fc.constant<ChargeTerms>({ kind: 'at_order' }),
  fc.integer({ min: 1, max: 100 }).map((percent): ChargeTerms => ({ kind: 'deposit', percent })),
  fc.integer({ min: 1, max: 9999 }).map((amount): ChargeTerms => ({ kind: 'deposit', amount })),
  fc.constant<ChargeTerms>({ kind: 'authorise' }),
  fc.constant<ChargeTerms>({ kind: 'at_shipment' }),
  fc.integer({ min: 0, max: 90 }).map((days): ChargeTerms => ({ kind: 'invoice', days })),
);
const units = fc.integer({ min: 0, max: 50 });

test('what is recorded at the order is what the page stated before it', () => {
  fc.assert(
    fc.property(anyTerms, units, units, fc.integer({ min: 0, max: 99_999 }), (terms, here, coming, price) => {
      fc.pre(here + coming > 0);
      const { dueNow, authorised, atShipment, invoiced } = chargeBefore(terms, {
        here,
        coming,
        price: { amount: price, currency: 'USD' },
      });
      const dues = duesOf(terms, { here, coming, amount: price * (here + coming) });
      expect(dues).toEqual({ dueNow, authorised, atShipment, invoiced });
    }),
  );
});

test('the four always come to the amount, also where tax and discount leave odd cents', () => {
  fc.assert(
    fc.property(
      anyTerms,
      units,
      units,
      fc.integer({ min: 0, max: 9_999_999 }),
      (terms, here, coming, amount) => {
        fc.pre(here + coming > 0);
        const { dueNow, authorised, atShipment, invoiced } = duesOf(terms, { here, coming, amount });
        expect(dueNow + authorised + atShipment + invoiced).toBe(amount);
        expect(Math.min(dueNow, authorised, atShipment, invoiced)).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
