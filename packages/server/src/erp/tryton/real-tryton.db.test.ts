import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Action, offerConnectors, workConnections } from '../../connections/index.ts';
import { conforms, testSealer } from '../../connections/testing/conformance.ts';
import { manualClock } from '../../platform/clock.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { faultsOf, givenShop, order, type TestKept, testKept } from '../../testing/brand.ts';
import { trytonConnector } from './connector.ts';
import { type Context, TrytonRpc } from './rpc.ts';
import { TrytonDesk } from './testing/desk.ts';
import { faultyWay } from './testing/faulty-way.ts';
import { type RealTryton, startTryton, whyNoTryton } from './testing/real.ts';

const { url } = await testDatabase();
const underFaults = await testDatabase();
const why = whyNoTryton();
if (why !== null) console.log(`The tests against a real Tryton are skipped: ${why}.`);

let tryton: RealTryton;
const secrets = { password: 'admin-pass-1' };
const settingsOf = (address: string) => ({
  address,
  database: 'tryton',
  user: 'admin',
  locations: { WH: 'main' },
});
const contextOf = (now: () => Date, tells: string[] = []): Context => ({
  settings: trytonConnector.settings.parse(settingsOf(tryton.address)),
  secrets,
  now,
  fetch,
  log: { info: () => {}, warn: (words) => tells.push(words) },
  saveSecrets: async () => {},
  pushUrl: null,
});
/** Tryton goes by the machine's clock, and gives no date to what was due before today. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
afterAll(() => tryton?.stop());

describe.skipIf(why !== null)('a real Tryton', () => {
  const clock = manualClock(new Date());
  /** Its database may be another run's: nothing of this one has a name of that. */
  const run = randomBytes(3).toString('hex').toUpperCase();
  const [MUG, LAMP, TEA] = [`MUG-${run}`, `LAMP-${run}`, `TEA-${run}`];
  let kept: TestKept;
  let desk: TrytonDesk;
  let context: Context;
  let supplier: number;
  let mug: number;
  let tea: number;
  let crate: number;
  let purchase: { id: number; lines: readonly number[] };
  let ref: string;

  const tells: string[] = [];
  const work = async () => {
    clock.set(new Date(clock.now().getTime() + 3_600_000));
    await workConnections(kept.kept, 1);
    const { body } = await kept.call('GET', '/v1/connections/tryton');
    for (const stream of body.streams) expect(stream.trouble, stream.stream).toBeNull();
    expect(body.trouble).toBeNull();
  };
  const buy = async (name = ref) => (await kept.call('GET', `/v1/purchase-orders/${name}`)).body;
  const supplies = async (line: number) =>
    (await buy()).lines
      .filter((one: { line: number; stage: string }) => one.line === line && one.stage !== 'cancelled')
      .map(
        (one: { ordered: number; received: number; pegged: number; expectedOn: string }) =>
          `${one.received}/${one.ordered} pegged ${one.pegged} ${one.received === one.ordered ? '' : one.expectedOn}`,
      );
  const backing = async (name: string) => {
    const { body } = await kept.call('GET', `/v1/orders/web:${name}`);
    return body.lines[0].commitments.map(
      (one: { kind: string; quantity: number }) => `${one.quantity} ${one.kind}`,
    );
  };
  const act = (action: Record<string, unknown>) =>
    trytonConnector.open(context).act!({ at: clock.now().toISOString(), ...action } as unknown as Action);

  beforeAll(async () => {
    tryton = await startTryton();
    context = contextOf(() => clock.now(), tells);
    await new TrytonDesk(new TrytonRpc(context)).company();
    // A session of its own: the one before it was of a user without a company.
    desk = new TrytonDesk(new TrytonRpc(context));
    supplier = await desk.supplier(`AZ-${run}`, 'Azulejo & Co');
    mug = await desk.product(MUG, 'Mug');
    await desk.product(LAMP, 'Lamp');
    crate = await desk.unit('Crate of 12', 12);
    tea = await desk.product(TEA, 'Tea in crates', crate);
    kept = await testKept(url, clock);
    offerConnectors(kept.kept, { connectors: [trytonConnector], sealer: testSealer(), privateTargets: true });
    await givenShop(kept, {});
    const made = await kept.call('PUT', '/v1/connections/tryton', {
      kind: 'tryton',
      settings: settingsOf(tryton.address),
      secrets,
    });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }, 600_000);
  afterAll(async () => {
    await kept?.close();
  });

  test('its check lets us in', async () => {
    const { body } = await kept.call('POST', '/v1/connections/tryton/check');
    expect(body.findings.filter((one: { level: string }) => one.level === 'broken')).toEqual([]);
  });

  test('a wrong password is told, and is not taken for a fault', async () => {
    const connection = trytonConnector.open({ ...context, secrets: { password: 'another' } });
    await expect(connection.check()).rejects.toThrow('does not let admin in');
  });

  test('items come in; an order that is only quoted backs nothing', async () => {
    purchase = await desk.purchase(supplier, [
      { product: mug, quantity: 10, on: day(30) },
      { product: mug, quantity: 2, on: day(39), unit: crate },
    ]);
    await desk.press('quote', purchase.id);
    ref = await desk.number(purchase.id);
    await work();
    expect((await kept.call('GET', `/v1/items/${MUG}`)).body).toMatchObject({
      title: 'Mug',
      price: { amount: 1999, currency: 'USD' },
      cost: { amount: 610, currency: 'USD' },
    });
    expect((await kept.call('GET', `/v1/suppliers/AZ-${run}`)).body.title).toBe('Azulejo & Co');
    expect(await buy()).toMatchObject({ stage: 'draft', supplier: `AZ-${run}` });
    await kept.call('POST', '/v1/orders', order(MUG, 30, { ref: 'one', mode: 'placed' }));
    expect(await backing('one')).toEqual(['30 waiting']);
  });

  test('processed, its moves back the queue; a crate of 12 is twelve', async () => {
    await desk.press('confirm', purchase.id);
    await desk.press('process', purchase.id);
    await work();
    expect(await supplies(purchase.lines[0]!)).toEqual([`0/10 pegged 10 ${day(30)}`]);
    expect(await supplies(purchase.lines[1]!)).toEqual([`0/24 pegged 20 ${day(39)}`]);
  });

  test('the date of an open move slips, which moves no stamp of the order', async () => {
    await desk.slip(purchase.lines[0]!, day(49));
    await work();
    expect(await supplies(purchase.lines[0]!)).toEqual([`0/10 pegged 6 ${day(49)}`]);
    expect(await supplies(purchase.lines[1]!)).toEqual([`0/24 pegged 24 ${day(39)}`]);
  });

  test('a part of it comes: those units are reserved, the rest has a move of its own', async () => {
    await desk.receive(supplier, purchase.lines[0]!, 4);
    await work();
    expect((await desk.moves(purchase.lines[0]!)).map((move) => `${move.state} ${move.quantity}`)).toEqual([
      'done 4',
      'draft 6',
    ]);
    expect((await supplies(purchase.lines[0]!)).sort()).toEqual([
      // Tryton gives the rest the date of its line, whatever its first move had.
      `0/6 pegged 6 ${day(30)}`,
      '4/4 pegged 0 ',
    ]);
    expect((await backing('one')).sort()).toEqual(['20 pegged', '4 reserved', '6 pegged']);
  });

  test('what was told is told again, and counts once', async () => {
    await kept.call('POST', '/v1/connections/tryton/replay', {});
    await work();
    expect((await backing('one')).sort()).toEqual(['20 pegged', '4 reserved', '6 pegged']);
  });

  test('more comes than was ordered, and is free for the queue', async () => {
    await desk.receive(supplier, purchase.lines[1]!, 3);
    await work();
    expect(await supplies(purchase.lines[1]!)).toEqual(['36/36 pegged 0 ']);
    expect(await backing('one')).toEqual(['30 reserved']);
    const { body } = await kept.call('GET', `/v1/stock?sku=${MUG}`);
    expect(body.items).toMatchObject([{ sellable: 40, reserved: 30 }]);
  });

  test('a receipt of Kept’s becomes a shipment there, once', async () => {
    const [line] = purchase.lines;
    const asked = { id: `r-${run}`, kind: 'write_receipt', purchaseOrder: ref, line, sku: MUG, close: false };
    expect(await act({ ...asked, quantity: 5 })).toEqual({ state: 'done' });
    expect(await act({ ...asked, quantity: 5 })).toEqual({ state: 'done' });
    expect((await desk.moves(line!)).map((move) => `${move.state} ${move.quantity}`)).toEqual([
      'done 4',
      'done 5',
      'draft 1',
    ]);
  });

  test('a promise date of Kept’s becomes the open move’s', async () => {
    const [line] = purchase.lines;
    const asked = {
      id: `d-${run}`,
      kind: 'promise_date',
      purchaseOrder: ref,
      line,
      sku: MUG,
      reason: 'freight',
    };
    expect(await act({ ...asked, expectedOn: day(64) })).toEqual({ state: 'done' });
    await work();
    expect(await supplies(line!)).toContain(`0/1 pegged 0 ${day(64)}`);
    expect((await kept.call('GET', `/v1/stock?sku=${MUG}`)).body.items).toMatchObject([{ sellable: 45 }]);
  });

  test('a line that is given up frees its pegs', async () => {
    await kept.call('POST', '/v1/orders', order(MUG, 16, { ref: 'two', mode: 'placed' }));
    expect((await backing('two')).sort()).toEqual(['1 pegged', '15 reserved']);
    await desk.giveUp(purchase.lines[0]!);
    await work();
    expect((await backing('two')).sort()).toEqual(['1 waiting', '15 reserved']);
  });

  test('a purchase that is cancelled is cancelled here', async () => {
    const other = await desk.purchase(supplier, [{ product: mug, quantity: 7, on: day(32) }]);
    await desk.press('quote', other.id);
    await work();
    const name = await desk.number(other.id);
    expect((await buy(name)).stage).toBe('draft');
    await desk.press('cancel', other.id);
    await work();
    expect(await buy(name)).toMatchObject({ stage: 'cancelled', lines: [{ stage: 'cancelled', open: 0 }] });
  });

  test('a part of a stock unit is told, and not rounded', async () => {
    const odd = await desk.purchase(supplier, [{ product: tea, quantity: 5, on: day(32) }]);
    await desk.press('quote', odd.id);
    await work();
    const { body } = await kept.call('GET', '/v1/connections/tryton/refused-facts');
    const mine = body.items.find((one: { externalId: string }) => one.externalId === `purchase/${odd.id}`);
    expect(mine).toMatchObject({
      kind: 'purchase_order',
      words: expect.stringContaining('expected whole units'),
    });
  });

  test('a draft of Kept’s becomes a draft there, once, and stays Kept’s when it gets its number', async () => {
    const draft = {
      supplier: `AZ-${run}`,
      placedOn: day(0),
      stage: 'draft',
      currency: 'USD',
      lines: [
        {
          line: 1,
          sku: MUG,
          quantity: 48,
          expectedOn: day(60),
          location: 'main',
          unitCost: { amount: 605, currency: 'USD' },
        },
      ],
    };
    const asked = { id: `p-${run}`, kind: 'draft_purchase_order', ref: `K-${run}`, purchaseOrder: draft };
    expect(await act(asked)).toMatchObject({ state: 'done' });
    expect(await act(asked)).toMatchObject({ state: 'done' });
    await work();
    expect(await buy(`K-${run}`)).toMatchObject({
      stage: 'draft',
      lines: [{ sku: MUG, ordered: 48, expectedOn: day(60), unitCost: { amount: 605, currency: 'USD' } }],
    });
  });

  test('all of it leaves nothing broken', async () => {
    expect(await faultsOf(kept.kept)).toEqual([]);
  });
});

