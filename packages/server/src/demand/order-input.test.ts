import { OrderInput } from '@kept/contract';
import { expect, test } from 'vitest';
import { requestDigest } from '../platform/inbox.ts';
import { contentOf } from './order-input.ts';

const price = { currency: 'USD', amount: 1999 };
const least = {
  ref: '1001',
  channel: 'web',
  placedAt: '2026-03-02T09:00:00Z',
  customer: { name: 'Ada' },
  shipTo: { country: 'US' },
  lines: [{ line: 1, sku: 'MUG', quantity: 2, price }],
};
/** Every field that an order can have. */
const whole = {
  ...least,
  mode: 'placed',
  customer: { name: 'Ada', email: 'ada@example.com', class: 'vip', locale: 'en-US' },
  business: true,
  shipTo: { zip: '10001', region: 'NY', country: 'US' },
  shipComplete: true,
  allowPartial: true,
  acceptBackorder: false,
  shipping: price,
  shippingTax: price,
  paymentDueAt: '2026-03-03T09:00:00Z',
  replaces: 'web:1000',
  lines: [
    {
      ...{ line: 'a', sku: 'MUG', quantity: 2, price, discount: price, tax: price, kind: 'gift', hold: 'h1' },
      ...{ uom: 'case', notBefore: '2026-04-01', cancelAfter: '2026-05-01' },
      ...{ statedShipBy: '2026-04-02', statedDeliverBy: '2026-04-05' },
    },
    ...least.lines,
  ],
};

test.each([
  ['the least that an order says', least],
  ['all that an order can say', whole],
])('the digest of %s is of all of it', (_what, input) => {
  const order = OrderInput.parse(input);
  expect(contentOf(order)).toBe(requestDigest(order));
});

test('any other word in it makes another digest, whatever field it stands in', () => {
  const order = OrderInput.parse(whole);
  const digests = new Set([contentOf(order)]);
  let changes = 0;
  const change = (at: Record<string, unknown>) => {
    for (const [field, was] of Object.entries(at)) {
      if (typeof was === 'object' && was !== null) {
        change(was as Record<string, unknown>);
        continue;
      }
      at[field] = typeof was === 'boolean' ? !was : typeof was === 'number' ? was + 1 : `${was}x`;
      digests.add(contentOf(order));
      changes++;
      at[field] = was;
    }
  };
  change(order as unknown as Record<string, unknown>);
  expect(changes).toBeGreaterThan(30);
  expect(digests.size).toBe(changes + 1);
});

test('when a source last touched it is not part of what it says', () => {
  const order = OrderInput.parse(least);
  expect(contentOf({ ...order, sourceUpdatedAt: '2026-03-05T00:00:00Z' })).toBe(contentOf(order));
});
