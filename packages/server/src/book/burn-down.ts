import type { BookBurnDown, BookBurnDownQuery } from '@kept/contract';
import { type BurnSource, burnDown, dayNumber, dayText, defaultPolicy } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { arrivalsSeen, slipsOf } from '../planning/index.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { momentOf } from './book.ts';
import { readDays, readSums, readSumsAsOf, readSupplies, type SumRow } from './book-store.ts';
import type { Exchange } from './rates.ts';

const PAST_DAYS = 56;
const WEEK_MS = 7 * 86_400_000;
const NO_SLIP = new Float64Array([0]);

/** How the book has come down, how its promises say it will, how they said so a week ago, and what is likely. */
export async function burnDownOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { days, measure }: z.output<typeof BookBurnDownQuery>,
): Promise<z.input<typeof BookBurnDown>> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { exchange } = moment;
  const today = dayNumber(moment.day);
  const weekAgo = new Date(Date.parse(moment.asOf) - WEEK_MS).toISOString();
  const { opening, days: moved } = await readDays(
    client,
    brandId,
    exchange.currency,
    dayText(today - PAST_DAYS),
    moment.day,
  );
  const latest = await readSums(client, brandId, 'latest');
  const before = await readSumsAsOf(client, brandId, 'latest', weekAgo);
  const supply = await readSums(client, brandId, 'supply');
  const sources = await sourcesOf(kept, client, brandId, supply, today, exchange);
  const fan = burnDown(sources, days);
  const promised = leftBy(latest, today, days, measure, exchange);
  const lastWeek = leftBy(before, today, days, measure, exchange);
  let left = opening.reduce((sum, row) => sum + row[measure], 0);
  const byDay = Map.groupBy(moved, ({ day }) => day);
  const band = fan[measure];
  const onDay = (at: number | null) => (at === null ? null : dayText(today + at));
  return {
    currency: exchange.currency,
    measure,
    sofar: Array.from({ length: PAST_DAYS + 1 }, (_, at) => {
      const day = dayText(today - PAST_DAYS + at);
      for (const move of byDay.get(day) ?? []) left += move[measure];
      return { day, left };
    }),
    ahead: Array.from({ length: days }, (_, at) => ({
      day: dayText(today + at),
      promised: promised[at]!,
      lastWeek: lastWeek[at]!,
      p10: Math.round(band.p10[at]!),
      p50: Math.round(band.p50[at]!),
      p90: Math.round(band.p90[at]!),
    })),
    halfOn: onDay(fan.half),
    goneOn: onDay(fan.gone),
    withoutSupply: measure === 'value' ? fan.unbackedValue : fan.unbackedUnits,
    slip: promised.reduce((area, now, at) => area + now - lastWeek[at]!, 0),
  };
}

/** What is left at the end of each day if every promise is kept; what has no promise stays. */
function leftBy(
  rows: readonly SumRow[],
  today: number,
  days: number,
  measure: 'units' | 'value',
  exchange: Exchange,
): number[] {
  const leaves = new Array<number>(days).fill(0);
  let left = 0;
  for (const row of rows) {
    const amount = measure === 'units' ? row.units : (exchange.toBrand(row.value, row.currency) ?? 0);
    left += amount;
    if (row.key === '') continue;
    const at = Math.max(0, dayNumber(row.key) - today);
    if (at < days) leaves[at]! += amount;
  }
  return leaves.map((amount) => {
    left -= amount;
    return left;
  });
}

async function sourcesOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  rows: readonly SumRow[],
  today: number,
  exchange: Exchange,
): Promise<BurnSource[]> {
  const settings = await loadSettings(client, kept.db, brandId);
  const supplies = await readSupplies(
    client,
    brandId,
    [...new Set(rows.map(({ key }) => key))].filter(Boolean),
  );
  const seen = await arrivalsSeen(client, brandId, settings, today);
  // Supplies that stand alike slip alike: each way to stand is learnt once.
  const known = new Map<string, Float64Array>();
  return rows.map((row) => {
    const supply = supplies.get(row.key);
    const value = exchange.toBrand(row.value, row.currency) ?? 0;
    const planned = supply?.planned_on ?? null;
    if (supply === undefined || planned === null)
      return { units: row.units, value, day: null, slips: NO_SLIP };
    const policy = settings.policies.get(supply.policy) ?? defaultPolicy('backorder');
    const { kind, stage, supplier, freight_mode: freight, expected_on: expectedOn } = supply;
    const day = Math.max(0, dayNumber(planned) - today);
    const standing = [kind, stage, supplier, freight, expectedOn, day, supply.policy].join();
    let slips = known.get(standing);
    if (slips === undefined) {
      slips = slipsOf(
        { kind, stage, supplier, freight, expectedOn, plannedOn: planned },
        seen,
        policy,
        today,
        day,
      );
      known.set(standing, slips);
    }
    return { units: row.units, value, day, slips };
  });
}
