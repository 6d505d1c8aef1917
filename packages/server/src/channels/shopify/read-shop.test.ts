import { expect, test } from 'vitest';
import type { Fact } from '../../connections/index.ts';
import type { OrderNode } from './nodes.ts';
import { orderFacts } from './order-facts.ts';
import { openShop } from './testing/open-shop.ts';

const count = (facts: readonly Fact[], kind: Fact['kind']) => facts.filter((one) => one.kind === kind).length;

test('of eight states, what may go to orders is on hand without what is held back or damaged', async () => {
  const { shop, place, pages } = await openShop();
  const { item } = shop.addVariant('LAMP');
  const lies = {
    available: -2,
    committed: 5,
    incoming: 40,
    reserved: 1,
    quality_control: 2,
    safety_stock: 4,
    damaged: 3,
  } as const;
  for (const [state, units] of Object.entries(lies))
    shop.move(item, place.id, state as keyof typeof lies, units);
  const { facts } = await pages('inventory');
  expect(facts.map((one) => (one.kind === 'stock' ? [one.condition, one.counted] : one))).toEqual([
    ['sellable', 3],
    ['quality_hold', 7],
    ['damaged', 3],
  ]);
});

test('a blank SKU is listed and mapped to nothing; the inventory policy, which Kept sets itself, is no fact', async () => {
  const { shop, pages } = await openShop();
  shop.addVariant(null);
  shop.addVariant('LAMP', '10.00', { inventoryPolicy: 'CONTINUE' });
  const { facts } = await pages('products');
  expect(facts).toMatchObject([
    { kind: 'item', item: { sku: 'LAMP', price: { amount: 1000, currency: 'USD' } } },
    { kind: 'listing', listing: { sku: null, problem: 'blank_sku' } },
    { kind: 'listing', listing: { sku: 'LAMP' } },
  ]);
  expect(JSON.stringify(facts)).not.toContain('policy');
});

test('a shipment is supply until it is received, on the day that its tracking says where the shop is', async () => {
  const { shop, pages, connection } = await openShop();
  const lamp = shop.addVariant('LAMP');
  const transfer = shop.addTransfer([{ variant: lamp, quantity: 10 }], { arrivesAt: '2026-03-20T02:00:00Z' });
  shop.addTransfer([{ variant: lamp, quantity: 7 }], { shipped: false });
  const { facts } = await pages('transfers');
  expect(facts.map((one) => (one.kind === 'supply' ? one.supply : one))).toMatchObject([
    // Of what is shipped nothing is left to be shipped.
    { quantity: 0, expectedOn: null },
    { quantity: 10, expectedOn: '2026-03-19', stage: 'in_transit' },
    { quantity: 7, expectedOn: null, stage: 'placed' },
  ]);
  shop.receive(transfer, 4);
  const after = await connection.reread!('transfers', ['all']);
  // What was received is counted before the supply shrinks, so that nobody's units are gone in between.
  expect(after.map((one) => one.kind).slice(0, 4)).toEqual(['stock', 'stock', 'stock', 'supply']);
  expect(after).toContainEqual(expect.objectContaining({ supply: expect.objectContaining({ quantity: 6 }) }));
});

test('a history is collected by a bulk operation, and goes on where its file broke off', async () => {
  const { simulator, shop, connection } = await openShop();
  const lamp = shop.addVariant('LAMP', '10.00', { inventoryPolicy: 'CONTINUE' });
  for (let number = 0; number < 600; number++) shop.buy([{ variant: lamp, quantity: 1 }]);
  simulator.bulk.breakAfter.push(700);
  const orders: string[] = [];
  let cursor: string | null = null;
  const read = async () => {
    for await (const page of connection.changes('orders', cursor, {})) {
      for (const fact of page.facts) if (fact.kind === 'order') orders.push(fact.order.ref);
      cursor = page.cursor;
    }
  };
  await expect(read()).rejects.toThrow();
  expect(orders.length).toBe(250);
  await read();
  expect(new Set(orders).size).toBe(600);
  expect(orders.length).toBe(600);
  expect(simulator.asked.filter((one) => one === 'KeptBulkRun').length).toBe(1);
});

test('what was given up before Kept knew of it is no news; from a date on it is', async () => {
  const { shop, place, pages, connection } = await openShop();
  const lamp = shop.addVariant('LAMP');
  shop.move(lamp.item, place.id, 'available', 5);
  const gone = shop.buy([{ variant: lamp, quantity: 2 }]);
  shop.buy([{ variant: lamp, quantity: 1 }]);
  shop.remove(gone, gone.lines[0]!, 2, true);
  expect((await pages('orders')).facts.map((one) => one.kind)).toEqual(['order', 'payment']);
  const kinds: string[] = [];
  for await (const { facts } of connection.changes('orders', null, { from: new Date(0) }))
    kinds.push(...facts.map((one) => one.kind));
  expect(kinds.toSorted()).toEqual(['cancellation', 'order', 'payment', 'payment']);
});

