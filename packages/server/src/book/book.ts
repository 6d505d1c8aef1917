import type { Book, BookQuery, BookSum } from '@kept/contract';
import { bookStateOf, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import {
  type Axis,
  countOrdersAsOf,
  readBookSettings,
  readChannelNames,
  readItemNames,
  readRates,
  readSums,
  readSumsAsOf,
  readSupplyNames,
  type SumRow,
} from './book-store.ts';
import { Exchange } from './rates.ts';

type Dimension = NonNullable<z.output<typeof BookQuery>['by']>;
export type Sum = z.input<typeof BookSum>;

/** The book at a moment: how to read its sums, its day in the brand's zone, and its rates. */
export interface Moment {
  readonly asOf: string;
  readonly past: boolean;
  readonly day: string;
  readonly exchange: Exchange;
  sums(axis: Axis): Promise<SumRow[]>;
}

export async function momentOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  asOf: string | undefined,
): Promise<Moment> {
  const now = kept.clock.now();
  const past = asOf !== undefined && Date.parse(asOf) < now.getTime();
  const at = past ? new Date(asOf) : now;
  const settings = await loadSettings(client, kept.db, brandId);
  const day = dayText(worldAt(settings, at).today);
  const { currency } = await readBookSettings(client, brandId);
  const rates = await readRates(client, brandId, day, at.toISOString());
  return {
    asOf: at.toISOString(),
    past,
    day,
    exchange: new Exchange(currency, rates),
    sums: (axis) =>
      past ? readSumsAsOf(client, brandId, axis, at.toISOString()) : readSums(client, brandId, axis),
  };
}

/** What waits counts under it until its episode has been looked at; and after, where no record tells why. */
export const UNTOLD_CAUSE = 'undetermined';

const AXIS_OF: Readonly<Record<Dimension, Axis>> = {
  item: 'item',
  supplier: 'supply',
  purchase_order: 'supply',
  channel: 'channel',
  class: 'class',
  cause: 'cause',
  state: 'state',
  month: 'planned',
};

/** What the backorders are worth, now or as it was shown at a moment. */
export async function bookOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { asOf, by, limit }: z.output<typeof BookQuery>,
): Promise<z.input<typeof Book>> {
  const moment = await momentOf(kept, client, brandId, asOf);
  const all = await moment.sums('all');
  const states = await moment.sums('state');
  const counted = moment.past
    ? await countOrdersAsOf(client, brandId, moment.asOf)
    : { orders: total(all, 'orders'), customers: total(all, 'customers') };
  const groups = by === undefined ? undefined : await groupsOf(client, brandId, moment, by);
  const { exchange } = moment;
  const whole = inBrand(all, exchange);
  const money = (amount: number | null) => (amount === null ? null : { amount, currency: exchange.currency });
  return {
    asOf: moment.asOf,
    day: moment.day,
    currency: exchange.currency,
    ...counted,
    lines: total(all, 'lines'),
    units: total(all, 'units'),
    value: money(whole.value),
    cost: money(whole.cost),
    margin: money(marginOf(whole)),
    currencies: summed(all, exchange, (row) => ({ key: row.currency, title: row.currency })),
    states: summed(states, exchange, ({ key }) => {
      const state = bookStateOf(key, moment.day);
      return { key: state, title: state };
    }),
    ...(groups === undefined ? {} : { groups: groups.slice(0, limit) }),
    missingRates: [...exchange.missing].sort(),
  };
}

/** The book along one dimension, the largest value first. Its rows add up to the whole in every currency. */
export async function groupsOf(
  client: pg.PoolClient,
  brandId: number,
  moment: Moment,
  by: Dimension,
): Promise<Sum[]> {
  const rows = await moment.sums(AXIS_OF[by]);
  const name = await namesOf(client, brandId, moment, by, rows);
  return summed(rows, moment.exchange, name).sort(
    (a, b) =>
      (b.inBrandCurrency?.amount ?? b.value.amount) - (a.inBrandCurrency?.amount ?? a.value.amount) ||
      (a.key < b.key ? -1 : 1),
  );
}

