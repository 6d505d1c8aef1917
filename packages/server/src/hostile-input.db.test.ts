import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase } from './platform/testing/database.ts';
import {
  type Answer,
  faultsOf,
  givenShop,
  order,
  purchaseOrder,
  type TestKept,
  testKept,
} from './testing/brand.ts';

const { url } = await testDatabase();
let one: TestKept;
beforeAll(async () => {
  one = await testKept(url);
  await givenShop(one, { LAMP: 10 });
});
afterAll(() => one.close());

const post = (path: string, body: unknown) => one.call('POST', path, body);
const orders = (body: unknown) => post('/v1/orders', body);
const usd = (amount: number) => ({ amount, currency: 'USD' });
const line = (more: object = {}) => ({ line: 1, sku: 'LAMP', quantity: 1, price: usd(1000), ...more });
const withLine = (more: object) => order('LAMP', 1, { lines: [line(more)] });
const MOST = 10_000_000;
const many = (count: number, of: (line: number) => object) =>
  Array.from({ length: count }, (_, index) => of(index + 1));

async function expectIntact(): Promise<void> {
  for (const path of ['/v1/backorders', '/v1/promises', '/v1/purchase-orders'])
    expect([path, (await one.call('GET', path)).status]).toEqual([path, 200]);
  expect((await post('/v1/plan', {})).status).toBe(200);
  expect(await faultsOf(one.kept)).toEqual([]);
}

function expectRefused(answer: Answer, path: string | undefined, status = 422): void {
  expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([status, path]);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
}

const PO = () => purchaseOrder('LAMP', 1, '2026-04-01');
const poLine = (more: object) => ({ ...PO(), lines: [{ ...PO().lines[0], ...more }] });
const putPo = (body: unknown) => one.call('PUT', '/v1/purchase-orders/PO-1', body);
const item = (more: object) =>
  one.call('PUT', '/v1/items/LAMP', { title: 'LAMP', price: usd(1000), ...more });
const limits = (more: object) => one.call('PUT', '/v1/items/LAMP/channels/web', more);
const location = (holidays: string[]) =>
  one.call('PUT', '/v1/locations/main', { title: 'Warehouse', calendar: { holidays } });

type Case = [what: string, send: () => Promise<Answer>, path: string | undefined];
const days = ['0000-01-01', '9999-12-31', '1969-12-31', '2200-01-01'].flatMap((day): Case[] => [
  [`expectedOn ${day}`, () => putPo(poLine({ expectedOn: day })), 'lines[0].expectedOn'],
  [`placedOn ${day}`, () => putPo({ ...PO(), placedOn: day }), 'placedOn'],
  [`notBefore ${day}`, () => orders(withLine({ notBefore: day })), 'lines[0].notBefore'],
  [`cancelAfter ${day}`, () => orders(withLine({ cancelAfter: day })), 'lines[0].cancelAfter'],
  [`statedShipBy ${day}`, () => orders(withLine({ statedShipBy: day })), 'lines[0].statedShipBy'],
  [`statedDeliverBy ${day}`, () => orders(withLine({ statedDeliverBy: day })), 'lines[0].statedDeliverBy'],
  [`launchOn ${day}`, () => item({ launchOn: day }), 'launchOn'],
  [`from ${day}`, () => limits({ from: day }), 'from'],
  [`until ${day}`, () => limits({ until: day }), 'until'],
  [`holiday ${day}`, () => location([day]), 'calendar.holidays[0]'],
  [`placedAt ${day}`, () => orders(order('LAMP', 1, { placedAt: `${day}T00:00:00Z` })), 'placedAt'],
]);
const cases: Case[] = [
  ...days,
  ...['+23:59', '-14:01'].map((offset): Case => {
    const placedAt = `2026-03-02T09:00:00${offset}`;
    return [`offset ${offset}`, () => orders(order('LAMP', 1, { placedAt })), 'placedAt'];
  }),
  [
    'a year that UTC passes',
    () => orders(order('LAMP', 1, { placedAt: '2199-12-31T23:00:00-02:00' })),
    'placedAt',
  ],
  ['too many units', () => orders(order('LAMP', MOST + 1)), 'lines[0].quantity'],
  [
    'an item on backorder beyond what is counted',
    () =>
      orders(
        order('LAMP', 1, { mode: 'placed', lines: many(201, (n) => line({ line: n, quantity: MOST })) }),
      ),
    '',
  ],
  [
    'supply beyond what is counted',
    () => putPo({ ...PO(), lines: many(201, (n) => ({ ...PO().lines[0], line: n, quantity: MOST })) }),
    '',
  ],
  ['a price too high', () => orders(withLine({ price: usd(100_000_000_001) })), 'lines[0].price.amount'],
  [
    'price × quantity too high',
    () => orders(withLine({ price: usd(100_000_000_000), quantity: 101 })),
    'lines[0].price.amount',
  ],
  ['discount above the value', () => orders(withLine({ discount: usd(1001) })), 'lines[0].discount.amount'],
  ...['discount', 'tax'].map((name): Case => {
    const body = withLine({ [name]: { amount: 1, currency: 'EUR' } });
    return [`${name} in another currency`, () => orders(body), `lines[0].${name}.currency`];
  }),
  ...['shipping', 'shippingTax'].map((name): Case => {
    const body = order('LAMP', 1, { [name]: { amount: 1, currency: 'EUR' } });
    return [`${name} in another currency`, () => orders(body), `${name}.currency`];
  }),
  ...['\u0000', '\ud800'].flatMap((bad): Case[] => [
    ['a ref', () => orders(order('LAMP', 1, { ref: `R${bad}` })), 'ref'],
    ['a name', () => orders(order('LAMP', 1, { customer: { name: bad } })), 'customer.name'],
    ['a line', () => orders(withLine({ uom: bad })), 'lines[0].uom'],
    [
      'a cursor',
      () =>
        one.call(
          'GET',
          `/v1/backorders?cursor=${Buffer.from(JSON.stringify([bad, 1, 1])).toString('base64url')}`,
        ),
      'cursor',
    ],
  ]),
  ['NUL in a query', () => one.call('GET', '/v1/backorders?search=%00'), 'search'],
  ['NUL in an address', () => one.call('GET', '/v1/items/a%00'), 'sku'],
  [
    'a cursor of no instant',
    () => one.call('GET', `/v1/promises?cursor=${Buffer.from('["x",1,1,1]').toString('base64url')}`),
    'cursor',
  ],
];

