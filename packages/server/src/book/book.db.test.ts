import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { faultsOf, givenShop, purchaseOrder, type TestKept, testKept } from '../testing/brand.ts';
import { foldBook } from './fold.ts';

const { url } = await testDatabase();
let one: TestKept;
let run = 0;

beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { A: 6, B: 0, C: 2 });
  for (const [sku, cost] of [
    ['A', { amount: 400, currency: 'USD' }],
    ['B', { amount: 300, currency: 'EUR' }],
  ] as const)
    await said('PUT', `/v1/items/${sku}`, { title: sku, price: { amount: 1000, currency: 'USD' }, cost });
  await said('PUT', '/v1/items/KIT', {
    title: 'A and two B',
    price: { amount: 2500, currency: 'USD' },
    components: [
      { sku: 'A', quantity: 1 },
      { sku: 'B', quantity: 2 },
    ],
  });
  await said('PUT', '/v1/suppliers/acme', { title: 'Acme', paymentTerms: 'net 30' });
  await said('PUT', '/v1/book/rates/2026-01-01', { rates: { EUR: '1.1' } });
});
afterAll(() => one.close());

async function said(method: string, path: string, body?: unknown) {
  const answer = await one.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const DIMENSIONS = ['item', 'supplier', 'purchase_order', 'channel', 'class', 'cause', 'state', 'month'];

/** All that the book shows, but for the moment itself. */
async function shown(asOf?: string) {
  const at = asOf === undefined ? '' : `&asOf=${asOf}`;
  const books = [];
  for (const by of DIMENSIONS) {
    const { asOf: _moment, ...book } = await said('GET', `/v1/book?by=${by}${at}`);
    book.currencies.sort(byKey);
    book.states.sort(byKey);
    book.groups.sort(byKey);
    // Orders are counted apart by the few things that an order has one of.
    books.push(book);
  }
  const ageing = [];
  for (const basis of ['order', 'first', 'latest']) {
    const { buckets } = await said('GET', `/v1/book/ageing?basis=${basis}${at}`);
    for (const bucket of buckets)
      bucket.values.sort((a: Value, b: Value) => (a.currency < b.currency ? -1 : 1));
    ageing.push(buckets);
  }
  return { books, ageing };
}
interface Value {
  amount: number;
  currency: string;
}
const byKey = (a: { key: string; value: Value }, b: { key: string; value: Value }) =>
  `${a.key} ${a.value.currency}` < `${b.key} ${b.value.currency}` ? -1 : 1;

const sku = fc.constantFrom('A', 'B', 'C', 'KIT');
const units = fc.integer({ min: 1, max: 9 });
const place = fc.integer({ min: 0, max: 5 });
const currency = fc.constantFrom('USD', 'USD', 'EUR');
const day = fc.constantFrom('2026-03-10', '2026-03-20', '2026-04-15', null);

type Step = (orders: string[]) => Promise<{ status: number; body: unknown }>;
const on =
  (at: number, what: string, body: unknown): Step =>
  (orders) =>
    one.call('POST', `/v1/orders/${orders[at] ?? 'web:none'}/${what}`, body);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.array(fc.tuple(sku, units), { minLength: 1, maxLength: 2 }),
        currency,
        fc.nat(300),
        fc.boolean(),
        fc.nat(3),
      )
      .map(
        ([lines, money, discount, placed, customer]): Step =>
          async (orders) => {
            const ref = `B${run}-${orders.length}`;
            const answer = await one.call('POST', '/v1/orders', {
              ref,
              channel: placed ? 'wholesale' : 'web',
              mode: placed ? 'placed' : 'request',
              placedAt: one.clock.now().toISOString(),
              customer: {
                name: `C${customer}`,
                email: `c${customer}@example.com`,
                class: customer === 0 ? 'vip' : undefined,
              },
              shipTo: { country: 'US' },
              allowPartial: true,
              lines: lines.map(([one, quantity], index) => ({
                line: index + 1,
                sku: one,
                quantity,
                price: { amount: 999, currency: money },
                discount: { amount: Math.min(discount, 999), currency: money },
                tax: { amount: 77 * quantity, currency: money },
              })),
            });
            if (answer.status < 300) orders.push(`${placed ? 'wholesale' : 'web'}:${ref}`);
            return answer;
          },
      ),
  },
  fc.tuple(place, units).map(([at, quantity]) => on(at, 'cancellations', { lines: [{ line: 1, quantity }] })),
  fc.tuple(place, units).map(([at, quantity]) => on(at, 'shipments', { lines: [{ line: 1, quantity }] })),
  fc
    .tuple(place, fc.integer({ min: 0, max: 12 }))
    .map(([at, quantity]) => on(at, 'changes', { lines: [{ line: 1, quantity }] })),
  fc
    .tuple(place, sku)
    .map(([at, other]) =>
      on(at, 'switches', { line: 1, sku: other, price: { amount: 800, currency: 'USD' } }),
    ),
  fc
    .tuple(
      place,
      fc.constantFrom('captured', 'refunded', 'authorised'),
      fc.nat(6000),
      currency,
      fc.nat(1_000_000),
    )
    .map(
      ([at, kind, amount, money, id]): Step =>
        (orders) =>
          one.call('POST', `/v1/orders/${orders[at] ?? 'web:none'}/payments`, {
            id: `p${run}-${id}`,
            kind,
            amount: { amount, currency: money },
            at: one.clock.now().toISOString(),
          }),
    ),
  fc
    .tuple(
      fc.constantFrom('A', 'B', 'C'),
      fc.integer({ min: 1, max: 25 }),
      day,
      fc.constantFrom('placed', 'in_transit', 'cancelled'),
    )
    .map(
      ([item, quantity, expectedOn, stage]): Step =>
        () =>
          one.call('PUT', `/v1/purchase-orders/PB-${item}`, {
            ...purchaseOrder(item, quantity, expectedOn, stage),
          }),
    ),
  fc.tuple(fc.constantFrom('A', 'B', 'C'), units).map(
    ([item, quantity]): Step =>
      () =>
        one.call('POST', `/v1/purchase-orders/PB-${item}/receipts`, { line: 1, quantity }),
  ),
  fc.tuple(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 0, max: 8 })).map(
    ([item, counted]): Step =>
      () =>
        one.call('POST', '/v1/stock/adjustments', { sku: item, location: 'main', counted, reason: 'count' }),
  ),
  fc.tuple(fc.constantFrom('A', 'B'), fc.integer({ min: 100, max: 900 })).map(
    ([item, amount]): Step =>
      () =>
        one.call('PUT', `/v1/items/${item}`, {
          title: item,
          price: { amount: 1000, currency: 'USD' },
          cost: { amount, currency: 'USD' },
        }),
  ),
  fc.tuple(fc.nat(4), fc.constantFrom('supplier_delay', 'forecast_undershoot', 'moq_shortfall', null)).map(
    ([at, cause]): Step =>
      async () => {
        const { items } = await said('GET', '/v1/episodes?open=true');
        const episode = items[at % Math.max(1, items.length)];
        if (episode === undefined) return { status: 200, body: null };
        const causes = cause === null ? null : [{ cause, weight: 1 }];
        return one.call('PATCH', `/v1/episodes/${episode.id}`, { causes, note: 'seen' });
      },
  ),
  fc.integer({ min: 1, max: 12 }).map(
    (days): Step =>
      () =>
        one.call('PUT', '/v1/clock', {
          now: new Date(one.clock.now().getTime() + days * 86_400_000).toISOString(),
        }),
  ),
);

