import { afterAll, describe, expect, test } from 'vitest';
import { withBrand } from '../platform/database.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { savePurchaseOrders, saveRevisions } from './index.ts';
import { openShop, purchase } from './testing/shop.ts';

const { db } = await testDatabase();
const shop = await openShop(db);
const { ask, put, kept, rows } = shop;

afterAll(async () => {
  expect(await shop.ledgerFaults()).toEqual([]);
});

describe('PUT', () => {
  test('makes the order, its lines, and a supplier that was only named', async () => {
    const sku = await shop.item();
    await shop.order('P-0', sku, 30);
    const { status, body } = await shop.buy('PO-1', sku, 100, '2026-04-01', {
      supplier: 'new one',
      currency: 'USD',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      ref: 'PO-1',
      supplier: 'new one',
      placedOn: '2026-02-01',
      stage: 'placed',
      freightMode: null,
      currency: 'USD',
      lines: [
        {
          id: expect.any(String),
          kind: 'purchase_order',
          sku,
          location: 'main',
          purchaseOrder: 'PO-1',
          line: 1,
          stage: 'placed',
          quantity: 100,
          ordered: 100,
          received: 0,
          open: 100,
          pegged: 30,
          held: 0,
          free: 70,
          expectedOn: '2026-04-01',
          promisableOn: '2026-04-01',
        },
      ],
    });
    expect((await ask('GET', '/v1/purchase-orders/PO-1')).body).toEqual(body);
    expect((await ask('GET', '/v1/suppliers/new%20one')).body).toMatchObject({
      title: 'new one',
      status: 'active',
    });
    expect(await shop.backing('P-0')).toBe('30 pegged 2026-04-01');
    expect(await shop.revisions('PO-1')).toEqual(['1: placed 100/100 2026-04-01, placed']);
  });

  test('the same body again changes nothing and records nothing', async () => {
    const sku = await shop.item();
    const count = async () => (await rows('select count(*)::int as n from event'))[0]!.n;
    await shop.buy('PO-2', sku, 10, '2026-04-01');
    const before = await count();
    expect((await shop.buy('PO-2', sku, 10, '2026-04-01')).status).toBe(200);
    expect(await count()).toBe(before);
    expect(await shop.revisions('PO-2')).toHaveLength(1);
  });

  test('a later date slips the promise, with what was said', async () => {
    const sku = await shop.item();
    await shop.buy('PO-3', sku, 10, '2026-04-01');
    await shop.order('P-3', sku, 4);
    await shop.buy('PO-3', sku, 10, '2026-04-20', { reason: 'customs' });
    expect(await shop.backing('P-3')).toBe('4 pegged 2026-04-20');
    expect((await shop.reasons('P-3'))[0]).toMatchObject({
      code: 'supply_slipped',
      purchaseOrder: 'PO-3',
      line: 1,
      from: '2026-04-01',
      to: '2026-04-20',
      reason: 'customs',
    });
    expect((await shop.revisions('PO-3'))[1]).toBe('2: placed 10/10 2026-04-20, customs');
  });

  test('a line that is no longer there is cancelled, and its pegs move or wait', async () => {
    const sku = await shop.item();
    const lines = [
      { line: 1, sku, quantity: 5, expectedOn: '2026-04-01' },
      { line: 'two', sku, quantity: 3, expectedOn: '2026-05-01' },
    ];
    await put('/v1/purchase-orders/PO-4', purchase(lines));
    await shop.order('P-4', sku, 5);
    const { body } = await put('/v1/purchase-orders/PO-4', purchase(lines.slice(1)));
    expect(body.lines).toMatchObject([
      { line: 1, stage: 'cancelled', ordered: 5, open: 0, pegged: 0, promisableOn: null },
      { line: 'two', stage: 'placed', open: 3, pegged: 3 },
    ]);
    expect(await shop.backing('P-4')).toBe('3 pegged 2026-05-01, 2 waiting');
    await put('/v1/purchase-orders/PO-4', purchase(lines));
    expect(await shop.backing('P-4')).toBe('5 pegged 2026-04-01');
  });

  test('drafts and lines without a date back nothing', async () => {
    const sku = await shop.item();
    await put(
      '/v1/purchase-orders/PO-5',
      purchase([
        { line: 1, sku, quantity: 5, expectedOn: '2026-04-01', stage: 'draft' },
        { line: 2, sku, quantity: 5, expectedOn: null },
      ]),
    );
    await shop.order('P-5', sku, 1);
    expect(await shop.backing('P-5')).toBe('1 waiting');
    const { body } = await ask('GET', '/v1/purchase-orders/PO-5');
    expect(body.lines).toMatchObject([
      { stage: 'draft', free: 0, promisableOn: null },
      { stage: 'placed', free: 0, promisableOn: null },
    ]);
  });

  test('deliveries in parts take the place of the line’s own quantity and date', async () => {
    const sku = await shop.item();
    const schedules = [
      { id: 'a', quantity: 4, expectedOn: '2026-04-01' },
      { id: 2, quantity: 6, expectedOn: '2026-05-01', stage: 'confirmed' },
    ];
    const line = { line: 1, sku, quantity: 999, expectedOn: '2026-12-31', received: 5, schedules };
    const { body } = await put('/v1/purchase-orders/PO-6', purchase([line]));
    expect(body.lines).toMatchObject([
      { line: 1, schedule: 2, ordered: 6, received: 1, open: 5, stage: 'confirmed' },
      { line: 1, schedule: 'a', ordered: 4, received: 4, open: 0, stage: 'placed' },
    ]);
    expect((await ask('GET', `/v1/stock?sku=${sku}`)).body.items).toEqual([]);
    expect((await put('/v1/purchase-orders/PO-6', purchase([line]))).status).toBe(200);
    expect(await shop.revisions('PO-6')).toHaveLength(2);
    expect((await shop.revise('PO-6', { schedule: 'b', expectedOn: '2026-05-02' })).body.detail).toBe(
      'Line 1 of PO-6 has no schedule "b"; its schedules are 2, a.',
    );
    expect((await shop.revise('PO-6', { quantity: 9 })).status).toBe(422);
    const moved = await shop.revise('PO-6', { schedule: 2, quantity: 9 });
    expect(moved.body.lines[0]).toMatchObject({ schedule: 2, ordered: 9, open: 8 });
  });

  test('a line that becomes another item’s ends for the one and begins for the other', async () => {
    const [one, other] = [await shop.item(), await shop.item()];
    await shop.buy('PO-7', one, 5, '2026-04-01');
    await shop.order('P-7', one, 5);
    await shop.order('P-8', other, 5);
    const { body } = await shop.buy('PO-7', other, 5, '2026-04-01');
    expect(body.lines).toMatchObject([{ sku: other, open: 5, pegged: 5 }]);
    expect([await shop.backing('P-7'), await shop.backing('P-8')]).toEqual([
      '5 waiting',
      '5 pegged 2026-04-01',
    ]);
    await shop.buy('PO-7', one, 5, '2026-04-01');
    expect([await shop.backing('P-7'), await shop.backing('P-8')]).toEqual([
      '5 pegged 2026-04-01',
      '5 waiting',
    ]);
  });

  test('quantities and costs of a unit of measure are stored in stock units', async () => {
    const sku = await shop.item({ uoms: { case: 12 } });
    const line = {
      line: 1,
      sku,
      quantity: 2,
      uom: 'case',
      expectedOn: null,
      unitCost: { amount: 1205, currency: 'USD' },
    };
    expect((await put('/v1/purchase-orders/PO-8', purchase([line]))).body.lines[0].ordered).toBe(24);
    expect(await rows("select unit_cost, currency from supply where ref = 'PO-8'")).toEqual([
      { unit_cost: 100, currency: 'USD' },
    ]);
    // A price alone moves nothing: no revision.
    await put(
      '/v1/purchase-orders/PO-8',
      purchase([{ ...line, unitCost: { amount: 1320, currency: 'USD' } }]),
    );
    expect(await rows("select unit_cost from supply where ref = 'PO-8'")).toEqual([{ unit_cost: 110 }]);
    expect(await shop.revisions('PO-8')).toHaveLength(1);
  });

  test('all that is wrong is told at once, and nothing is stored', async () => {
    const sku = await shop.item();
    const { status, body } = await ask(
      'PUT',
      '/v1/purchase-orders/PO-9',
      purchase([
        { line: 1, sku: 'NOPE', quantity: 1, expectedOn: null, location: 'nope' },
        { line: '1', sku, quantity: 1, expectedOn: null, uom: 'crate' },
      ]),
    );
    expect([status, body.code]).toEqual([422, 'unknown_sku']);
    expect(body.errors.map((error: { path: string }) => error.path)).toEqual([
      'lines[0].sku',
      'lines[0].location',
      'lines[1].line',
      'lines[1].uom',
    ]);
    expect((await ask('GET', '/v1/purchase-orders/PO-9')).status).toBe(404);
    expect((await ask('PUT', '/v1/purchase-orders/PO-9', purchase([{ line: 1, sku, quantity: 1, expectedOn: '2026-02-30' }]))).status).toBe(422); // biome-ignore format: one case
  });

  test('the same new order twice at once is made once', async () => {
    const sku = await shop.item();
    const answers = await Promise.all([1, 2, 3].map(() => shop.buy('PO-10', sku, 5, '2026-04-01')));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 201]);
    expect(await shop.revisions('PO-10')).toHaveLength(1);
  });

  test('another brand sees none of it', async () => {
    expect((await shop.askOther('GET', '/v1/purchase-orders')).body.items).toEqual([]);
    expect((await shop.askOther('GET', '/v1/purchase-orders/PO-1')).status).toBe(404);
    const page = await ask('GET', '/v1/purchase-orders?limit=2');
    expect(page.body.items.map((order: { ref: string }) => order.ref)).toEqual(['PO-1', 'PO-10']);
    const next = await ask('GET', `/v1/purchase-orders?limit=2&cursor=${page.body.next}`);
    expect(next.body.items[0].ref).toBe('PO-2');
  });
});

