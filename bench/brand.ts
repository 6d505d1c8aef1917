import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrand } from '../packages/server/src/accounts/index.ts';
import type { Order } from '../packages/server/src/demand/order-input.ts';
import { createApplier, type ImportRecord } from '../packages/server/src/imports/index.ts';
import { systemClock } from '../packages/server/src/platform/clock.ts';
import { openDatabase } from '../packages/server/src/platform/database.ts';
import { startEmbedded } from '../packages/server/src/platform/embedded-postgres.ts';
import { openIds } from '../packages/server/src/platform/ids.ts';
import type { Kept } from '../packages/server/src/platform/kept.ts';
import { createLog } from '../packages/server/src/platform/log.ts';
import { migrate } from '../packages/server/src/platform/migrate.ts';

/** A brand in an embedded database of its own: PostgreSQL as Kept brings it, fsync on. */
export interface BenchBrand {
  readonly kept: Kept;
  readonly brandId: number;
  /** Of the database, as its owner; libpq's programs take it too. */
  readonly url: string;
  /** Statements as the owner of the tables, for what is not Kept's own work. */
  asOwner(sql: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A directory that goes with the bench, and that the database's own user may enter where Kept runs as root. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kept-bench-'));
  await chmod(directory, 0o755);
  return directory;
}

/** @param connections most at once; a server has ten */
export async function openBrand(connections: number): Promise<BenchBrand> {
  const directory = await temporaryDirectory();
  const server = await startEmbedded({ dataDir: join(directory, 'postgres') });
  await migrate(server.url);
  const log = createLog('silent');
  const db = await openDatabase({ url: server.url, max: connections, log });
  const owner = await openDatabase({ url: server.url, max: 1, log });
  const kept: Kept = { db, clock: systemClock, ids: openIds(db), log };
  const { brandId } = await ensureBrand(kept, {
    title: 'Bench',
    timeZone: 'Europe/London',
    currency: 'GBP',
    country: 'GB',
  });
  return {
    kept,
    brandId,
    url: server.url,
    async asOwner(sql) {
      const client = await owner.pool.connect();
      try {
        await client.query('reset role');
        return (await client.query(sql)).rows;
      } finally {
        client.release();
      }
    },
    async close() {
      await owner.close();
      await db.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** An item that is sold: some of it is here, the rest is on its way. */
export interface BenchItem {
  readonly sku: string;
  readonly stock: number;
  readonly coming: number;
}

/** Records saved in one step. */
const STEP = 2000;

/** Stocks a shop with items through the doors that every import goes through. */
export async function stockShop({ kept, brandId }: BenchBrand, items: readonly BenchItem[]): Promise<void> {
  const price = { amount: 1999, currency: 'GBP' };
  const placedOn = dayFromNow(-5);
  const expectedOn = dayFromNow(20);
  const coming = items.filter((item) => item.coming > 0);
  const records: ImportRecord[] = [
    { kind: 'channel', channel: { code: 'web', title: 'Web shop', kind: 'web' } },
    { kind: 'location', location: { code: 'main', title: 'Warehouse', channels: ['web'], country: 'GB' } },
    { kind: 'supplier', supplier: { code: 'acme', title: 'Acme' } },
    ...items.map(({ sku }): ImportRecord => ({ kind: 'item', item: { sku, title: sku, price } })),
    ...items
      .filter(({ stock }) => stock > 0)
      .map(
        ({ sku, stock }): ImportRecord => ({
          kind: 'stock',
          sku,
          location: 'main',
          condition: 'sellable',
          counted: stock,
        }),
      ),
    ...coming.map(
      ({ sku, coming: quantity }, index): ImportRecord => ({
        kind: 'purchase_order',
        ref: `PO-${index + 1}`,
        purchaseOrder: {
          supplier: 'acme',
          placedOn,
          stage: 'confirmed',
          lines: [{ line: 1, sku, quantity, expectedOn, location: 'main' }],
        },
      }),
    ),
  ];
  const applier = createApplier(kept, brandId);
  await applier.begin();
  try {
    for (let from = 0; from < records.length; from += STEP)
      for (const outcome of await applier.apply(records.slice(from, from + STEP)))
        if (outcome.state === 'refused') throw new Error(`${outcome.path}: ${outcome.message}`);
  } catch (error) {
    await applier.rollback(); // else closing the database would wait for its connection for ever
    throw error;
  }
  await applier.commit();
}

const run = randomBytes(3).toString('hex');
let orders = 0;

/** One unit of an item, asked for by a customer of the web shop; no two have the same name. */
export function oneUnit(sku: string, mode: 'request' | 'placed' = 'request'): Order {
  const number = ++orders;
  return {
    ref: `${run}-${number}`,
    channel: 'web',
    mode,
    placedAt: new Date().toISOString(),
    customer: { name: `Customer ${number}`, email: `customer${number}@example.com` },
    business: false,
    shipTo: { country: 'GB', zip: 'E1 6AN' },
    shipComplete: false,
    allowPartial: false,
    acceptBackorder: true,
    lines: [{ line: 1, sku, quantity: 1, price: { amount: 1999, currency: 'GBP' }, kind: 'sale' }],
  };
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
