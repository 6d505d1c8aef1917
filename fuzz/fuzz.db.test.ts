import { expect, test } from 'vitest';
import { testDatabase } from '../packages/server/src/platform/testing/database.ts';
import { fuzzApi } from './api.ts';

const { url } = await testDatabase();

test('whatever is sent, nothing breaks, hangs or leaks', async () => {
  const found = await fuzzApi(url, { seed: 7, until: Date.now() + 90_000, requests: 1_500 });
  expect(found.faults).toEqual([]);
  expect(found.served / found.routes).toBeGreaterThan(0.4);
}, 200_000);
