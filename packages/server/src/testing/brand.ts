import { ensureBrand } from '../accounts/index.ts';
import { buildApp } from '../app.ts';
import type { Outgoing } from '../comms/index.ts';
import { type ManualClock, manualClock } from '../platform/clock.ts';
import type { Db } from '../platform/database.ts';
import { openDatabase, withBrand } from '../platform/database.ts';
import { openIds } from '../platform/ids.ts';
import type { Kept } from '../platform/kept.ts';
import { createLog } from '../platform/log.ts';
import { checkInvariants, takeUpBook } from '../promising/index.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects
  readonly body: any;
  readonly headers: Record<string, unknown>;
}

/** One process of Kept over a test database, spoken to through its public API. */
export interface TestKept {
  readonly kept: Kept;
  readonly clock: ManualClock;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

const KEY = 'test-key';

/** A Monday. */
export const START = new Date('2026-03-02T09:00:00Z');

/** Another process on the same database: its own pool, ids and clock. */
export async function testKept(
  url: string,
  clock: ManualClock = manualClock(START),
  outgoing?: Outgoing,
): Promise<TestKept> {
  const db: Db = await openDatabase({ url, max: 8 });
  const kept: Kept = { db, clock, ids: openIds(db), log: createLog('silent') };
  await ensureBrand(kept, { title: 'Test', timeZone: 'UTC', currency: 'USD', country: 'US' });
  const app = await buildApp(kept, { bootstrapKey: KEY, manualClock: clock, outgoing });
  return {
    kept,
    clock,
    async call(method, path, body, headers = {}) {
      // An empty one is none: what a browser sends.
      const { authorization = `Bearer ${KEY}`, ...others } = headers;
      const response = await app.inject({
        method: method as 'GET',
        url: path,
        headers: authorization === '' ? others : { authorization, ...others },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      return {
        status: response.statusCode,
        body: bodyOf(response.body, String(response.headers['content-type'])),
        headers: response.headers,
      };
    },
    async close() {
      await app.close();
      await db.close();
    },
  };
}

/** JSON as what it tells; anything else as its text. */
function bodyOf(text: string, type: string): unknown {
  if (text === '') return null;
  return type.includes('json') ? JSON.parse(text) : text;
}

/** A brand with a warehouse, two channels and items; stock by SKU. */
export async function givenShop(one: TestKept, stock: Readonly<Record<string, number>>): Promise<void> {
  const put = async (path: string, body: unknown) => {
    const { status, body: answer } = await one.call('PUT', path, body);
    if (status >= 300) throw new Error(`PUT ${path}: ${status} ${JSON.stringify(answer)}`);
  };
  await put('/v1/channels/web', { title: 'Web shop', kind: 'web' });
  await put('/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
  await put('/v1/locations/main', { title: 'Warehouse', channels: ['web', 'wholesale'] });
  for (const [sku, units] of Object.entries(stock)) {
    await put(`/v1/items/${sku}`, { title: sku, price: { amount: 1000, currency: 'USD' } });
    if (units === 0) continue;
    const counted = { sku, location: 'main', counted: units, reason: 'opening' };
    const { status, body } = await one.call('POST', '/v1/stock/adjustments', counted);
    if (status >= 300) throw new Error(`stock of ${sku}: ${status} ${JSON.stringify(body)}`);
  }
}

/** A purchase order of one line. */
export function purchaseOrder(sku: string, quantity: number, expectedOn: string | null, stage = 'confirmed') {
  return {
    supplier: 'acme',
    placedOn: '2026-02-01',
    stage,
    lines: [{ line: 1, sku, quantity, expectedOn, location: 'main' }],
  };
}

let orders = 0;
/** An order of one line, with a ref of its own unless told. */
export function order(sku: string, quantity: number, more: Record<string, unknown> = {}) {
  return {
    ref: `T${++orders}`,
    channel: 'web',
    placedAt: '2026-03-02T09:00:00Z',
    customer: { name: 'Ada' },
    shipTo: { country: 'US' },
    lines: [{ line: 1, sku, quantity, price: { amount: 1000, currency: 'USD' } }],
    ...more,
  };
}

/** All that must always be true, over whole tables: the faults found. */
export async function faultsOf(kept: Kept, brandId = 1): Promise<string[]> {
  await withBrand(kept.db, brandId, (client) => takeUpBook(client, brandId), { reads: true });
  const findings = await withBrand(kept.db, brandId, (client) => checkInvariants(client, brandId));
  return findings.flatMap((finding) => finding.faults.map((fault) => `${finding.name}: ${fault}`));
}
