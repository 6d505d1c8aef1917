import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ImportProgress } from './import-result.ts';
import type { ImportRecord } from './records.ts';
import { runImport } from './run.ts';
import { conforms, FakeApplier } from './testing.ts';

/** UCI "Online Retail", 541,909 real order lines: too large for the project, and there only where it is developed. */
const file = fileURLToPath(
  new URL('../../../../../shared/data/online_retail_2010-12_2011-12.csv.gz', import.meta.url),
);
const there = existsSync(file);
if (!there) console.log('skipped: the Online Retail file is not in ../shared/data');

test.runIf(there)(
  'the whole Online Retail file is read as orders, with its rate and memory',
  async () => {
    const applier = new FakeApplier({ skus: new Map(), currency: 'GBP' });
    let [orders, lines, units] = [0, 0, 0];
    applier.apply = async (records: ImportRecord[]) => {
      for (const record of records) {
        if (orders++ % 50 === 0) conforms(record);
        if (record.kind !== 'order') continue;
        lines += record.order.lines.length;
        for (const line of record.order.lines) units += line.quantity;
      }
      return records.map(() => ({ state: 'applied' }));
    };
    // of processor time: other tests run beside this one
    const started = process.cpuUsage();
    let checked = 0;
    const onProgress = (now: ImportProgress) => {
      if (now.phase === 'checking') checked = process.cpuUsage(started).user;
    };
    const result = await runImport({
      file,
      name: 'online_retail.csv.gz',
      applier,
      onProgress,
      options: { channel: 'web', createItems: true, returns: 'ignore', skipBadRows: true },
    });
    const rate = Math.round(541_909 / (checked / 1_000_000));
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    console.log(
      `Online Retail: ${rate.toLocaleString('en')} rows/s of processor time to the end of the check, peak ${megabytes} MB`,
    );
    expect(result).toMatchObject({
      state: 'done',
      kind: 'orders',
      rows: 541_909,
      ignored: 10_624,
      skipped: 6,
    });
    expect(result.errors.map(({ column, value }) => `${column} ${value}`)).toEqual([
      'UnitPrice 0.001',
      'UnitPrice 0.001',
      'UnitPrice -11062.06',
      'UnitPrice -11062.06',
      'UnitPrice 0.001',
      'UnitPrice 0.001',
    ]);
    // what was not applied is 124 lines of the six orders with a bad price
    expect([lines, units]).toEqual([531_161, 5_659_862]);
    expect(rate).toBeGreaterThan(150_000);
  },
  60_000,
);