test('where a bulk operation fails, the history is read page by page, with lines beyond a page', async () => {
  const { simulator, shop, pages } = await openShop();
  simulator.bulk.fail = 1;
  const variants = Array.from({ length: 25 }, (_, number) =>
    shop.addVariant(`SKU-${number}`, '1.00', { inventoryPolicy: 'CONTINUE' }),
  );
  for (let number = 0; number < 9; number++) shop.buy(variants.map((variant) => ({ variant, quantity: 1 })));
  const { facts } = await pages('orders');
  const orders = facts.flatMap((one) => (one.kind === 'order' ? [one.order.lines.length] : []));
  expect(orders).toEqual(Array.from({ length: 9 }, () => 25));
});

test('what changed is searched for with an overlap, and counts follow what has left', async () => {
  const { shop, place, pages } = await openShop();
  const lamp = shop.addVariant('LAMP');
  shop.move(lamp.item, place.id, 'available', 5);
  const order = shop.buy([{ variant: lamp, quantity: 2 }]);
  const { cursor } = await pages('orders');
  shop.fulfil(order);
  const { facts } = await pages('orders', cursor);
  expect(facts.map((one) => one.kind)).toEqual(['order', 'payment', 'stock', 'stock', 'stock']);
  expect(facts[0]).toMatchObject({ shipped: [{ quantity: 2 }] });
  expect(facts[2]).toMatchObject({ condition: 'sellable', counted: 3 });
});

const money = (amount: string) => ({ shopMoney: { amount, currencyCode: 'EUR' } });
const line = (id: number, over: Partial<OrderNode['lineItems']['nodes'][number]> = {}) => ({
  id: `gid://shopify/LineItem/${id}`,
  sku: 'LAMP',
  name: 'Lamp',
  quantity: 3,
  currentQuantity: 3,
  unfulfilledQuantity: 3,
  requiresShipping: true,
  isGiftCard: false,
  variant: null,
  sellingPlan: null,
  originalUnitPriceSet: money('11.90'),
  discountAllocations: [],
  taxLines: [],
  ...over,
});
const node = (lines: OrderNode['lineItems']['nodes'], over: Partial<OrderNode> = {}): OrderNode => ({
  id: 'gid://shopify/Order/1',
  switches: null,
  name: '#1001',
  createdAt: '2026-03-01T10:00:00Z',
  updatedAt: '2026-03-02T10:00:00Z',
  processedAt: null,
  cancelledAt: null,
  cancelReason: null,
  test: false,
  displayFinancialStatus: 'PAID',
  customerLocale: null,
  email: null,
  phone: null,
  currencyCode: 'EUR',
  taxesIncluded: false,
  customer: null,
  purchasingEntity: null,
  shippingAddress: null,
  billingAddress: null,
  totalShippingPriceSet: money('0'),
  paymentTerms: null,
  transactions: [],
  lineItems: { nodes: lines },
  ...over,
});
const settings = { shop: 'a.myshopify.com', channel: 'web' } as never;
const facts = (lines: OrderNode['lineItems']['nodes'], over: Partial<OrderNode> = {}) =>
  orderFacts(settings, node(lines, over));
const linesOf = (told: readonly Fact[]) =>
  told.flatMap((one) => (one.kind === 'order' ? one.order.lines : []));

test('an order says what is wanted of it still and what of that has left', () => {
  const told = facts([
    line(1, { currentQuantity: 2, unfulfilledQuantity: 1 }),
    line(2, { currentQuantity: 0, unfulfilledQuantity: 0 }),
  ]);
  expect(told).toMatchObject([
    { kind: 'order', order: { lines: [{ line: '1', quantity: 2 }] }, shipped: [{ line: '1', quantity: 1 }] },
  ]);
});

test('an order of which nothing is wanted is a cancellation, and one that was shipped before keeps that', () => {
  const none = { cancelledAt: '2026-03-02T09:00:00Z', cancelReason: 'CUSTOMER' };
  expect(facts([line(1)], none)).toMatchObject([
    { kind: 'cancellation', order: 'web:#1001', cancellation: { by: 'customer' } },
  ]);
  expect(facts([line(1, { currentQuantity: 0, unfulfilledQuantity: 0 })])).toMatchObject([
    { kind: 'cancellation' },
  ]);
  expect(linesOf(facts([line(1, { unfulfilledQuantity: 1 })], none))).toMatchObject([{ quantity: 2 }]);
});

test('gift cards, tips and test orders are no goods', () => {
  expect(facts([line(1, { isGiftCard: true }), line(2, { sku: null, requiresShipping: false })])).toEqual([]);
  expect(facts([line(1)], { test: true })).toEqual([]);
});

test('prices that include tax become prices before it, to the minor unit', () => {
  const taxed = line(1, { taxLines: [{ priceSet: { shopMoney: { amount: '5.71' } } }] });
  const [one] = linesOf(facts([taxed], { taxesIncluded: true }));
  const { price, discount, tax, quantity } = one!;
  expect(price.amount * quantity - (discount?.amount ?? 0) + tax!.amount).toBe(3570);
  expect(tax!.amount).toBe(571);
});

test('an unpaid order keeps its units until its payment is due', () => {
  expect(
    facts([line(1)], { displayFinancialStatus: 'PENDING', paymentTerms: { dueInDays: 3 } })[0],
  ).toMatchObject({
    order: { paymentDueAt: '2026-03-04T10:00:00.000Z' },
  });
  expect(count(facts([line(1)]), 'payment')).toBe(0);
});