describe('revisions', () => {
  test('keep every date with its reason, and the first promise stands', async () => {
    const sku = await shop.item();
    await shop.buy('PO-20', sku, 10, '2026-04-01');
    await shop.order('P-20', sku, 5);
    await shop.revise('PO-20', { expectedOn: '2026-04-10', reason: 'production' });
    expect((await shop.reasons('P-20'))[0]).toMatchObject({ code: 'supply_slipped', reason: 'production' });
    const { body } = await shop.revise('PO-20', {
      expectedOn: '2026-04-10',
      stage: 'in_transit',
      at: '2026-03-01T10:00:00Z',
    });
    expect(body.lines[0]).toMatchObject({ stage: 'in_transit', expectedOn: '2026-04-10', pegged: 5 });
    await shop.revise('PO-20', { quantity: 3, reason: 'moq' });
    expect(await shop.backing('P-20')).toBe('3 pegged 2026-04-10, 2 waiting');
    await shop.revise('PO-20', { quantity: 3, reason: 'said again' });
    expect(await shop.revisions('PO-20')).toEqual([
      '1: placed 10/10 2026-04-01, placed',
      '2: placed 10/10 2026-04-10, production',
      '3: in_transit 10/10 2026-04-10, freight',
      '4: in_transit 3/3 2026-04-10, moq',
    ]);
    const promises = await rows('select version, parts from promise order by made_at, version');
    expect(promises.filter((promise) => promise.version === 1).length).toBeGreaterThan(0);
  });

  test('an earlier date pulls in; no date takes the backing away; a cancelled line frees its pegs', async () => {
    const sku = await shop.item();
    await shop.buy('PO-21', sku, 10, '2026-04-10');
    await shop.order('P-21', sku, 5);
    await shop.revise('PO-21', { expectedOn: '2026-04-05' });
    expect(await shop.backing('P-21')).toBe('5 pegged 2026-04-05');
    await shop.revise('PO-21', { expectedOn: null });
    expect(await shop.backing('P-21')).toBe('5 waiting');
    await shop.revise('PO-21', { expectedOn: '2026-04-05' });
    expect(await shop.backing('P-21')).toBe('5 pegged 2026-04-05');
    const { body } = await shop.revise('PO-21', { stage: 'cancelled' });
    expect(body.lines[0]).toMatchObject({ stage: 'cancelled', open: 0, pegged: 0, ordered: 10 });
    expect(await shop.backing('P-21')).toBe('5 waiting');
  });

  test('the same id counts once; another content under it is told', async () => {
    const sku = await shop.item();
    await shop.buy('PO-22', sku, 10, '2026-04-01');
    await shop.revise('PO-22', { id: 'v1', expectedOn: '2026-04-10' });
    await shop.revise('PO-22', { expectedOn: '2026-04-20' });
    expect(
      (await shop.revise('PO-22', { id: 'v1', expectedOn: '2026-04-10' })).body.lines[0].expectedOn,
    ).toBe('2026-04-10');
    expect((await ask('GET', '/v1/purchase-orders/PO-22')).body.lines[0].expectedOn).toBe('2026-04-20');
    expect((await shop.revise('PO-22', { id: 'v1', expectedOn: '2026-05-10' })).status).toBe(409);
  });

  test('an order or line that is not there', async () => {
    expect((await shop.revise('NOPE', { quantity: 1 })).body.detail).toContain(
      'PUT /v1/purchase-orders/NOPE',
    );
    const { status, body } = await shop.revise('PO-22', { line: 9, quantity: 1 });
    expect([status, body.detail]).toEqual([404, 'PO-22 has no line 9; its lines are 1.']);
  });

  test('many at once, several of one line in their order', async () => {
    const sku = await shop.item();
    const lines = [1, 2].map((line) => ({ line, sku, quantity: 5, expectedOn: '2026-04-01' }));
    await put('/v1/purchase-orders/PO-23', purchase(lines));
    const said = (line: number, expectedOn: string, at: string) => ({
      purchaseOrder: 'PO-23',
      line,
      expectedOn,
      reason: 'customs',
      at,
    });
    await withBrand(db, 1, (client) =>
      saveRevisions(kept, client, 1, [
        said(1, '2026-04-10', '2026-02-10T10:00:00Z'),
        said(2, '2026-04-15', '2026-02-11T10:00:00Z'),
        said(1, '2026-04-20', '2026-02-12T10:00:00Z'),
      ]),
    );
    const ledger = await rows(
      `select s.line, r.expected_on, r.happened_at from supply_revision r join supply s using (brand_id, item_id, supply_id)
       where s.ref = 'PO-23' and r.revision > 1 order by r.happened_at`,
    );
    expect(ledger).toEqual([
      { line: '1', expected_on: '2026-04-10', happened_at: '2026-02-10T10:00:00.000Z' },
      { line: '2', expected_on: '2026-04-15', happened_at: '2026-02-11T10:00:00.000Z' },
      { line: '1', expected_on: '2026-04-20', happened_at: '2026-02-12T10:00:00.000Z' },
    ]);
  });
});

