import {
  ChannelInput,
  ItemInput,
  LocationInput,
  OrderInput,
  PurchaseOrderInput,
  SupplierInput,
} from '@kept/contract';
import { describe, expect, it } from 'vitest';
import { brandOn } from './brand.test-helper.ts';
import { shareOf } from './chance.ts';
import { SAMPLE_LAST_DAY, shiftTo, weekdayOf } from './dates.ts';
import { demoPayments, demoReceipts, demoRecords, demoRevisions } from './index.ts';
import { readSlips } from './sample.ts';
import { journeyOf, slipAt } from './slips.ts';

const TODAY = '2026-03-11';
const brand = brandOn(TODAY);

describe('the records', () => {
  it('are what the contract accepts, without a word lost', () => {
    for (const record of brand.records) {
      if (record.kind === 'item')
        expect(ItemInput.parse(record.item)).toMatchObject({ title: record.item.title });
      if (record.kind === 'location') LocationInput.parse(record.location);
      if (record.kind === 'channel') ChannelInput.parse(record.channel);
      if (record.kind === 'supplier') SupplierInput.parse(record.supplier);
      if (record.kind === 'order') expect(OrderInput.parse(record.order)).toMatchObject(record.order);
      if (record.kind === 'purchase_order')
        expect(PurchaseOrderInput.parse(record.purchaseOrder)).toMatchObject(record.purchaseOrder);
    }
  });

  it('come in an order that can be loaded as they come', () => {
    const kinds = brand.records.map(({ kind }) => kind);
    const firsts = [...new Set(kinds)];
    expect(firsts).toEqual(['channel', 'location', 'supplier', 'item', 'purchase_order', 'stock', 'order']);
    expect(kinds.indexOf('order')).toBeGreaterThan(kinds.lastIndexOf('purchase_order'));
    const known = new Set<string>();
    for (const { item } of brand.of('item')) {
      for (const named of [...(item.components ?? []).map(({ sku }) => sku), ...(item.alternatives ?? [])])
        expect(known).toContain(named);
      known.add(item.sku);
    }
    for (const { order } of brand.of('order'))
      for (const line of order.lines) expect(known).toContain(line.sku);
  });

  it('are of a size that loads in seconds and reads like a brand', () => {
    const lines = brand.of('order').reduce((sum, { order }) => sum + order.lines.length, 0);
    expect(brand.items.size).toBeGreaterThanOrEqual(280);
    expect(lines).toBeGreaterThan(8000);
    expect(lines).toBeLessThan(15_000);
  });

  it('keep shipped and cancelled units within what was ordered', () => {
    for (const { order, history } of brand.of('order'))
      for (const { line, shipped, cancelled } of history ?? [])
        expect(shipped + cancelled).toBe(order.lines.find((one) => one.line === line)!.quantity);
  });

  it('name nobody: every address is at example.com', () => {
    for (const { order } of brand.of('order'))
      expect(order.customer.email).toMatch(/^[a-z.]+\d+@example\.com$/);
  });

  it('were paid what the order comes to, where all of it is open and the web shop sold it', () => {
    const payments = [...demoPayments(TODAY, brand.now)];
    expect(payments.length).toBeGreaterThan(50);
    const orders = new Map(
      brand.of('order').map((record) => [`${record.order.channel}:${record.order.ref}`, record]),
    );
    for (const { order, amount, at } of payments) {
      const { order: placed, history } = orders.get(order)!;
      expect(placed.channel).toBe('web');
      expect(history ?? []).toEqual([]);
      expect(at).toBe(placed.placedAt);
      expect(amount).toBe(placed.lines.reduce((sum, line) => sum + line.quantity * line.price.amount, 0));
    }
  });

  it('are the same for the same day', () => {
    expect([...demoRecords(TODAY, brand.now)]).toEqual(brand.records);
    expect(demoRevisions(TODAY)).toEqual(brand.revisions);
    expect(demoReceipts(TODAY)).toEqual(brand.receipts);
  });

  it('change only by their dates a week later', () => {
    const nextWeek = brandOn('2026-03-18');
    const dateless = (text: string) => text.replace(/\d{4}-\d\d-\d\d(T[\d:.]+Z)?/g, 'day');
    const orders = (of: typeof brand) => of.of('order').map((record) => dateless(JSON.stringify(record)));
    expect(orders(nextWeek)).toEqual(orders(brand));
    expect(dateless(JSON.stringify(nextWeek.receipts))).toBe(dateless(JSON.stringify(brand.receipts)));
  });
});

