import type { Accepted, AcceptInput, ReorderPage, ReorderQuery, ReorderSuggestion } from '@kept/contract';
import {
  type DayNumber,
  dayNumber,
  dayText,
  type Forecast,
  type Reorder,
  type ReorderFacts,
  reorder,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { isCreated } from '../platform/saved.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { savePurchaseOrders } from '../supply/index.ts';
import { readDueSince } from './forecast-store.ts';
import { HORIZON_WEEKS, plannedForecasts } from './forecasts.ts';
import { plannedItem } from './items.ts';
import {
  firstLocation,
  type PlannedItem,
  readPlannedItems,
  readStandings,
  type Standing,
} from './planning-store.ts';
import { reorderWords } from './words.ts';

/** Where neither the item nor its supplier has a lead time. */
export const ASSUMED_LEAD_DAYS = 28;
/** Standard deviation of a lead time, as a share of it, until receipts tell. */
const LEAD_SPREAD = 0.2;
/** Terms of whoever asks for none. */
export const USUAL_TERMS = { serviceLevel: 0.95, reviewDays: 7 };

type Suggestion = z.input<typeof ReorderSuggestion>;

export async function pageSuggestions(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { limit, cursor, sku, supplier, serviceLevel, reviewDays }: z.output<typeof ReorderQuery>,
): Promise<z.input<typeof ReorderPage>> {
  const after = cursor === undefined ? null : (decodeCursor(cursor, ['string'])[0] as string);
  const read = await readPlannedItems(client, brandId, { sku, supplier }, after, limit + 1);
  const items = read.slice(0, limit).filter((item) => item.lifecycle === 'active');
  const settings = await loadSettings(client, kept.db, brandId);
  const { today } = worldAt(settings, kept.clock.now());
  const ids = items.map((one) => one.item);
  const forecasts = await plannedForecasts(client, brandId, items, settings, today, HORIZON_WEEKS);
  const dueSince = await readDueSince(client, brandId, ids);
  const standings = await readStandings(client, brandId, ids);
  const suggestions: Suggestion[] = [];
  for (const item of items) {
    const terms = { serviceLevel, reviewDays };
    const demand = forecasts.get(item.item)!;
    const facts = reorderFactsOf(item, standings.get(item.item)!, demand, today, terms);
    const answer = reorder(facts);
    if (answer.quantity > 0)
      suggestions.push(viewOf(item, facts, answer, dueSince.get(item.item) ?? dayText(today)));
  }
  const last = read[limit - 1];
  return {
    items: suggestions,
    next: read.length > limit && last !== undefined ? encodeCursor([last.sku]) : null,
  };
}

export function reorderFactsOf(
  item: PlannedItem,
  standing: Standing,
  demand: Forecast,
  today: DayNumber,
  terms: { serviceLevel: number; reviewDays: number },
): ReorderFacts {
  const leadTimeDays = item.leadTimeDays ?? ASSUMED_LEAD_DAYS;
  const placed = standing.supplies.filter((one) => one.stage !== 'draft');
  const sum = (supplies: Standing['supplies']) => supplies.reduce((units, one) => units + one.open, 0);
  return {
    today,
    onHand: standing.stock.reduce((units, one) => units + one.sellable, 0),
    openSupply: sum(placed),
    draftSupply: sum(standing.supplies.filter((one) => one.stage === 'draft')),
    openUnits: standing.reserved + standing.pegged + standing.waiting,
    queue: standing.pegged + standing.waiting,
    arrivals: placed
      .filter((one) => one.plannedOn !== null)
      .map((one) => ({ name: one.name, day: dayNumber(one.plannedOn!), quantity: one.open })),
    demand,
    terms: {
      ...terms,
      leadTimeDays,
      leadTimeSpreadDays: LEAD_SPREAD * leadTimeDays,
      moq: item.moq ?? 1,
      orderMultiple: item.orderMultiple ?? 1,
      costs: null,
    },
  };
}

function viewOf(item: PlannedItem, facts: ReorderFacts, answer: Reorder, dueSince: string): Suggestion {
  const orderBy = answer.orderBy ?? facts.today;
  const options: Suggestion['options'] = answer.options.map((option) => {
    switch (option.kind) {
      case 'new_po':
        return { ...option, orderBy: dayText(option.orderBy) };
      case 'expedite':
        return {
          kind: 'expedite',
          purchaseOrder: option.supply,
          from: dayText(option.from),
          to: dayText(option.to),
        };
      default:
        return option;
    }
  });
  if (item.alternatives.length > 0) options.push({ kind: 'substitute', skus: [...item.alternatives] });
  return {
    sku: item.sku,
    title: item.title,
    supplier: item.supplier,
    quantity: answer.quantity,
    wanted: answer.wanted,
    orderBy: dayText(orderBy),
    dueSince,
    expectedOn: dayText(orderBy + facts.terms.leadTimeDays),
    value: item.cost === null ? null : { amount: item.cost * answer.quantity, currency: item.costCurrency! },
    position: answer.position,
    reorderPoint: answer.reorderPoint,
    orderUpTo: answer.orderUpTo,
    queue: facts.queue,
    weeklyDemand: Math.round(answer.weeklyDemand * 10) / 10,
    leadTimeDays: facts.terms.leadTimeDays,
    assumed: item.leadTimeDays === null ? [`leadTimeDays: ${ASSUMED_LEAD_DAYS}`] : [],
    why: reorderWords(facts, answer),
    options,
  };
}

/** Makes the suggestion a draft purchase order: it backs nothing until it is placed, and holds back the next suggestion. */
export async function acceptSuggestion(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  { quantity, expectedOn, location, ref }: z.output<typeof AcceptInput>,
): Promise<z.input<typeof Accepted>> {
  const item = await plannedItem(client, brandId, sku);
  if (item.supplier === null)
    throw new KeptError(
      'invalid_input',
      `${sku} has no supplier, so nobody could be ordered from: PUT /v1/items/${sku} with one.`,
    );
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
  const to = location ?? (await firstLocation(client, brandId));
  if (to === null)
    throw new KeptError(
      'invalid_input',
      'There is no location to order to: PUT /v1/locations/main makes one.',
    );
  const day = expectedOn ?? dayText(today + (item.leadTimeDays ?? ASSUMED_LEAD_DAYS));
  const name = ref ?? `DRAFT-${sku}-${dayText(today)}`;
  const unitCost =
    item.cost === null ? {} : { unitCost: { amount: item.cost, currency: item.costCurrency! } };
  const line = { line: 1, sku, quantity, expectedOn: day, location: to, ...unitCost };
  const purchaseOrder = {
    supplier: item.supplier,
    placedOn: dayText(today),
    stage: 'draft' as const,
    lines: [line],
  };
  isCreated(await savePurchaseOrders(kept, client, brandId, [{ ref: name, purchaseOrder }]));
  return { purchaseOrder: name, supplier: item.supplier, quantity, expectedOn: day };
}
