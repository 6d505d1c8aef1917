import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { journalOf, type MoneyEvent } from './journal.ts';

const event: fc.Arbitrary<MoneyEvent> = fc.record({
  kind: fc.constantFrom('captured' as const, 'refunded' as const, 'recognised' as const),
  at: fc.constant('2026-03-02T09:00:00.000Z'),
  name: fc.constant('e'),
  amount: fc.integer({ min: 0, max: 1_000_000 }),
  rate: fc.double({ min: 0.001, max: 100, noNaN: true }),
});

describe('the journal of an order', () => {
  test('balances entry by entry, in both currencies, and ties to deferred revenue', () => {
    fc.assert(
      fc.property(
        fc.record({ net: fc.integer({ min: 0, max: 1_000_000 }), tax: fc.integer({ min: 0, max: 300_000 }) }),
        fc.array(event, { maxLength: 20 }),
        (totals, events) => {
          const { entries, balance } = journalOf(totals, events);
          const accounts = new Map<string, { amount: number; base: number }>();
          for (const { postings } of entries) {
            let amount = 0;
            let base = 0;
            for (const one of postings) {
              amount += one.amount;
              base += one.base;
              const account = accounts.get(one.account) ?? { amount: 0, base: 0 };
              accounts.set(one.account, {
                amount: account.amount + one.amount,
                base: account.base + one.base,
              });
            }
            expect([amount, base].map((total) => total + 0)).toEqual([0, 0]);
          }
          const of = (account: string) => accounts.get(account) ?? { amount: 0, base: 0 };
          expect(-of('deferred_revenue').amount + 0).toBe(balance.deferred);
          expect(-of('deferred_revenue').base + 0).toBe(balance.deferredBase);
          expect(of('receivable').amount).toBe(balance.receivable);
          expect(balance.deferred - balance.receivable).toBe(
            balance.captured - balance.refunded - balance.recognised,
          );
          expect(balance.deferred).toBeGreaterThanOrEqual(0);
          expect(balance.receivable).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