// Leap day, ends of years, the days the clocks change in London, and every weekday among them.
const DAYS = [
  '2028-02-29',
  '2027-12-31',
  '2028-01-01',
  '2026-03-29',
  '2026-10-25',
  '2026-03-10',
  '2026-03-12',
];

describe.each(DAYS)('on %s', (today) => {
  const shift = shiftTo(today);
  it('the sample ends this week, and weekdays hold', () => {
    expect(shift.dayOf(shift.today)).toBe(today);
    expect(SAMPLE_LAST_DAY - shift.today).toBeLessThan(7);
    expect(weekdayOf(shift.today)).toBe((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7);
  });

  it('nothing has happened after now, and no line of a story outlives it', () => {
    const { records, now, revisions, receipts } = brandOn(today);
    const until = now.toISOString();
    for (const record of records) {
      if (record.kind === 'order') expect(record.order.placedAt <= until).toBe(true);
      if (record.kind === 'purchase_order') expect(record.purchaseOrder.placedOn <= today).toBe(true);
    }
    for (const { at } of [...revisions, ...receipts]) expect(at.slice(0, 10) < today).toBe(true);
  });
});

describe('purchase orders', () => {
  const records = new Map(brand.of('purchase_order').map((record) => [record.ref, record.purchaseOrder]));

  it('count as received what their receipts brought', () => {
    const came = new Map<string, number>();
    for (const { purchaseOrder, line, quantity } of brand.receipts)
      came.set(`${purchaseOrder}/${line}`, (came.get(`${purchaseOrder}/${line}`) ?? 0) + quantity);
    for (const [ref, { lines }] of records)
      for (const { line, received, quantity } of lines) {
        expect(came.get(`${ref}/${line}`) ?? 0).toBe(received);
        expect(received).toBeLessThanOrEqual(quantity);
      }
    expect(new Set(brand.receipts.map(({ id }) => id)).size).toBe(brand.receipts.length);
  });

  it('were placed before anything was said of them, and their stages only go forward', () => {
    const order = ['placed', 'confirmed', 'in_production', 'in_transit', 'arrived'];
    const reached = new Map<string, number>();
    for (const { purchaseOrder, line, at, stage } of brand.revisions) {
      expect(at.slice(0, 10) >= records.get(purchaseOrder)!.placedOn).toBe(true);
      const key = `${purchaseOrder}/${line}`;
      if (stage) expect(order.indexOf(stage)).toBeGreaterThanOrEqual(reached.get(key) ?? 0);
      if (stage) reached.set(key, order.indexOf(stage));
    }
  });

  it('have months of receipts in every mode that slips can be learnt from', () => {
    const modes = new Map<string, number>();
    for (const { purchaseOrder } of brand.receipts) {
      const mode = records.get(purchaseOrder)!.freightMode!;
      modes.set(mode, (modes.get(mode) ?? 0) + 1);
    }
    for (const mode of ['ocean', 'air', 'truck']) expect(modes.get(mode)).toBeGreaterThan(100);
  });
});

describe('slips', () => {
  const tables = readSlips();
  it.each(['air', 'air_charter', 'ocean', 'truck'])('%s ones follow the real deliveries', (mode) => {
    const table = tables.get(mode)!;
    const drawn = Array.from({ length: 20_000 }, (_, index) => slipAt(table, shareOf('test', mode, index)));
    for (const { share, days } of table.points) {
      const [at, below] = [
        drawn.filter((slip) => slip <= days).length / drawn.length,
        drawn.filter((slip) => slip < days).length / drawn.length,
      ];
      expect(at).toBeGreaterThan(share - 0.015);
      expect(below).toBeLessThan(share + 0.015);
    }
  });

  it('of a later supplier are later, share by share', () => {
    const table = tables.get('ocean')!;
    for (let share = 0.05; share < 1; share += 0.05)
      expect(slipAt(table, share, 1.3)).toBeGreaterThanOrEqual(slipAt(table, share));
  });

  it('are told in steps that end at the day it came, and never by a date that has passed', () => {
    for (let slip = -30; slip <= 90; slip += 3) {
      const { arrival, revisions } = journeyOf(`test ${slip}`, 'ocean', 0, 80, slip);
      const moved = revisions.filter(
        (step, index) => step.expected !== (revisions[index - 1]?.expected ?? 80),
      );
      expect(moved.length).toBeLessThanOrEqual(2);
      for (const step of moved) expect(step.expected!).toBeGreaterThanOrEqual(step.day);
      if (slip > 10) expect(moved.at(-1)!.expected).toBe(arrival);
      expect(revisions.at(-1)).toMatchObject({ day: arrival, stage: 'arrived' });
    }
  });
});