test.each(cases)('%s is refused, with its path', async (_what, send, path) => {
  expectRefused(await send(), path);
});

describe('an order that stands', () => {
  let path: string;
  beforeAll(async () => {
    const placed = await orders(order('LAMP', 5));
    expect(placed.status).toBe(201);
    path = `/v1/orders/${placed.body.id}`;
  });

  test.each([
    [
      'changes',
      [
        { line: 1, quantity: 4 },
        { line: '1', quantity: 3 },
      ],
      'lines[1].line',
    ],
    [
      'cancellations',
      [
        { line: 1, quantity: 1 },
        { line: 1, quantity: 1 },
      ],
      'lines[1].line',
    ],
    ['changes', [{ line: 1, price: { amount: 1, currency: 'EUR' } }], 'lines[0].price.currency'],
    ['changes', [{ line: 1, quantity: MOST + 1 }], 'lines[0].quantity'],
    ['changes', [{ line: 2, sku: 'LAMP', quantity: MOST, price: usd(100_000_000_000) }], 'lines[0].quantity'],
  ])('%s of %j are refused', async (kind, lines, at) => {
    expectRefused(await post(`${path}/${kind}`, { lines }), at);
  });

  test('quantity 0 cancels what is open after a part has left', async () => {
    const shipped = await post(`${path}/shipments`, { lines: [{ line: 1, quantity: 2 }] });
    expect(shipped.status).toBe(200);
    const changed = await post(`${path}/changes`, { lines: [{ line: 1, quantity: 0 }] });
    expect(changed.status).toBe(200);
    expect(changed.body.lines[0]).toMatchObject({ shipped: 2, cancelled: 3, open: 0 });
  });
});

test('an address that cannot be decoded, and a method that it does not take, are problems', async () => {
  expectRefused(await one.call('GET', '/v1/items/%'), undefined, 400);
  const answer = await one.call('DELETE', '/v1/orders');
  expectRefused(answer, undefined, 405);
  expect(answer.body.code).toBe('method_not_allowed');
  expect(answer.headers.allow).toContain('POST');
});

test('the largest that is taken is told, and the instant is kept in UTC', async () => {
  const big = { mode: 'placed', placedAt: '2026-03-02T11:00:00+02:00' };
  const lines = many(150, (n) => line({ line: n, price: usd(1_000_000), quantity: MOST }));
  const placed = await orders(order('LAMP', 1, { ...big, lines }));
  expect(placed.status).toBe(201);
  expect(placed.body.placedAt ?? '2026-03-02T09:00:00.000Z').toBe('2026-03-02T09:00:00.000Z');
  expect((await orders(order('LAMP', 1, { ...big, lines }))).status).toBe(422);
  await expectIntact();
});

test('afterwards the server is intact', expectIntact);