describe('an abandoned supplier', () => {
  const kiln = { title: 'Gone Ltd' };

  test('backs nothing, until it is active again', async () => {
    const sku = await shop.item();
    await shop.buy('PO-30', sku, 10, '2026-04-01', { supplier: 'gone' });
    await shop.order('P-30', sku, 4);
    await put('/v1/suppliers/gone', { ...kiln, status: 'abandoned' });
    expect(await shop.backing('P-30')).toBe('4 waiting');
    const { body } = await ask('GET', '/v1/purchase-orders/PO-30');
    expect(body.lines[0]).toMatchObject({
      expectedOn: '2026-04-01',
      promisableOn: null,
      pegged: 0,
      free: 0,
      open: 10,
    });
    await put('/v1/suppliers/gone', { ...kiln, status: 'active' });
    expect(await shop.backing('P-30')).toBe('4 pegged 2026-04-01');
  });

  test('nor does what is ordered from it, or moved to it, later', async () => {
    await put('/v1/suppliers/gone', { ...kiln, status: 'abandoned' });
    const sku = await shop.item();
    await shop.order('P-31', sku, 4);
    await shop.buy('PO-31', sku, 10, '2026-04-01', { supplier: 'gone' });
    expect(await shop.backing('P-31')).toBe('4 waiting');
    await shop.buy('PO-31', sku, 10, '2026-04-01', { supplier: 'kiln' });
    expect(await shop.backing('P-31')).toBe('4 pegged 2026-04-01');
    await shop.buy('PO-31', sku, 10, '2026-04-01', { supplier: 'gone' });
    expect(await shop.backing('P-31')).toBe('4 waiting');
    expect((await shop.receive('PO-31', { quantity: 10 })).status).toBe(200);
    expect(await shop.backing('P-31')).toBe('4 reserved');
  });
});