describe('the book', () => {
  test('as of any moment is what was shown then, adds up in every way, and its money ties', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        run++;
        const orders: string[] = [];
        const moments: { at: string; told: Awaited<ReturnType<typeof shown>> }[] = [];
        for (const take of steps) {
          one.clock.set(new Date(one.clock.now().getTime() + 1000));
          const { status, body } = await take(orders);
          expect(status, JSON.stringify(body)).toBeLessThan(500);
          const told = await shown();
          addsUp(told);
          await historyAddsUp(told);
          if (moments.length % 3 === 2) await opensToRows(told);
          // Adding up changes nothing of what is shown.
          if (moments.length % 3 === 1) {
            await foldBook(one.kept, 1);
            expect(await shown()).toEqual(told);
          }
          moments.push({ at: one.clock.now().toISOString(), told });
        }
        one.clock.set(new Date(one.clock.now().getTime() + 1000));
        expect(await faultsOf(one.kept)).toEqual([]);
        for (const { at, told } of moments) {
          expect(await shown(at)).toEqual(told);
          expect(await replayed(at)).toEqual(sumsOf(told));
        }
        await moneyTies();
      }),
      { numRuns: 5, endOnFailure: true },
    );
  }, 240_000);
});

/** The units and value of each dimension, in every currency, are those of the whole. */
function addsUp({ books, ageing }: Awaited<ReturnType<typeof shown>>): void {
  for (const { currencies, groups, states, units } of books) {
    const whole = totals(currencies);
    expect(totals(groups)).toEqual(whole);
    expect(totals(states)).toEqual(whole);
    for (const buckets of ageing)
      expect(buckets.reduce((sum: number, bucket: { units: number }) => sum + bucket.units, 0)).toBe(units);
  }
}

