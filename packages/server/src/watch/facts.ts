import { type DayNumber, dayNumber, dayText, worsening } from '@kept/engine';
import type pg from 'pg';
import { projectionOf } from '../planning/index.ts';
import type { Kept } from '../platform/kept.ts';
import type { Settings } from '../promising/index.ts';
import type { BuyerSignalKind, Raised } from '../signals/index.ts';
import {
  type CoverFact,
  readBrokenBySlip,
  readCampaignCover,
  readDeliveries,
  readMoqBites,
  readOverdueOrders,
  readQueues,
  readThinCover,
} from './watch-store.ts';

type Fact = Raised & { readonly kind: BuyerSignalKind };

/** A queue is held against what comes in over so many weeks. */
const WEEKS = 8;
/** Campaigns are looked at so many days before they begin. */
const CAMPAIGN_DAYS = 60;
/** Projections are made for so many of the thinnest items. */
const MOST_PROJECTED = 300;
/** An item is about to go on backorder where half of the scenarios say so. */
const LIKELY = 0.5;
/** Deliveries are looked back on as far as a supplier's trend reaches. */
const DELIVERY_DAYS = 460;

interface Looking {
  readonly kept: Kept;
  readonly client: pg.PoolClient;
  readonly brandId: number;
  readonly settings: Settings;
  readonly today: DayNumber;
}

/** What is so at any time, from the tables alone. A fact has one signal, whatever else it brings about. */
export async function standingFacts({ kept, client, brandId, settings, today }: Looking): Promise<Fact[]> {
  const now = kept.clock.now().toISOString();
  const day = dayText(today);
  const facts: Fact[] = [];
  for (const one of await readQueues(client, brandId, { today: day, now, weeks: WEEKS })) {
    const kind = settings.policies.get(one.policy)?.kind ?? 'backorder';
    const { sku, supplier } = one;
    if (one.waiting > 0 && kind !== 'made_to_order')
      facts.push({ kind: 'promises_unbacked', subject: sku, sku, data: { orders: one.orders, supplier } });
    if (one.held > 0)
      facts.push({
        kind: 'hold_blocks_queue',
        subject: sku,
        sku,
        data: { held: one.held, queue: one.queue, serves: Math.min(one.held, one.queue), supplier },
      });
    if (kind !== 'backorder') continue;
    const gone = one.lifecycle === 'discontinued' || one.supplierStatus === 'abandoned';
    if (gone || (supplier === null && one.openSupply === 0)) {
      const why =
        one.lifecycle === 'discontinued'
          ? 'discontinued'
          : supplier === null
            ? 'no_supplier'
            : 'supplier_abandoned';
      // One whose every unit has its delivery is served; only what is still sold or waits cannot be.
      if (why !== 'discontinued' || one.waiting > 0)
        facts.push({
          kind: 'cannot_replenish',
          subject: sku,
          sku,
          data: { queue: one.queue, why, supplier },
        });
      continue;
    }
    const joiningWeekly = one.joined / 2;
    const incomingWeekly = one.incoming / WEEKS;
    if (joiningWeekly > incomingWeekly)
      facts.push({
        kind: 'queue_outgrows_supply',
        subject: sku,
        sku,
        data: {
          ...{ queue: one.queue, joiningWeekly, incomingWeekly, weeks: WEEKS, supplier },
          queueThen: Math.round(one.queue + WEEKS * (joiningWeekly - incomingWeekly)),
        },
      });
  }
  for (const one of await readOverdueOrders(client, brandId, day)) {
    const { purchaseOrder, ...data } = one;
    const overdueDays = today - dayNumber(one.expectedOn);
    facts.push({
      kind: 'purchase_order_overdue',
      subject: purchaseOrder,
      data: { purchaseOrder, ...data, overdueDays },
    });
  }
  for (const { purchaseOrder, ...data } of await readBrokenBySlip(client, brandId))
    facts.push({ kind: 'slip_breaks_promises', subject: purchaseOrder, data: { purchaseOrder, ...data } });
  for (const { sku, ...data } of await readMoqBites(client, brandId))
    facts.push({ kind: 'moq_bites', subject: sku, sku, data });
  const by = dayText(today + CAMPAIGN_DAYS);
  for (const one of await readCampaignCover(client, brandId, { today: day, by, now })) {
    const { sku, free, incoming, weekly } = one;
    const begins = Math.max(today, dayNumber(one.fromOn));
    const days = dayNumber(one.untilOn) - begins + 1;
    const wanted = Math.ceil((weekly / 7) * (days * (one.lift ?? 1) + (begins - today)));
    if (free + incoming >= wanted) continue;
    facts.push({
      kind: 'campaign_without_cover',
      subject: `${one.campaign}:${sku}`,
      sku,
      data: { ...one, wanted, missing: wanted - free - incoming },
    });
  }
  return facts;
}

/** What takes reckoning, and changes with the day: who gets worse, and what will run out before the next delivery. */
export async function foreseenFacts(looking: Looking): Promise<Fact[]> {
  const { kept, client, brandId, settings, today } = looking;
  const facts: Fact[] = [];
  const bySupplier = new Map<string, { on: DayNumber; lateDays: number }[]>();
  const since = dayText(today - DELIVERY_DAYS);
  for (const { supplier, on, lateDays } of await readDeliveries(client, brandId, since, settings.timeZone)) {
    const list = bySupplier.get(supplier);
    const delivered = { on: dayNumber(on), lateDays };
    if (list === undefined) bySupplier.set(supplier, [delivered]);
    else list.push(delivered);
  }
  for (const [supplier, deliveries] of bySupplier) {
    const trend = worsening(deliveries, today);
    if (trend !== null)
      facts.push({ kind: 'supplier_worsens', subject: supplier, data: { supplier, ...trend } });
  }
  const now = kept.clock.now().toISOString();
  for (const one of await readThinCover(client, brandId, dayText(today), now, MOST_PROJECTED)) {
    const fact = await runsOut(looking, one);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

async function runsOut({ kept, client, brandId, today }: Looking, one: CoverFact): Promise<Fact | null> {
  const until = one.nextOn === null ? (one.leadTimeDays ?? 28) : dayNumber(one.nextOn) - today;
  const days = Math.max(7, Math.min(365, until));
  const query = { days, demandFactor: 1, slipDays: 0, extraUnits: 0 };
  const projection = await projectionOf(kept, client, brandId, one.sku, query);
  // By the evening before the next delivery.
  const last = projection.days[Math.max(0, Math.min(days, until) - 1)];
  const probability = last?.stockOutProbability ?? 0;
  if (probability < LIKELY) return null;
  const on = projection.days.find((day) => day.stockOutProbability >= LIKELY)?.day ?? null;
  const { sku, free, nextPurchaseOrder, nextOn, supplier } = one;
  return {
    kind: 'runs_out_before_supply',
    subject: sku,
    sku,
    data: {
      probability,
      on,
      free,
      nextPurchaseOrder,
      nextOn,
      supplier,
      weekly: Math.round(one.weekly * 10) / 10,
    },
  };
}
