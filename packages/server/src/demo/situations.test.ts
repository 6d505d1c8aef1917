/** Every situation that the product is about is there, on its named item, on every day of the week. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Brand, brandOn, type ItemView, type Supply } from './brand.test-helper.ts';
import { STORIES } from './stories.ts';
import type { Situation } from './story.ts';

const total = (supplies: Supply[]) => supplies.reduce((sum, supply) => sum + supply.open, 0);
const dated = (view: ItemView) =>
  view.supplies.filter((supply) => supply.expectedOn !== null && supply.stage !== 'draft');
const later = (supply: Supply | undefined) => supply?.slips.filter((slip) => slip.later).length ?? 0;
const days = (from: string, to: string | null) => (Date.parse(to ?? '') - Date.parse(from)) / 86_400_000;

/** What must be seen of the item at its location for the situation to be there. */
const SEEN: Record<Situation, (view: ItemView, brand: Brand) => boolean> = {
  hero_queue: (view) =>
    view.lines.length >= 200 &&
    new Set(view.lines.map(({ order }) => order.customer.email)).size >= 150 &&
    view.supplies[0]?.stage === 'in_transit' &&
    total(view.supplies) < view.uncovered,
  covered: (view) => view.uncovered > 0 && total(dated(view)) >= view.uncovered,
  partly_covered: (view) => total(dated(view)) > 0 && total(dated(view)) < view.uncovered,
  uncovered: (view) => view.uncovered > 0 && view.supplies.length === 0,
  slipped_once: (view) => view.uncovered > 0 && later(view.supplies[0]) === 1,
  slipped_twice: (view) => view.uncovered > 0 && later(view.supplies[0]) === 2,
  overdue: (view, { today }) => view.uncovered > 0 && view.supplies[0]!.expectedOn! < today,
  undated: (view) => view.uncovered > 0 && view.supplies[0]?.firstExpectedOn === null,
  date_withdrawn: (view) =>
    view.supplies[0]?.firstExpectedOn !== null && view.supplies[0]?.expectedOn === null,
  draft_only: (view) => view.uncovered > 0 && view.supplies.every(({ stage }) => stage === 'draft'),
  quality_hold: (view) => view.qualityHold >= view.uncovered && view.uncovered > 0,
  returned_stock: (view) => view.returned > 0 && view.uncovered > 0,
  short_receipt: (view, { receipts }) =>
    view.damaged > 0 &&
    view.uncovered > 0 &&
    receipts.some((receipt) => receipt.purchaseOrder === 'PO-215' && receipt.condition === 'damaged'),
  part_received: (view) => view.supplies.some((supply) => supply.received > 0 && supply.open > 0),
  abandoned_supplier: (view, { of }) =>
    view.uncovered > 0 &&
    of('supplier').some(
      ({ supplier }) => supplier.code === view.supplies[0]?.supplier && supplier.status === 'abandoned',
    ),
  launch: (view, { today }) =>
    view.item.lifecycle === 'upcoming' &&
    view.item.policy === 'preorder' &&
    view.item.launchOn! > today &&
    view.lines.length >= 5 &&
    total(dated(view)) > 0,
  made_to_order: (view) =>
    view.item.policy === 'made_to_order' && view.item.leadTimeDays === 14 && view.lines.length > 0,
  kit: (view, { view: of }) => {
    const parts = view.item.components!.map(({ sku }) => of(sku));
    return view.lines.length > 0 && parts.filter((part) => part.sellable < view.waitingUnits).length === 1;
  },
  kit_component_in_stock: (view) => view.sellable > view.waitingUnits,
  kit_component_short: (view) => view.uncovered > 0 && total(dated(view)) > view.uncovered,
  discontinued: (view) =>
    view.item.lifecycle === 'discontinued' && view.sellable > 0 && view.item.alternatives!.length > 0,
  big_order_ahead: ({ lines }) => {
    const big = lines.findIndex(({ order, open }) => order.channel === 'wholesale' && open >= 100);
    const behind = lines.slice(big + 1);
    return big >= 0 && behind.filter(({ order, open }) => order.channel === 'web' && open <= 12).length >= 5;
  },
  amazon_partly_covered: (view) => total(view.supplies) > 0 && total(view.supplies) < view.uncovered,
  amazon_oversold: (view, { view: of }) =>
    view.uncovered > 0 && view.supplies.length === 0 && of(view.item.sku).sellable > 0,
  moq_shortfall: (view) => view.supplies[0]!.slips.some(({ reason, later }) => reason === 'moq' && later),
  deliveries_in_parts: (view) => view.supplies[0]?.schedules === 2,
  second_purchase_covers: (view) =>
    view.supplies.length === 2 &&
    view.supplies[0]!.open < view.uncovered &&
    total(view.supplies) >= view.uncovered,
  beyond_longest_wait: (view, { today }) => days(today, view.supplies[0]!.expectedOn) > 70,
  limited_drop: (view) => view.item.policy === 'drop' && view.sellable > 0,
  demand_validation: (view) => view.item.policy === 'demand_validation' && view.uncovered > 0,
  about_to_run_out: (view, { today }) =>
    view.sellable > 0 && view.sellable < 30 && days(today, view.supplies[0]!.expectedOn) > 30,
  expedited: (view) => view.supplies[0]?.mode === 'air_charter' && later(view.supplies[0]) === 0,
};

