import type { JointAccepted, JointInput, JointProposal, JointQuery, PriceBreaks } from '@kept/contract';
import { atPriceBreak, dayText, type JointItem, jointOrder, reorder } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { isCreated } from '../platform/saved.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { savePurchaseOrders } from '../supply/index.ts';
import { HORIZON_WEEKS, plannedForecasts } from './forecasts.ts';
import { plannedItem } from './items.ts';
import { readPriceBreaks, replacePriceBreaks } from './joint-store.ts';
import { firstLocation, type PlannedItem, readPlannedItems, readStandings } from './planning-store.ts';
import { ASSUMED_LEAD_DAYS, reorderFactsOf } from './suggestions.ts';
import { reorderWords } from './words.ts';

/** Items of one supplier that are looked at together. */
const MOST_ITEMS = 5000;

/** What to order of one supplier in one purchase order, within a budget and a container. */
export async function proposeJointOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof JointQuery>,
): Promise<z.input<typeof JointProposal>> {
  const { supplier } = query;
  const items = (await readPlannedItems(client, brandId, { supplier }, null, MOST_ITEMS)).filter(
    (item) => item.lifecycle === 'active',
  );
  if (items.length === 0)
    throw new KeptError('not_found', `There is no active item of a supplier ${JSON.stringify(supplier)}.`);
  const settings = await loadSettings(client, kept.db, brandId);
  const { today } = worldAt(settings, kept.clock.now());
  const ids = items.map(({ item }) => item);
  const forecasts = await plannedForecasts(client, brandId, items, settings, today, HORIZON_WEEKS);
  const standings = await readStandings(client, brandId, ids);
  const breaks = await readPriceBreaks(client, brandId, ids);
  const currency = oneCurrency(items, query.budget !== undefined);
  const looked = items.map((item) => {
    const facts = reorderFactsOf(item, standings.get(item.item)!, forecasts.get(item.item)!, today, query);
    const answer = reorder(facts);
    const { moq, orderMultiple } = facts.terms;
    const terms = { moq, orderMultiple, weeklyDemand: answer.weeklyDemand };
    const own = breaks.get(item.item) ?? [];
    const priced = item.cost === null ? null : atPriceBreak(answer.quantity, item.cost, own, terms);
    const joint: JointItem = {
      sku: item.sku,
      quantity: priced?.quantity ?? answer.quantity,
      ...terms,
      unitCost: priced?.unitCost ?? null,
      position: answer.position + facts.draftSupply,
    };
    const raised = priced !== null && priced.quantity > answer.quantity;
    return { item, joint, raised, own, why: answer.quantity > 0 ? reorderWords(facts, answer) : FILLED };
  });
  const order = jointOrder(
    looked.map(({ joint }) => joint),
    { budget: query.budget ?? null, containerUnits: query.containerUnits ?? null, fill: query.fill },
  );
  const bySku = new Map(looked.map((one) => [one.item.sku, one]));
  const { lines, ...totals } = order;
  return {
    supplier,
    lines: lines.map(({ sku, quantity, wanted }) => {
      const { item, joint, raised, why } = bySku.get(sku)!;
      return {
        sku,
        title: item.title,
        quantity,
        wanted,
        unitCost: joint.unitCost === null ? null : { amount: joint.unitCost, currency: item.costCurrency! },
        priceBreak: raised && quantity === wanted,
        why,
      };
    }),
    ...totals,
    currency,
  };
}

const FILLED = 'It is not due: it fills the container up, since it runs out next.';

/** A budget is of one currency; without one, sums of several are not told. */
function oneCurrency(items: readonly PlannedItem[], budgeted: boolean): string | null {
  const currencies = [...new Set(items.map((item) => item.costCurrency).filter((code) => code !== null))];
  if (budgeted && currencies.length > 1)
    throw new KeptError(
      'invalid_input',
      `Its items cost ${currencies.join(' and ')}: a budget is of one currency.`,
      {
        errors: [
          { path: 'budget', message: 'expected items whose costs are in one currency', in: 'querystring' },
        ],
      },
    );
  return currencies.length === 1 ? currencies[0]! : null;
}

/** Makes one draft purchase order of several lines: it backs nothing until it is placed, and holds back the next suggestions. */
export async function acceptJointOrder(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { supplier, lines, ref, expectedOn, location }: z.output<typeof JointInput>,
  actor: string,
): Promise<z.input<typeof JointAccepted>> {
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
  const to = location ?? (await firstLocation(client, brandId));
  if (to === null)
    throw new KeptError(
      'invalid_input',
      'There is no location to order to: PUT /v1/locations/main makes one.',
    );
  const items: PlannedItem[] = [];
  for (const [at, { sku }] of lines.entries()) {
    const item = await plannedItem(client, brandId, sku);
    if (item.supplier !== supplier)
      throw new KeptError('invalid_input', `${sku} is not of ${supplier}: one order goes to one supplier.`, {
        errors: [{ path: `lines.${at}.sku`, message: `expected an item of ${supplier}` }],
      });
    items.push(item);
  }
  const breaks = await readPriceBreaks(
    client,
    brandId,
    items.map(({ item }) => item),
  );
  const name = ref ?? `DRAFT-${supplier}-${dayText(today)}`;
  const purchaseOrder = {
    supplier,
    placedOn: dayText(today),
    stage: 'draft' as const,
    lines: lines.map(({ sku, quantity }, at) => {
      const item = items[at]!;
      const own = breaks.get(item.item) ?? [];
      const amount = own.reduce(
        (price, one) => (quantity >= one.from ? Math.min(price, one.unitCost) : price),
        item.cost ?? 0,
      );
      return {
        line: at + 1,
        sku,
        quantity,
        expectedOn: expectedOn ?? dayText(today + (item.leadTimeDays ?? ASSUMED_LEAD_DAYS)),
        location: to,
        ...(item.cost === null ? {} : { unitCost: { amount, currency: item.costCurrency! } }),
      };
    }),
  };
  isCreated(await savePurchaseOrders(kept, client, brandId, [{ ref: name, purchaseOrder }]));
  await handOver(kept, client, brandId, { purchaseOrder: name, ...purchaseOrder }, actor);
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return { purchaseOrder: name, supplier, lines: lines.length, units };
}

/** What an ERP waits for in the event log: somebody accepted a proposal, and this is to be placed. */
export async function handOver(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  data: unknown,
  actor: string,
): Promise<void> {
  const id = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  await recordEvents(client, brandId, [{ id, kind: 'purchase_order.proposed', data, at, actor }]);
}

export async function setPriceBreaks(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  { breaks }: z.output<typeof PriceBreaks>,
): Promise<z.input<typeof PriceBreaks>> {
  const item = await plannedItem(client, brandId, sku);
  const twice = breaks.findIndex((one, at) => breaks.findIndex(({ from }) => from === one.from) !== at);
  if (twice >= 0)
    throw new KeptError('invalid_input', `${sku}: two prices from ${breaks[twice]!.from} units on.`, {
      errors: [{ path: `breaks.${twice}.from`, message: 'expected each quantity once' }],
    });
  await replacePriceBreaks(client, brandId, item.item, breaks);
  return { breaks: (await readPriceBreaks(client, brandId, [item.item])).get(item.item) ?? [] };
}