/** Every group of every dimension, and every bucket of every ageing, is its rows. */
async function opensToRows({ books, ageing }: Awaited<ReturnType<typeof shown>>): Promise<void> {
  const rowsOf = async (query: string) => {
    const { items, next } = await said('GET', `/v1/book/lines?limit=1000&${query}`);
    expect(next).toBeNull();
    return items as { units: number; value: Value; supplies: { ref: string | null; units: number }[] }[];
  };
  for (const [at, by] of DIMENSIONS.entries())
    for (const { key, value, lines, units } of [
      ...books[at]!.groups,
      ...(by === 'state' ? books[at]!.states : []),
    ]) {
      const rows = await rowsOf(`by=${by}&key=${encodeURIComponent(key)}&currency=${value.currency}`);
      if (by === 'purchase_order') {
        const name = key === 'unbacked' ? null : key;
        const waiting = rows.flatMap(({ supplies }) => supplies.filter(({ ref }) => ref === name));
        expect(
          waiting.reduce((sum, one) => sum + one.units, 0),
          `${by} ${key}`,
        ).toBe(units);
      } else if (by !== 'supplier') {
        expect(rows.length, `${by} ${key}`).toBe(lines);
        expect(rows.reduce((sum, row) => sum + row.value.amount, 0)).toBe(value.amount);
      } else expect(rows.length).toBeGreaterThan(0);
    }
  for (const [at, basis] of ['order', 'first', 'latest'].entries())
    for (const { key, lines } of ageing[at])
      expect(await rowsOf(`basis=${basis}&age=${encodeURIComponent(key)}`), `${basis} ${key}`).toHaveLength(
        lines,
      );
}

/** The end of today's history, by cause, is the book by cause; and its parts are the whole. */
async function historyAddsUp({ books }: Awaited<ReturnType<typeof shown>>): Promise<void> {
  const today = one.clock.now().toISOString().slice(0, 10);
  const byCause = books[DIMENSIONS.indexOf('cause')]!.groups as {
    key: string;
    units: number;
    value: Value;
  }[];
  for (const currency of ['USD', 'EUR']) {
    const { days } = await said(
      'GET',
      `/v1/book/history?by=cause&from=${today}&to=${today}&currency=${currency}`,
    );
    const [{ closing, parts }] = days;
    const told = (parts as { key: string; units: number; value: number }[]).map(
      ({ key, units, value }) => `${key} ${units} ${value}`,
    );
    const expected = byCause
      .filter(({ value }) => value.currency === currency)
      .map(({ key, units, value }) => `${key} ${units} ${value.amount}`);
    expect(told.sort()).toEqual(expected.sort());
    expect((parts as { value: number }[]).reduce((sum, { value }) => sum + value, 0)).toBe(closing.value);
  }
}

