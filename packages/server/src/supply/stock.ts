import type { StockAdjustment, StockCondition } from '@kept/contract';
import { type Condition, type Fact, MAXIMUM_QUANTITY, type Reason } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownLocation, unknownSku } from '../catalog/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import type { Saved } from '../platform/saved.ts';
import {
  decideItems,
  type KnownItem,
  type Loaded,
  loadSettings,
  lookupItems,
  type Settings,
} from '../promising/index.ts';
import { inStockUnits } from './receive.ts';
import { listStock, readLevels, readOpenUnits, type StockRow } from './stock-store.ts';

type Adjustment = z.output<typeof StockAdjustment>;

/** Stock was counted, found, lost, or is in another condition. It is a fact: whoever stood on units that are gone is decided again. */
export async function adjustStock(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  body: Adjustment,
): Promise<StockRow> {
  const { placeOf } = await loadSettings(client, kept.db, brandId);
  const known = (await lookupItems(client, brandId, [body.sku])).get(body.sku);
  if (known === undefined) throw unknownSku(body.sku, 'sku');
  const place = placeOf.get(body.location);
  if (place === undefined) throw unknownLocation(body.location, 'location');
  const changes = changesOf(body, known);
  const now = kept.clock.now();
  const event = await kept.ids.take(brandId, 'event', 1);
  await recordEvents(client, brandId, [
    { id: event, kind: 'stock.adjusted', data: body, at: now.toISOString() },
  ]);
  const { item } = known;
  await decideItems(kept, client, brandId, {
    items: [item],
    scope: { lines: 'queue' },
    event,
    happenedAt: body.at === undefined ? now : new Date(body.at),
    facts: (loaded): Fact[] => {
      const deltas = changes(levelsAt(loaded, item, place));
      const tooMuch = deltas.find(
        ({ condition, delta }) => levelsAt(loaded, item, place)[condition] + delta > MAXIMUM_QUANTITY,
      );
      if (tooMuch !== undefined)
        throw new KeptError('invalid_input', 'delta: expected at most 10,000,000 units in one place.');
      if (deltas.every(({ delta }) => delta === 0)) return [];
      return [{ kind: 'stock', item, place, changes: deltas, cause: causeOf(body) }];
    },
  });
  const [row] = await listStock(client, brandId, { sku: body.sku, location: body.location }, null, 1);
  const none = { sellable: 0, quality_hold: 0, returned: 0, damaged: 0, reserved: 0, held: 0 };
  return row ?? { sku: body.sku, location: body.location, ...none };
}

type Levels = Readonly<Record<Condition, number>>;
interface Change {
  readonly condition: Condition;
  readonly delta: number;
}

/** The movements that a body asks for, given what lies there under the lock. */
function changesOf(body: Adjustment, { uoms }: KnownItem): (there: Levels) => Change[] {
  const units = (quantity: number, path: string) =>
    body.uom === undefined ? quantity : inStockUnits(quantity, body.uom, uoms, body.sku, path);
  if ('from' in body) {
    const { from, to } = body;
    if (from === to)
      throw new KeptError('invalid_input', 'to: expected another condition than `from`.', {
        errors: [{ path: 'to', message: 'expected another condition than `from`' }],
      });
    const quantity = units(body.quantity, 'quantity');
    return () => [
      { condition: from, delta: -quantity },
      { condition: to, delta: quantity },
    ];
  }
  const { condition } = body;
  if (body.counted !== undefined) {
    const counted = units(body.counted, 'counted');
    return (there) => [{ condition, delta: counted - there[condition] }];
  }
  const delta = units(body.delta ?? 0, 'delta');
  return () => [{ condition, delta }];
}

function causeOf(body: Adjustment): Reason {
  const { location, reason } = body;
  if ('from' in body) {
    const { from, to, quantity } = body;
    const code = to === 'quality_hold' ? 'quality_hold' : to === 'sellable' ? 'released' : 'stock_adjusted';
    return { code, location, from, to, quantity, reason };
  }
  const { condition } = body;
  return body.counted === undefined
    ? { code: 'stock_adjusted', location, condition, delta: body.delta, reason }
    : { code: 'stock_counted', location, condition, counted: body.counted, reason };
}

