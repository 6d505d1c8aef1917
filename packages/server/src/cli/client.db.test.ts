import { expect, test } from 'vitest';
import { ensureBrand } from '../accounts/index.ts';
import { systemClock } from '../platform/clock.ts';
import { openIds } from '../platform/ids.ts';
import { createLog } from '../platform/log.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { connect } from './client.ts';

const { url, db } = await testDatabase();

test('a database that was never begun is told as such, and what to do', async () => {
  const before = process.env.KEPT_DATABASE_URL;
  process.env.KEPT_DATABASE_URL = url;
  try {
    await expect(connect({})).rejects.toThrow(/There is no brand in .* yet\. Begin with `kept start`/);
    const kept = { db, clock: systemClock, ids: openIds(db), log: createLog('silent') };
    await ensureBrand(kept, { title: 'Wren', timeZone: 'UTC', currency: 'USD' });
    const client = await connect({});
    expect(await client.call('GET', '/v1/releases')).toMatchObject({ items: [], next: null });
    await client.close();
  } finally {
    if (before === undefined) delete process.env.KEPT_DATABASE_URL;
    else process.env.KEPT_DATABASE_URL = before;
  }
});