function totals(rows: readonly { units: number; value: Value }[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { units, value } of rows) {
    sums[`units ${value.currency}`] = (sums[`units ${value.currency}`] ?? 0) + units;
    sums[value.currency] = (sums[value.currency] ?? 0) + value.amount;
  }
  return sums;
}

function sumsOf({ books }: Awaited<ReturnType<typeof shown>>) {
  const [{ currencies, orders, customers }] = books as [
    {
      currencies: { key: string; units: number; value: Value; lines: number }[];
      orders: number;
      customers: number;
    },
  ];
  return {
    orders,
    customers,
    currencies: currencies.map(({ key, units, lines, value }) => ({
      key,
      units,
      lines,
      value: value.amount,
    })),
  };
}

/** The book by adding up every change from the first one on. */
async function replayed(at: string) {
  return withBrand(one.kept.db, 1, async (client) => {
    const { rows } = await client.query(
      `select currency as key, sum(units - was_units)::int as units, sum((units > 0)::int - (was_units > 0)::int)::int as lines,
         sum(value - was_value)::bigint as value
       from book_entry where brand_id = 1 and recorded_at <= $1 group by currency having sum((units > 0)::int - (was_units > 0)::int) > 0
       order by currency collate "C"`,
      [at],
    );
    const { rows: people } = await client.query(
      `select (select count(*)::int from (select from book_entry where brand_id = 1 and recorded_at <= $1 group by order_id
           having sum((units > 0)::int - (was_units > 0)::int) > 0) o) as orders,
         (select count(*)::int from (select from book_entry where brand_id = 1 and recorded_at <= $1 group by customer
           having sum((units > 0)::int - (was_units > 0)::int) > 0) c) as customers`,
      [at],
    );
    return { ...people[0], currencies: rows };
  });
}

async function moneyTies(): Promise<void> {
  const money = await said('GET', '/v1/book/money');
  const book = await said('GET', '/v1/book');
  const journal = await said('GET', '/v1/book/journal');
  for (const row of money.reconciliation) {
    expect(row.book).toBe(row.prepaid + row.unpaid);
    expect(row.deferred).toBe(row.prepaid + row.prepaidReserved + row.otherDeferred);
  }
  const tied = Object.fromEntries(
    money.reconciliation.map((row: { currency: string; book: number }) => [row.currency, row.book]),
  );
  for (const { key, value } of book.currencies) expect(tied[key]).toBe(value.amount);
  for (const row of money.deferred) {
    expect(row.deferred - row.receivable).toBe(row.captured - row.refunded - row.recognised);
    const left = journal.deferred.find((sum: Value) => sum.currency === row.currency)?.amount ?? 0;
    expect(left).toBe(row.deferred);
  }
  // All of it reckoned anew comes to the same.
  await withBrand(one.kept.db, 1, (client) =>
    client.query(
      'insert into money_touched (brand_id, order_id) select brand_id, order_id from customer_order where brand_id = 1',
    ),
  );
  const { asOf: _then, ...told } = money;
  const { asOf: _now, ...anew } = await said('GET', '/v1/book/money');
  expect(anew).toEqual(told);
  await foldBook(one.kept, 1);
  const { asOf: _after, ...folded } = await said('GET', '/v1/book/money');
  expect(folded).toEqual(told);
  // A span of the journal is its part of the whole, and leaves what all entries until then leave.
  const days: string[] = [...new Set<string>(journal.entries.map(({ day }: { day: string }) => day))].sort();
  for (const to of days.slice(-3)) {
    const part = await said('GET', `/v1/book/journal?from=${to}&to=${to}`);
    expect(part.entries).toEqual(journal.entries.filter(({ day }: { day: string }) => day === to));
    const left = new Map<string, number>();
    for (const { day, currency, postings } of journal.entries)
      for (const { account, amount } of postings)
        if (account === 'deferred_revenue' && day <= to)
          left.set(currency, (left.get(currency) ?? 0) - amount);
    for (const { currency, amount } of part.deferred) expect(amount).toBe(left.get(currency) ?? 0);
  }
  for (const { postings } of journal.entries) {
    expect(postings.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)).toBe(0);
    expect(postings.reduce((sum: number, { base }: { base: number }) => sum + base, 0)).toBe(0);
  }
}

