import { expect, test } from 'vitest';
import { policyFor } from './publish.ts';
import { offered, openShop } from './testing/open-shop.ts';

test.each([
  ['stock alone: Shopify stops by itself', 4, [], 'DENY'],
  ['units that are still to come', 0, [{ quantity: 1, shipBy: '2026-03-20' }], 'CONTINUE'],
  ['nothing that can be promised', 0, [], 'DENY'],
  ['units to come that are all promised', 0, [{ quantity: 0, shipBy: '2026-03-20' }], 'DENY'],
] as const)('with %s', (_, now, later, policy) => {
  expect(policyFor({ ...offered('LAMP', [], { now }), later: [...later] })).toBe(policy);
});

test('metafields go 25 at a time, what is told already is not written again, and its end takes the date away', async () => {
  const open = await openShop();
  const variants = Array.from({ length: 30 }, (_, number) => open.shop.addVariant(`SKU-${number}`));
  const told = variants.map(({ sku, id }) => offered(sku!, [id]));
  expect(await open.connection.publish!(told)).toEqual(told.map(() => ({ state: 'done' })));
  expect(variants.every((one) => one.inventoryPolicy === 'CONTINUE')).toBe(true);
  expect(variants[29]!.metafields.get('ships_on')).toBe('2026-03-20');
  const writes = () =>
    open.simulator.asked.filter((one) => one.startsWith('KeptSet') || one === 'KeptDeleteMetafields').length;
  // 30 policies of before, 60 fields; a product each for the policies.
  expect(writes()).toBe(2 + 30 + 3);
  await open.connection.publish!(told);
  expect(writes()).toBe(35);
  await open.connection.publish!([offered('SKU-0', [variants[0]!.id], { later: [], state: 'out_of_stock' })]);
  expect(variants[0]!.inventoryPolicy).toBe('DENY');
  expect(variants[0]!.metafields.has('ships_on')).toBe(false);
  expect(variants[0]!.metafields.get('policy_before')).toBe('DENY');
});

test('a variant that is gone is told as refused, and the others are told', async () => {
  const open = await openShop();
  const lamp = open.shop.addVariant('LAMP');
  const outcomes = await open.connection.publish!([
    offered('GONE', ['gid://shopify/ProductVariant/1']),
    offered('LAMP', [lamp.id]),
  ]);
  expect(outcomes.map((one) => one.state)).toEqual(['refused', 'done']);
});

test('what is sold before it is here has a pre-order plan that charges as the terms say, without a day of its own', async () => {
  const open = await openShop({ preorderPlans: true, depositPercent: 30 });
  const [lamp, shade] = [open.shop.addVariant('LAMP'), open.shop.addVariant('SHADE')];
  const preorder = (sku: string, id: string, charge: string) =>
    offered(sku, [id], { state: 'preorder', charge });
  await open.connection.publish!([
    preorder('LAMP', lamp.id, 'deposit'),
    preorder('SHADE', shade.id, 'at_shipment'),
  ]);
  expect(open.shop.planGroups.map((one) => [one.merchantCode, [...one.variants]])).toEqual([
    ['kept-preorder-deposit', [lamp.id]],
    ['kept-preorder-at_shipment', [shade.id]],
  ]);
  expect(open.shop.planGroups[0]!.input.sellingPlansToCreate).toMatchObject([
    {
      category: 'PRE_ORDER',
      billingPolicy: {
        fixed: {
          checkoutCharge: { type: 'PERCENTAGE', value: { percentage: 30 } },
          remainingBalanceChargeTrigger: 'ON_FULFILLMENT',
        },
      },
      deliveryPolicy: { fixed: { fulfillmentTrigger: 'UNKNOWN' } },
    },
  ]);
  await open.connection.publish!([preorder('LAMP', lamp.id, 'at_shipment'), offered('SHADE', [shade.id])]);
  expect(open.shop.planGroups.map((one) => [...one.variants])).toEqual([[], [lamp.id]]);
  await open.connection.disconnect!();
  expect(open.shop.planGroups).toEqual([]);
});
