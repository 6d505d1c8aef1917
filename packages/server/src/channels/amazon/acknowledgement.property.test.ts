import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acknowledgementDeadlines, acknowledgementOf, type Cover } from './acknowledgement.ts';
import { offerOf } from './offer.ts';
import type { VendorOrder } from './schemas/vendor.ts';
import { sellerMetrics } from './seller-metrics.ts';

const day = fc.integer({ min: 1, max: 28 }).map((number) => `2026-03-${String(number).padStart(2, '0')}`);
const parts = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 60 }), shipBy: day }), {
  maxLength: 6,
});
const line = fc.record({
  amount: fc.integer({ min: 1, max: 100 }),
  unitSize: fc.constantFrom(1, 6, 12),
  cases: fc.boolean(),
  isBackOrderAllowed: fc.boolean(),
  parts,
});

function orderOf(
  lines: readonly { amount: number; unitSize: number; cases: boolean; isBackOrderAllowed: boolean }[],
): VendorOrder {
  return {
    purchaseOrderNumber: 'PO1',
    purchaseOrderState: 'New',
    orderDetails: {
      purchaseOrderDate: '2026-03-02T00:00:00Z',
      purchaseOrderStateChangedDate: '2026-03-02T00:00:00Z',
      sellingParty: { partyId: 'KEPTV' },
      shipWindow: '2026-03-05T00:00:00Z--2026-03-12T00:00:00Z',
      items: lines.map(({ amount, unitSize, cases, isBackOrderAllowed }, index) => ({
        itemSequenceNumber: String(index + 1),
        orderedQuantity: { amount, unitOfMeasure: cases ? 'Cases' : 'Eaches', unitSize },
        isBackOrderAllowed,
      })),
    },
  };
}

test('of every line every unit is answered, and no more is promised than is covered, nor backordered where that is not allowed', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
      const cover = new Map<string, Cover>(
        lines.map((one, index) => [String(index + 1), { parts: one.parts }]),
      );
      const answer = acknowledgementOf(orderOf(lines), cover, new Date('2026-03-02T06:00:00Z'));
      expect(answer.items).toHaveLength(lines.length);
      for (const [index, { amount, unitSize, cases, isBackOrderAllowed, parts }] of lines.entries()) {
        const size = cases ? unitSize : 1;
        const answers = answer.items[index]!.itemAcknowledgements;
        const sum = (code: string | null, until = '9999') =>
          answers
            .filter((one) => code === null || one.acknowledgementCode === code)
            .filter((one) => (one.scheduledShipDate ?? '').slice(0, 10) <= until)
            .reduce((total, one) => total + one.acknowledgedQuantity.amount, 0);
        expect(sum(null)).toBe(amount);
        expect(answers.every((one) => one.acknowledgedQuantity.amount > 0)).toBe(true);
        if (!isBackOrderAllowed) expect(sum('Backordered')).toBe(0);
        for (const { shipBy } of parts) {
          const covered = parts
            .filter((one) => one.shipBy <= shipBy)
            .reduce((total, one) => total + one.quantity, 0);
          const told = answers
            .filter(
              (one) => one.scheduledShipDate !== undefined && one.scheduledShipDate.slice(0, 10) <= shipBy,
            )
            .reduce((total, one) => total + one.acknowledgedQuantity.amount, 0);
          expect(told * size).toBeLessThanOrEqual(covered);
        }
        const inTime = parts
          .filter((one) => one.shipBy <= '2026-03-12')
          .reduce((total, one) => total + one.quantity, 0);
        expect(sum('Accepted')).toBe(Math.min(amount, Math.floor(inTime / size)));
      }
    }),
  );
});

test('an offer is never above what is promisable by its day', () => {
  const orders = fc.array(
    fc.record({
      placedAt: fc.constantFrom('2026-02-27T00:00:00.000Z', '2026-02-10T00:00:00.000Z'),
      shipBy: fc.option(day),
      shippedOn: fc.option(day),
      plannedOn: fc.option(day),
      cancelledBy: fc.constantFrom(null, 'seller' as const, 'buyer' as const),
      unbacked: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 50 }),
      parts,
      orders,
      fc.boolean(),
      (now, later, all, offerBackorders) => {
        const today = '2026-03-02';
        const metrics = sellerMetrics(all, new Date('2026-03-02T12:00:00Z'), today);
        const offer = offerOf(
          { sku: 'MUG', now, later },
          { today, handlingDays: 2, offerBackorders, metrics },
        );
        const by = offer.restockOn ?? today;
        const shelf = Math.max(0, now);
        const promisable =
          shelf + later.filter((part) => part.shipBy <= by).reduce((sum, part) => sum + part.quantity, 0);
        expect(offer.quantity).toBeGreaterThanOrEqual(0);
        expect(offer.quantity).toBeLessThanOrEqual(promisable);
        if (metrics.lateSoon.share >= 0.04 || metrics.cancelledSoon.share >= 0.025)
          expect(offer.quantity).toBeLessThanOrEqual(shelf);
      },
    ),
  );
});

test('deadlines are 24 and 48 hours from the purchase order', () => {
  expect(acknowledgementDeadlines(orderOf([]))).toEqual({
    answerBy: new Date('2026-03-03T00:00:00Z'),
    quantitiesUntil: new Date('2026-03-04T00:00:00Z'),
  });
});