describe.skipIf(why !== null)('a real Tryton under faults', () => {
  conforms('Tryton', underFaults.url, {
    connector: trytonConnector,
    async start(clock) {
      const way = await faultyWay(tryton.address);
      const desk = new TrytonDesk(new TrytonRpc(contextOf(() => clock.now())));
      const run = randomBytes(3).toString('hex').toUpperCase();
      const code = `FAULT-${run}`;
      const supplier = await desk.supplier(code, 'Faulty & Co');
      const product = await desk.product(`BOWL-${run}`, 'Bowl');
      let line = 0;
      let total = 0;
      return {
        settings: settingsOf(way.address),
        secrets,
        faults: way.faults,
        given: (kept) => givenShop(kept, {}),
        async happen(number) {
          if (number % 2 === 1) {
            const quantity = 10 + number;
            const { id, lines } = await desk.purchase(supplier, [{ product, quantity, on: day(30) }]);
            for (const button of ['quote', 'confirm', 'process']) await desk.press(button, id);
            line = lines[0]!;
            total += quantity;
          } else {
            await desk.receive(supplier, line, 3);
            total += 3000;
          }
        },
        total: async () => total,
        async totalIn(kept) {
          const { body } = await kept.call('GET', '/v1/purchase-orders?limit=1000');
          let units = 0;
          for (const bought of body.items.filter((one: { supplier: string }) => one.supplier === code))
            for (const one of bought.lines)
              if (one.stage !== 'cancelled') units += one.ordered + 1000 * one.received;
          return units;
        },
        close: () => way.close(),
      };
    },
  });
});
