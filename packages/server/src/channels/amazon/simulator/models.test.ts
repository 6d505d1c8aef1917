import { expect, test } from 'vitest';
import { type Operation, USAGE_PLANS } from '../usage-plans.ts';
import { Models, modelsDirectory } from './models.ts';
import { PLACES } from './server.ts';

const directory = modelsDirectory();
if (directory === null)
  console.log(
    'Amazon’s published models are not here: requests and answers are not held against them. KEPT_AMAZON_MODELS says where they lie.',
  );

test.skipIf(directory === null)(
  'a request and an answer that are not as published are found, with what is wrong',
  () => {
    const models = new Models(directory!);
    const orders = '/orders/2026-01-01/orders';
    const ask = (query: string) => models.request('GET', orders, new URLSearchParams(query), {}, undefined);
    expect(ask('lastUpdatedAfter=2026-03-02T00:00:00Z&marketplaceIds=ATVPDKIKX0DER')).toEqual([]);
    expect(ask('lastUpdatedAfter=yesterday')).toEqual([expect.stringContaining('date-time')]);
    expect(ask('LastUpdatedAfter=2026-03-02T00:00:00Z')).toEqual([
      'query LastUpdatedAfter is not a parameter',
    ]);
    expect(ask('includedData=FULFILLMENT,EVERYTHING')).toEqual([expect.stringContaining('allowed values')]);
    const confirm = '/orders/v0/orders/111-1/shipmentConfirmation';
    const body = { marketplaceId: 'ATVPDKIKX0DER', packageDetail: { packageReferenceId: '1' } };
    expect(models.request('POST', confirm, new URLSearchParams(), {}, body)).toContain(
      "body/packageDetail must have required property 'trackingNumber'",
    );
    expect(models.answer('GET', orders, 200, { orders: [] })).toEqual([]);
    expect(models.answer('GET', orders, 200, { orders: [{ orderId: 1 }] })).toContain(
      "answer 200/orders/0 must have required property 'createdTime'",
    );
    expect(models.answer('GET', orders, 418, {})).toEqual(['searchOrders has no answer 418']);
    expect(models.request('PUT', `${orders}/111-1/cancellation`, new URLSearchParams(), {}, {})).toBeNull();
    expect(models.notification('OrderChangeNotification', { NotificationType: 'ORDER_CHANGE' })).not.toEqual(
      [],
    );
  },
);

test.skipIf(directory === null)('usage plans are those that Amazon publishes', () => {
  const models = new Models(directory!);
  const published = (Object.keys(PLACES) as Operation[]).flatMap((operation) => {
    const plan = models.usagePlan(...PLACES[operation]);
    return plan === null ? [] : [[operation, plan] as const];
  });
  expect(published.length).toBeGreaterThan(20);
  for (const [operation, plan] of published)
    expect([operation, plan]).toEqual([operation, USAGE_PLANS[operation]]);
});