function levelsAt({ positions }: Loaded, item: number, place: number): Levels {
  const none = { sellable: 0, quality_hold: 0, returned: 0, damaged: 0 };
  return positions.get(item)?.stock.find((stock) => stock.place === place) ?? none;
}

/** Units counted at a place in a condition. */
export interface StockLevelRecord {
  readonly sku: string;
  readonly location: string;
  readonly condition: z.output<typeof StockCondition>;
  readonly counted: number;
  /**
   * Units that the other system has set aside and left out of `counted` (FBA). Those that belong to orders that are open
   * here are stock, too (RULES 6).
   */
  readonly reserved?: number;
}

/** Counts of many items at once: one decision for all that differ. Of two counts of the same thing the later one stays. */
export async function saveStockLevels(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  records: readonly StockLevelRecord[],
): Promise<Saved[]> {
  const settings = await loadSettings(client, kept.db, brandId);
  const { placeOf } = settings;
  const items = await lookupItems(client, brandId, [...new Set(records.map((record) => record.sku))]);
  const setAside = await setAsideUnits(client, brandId, records, items, settings);
  const saved: Saved[] = [];
  const last = new Map<string, Count>();
  for (const [index, { sku, location, condition, counted: lying, reserved = 0 }] of records.entries()) {
    const item = items.get(sku)?.item;
    const place = placeOf.get(location);
    if (item === undefined || place === undefined) {
      const error = item === undefined ? unknownSku(sku, 'sku') : unknownLocation(location, 'location');
      saved[index] = { state: 'refused', error };
      continue;
    }
    saved[index] = { state: 'unchanged', created: false };
    const counted = lying + Math.min(reserved, setAside(item, place));
    last.set(`${item} ${place} ${condition}`, { index, item, place, location, condition, counted });
  }
  const levels = new Map(
    (await readLevels(client, brandId, [...new Set([...last.values()].map((count) => count.item))])).map(
      (level) => [`${level.item} ${level.place}`, level.units],
    ),
  );
  // What is as it was counted needs no lock: the count says no more than that.
  const moved = [...last.values()].filter(
    ({ item, place, condition, counted }) => counted !== (levels.get(`${item} ${place}`)?.[condition] ?? 0),
  );
  if (moved.length === 0) return saved;
  for (const { index } of moved) saved[index] = { state: 'applied', created: false };
  await decideCounts(kept, client, brandId, moved);
  return saved;
}

/** Open units of an item, of the channels that a place serves. */
async function setAsideUnits(
  client: pg.PoolClient,
  brandId: number,
  records: readonly StockLevelRecord[],
  items: ReadonlyMap<string, KnownItem>,
  { sees, places }: Settings,
): Promise<(item: number, place: number) => number> {
  const asked = new Set(
    records.flatMap((record) => ((record.reserved ?? 0) > 0 ? (items.get(record.sku)?.item ?? []) : [])),
  );
  if (asked.size === 0) return () => 0;
  const open = Map.groupBy(await readOpenUnits(client, brandId, [...asked]), (row) => row.item);
  return (item, place) =>
    (open.get(item) ?? [])
      .filter((row) => sees[row.channel * places + place] === 1)
      .reduce((units, row) => units + row.units, 0);
}

interface Count {
  readonly index: number;
  readonly item: number;
  readonly place: number;
  readonly location: string;
  readonly condition: Condition;
  readonly counted: number;
}

async function decideCounts(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  counts: readonly Count[],
): Promise<void> {
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  const data = { levels: counts.length };
  await recordEvents(client, brandId, [{ id: event, kind: 'stock.counted', data, at }]);
  const byPlace = [...Map.groupBy(counts, ({ item, place }) => `${item} ${place}`).values()];
  await decideItems(kept, client, brandId, {
    items: [...new Set(counts.map((count) => count.item))],
    scope: { lines: 'queue' },
    event,
    facts: (loaded) =>
      byPlace.map((group): Fact => {
        const { item, place, location } = group[0]!;
        const there = levelsAt(loaded, item, place);
        const changes = group.map(({ condition, counted }) => ({
          condition,
          delta: counted - there[condition],
        }));
        return { kind: 'stock', item, place, changes, cause: { code: 'stock_counted', location } };
      }),
  });
}
