import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { givenShop, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { BUYER_WORDS } from './buyer-signals.ts';

const { url } = await testDatabase();
let one: TestKept;
let operations: { method: string; pattern: RegExp }[];

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 1 });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('LAMP', 10, '2026-03-23'));
  await one.call('POST', '/v1/stock/adjustments', {
    ...{ sku: 'LAMP', location: 'main', condition: 'quality_hold', delta: 5, reason: 'came' },
  });
  const { paths } = (await one.call('GET', '/openapi.json')).body;
  operations = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    })),
  );
});
afterAll(() => one.close());

/** What a person says before it is done. */
const SAID: Readonly<Record<string, object>> = {
  release: { location: 'main', quantity: 1, reason: 'checked' },
};

describe('what ends a signal can be done', () => {
  const data = { purchaseOrder: 'PO-1', supplier: 'acme', campaign: 'spring', line: 1, location: 'main' };
  test.each(Object.entries(BUYER_WORDS))('%s', async (kind, { choices }) => {
    const row = {
      ...{ id: '1', kind, sku: 'LAMP', supplier: 'acme', order: null, at: '2026-03-02T09:00:00Z' },
      ...{ data, waiting: 3, alternatives: [] },
    };
    const calls = choices(row).flatMap(({ choice, call }) =>
      call === undefined ? [] : [{ choice, ...call }],
    );
    expect(calls.length).toBeGreaterThan(0);
    for (const { choice, method, path, body } of calls) {
      const known = operations.some((one) => one.method === method && one.pattern.test(path));
      expect(known, `${choice}: ${method} ${path}`).toBe(true);
      // What comes with its body is done as it is, but for what only a person can say.
      if (body === undefined) continue;
      const answer = await one.call(method, path, { ...(body as object), ...SAID[choice] });
      expect(answer.status, `${choice}: ${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    }
  });
});
