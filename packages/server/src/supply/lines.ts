import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { compareNames, keyOf, type LineName, nameOf, storedName } from './line-ref.ts';
import { lockHeaders } from './order-store.ts';
import { readSupplies, type StoredSupply } from './supply-store.ts';

/**
 * Purchase orders' lines, under the orders' locks.
 * @throws KeptError `not_found`
 */
export async function lockOrders(
  client: pg.PoolClient,
  brandId: number,
  refs: readonly string[],
): Promise<Map<string, readonly StoredSupply[]>> {
  const headers = await lockHeaders(client, brandId, refs);
  for (const ref of refs) if (!headers.has(ref)) throw noOrder(ref);
  const supplies = Map.groupBy(
    await readSupplies(client, brandId, ['purchase_order'], refs),
    (supply) => supply.ref,
  );
  return new Map(refs.map((ref) => [ref, supplies.get(ref) ?? []]));
}

export function noOrder(ref: string): KeptError {
  return new KeptError(
    'not_found',
    `There is no purchase order ${JSON.stringify(ref)}. PUT /v1/purchase-orders/${encodeURIComponent(ref)} makes one.`,
  );
}

/**
 * The deliveries of a line: all of them, or the one whose schedule is named, the next to come first.
 * @throws KeptError `not_found` naming those that are there
 */
export function deliveriesOf(
  supplies: readonly StoredSupply[],
  ref: string,
  { line, schedule }: { line: LineName; schedule?: LineName | undefined },
): StoredSupply[] {
  const ofLine = supplies.filter((supply) => keyOf(supply.line) === keyOf(storedName(line)));
  if (ofLine.length === 0)
    throw missing(
      `${ref} has no line ${JSON.stringify(line)}`,
      'lines',
      supplies.map((supply) => supply.line),
    );
  const found =
    schedule === undefined
      ? // A line that came whole once and comes in parts now: what it was before is over.
        ofLine.some((supply) => supply.stage !== 'cancelled')
        ? ofLine.filter((supply) => supply.stage !== 'cancelled')
        : ofLine
      : ofLine.filter((supply) => keyOf(supply.schedule) === keyOf(storedName(schedule)));
  if (found.length === 0)
    throw missing(
      `Line ${JSON.stringify(line)} of ${ref} has no schedule ${JSON.stringify(schedule)}`,
      'schedules',
      ofLine.map((supply) => supply.schedule),
    );
  const day = (supply: StoredSupply) => supply.expectedOn ?? '9999-12-31';
  // A line that named another item when part of it came: that part is over.
  const { item } = found.find(({ open }) => open > 0) ?? found.at(-1)!;
  const ofItem = found.filter((supply) => supply.item === item);
  return ofItem.sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : a.supply - b.supply));
}

function missing(sentence: string, what: string, stored: readonly string[]): KeptError {
  const names = [...new Set(stored)].filter((name) => name !== '').sort(compareNames);
  const there =
    names.length === 0
      ? `it has no ${what}`
      : `its ${what} are ${names.map((name) => nameOf(name)).join(', ')}`;
  return new KeptError('not_found', `${sentence}; ${there}.`);
}
