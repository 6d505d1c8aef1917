import { createKey } from '../packages/server/src/accounts/index.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import {
  faultsOf,
  givenShop,
  order,
  purchaseOrder,
  type TestKept,
  testKept,
} from '../packages/server/src/testing/brand.ts';
import {
  type Chance,
  chanceOf,
  type Names,
  operationsOf,
  samplerOf,
} from '../packages/server/src/testing/sampler.ts';
import { hostileText, spoil } from './spoil.ts';

/** Stands in what the first brand knows, and in nothing that the second sends. */
const SECRET = 'Zanzibar';
/** The clock would move all of it; a stream has no end to wait for. */
const LEFT_OUT: ReadonlySet<string> = new Set(['/v1/clock', '/v1/stream']);
/** Longer than this is a hang, on whatever machine. */
const SLOW_MS = 20_000;

export interface ApiFuzz {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Routes that were asked, and those that answered 2xx at least once. */
  readonly routes: number;
  readonly served: number;
  readonly slowestMs: number;
  /** What must not be, each with the request that brought it about. */
  readonly faults: readonly string[];
}

/**
 * Asks every operation of OpenAPI with what it allows, with one thing wrong, and with what is meant to harm; as two brands, with the
 * names of the first. A fault is an answer of 5xx, one that does not come, one with another brand's words, or a broken invariant.
 */
export async function fuzzApi(
  url: string,
  { seed, until, requests = Number.POSITIVE_INFINITY }: { seed: number; until: number; requests?: number },
): Promise<ApiFuzz> {
  const one = await testKept(url);
  try {
    return await fuzz(one, chanceOf(seed), until, requests);
  } finally {
    await one.close();
  }
}

async function fuzz(one: TestKept, chance: Chance, until: number, most: number): Promise<ApiFuzz> {
  await withBrand(one.kept.db, 2, (client) =>
    client.query(
      `insert into brand (brand_id, title, time_zone, currency, created_at) values (2, 'Other', 'UTC', 'USD', now()) on conflict do nothing`,
    ),
  );
  const stranger = await createKey(one.kept, 2, 'stranger');
  const names = await givenMuch(one);
  const { body: document } = await one.call('GET', '/openapi.json');
  const operations = operationsOf(document).filter(({ path }) => !LEFT_OUT.has(path));
  const sampler = samplerOf(chance, names);
  const [byStatus, served, faults] = [new Map<string, number>(), new Set<string>(), [] as string[]];
  let [asked, slowestMs] = [0, 0];
  while (Date.now() < until && asked < most && faults.length < 50) {
    const operation = operations[asked % operations.length]!;
    const request = sampler.request(operation);
    const kind = chance();
    const path = kind < 0.9 ? request.path : spoiledPath(request.path, chance);
    const body = kind < 0.4 || request.body === undefined ? request.body : spoil(request.body, chance);
    const second = chance() < 0.3;
    const headers = {
      ...(second ? { authorization: `Bearer ${stranger}` } : {}),
      ...(operation.method === 'POST' && chance() < 0.3
        ? { 'idempotency-key': `${Math.floor(chance() * 50)}` }
        : {}),
      ...(operation.path.startsWith('/sign-in') ? { 'sec-fetch-site': 'same-origin' } : {}),
    };
    const told = `${operation.method} ${path} ${JSON.stringify(body)?.slice(0, 500) ?? ''}`;
    const began = performance.now();
    const answer = await within(SLOW_MS, one.call(operation.method, path, body, headers));
    slowestMs = Math.max(slowestMs, performance.now() - began);
    asked++;
    if (answer === null) {
      faults.push(`no answer within ${SLOW_MS / 1000} s: ${told}`);
      continue;
    }
    const { status } = answer;
    byStatus.set(String(status), (byStatus.get(String(status)) ?? 0) + 1);
    if (status < 300) served.add(`${operation.method} ${operation.path}`);
    if (status >= 500) faults.push(`${status}: ${told}`);
    if (second && JSON.stringify(answer.body ?? '').includes(SECRET))
      faults.push(`another brand's words: ${told}`);
  }
  for (const brandId of [1, 2]) faults.push(...(await faultsOf(one.kept, brandId)));
  return {
    requests: asked,
    byStatus: Object.fromEntries([...byStatus].sort()),
    routes: Math.min(operations.length, asked),
    served: served.size,
    slowestMs: Math.round(slowestMs),
    faults,
  };
}

/** null: it did not come. */
function within<T>(milliseconds: number, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function spoiledPath(path: string, chance: Chance): string {
  const parts = path.split('/');
  const at = 2 + Math.floor(chance() * Math.max(parts.length - 2, 1));
  const text = hostileText(chance).slice(0, 2000);
  const spoiled = text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
  return parts.map((part, index) => (index === at ? spoiled : part)).join('/');
}

/** Something behind every kind of name. */
async function givenMuch(one: TestKept): Promise<Names> {
  const price = { amount: 1000, currency: 'USD' };
  await givenShop(one, { LAMP: 500, VASE: 0 });
  for (const sku of ['LAMP', 'VASE'])
    await one.call('PUT', `/v1/items/${sku}`, {
      title: `${SECRET} ${sku}`,
      price,
      supplier: 'acme',
      cost: price,
    });
  await one.call('PUT', '/v1/suppliers/acme', { title: `${SECRET} Supplies` });
  await one.call('PUT', '/v1/purchase-orders/PO-1', purchaseOrder('VASE', 400, '2026-03-25'));
  const ids: string[] = [];
  for (const ref of ['1001', '1002', '1003']) {
    const customer = { name: `${SECRET} ${ref}`, email: `${SECRET}@example.com` };
    const sku = ref === '1003' ? 'VASE' : 'LAMP';
    const { body } = await one.call('POST', '/v1/orders', order(sku, 4, { ref, customer }));
    ids.push(String(body.id));
  }
  const orders = ['web:1001', 'web:1002', 'web:1003', ...ids];
  return {
    sku: ['LAMP', 'VASE'],
    items: ['LAMP', 'VASE'],
    channel: ['web', 'wholesale'],
    channels: ['web', 'wholesale'],
    code: ['web', 'main', 'acme'],
    location: ['main'],
    locations: ['main'],
    supplier: ['acme'],
    suppliers: ['acme'],
    purchaseOrder: ['PO-1'],
    'purchase-orders': ['PO-1'],
    order: orders,
    orders,
    line: [1],
    backorders: ids.map((id) => `${id}-1`),
    language: ['en', 'de'],
    timeZone: ['Europe/London'],
    currency: ['USD'],
  };
}