// A Saturday to a Friday, over the end of a month, and a leap day.
const WEEK = [
  '2026-02-28',
  '2026-03-01',
  '2026-03-02',
  '2026-03-03',
  '2026-03-04',
  '2026-03-05',
  '2026-03-06',
];

describe.each([...WEEK, '2028-02-29'])('on %s', (today) => {
  const brand = brandOn(today);
  it.each(STORIES.map(({ sku, situation }) => [sku, situation] as const))('%s tells %s', (sku, situation) => {
    const view = brand.view(sku, situation.startsWith('amazon') ? 'fba' : 'warehouse');
    expect(SEEN[situation](view, brand), JSON.stringify({ ...view, lines: view.lines.length })).toBe(true);
  });

  it('an order waits to ship complete, with lines that could go', () => {
    const waiting = brand
      .of('order')
      .filter(({ order, history }) => order.shipComplete && order.lines.length > 2 && !history);
    expect(waiting.length).toBeGreaterThan(0);
  });

  it('wholesale orders wait for their window, which opens later', () => {
    const windows = brand.of('order').filter(({ order }) => order.lines[0]!.notBefore);
    expect(windows.map(({ order }) => order.ref)).toEqual(['580055', '580133']);
    for (const { order, history } of windows) {
      expect(history).toBeUndefined();
      expect(
        order.lines.every((line) => today < line.notBefore! && line.notBefore! < line.cancelAfter!),
      ).toBe(true);
    }
  });

  it('key accounts and trade customers wait beside consumers', () => {
    const classes = new Set(brand.of('order').map(({ order }) => order.customer.class));
    expect(classes).toEqual(new Set(['key', 'trade', undefined]));
  });

  it('most items are healthy, and the queue is one that a person can read', () => {
    const short = [...brand.items.keys()].flatMap((sku) =>
      (['warehouse', 'fba'] as const)
        .map((location) => brand.view(sku, location))
        .filter((view) => view.uncovered > 0),
    );
    expect(short.length).toBeGreaterThanOrEqual(40);
    expect(short.length).toBeLessThanOrEqual(75);
  });
});

it('each named item has one story', () => {
  expect(new Set(STORIES.map(({ sku }) => sku)).size).toBe(STORIES.length);
  expect(new Set(STORIES.map(({ situation }) => situation))).toEqual(new Set(Object.keys(SEEN)));
});

it('the README tells each story, and no other', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../../examples/demo/README.md'), 'utf8');
  const told = readme.split('## The stories')[1]!.matchAll(/^\| ((?:KIT-)?\d{5}[A-Z]?) +\|/gm);
  expect([...told].map(([, sku]) => sku)).toEqual(STORIES.map(({ sku }) => sku));
});
