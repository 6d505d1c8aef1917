import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  allot,
  type ChargedLine,
  type ChargeEvent,
  type ChargeTerms,
  chargeStanding,
  refundsFor,
} from './charge.ts';
import { chargeBefore } from './charge-stated.ts';

const minor = fc.integer({ min: 0, max: 10_000_000 });
const total = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);

const terms: fc.Arbitrary<ChargeTerms> = fc.oneof(
  fc.constant({ kind: 'at_order' } as const),
  fc.record({ kind: fc.constant('deposit' as const), percent: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ kind: fc.constant('deposit' as const), amount: minor }),
  fc.constant({ kind: 'authorise' } as const),
  fc.constant({ kind: 'at_shipment' } as const),
  fc.record({ kind: fc.constant('invoice' as const), days: fc.integer({ min: 0, max: 120 }) }),
);

test('whatever the terms, the statement comes to the price, and no part of it is negative', () => {
  fc.assert(
    fc.property(terms, fc.nat(100), fc.nat(100), minor, (of, here, coming, amount) => {
      const { dueNow, authorised, atShipment, invoiced } = chargeBefore(of, {
        here,
        coming,
        price: { amount, currency: 'EUR' },
      });
      const parts = [dueNow, authorised, atShipment, invoiced];
      expect(total(parts)).toBe(amount * (here + coming));
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }),
  );
});

test('an allotment conserves every cent', () => {
  fc.assert(
    fc.property(minor, fc.array(minor, { minLength: 1, maxLength: 20 }), (amount, values) => {
      const parts = allot(amount, values);
      expect(total(parts)).toBe(amount);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }),
  );
});

/** An order, and what happens to it in an order that can happen: no more units leave than are open, no more money than came. */
const life = fc
  .array(fc.record({ units: fc.integer({ min: 1, max: 9 }), amount: minor }), { minLength: 1, maxLength: 5 })
  .chain((rows) => {
    const lines: ChargedLine[] = rows.map((row, index) => ({ line: index + 1, ...row }));
    const step = fc.record({
      kind: fc.constantFrom('captured', 'captured', 'refunded', 'shipped', 'cancelled'),
      line: fc.nat(rows.length - 1),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      named: fc.boolean(),
    });
    return fc.array(step, { maxLength: 30 }).map((steps) => {
      const open = rows.map((row) => row.units);
      let money = 0;
      const events: ChargeEvent[] = [];
      for (const { kind, line, share, named } of steps) {
        if (kind === 'captured') {
          const amount = Math.floor(share * (total(rows.map((row) => row.amount)) + 100));
          money += amount;
          events.push({ kind, amount, ...(named ? { lines: [line + 1] } : {}) });
        } else if (kind === 'refunded') {
          const amount = Math.floor(share * money);
          money -= amount;
          events.push({ kind, amount });
        } else {
          const units = Math.ceil(share * open[line]!);
          open[line]! -= units;
          if (units > 0) events.push({ kind: kind as 'shipped', line: line + 1, units });
        }
      }
      return { lines, events };
    });
  });

test('no order ever gains or loses a cent: what came and did not go back is prepaid, paid, due back or credit', () => {
  fc.assert(
    fc.property(life, ({ lines, events }) => {
      for (let until = 0; until <= events.length; until++) {
        const standing = chargeStanding(lines, events.slice(0, until));
        const paid = total(standing.lines.map((line) => line.paid));
        expect(standing.captured - standing.refunded).toBe(
          standing.prepaid + paid + standing.refundDue + standing.credit,
        );
        for (const line of standing.lines) {
          expect(Math.min(line.prepaid, line.paid, line.owed)).toBeGreaterThanOrEqual(0);
          expect(line.prepaid).toBeLessThanOrEqual(line.openAmount);
          if (line.open === 0) expect(line.prepaid).toBe(0);
        }
        expect(standing.refundDue).toBeGreaterThanOrEqual(0);
        expect(standing.credit).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('an order paid in full and cancelled goes back in full', () => {
  fc.assert(
    fc.property(life, ({ lines }) => {
      const whole = total(lines.map((line) => line.amount));
      const events: ChargeEvent[] = [
        { kind: 'captured', amount: whole },
        ...lines.map((line): ChargeEvent => ({ kind: 'cancelled', line: line.line, units: line.units })),
      ];
      expect(chargeStanding(lines, events)).toMatchObject({ prepaid: 0, refundDue: whole, credit: 0 });
    }),
  );
});

test('no payment gives back more than it took, and together they give back all that is asked and was taken', () => {
  const payment = fc
    .tuple(minor, minor)
    .map(([a, b]) => ({ amount: Math.max(a, b), refunded: Math.min(a, b) }));
  fc.assert(
    fc.property(minor, fc.array(payment, { maxLength: 6 }), (amount, rows) => {
      const payments = rows.map((row, index) => ({ id: String(index), ...row }));
      const { refunds, rest } = refundsFor(amount, payments);
      expect(total(refunds.map((one) => one.amount)) + rest).toBe(amount);
      for (const refund of refunds) {
        const { amount: took, refunded } = payments[Number(refund.payment)]!;
        expect(refund.amount + refunded).toBeLessThanOrEqual(took);
      }
      const left = total(payments.map((one) => one.amount - one.refunded));
      expect(rest).toBe(Math.max(0, amount - left));
    }),
  );
});