type Named = (row: SumRow) => { key: string; title: string };

async function namesOf(
  client: pg.PoolClient,
  brandId: number,
  moment: Moment,
  by: Dimension,
  rows: readonly SumRow[],
): Promise<Named> {
  switch (by) {
    case 'item': {
      const items = await readItemNames(client, brandId, [...new Set(rows.map(({ key }) => key))]);
      return ({ key }) => ({ key: items.get(key)?.sku ?? key, title: items.get(key)?.title ?? key });
    }
    case 'channel': {
      const channels = await readChannelNames(client, brandId);
      return ({ key }) => ({ key: channels.get(key)?.code ?? key, title: channels.get(key)?.title ?? key });
    }
    case 'supplier':
    case 'purchase_order': {
      const supplies = await readSupplyNames(
        client,
        brandId,
        [...new Set(rows.map(({ key }) => key))].filter(Boolean),
      );
      return ({ key }) => {
        const supply = supplies.get(key);
        if (supply === undefined) return { key: 'unbacked', title: 'no supply' };
        if (by === 'purchase_order') return { key: supply.ref, title: supply.ref };
        const code = supply.supplier ?? supply.kind;
        return { key: code, title: supply.supplier_title ?? code };
      };
    }
    case 'class':
      return ({ key }) => ({ key: key || 'none', title: key || 'no class' });
    case 'cause':
      return ({ key }) => ({ key: key || UNTOLD_CAUSE, title: (key || UNTOLD_CAUSE).replaceAll('_', ' ') });
    case 'state':
      return ({ key }) => {
        const state = bookStateOf(key, moment.day);
        return { key: state, title: state };
      };
    case 'month':
      return ({ key }) => ({ key: key.slice(0, 7) || 'no date', title: key.slice(0, 7) || 'no date' });
  }
}

/** Rows of one name and currency become one; what costs nothing known makes the cost of the whole unknown. */
export function summed(rows: readonly SumRow[], exchange: Exchange, name: Named): Sum[] {
  const byKey = Map.groupBy(rows, (row) => `${name(row).key} ${row.currency}`);
  return [...byKey.values()]
    .map((same): Sum => {
      const [first] = same;
      const { currency } = first!;
      const value = total(same, 'value');
      const told = inBrand(same, exchange);
      const money = (amount: number | null) =>
        amount === null ? null : { amount, currency: exchange.currency };
      return {
        ...name(first!),
        lines: total(same, 'lines'),
        orders: same.some(({ orders }) => orders === null) ? null : total(same, 'orders'),
        units: total(same, 'units'),
        value: { amount: value, currency },
        cost: money(told.cost),
        margin: money(marginOf(told)),
        inBrandCurrency: money(told.value),
      };
    })
    .filter(({ lines }) => lines > 0);
}

/** Converted as whole sums, one currency at a time, so that a total is not the sum of many roundings. */
function inBrand(rows: readonly SumRow[], exchange: Exchange): { value: number | null; cost: number | null } {
  const values = new Map<string, number>();
  const costs = new Map<string, number>();
  let known = true;
  for (const row of rows) {
    values.set(row.currency, (values.get(row.currency) ?? 0) + row.value);
    if (row.cost_currency === '') known &&= row.units === 0;
    else costs.set(row.cost_currency, (costs.get(row.cost_currency) ?? 0) + row.cost);
  }
  return { value: addUp(values, exchange), cost: known ? addUp(costs, exchange) : null };
}

function addUp(amounts: ReadonlyMap<string, number>, exchange: Exchange): number | null {
  let sum: number | null = 0;
  for (const [currency, amount] of amounts) {
    const told = exchange.toBrand(amount, currency);
    sum = sum === null || told === null ? null : sum + told;
  }
  return sum;
}

const marginOf = ({ value, cost }: { value: number | null; cost: number | null }) =>
  value === null || cost === null ? null : value - cost;

function total(rows: readonly SumRow[], what: 'lines' | 'orders' | 'customers' | 'units' | 'value'): number {
  let sum = 0;
  for (const row of rows) sum += row[what] ?? 0;
  return sum;
}
