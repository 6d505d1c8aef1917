import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../platform/testing/database.ts';
import { faultsOf, givenShop, type TestKept, testKept } from '../../../testing/brand.ts';
import { folderMailbox } from '../mailbox/folder.ts';
import { Partner } from '../partner.ts';
import { exchangeOnce } from '../testing/mini-frame.ts';
import { type Fault, PartnerSimulator } from './partner.ts';

const { url } = await testDatabase();
let kept: TestKept;
let folder: string;
beforeAll(async () => {
  kept = await testKept(url);
  await givenShop(kept, { 'MUG-RED': 500 });
  folder = await mkdtemp(join(tmpdir(), 'kept-simulator-'));
});
afterAll(async () => {
  await kept.close();
  await rm(folder, { recursive: true });
});

test('whatever goes wrong with a partner’s files, each order counts once, and the partner has nothing to complain of', async () => {
  const partner = new PartnerSimulator(folder, { ours: 'NORTHOUT', theirs: 'KEPTBRAND' });
  const exchange = {
    kept: kept.kept,
    brandId: 1,
    connection: 'partners',
    partners: [
      Partner.parse({
        code: 'north',
        standard: 'x12',
        ours: { id: 'KEPTBRAND' },
        theirs: { id: 'NORTHOUT' },
        customer: { name: 'North' },
        items: { numbers: { 'UP:012345678905': 'MUG-RED' } },
      }),
    ],
  };
  const mailbox = folderMailbox({ in: join(folder, 'in'), out: join(folder, 'out') });
  const look = async () => {
    // Nobody writes to these any more: what is cut stays cut.
    const names = await readdir(join(folder, 'in')).catch(() => [] as string[]);
    const before = new Date(Date.now() - 3_600_000);
    for (const name of names) if (name !== '.taken') await utimes(join(folder, 'in', name), before, before);
    await exchangeOnce(kept, exchange, mailbox);
    await partner.read();
  };
  const faults: (Fault | undefined)[] = [
    'duplicate',
    'truncated',
    'half_written',
    'wrong_count',
    'unknown_code',
    'out_of_order',
    'missed',
    undefined,
  ];
  for (const [n, fault] of [...faults, ...faults].entries()) {
    if (fault !== undefined) partner.next(fault);
    await partner.order(`PO-${n}`, [{ line: '1', quantity: n + 1, number: '012345678905' }]);
    // A half of a file is seen by the one who looks in between.
    if (n % 2 === 0) await exchangeOnce(kept, exchange, mailbox);
  }
  await look();
  for (let round = 0; round < 5 && (await partner.sendAgain()) > 0; round++) await look();
  expect(await partner.sendAgain()).toBe(0);
  expect(partner.complaints).toEqual([]);
  let units = 0;
  for (let n = 0; n < 16; n++)
    units += (await kept.call('GET', `/v1/orders/wholesale:north-PO-${n}`)).body.lines[0].ordered;
  expect(units).toBe(partner.ordered);
  expect(partner.told.size).toBe(16);
  expect(await faultsOf(kept.kept)).toEqual([]);
});