describe('many at once', () => {
  const save = (records: Parameters<typeof savePurchaseOrders>[3]) =>
    withBrand(db, 1, (client) => savePurchaseOrders(kept, client, 1, records));
  // biome-ignore lint/suspicious/noExplicitAny: bodies as tests write them
  const body = (lines: object[], fields: object = {}): any => purchase(lines, fields);

  test('each is applied, unchanged or refused by itself; the last of a name stays', async () => {
    const sku = await shop.item();
    const line = { line: 1, sku, quantity: 5, expectedOn: '2026-04-01' };
    const records = [
      { ref: 'B-1', purchaseOrder: body([line]) },
      { ref: 'B-2', purchaseOrder: body([{ ...line, sku: 'NOPE' }]) },
      { ref: 'B-1', purchaseOrder: body([{ ...line, quantity: 7 }]) },
    ];
    expect((await save(records)).map((saved) => saved.state)).toEqual(['applied', 'refused', 'applied']);
    expect((await ask('GET', '/v1/purchase-orders/B-1')).body.lines[0].ordered).toBe(7);
    expect((await save(records.slice(2))).map((saved) => saved.state)).toEqual(['unchanged']);
  });

  test('what a file had to assume does not overwrite what is known', async () => {
    const sku = await shop.item();
    const line = { line: 1, sku, quantity: 5, expectedOn: '2026-04-01' };
    await put('/v1/purchase-orders/B-3', purchase([line], { placedOn: '2026-01-15', stage: 'confirmed' }));
    await shop.revise('B-3', { stage: 'in_transit' });
    const assumed = ['placedOn', 'stage'] as const;
    const [saved] = await save([
      { ref: 'B-3', purchaseOrder: body([line], { placedOn: '2026-03-04' }), assumed },
    ]);
    expect(saved!.state).toBe('unchanged');
    expect((await ask('GET', '/v1/purchase-orders/B-3')).body).toMatchObject({
      placedOn: '2026-01-15',
      stage: 'confirmed',
      lines: [{ stage: 'in_transit' }],
    });
  });

  test('a thousand orders take a few statements', async () => {
    const skus = await Promise.all(Array.from({ length: 20 }, () => shop.item()));
    const records = Array.from({ length: 1000 }, (_, index) => ({
      ref: `M-${index}`,
      purchaseOrder: body(
        skus.slice(0, 3).map((_, line) => ({
          line,
          sku: skus[(index + line) % 20],
          quantity: 5,
          expectedOn: '2026-04-01',
        })),
      ),
    }));
    const begun = performance.now();
    expect((await save(records)).every((saved) => saved.state === 'applied')).toBe(true);
    expect((await save(records)).every((saved) => saved.state === 'unchanged')).toBe(true);
    expect(performance.now() - begun).toBeLessThan(8000);
  });
});
