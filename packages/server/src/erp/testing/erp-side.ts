import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action, Connection, Connector, Fact } from '../../connections/index.ts';
import type { Side } from '../../connections/testing/conformance.ts';
import { givenShop } from '../../testing/brand.ts';
import { draftMark } from '../order-fact.ts';
import { type Bought, type Buying, CRATE, totalIn } from './buying.ts';
import type { ErpServer } from './erp-server.ts';

export interface ErpSide extends Side {
  /** What the system calls an order and a line of it, where it is not their number. */
  readonly names?: { order(order: Bought): string; line(id: number): string | number };
  readonly buying: Buying;
  readonly server: ErpServer;
}

/** A simulated ERP as the conformance suite needs it. */
export function erpSide(
  buying: Buying,
  server: ErpServer,
  settings: Record<string, unknown>,
  secrets: Record<string, unknown>,
  names?: ErpSide['names'],
): ErpSide {
  return {
    ...(names === undefined ? {} : { names }),
    buying,
    server,
    settings,
    secrets,
    faults: server.faults,
    given: (kept) => givenShop(kept, {}),
    async happen(number) {
      buying.happen(number);
    },
    total: async () => buying.total(),
    totalIn,
    close: () => server.close(),
  };
}

/** What is written into every ERP, and what is read of an order that is cancelled or given up: without a database. */
export function writesBack(
  name: string,
  // biome-ignore lint/suspicious/noExplicitAny: each has settings and secrets of its own
  connector: Connector<any, any>,
  start: () => Promise<ErpSide>,
): void {
  describe(`what is written into ${name}`, () => {
    let side: ErpSide;
    let connection: Connection;
    const now = () => new Date('2026-03-02T09:00:00Z');
    beforeAll(async () => {
      side = await start();
      connection = connector.open({
        settings: connector.settings.parse(side.settings),
        secrets: connector.secrets.parse(side.secrets),
        now,
        fetch,
        log: { info() {}, warn() {} },
        saveSecrets: async () => {},
        pushUrl: null,
      });
    });
    afterAll(() => side.close());
    const act = (action: Record<string, unknown>) =>
      connection.act!({ at: now().toISOString(), ...action } as unknown as Action);
    const nameOf = (order: Bought) => side.names?.order(order) ?? order.number;
    const lineName = (order: Bought) => side.names?.line(order.lines[0]!.id) ?? order.lines[0]!.id;
    const facts = async () => {
      const all: Fact[] = [];
      for await (const page of connection.changes('purchase_orders', null, {})) all.push(...page.facts);
      // Told by its own stamp and by its lines': the last is what stands.
      const last = new Map(
        all.filter((fact) => fact.kind === 'purchase_order').map((one) => [one.externalId, one]),
      );
      return [...last.values()];
    };

    test('a draft is written once, and keeps the name that Kept gave it', async () => {
      const draft = {
        supplier: 'ACME',
        placedOn: '2026-03-02',
        stage: 'draft',
        currency: 'USD',
        lines: [
          {
            line: 1,
            sku: 'MUG',
            quantity: 4 * CRATE,
            expectedOn: '2026-05-01',
            location: 'main',
            unitCost: { amount: 605, currency: 'USD' },
          },
        ],
      };
      const asked = { id: 'a1', kind: 'draft_purchase_order', ref: 'KEPT-7', purchaseOrder: draft };
      side.server.faults.throttle(1);
      expect((await act(asked)).state).toBe('later');
      expect(await act(asked)).toMatchObject({ state: 'done' });
      expect(await act(asked)).toMatchObject({ state: 'done' });
      expect(side.buying.orders.map((order) => order.mark)).toEqual([draftMark('KEPT-7')]);
      expect(await facts()).toMatchObject([
        { ref: 'KEPT-7', purchaseOrder: { stage: 'draft', lines: [{ sku: 'MUG', quantity: 48 }] } },
      ]);
      const unknown = { ...draft, lines: [{ ...draft.lines[0]!, sku: 'NOTHING' }] };
      const refused = await act({ ...asked, id: 'a2', ref: 'KEPT-8', purchaseOrder: unknown });
      expect(refused).toMatchObject({ state: 'refused', why: expect.stringContaining('NOTHING') });
    });

    test('a promise date is written, and read again', async () => {
      const order = side.buying.order([{ sku: 'LAMP', quantity: 3, on: '2026-04-01' }]);
      const line = lineName(order);
      const asked = {
        id: 'b1',
        kind: 'promise_date',
        purchaseOrder: nameOf(order),
        line,
        sku: 'LAMP',
        reason: 'x',
      };
      expect(await act({ ...asked, expectedOn: '2026-04-20' })).toMatchObject({ state: 'done' });
      expect((await facts()).find((fact) => fact.ref === nameOf(order))).toMatchObject({
        purchaseOrder: { lines: [{ expectedOn: '2026-04-20', quantity: 36 }] },
      });
      expect((await act({ ...asked, expectedOn: null })).state).toBe('refused');
    });

    test('a receipt is written in the unit of the line; a part of one is refused', async () => {
      const order = side.buying.order([{ sku: 'LAMP', quantity: 3, on: '2026-04-01' }]);
      const line = lineName(order);
      const asked = {
        id: 'c1',
        kind: 'write_receipt',
        purchaseOrder: nameOf(order),
        line,
        sku: 'LAMP',
        close: false,
      };
      expect((await act({ ...asked, quantity: 7 })).state).toBe('refused');
      expect(await act({ ...asked, quantity: 24 })).toMatchObject({ state: 'done' });
      expect(order.lines[0]!.received).toBe(2);
      expect((await facts()).find((fact) => fact.ref === nameOf(order))).toMatchObject({
        received: [{ quantity: 24 }],
      });
    });

    test('what is given up is no longer to come; what is cancelled is cancelled', async () => {
      const order = side.buying.order([
        { sku: 'TEA', quantity: 5, on: '2026-04-01' },
        { sku: 'MUG', quantity: 2, on: '2026-04-01' },
      ]);
      order.lines[0]!.received = 2;
      for (const line of order.lines) line.givenUp = true;
      side.buying.touch(order, order.lines[0]);
      const found = (await facts()).find((fact) => fact.ref === nameOf(order));
      expect(found).toMatchObject({
        purchaseOrder: {
          lines: [
            { sku: 'TEA', quantity: 24 },
            { sku: 'MUG', stage: 'cancelled' },
          ],
        },
      });
      order.stage = 'cancelled';
      side.buying.touch(order);
      const after = (await facts()).find((fact) => fact.ref === nameOf(order));
      expect(after).toMatchObject({ purchaseOrder: { stage: 'cancelled' } });
    });
  });
}
