import type { CausesAnswer, CausesQuery } from '@kept/contract';
import { causeOfMove, type Reason } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { type ParetoKey, type ParetoRow, readMovedGroups, readPareto } from './pareto-store.ts';

type Query = z.output<typeof CausesQuery>;
type Answer = z.input<typeof CausesAnswer>;

interface Sum {
  units: number;
  readonly value: Map<string, number>;
  unitDays: number;
  backorders: number;
  readonly episodes: Set<string>;
  moved: number;
}

/**
 * What made customers wait, the most first. `buyerOf` says who buys from a supplier, for the Pareto by buyer. Moved promises count under
 * their own cause, which need not be their episode's.
 */
export async function paretoOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: Query,
  buyerOf: (supplier: string | null) => string | null,
): Promise<Answer> {
  const now = kept.clock.now().toISOString();
  const { timeZone, currency } = await loadSettings(client, kept.db, brandId);
  const by: ParetoKey = query.by === 'buyer' ? 'supplier' : query.by;
  const keyOf = (key: string | null) => (query.by === 'buyer' ? buyerOf(key) : key);
  const when = { now, timeZone };
  const rows = await readPareto(client, brandId, by, when, query);
  const sums = new Map<string | null, Sum>();
  for (const row of rows) add(sumOf(sums, keyOf(row.key)), row);
  for (const { key, reason, moved } of await readMovedGroups(client, brandId, by, when, query)) {
    const { cause } = causeOfMove(reason === null ? [] : [JSON.parse(reason) as Reason]);
    if (query.cause !== undefined && cause !== query.cause) continue;
    sumOf(sums, query.by === 'cause' ? cause : keyOf(key)).moved += moved;
  }
  const sizeOf = (sum: Sum) =>
    query.rank === 'value'
      ? (sum.value.get(currency) ?? 0)
      : query.rank === 'units'
        ? sum.units
        : sum.unitDays;
  const total = [...sums.values()].reduce((all, sum) => all + sizeOf(sum), 0);
  let cumulative = 0;
  const items = [...sums]
    .sort(([a, first], [b, second]) => sizeOf(second) - sizeOf(first) || String(a).localeCompare(String(b)))
    .map(([key, sum]) => {
      const share = total > 0 ? sizeOf(sum) / total : 0;
      cumulative += share;
      return {
        key,
        units: round(sum.units),
        value: [...sum.value].map(([unit, amount]) => ({ amount: Math.round(amount), currency: unit })),
        unitDays: round(sum.unitDays),
        backorders: sum.backorders,
        episodes: sum.episodes.size,
        movedPromises: sum.moved,
        share: round(share),
        cumulative: round(cumulative),
      };
    });
  return { by: query.by, rank: query.rank, items, asOf: now };
}

function sumOf(sums: Map<string | null, Sum>, key: string | null): Sum {
  let sum = sums.get(key);
  if (sum === undefined) {
    sum = { units: 0, value: new Map(), unitDays: 0, backorders: 0, episodes: new Set(), moved: 0 };
    sums.set(key, sum);
  }
  return sum;
}

function add(sum: Sum, row: ParetoRow): void {
  sum.units += row.units;
  sum.value.set(row.currency, (sum.value.get(row.currency) ?? 0) + row.value);
  sum.unitDays += row.unitDays;
  sum.backorders += row.backorders;
  for (const episode of row.episodes) sum.episodes.add(episode);
}

const round = (value: number) => Math.round(value * 1000) / 1000;