describe('what the book answers', () => {
  test('history, burn-down, metrics, exports and the week', async () => {
    one.clock.set(new Date(one.clock.now().getTime() + 1000));
    await said('PUT', '/v1/purchase-orders/PB-X', purchaseOrder('B', 500, '2027-01-10'));
    await said('POST', '/v1/orders', {
      ref: 'formula',
      channel: 'web',
      mode: 'placed',
      placedAt: '2026-01-05T09:00:00Z',
      customer: { name: '=HYPERLINK("http://evil")' },
      shipTo: { country: 'US' },
      lines: [{ line: '@1', sku: 'B', quantity: 5, price: { amount: 1000, currency: 'USD' } }],
    });
    const book = await said('GET', '/v1/book');
    const history = await said('GET', '/v1/book/history');
    const dollars = book.currencies.find(({ key }: { key: string }) => key === 'USD');
    expect(history.days.at(-1).closing).toMatchObject({ units: dollars.units, value: dollars.value.amount });
    const burn = await said('GET', '/v1/book/burn-down');
    expect(burn.sofar.at(-1).left).toBe(dollars.value.amount);
    expect(
      burn.ahead.every(
        (day: { p10: number; p50: number; p90: number }) => day.p10 <= day.p50 && day.p50 <= day.p90,
      ),
    ).toBe(true);
    const { metrics } = await said('GET', '/v1/book/metrics');
    expect(
      metrics.every(
        (metric: Record<string, string>) => metric.formula && metric.denominator && metric.source,
      ),
    ).toBe(true);
    expect(metrics.find(({ id }: { id: string }) => id === 'coverage').over).toBe(book.units);

    const today = one.clock.now().toISOString().slice(0, 10);
    const { items: moves } = await said(
      'GET',
      `/v1/book/moves?from=${today}&to=${today}&currency=USD&limit=1000`,
    );
    expect(moves.reduce((sum: number, { value }: { value: Value }) => sum + value.amount, 0)).toBe(
      history.days.at(-1).moves.reduce((sum: number, { value }: { value: number }) => sum + value, 0),
    );
    const lines = await raw('/v1/book/export/lines.csv?by=item&key=B');
    expect(lines.split('\r\n')).toHaveLength(
      2 +
        book.lines -
        (await said('GET', '/v1/book/lines')).items.filter(({ sku }: { sku: string }) => sku !== 'B').length,
    );
    expect((await one.call('GET', '/v1/book/lines?age=old')).status).toBe(422);

    const csv = await raw('/v1/book/export/oldest.csv');
    expect(csv).toContain(`"'=HYPERLINK`);
    expect(csv).toContain(`'@1`);
    for (const ledger of ['quickbooks', 'xero', 'netsuite'])
      expect(await raw(`/v1/book/journal?format=${ledger}`)).toContain(',');
    expect((await raw('/v1/book/export/all.xlsx')).startsWith('PK')).toBe(true);
    const week = await raw('/v1/book/week');
    expect(week).toContain('Coming down');
    expect((await one.call('GET', '/v1/book/export/nothing.csv')).status).toBe(404);
  });
});

async function raw(path: string): Promise<string> {
  const { buildApp } = await import('../app.ts');
  const app = await buildApp(one.kept, { bootstrapKey: 'test-key' });
  const answer = await app.inject({
    method: 'GET',
    url: path,
    headers: { authorization: 'Bearer test-key' },
  });
  await app.close();
  expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200);
  return answer.body;
}
