import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { standardHeaders } from '../../platform/standard-webhooks.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { purchaseOrder, testKept } from '../../testing/brand.ts';
import { closeConnections } from '../opened.ts';
import { offerConnectors } from '../registry.ts';
import { conforms, testSealer } from '../testing/conformance.ts';
import { orderFact } from '../testing/memory-shop.ts';
import { PushSender } from '../testing/push-sender.ts';
import { workConnections } from '../work.ts';
import { genericChannel, genericErp } from './generic.ts';
import { otherSide } from './testing/other-side.ts';

const { url } = await testDatabase();

const LAMP = { sku: 'LAMP', title: 'Lamp', price: { amount: 1000, currency: 'USD' } };

conforms('any channel', url, {
  connector: genericChannel,
  async start(clock, pushUrl) {
    const side = await otherSide();
    const sender = new PushSender();
    side.facts.push(
      { kind: 'channel', externalId: 'web', channel: { code: 'web', title: 'Web', kind: 'web' } },
      { kind: 'item', externalId: 'LAMP', item: LAMP },
    );
    let units = 0;
    return {
      settings: { channel: 'web', url: side.url, factsUrl: side.url },
      secrets: { secret: side.secret },
      faults: {
        ...side.faults,
        pushes: (trouble) => {
          sender.trouble = trouble;
        },
      },
      async happen(number) {
        side.facts.push(orderFact(number, number));
        units += number;
        const body = JSON.stringify({ facts: [orderFact(number, number)] });
        const id = `push-${number}`;
        sender.send(() => {
          const signed = standardHeaders(side.secret, id, clock.now(), body);
          const headers = { 'content-type': 'application/json', ...signed };
          return fetch(pushUrl, { method: 'POST', headers, body });
        });
      },
      pushed: () => sender.delivered(),
      total: async () => units,
      totalIn: async (kept) => (await kept.call('GET', '/v1/backorders')).body.totals.units,
      traces: async () => side.traces,
      close: () => side.close(),
    };
  },
});

const other = await testDatabase();

test('any ERP: its orders come by push, and dates and drafts go back to it, once', async () => {
  const kept = await testKept(other.url);
  const side = await otherSide();
  offerConnectors(kept.kept, { connectors: [genericErp], sealer: testSealer(), privateTargets: true });
  const push = (facts: unknown[], secret = side.secret) => {
    const body = JSON.stringify({ facts });
    return kept.call('POST', '/v1/connections/erp/pushes', Buffer.from(body), {
      'content-type': 'application/json',
      ...standardHeaders(secret, randomUUID(), kept.clock.now(), body),
    });
  };
  try {
    const made = await kept.call('PUT', '/v1/connections/erp', {
      kind: 'generic-erp',
      settings: { url: side.url },
      secrets: { secret: side.secret },
    });
    expect(made.status).toBe(201);
    expect((await push([], `whsec_${Buffer.alloc(32).toString('base64')}`)).status).toBe(401);
    const told = await push([
      { kind: 'location', externalId: 'main', location: { code: 'main', title: 'Warehouse' } },
      { kind: 'supplier', externalId: 'acme', supplier: { code: 'acme', title: 'Acme' } },
      { kind: 'item', externalId: 'LAMP', item: { ...LAMP, supplier: 'acme' } },
      {
        kind: 'purchase_order',
        externalId: 'purchase.order/7',
        ref: 'PO-7',
        purchaseOrder: purchaseOrder('LAMP', 40, '2026-03-20'),
      },
    ]);
    expect(told.status, JSON.stringify(told.body)).toBe(200);
    await workConnections(kept.kept, 1);
    expect((await kept.call('GET', '/v1/purchase-orders/PO-7')).body.lines[0]).toMatchObject({ open: 40 });

    await kept.call('POST', '/v1/purchase-orders/PO-7/revisions', {
      line: 1,
      expectedOn: '2026-04-02',
      reason: 'freight',
    });
    await kept.call('POST', '/v1/purchase-orders/PO-7/receipts', { line: 1, quantity: 15 });
    const draft = await kept.call('POST', '/v1/reorder-suggestions/LAMP/accept', { quantity: 60 });
    expect(draft.status, JSON.stringify(draft.body)).toBe(201);
    side.faults.fail(1);
    for (let round = 0; round < 5; round++) {
      await workConnections(kept.kept, 1);
      kept.clock.set(new Date(kept.clock.now().getTime() + 10_000));
    }
    const asked = side.posted.flatMap((one) => (one.type === 'action.requested' ? [one.data] : []));
    expect(asked.map((one) => one.kind).sort()).toEqual([
      'draft_purchase_order',
      'promise_date',
      'write_receipt',
    ]);
    expect(asked.find((one) => one.kind === 'promise_date')).toMatchObject({
      purchaseOrder: 'PO-7',
      line: 1,
      sku: 'LAMP',
      expectedOn: '2026-04-02',
    });
    expect(asked.find((one) => one.kind === 'write_receipt')).toMatchObject({ quantity: 15, close: false });
    expect(asked.find((one) => one.kind === 'draft_purchase_order')).toMatchObject({
      ref: draft.body.purchaseOrder,
      purchaseOrder: { supplier: 'acme', stage: 'draft', lines: [{ sku: 'LAMP', quantity: 60 }] },
    });
    // What the ERP itself tells comes back to it as nothing.
    const before = side.posted.length;
    await push([
      {
        kind: 'receipt',
        externalId: 'picking/1',
        purchaseOrder: 'PO-7',
        receipt: { line: 1, quantity: 5 },
      },
    ]);
    await workConnections(kept.kept, 1);
    expect((await kept.call('GET', '/v1/purchase-orders/PO-7')).body.lines[0]).toMatchObject({
      received: 20,
    });
    expect(side.posted).toHaveLength(before);
  } finally {
    await closeConnections(kept.kept);
    await kept.close();
    await side.close();
  }
});
