import { type Decision, type ItemPosition, MAXIMUM_SUM } from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Cause } from './cause.ts';
import { saveCommitments, saveLines, savePromises } from './decided-lines-store.ts';
import {
  saveHolds,
  saveItems,
  saveLimits,
  saveMovements,
  saveStock,
  saveSupplies,
} from './decided-units-store.ts';
import { saveWorkBegun } from './work-store.ts';

/**
 * Writes what a decision changed, with one statement per table. The items are locked, so that whole values are written and
 * nothing is read again. All statements travel together.
 * @throws KeptError `invalid_input` where an item's quantities would come to more than is counted; nothing is written then
 */
export async function saveDecision(
  client: pg.PoolClient,
  brandId: number,
  decision: Decision,
  cause: Cause,
): Promise<void> {
  for (const state of decision.states.values()) refuseTooMuch(state.position);
  const states = [...decision.states.values()].filter(
    (state) => state.touched || state.touchedStock.size > 0,
  );
  await Promise.all([
    saveItems(client, brandId, states),
    saveStock(client, brandId, states),
    saveWorkBegun(client, brandId, states, cause),
    saveSupplies(client, brandId, states),
    saveLimits(client, brandId, states),
    saveHolds(client, brandId, states),
    saveMovements(client, brandId, states, cause),
    saveCommitments(client, brandId, states),
    // Before the promises, which take longest to be made ready: PostgreSQL writes the lines meanwhile.
    saveLines(client, brandId, states, decision.promises, cause),
    savePromises(client, brandId, decision.promises, cause),
  ]);
}

const STOCK_SUMS = ['sellable', 'quality_hold', 'returned', 'damaged', 'reserved', 'held'] as const;
const SUPPLY_SUMS = ['open', 'received', 'pegged', 'held'] as const;

function refuseTooMuch({ sku, backordered, stock, supplies, limits }: ItemPosition): void {
  refuseSum(sku, backordered, 'on backorder');
  for (const what of STOCK_SUMS) {
    let units = 0;
    for (const one of stock) units += one[what];
    refuseSum(sku, units, 'in stock', what);
  }
  for (const what of SUPPLY_SUMS) {
    let units = 0;
    for (const one of supplies) units += one[what];
    refuseSum(sku, units, 'on supplies', what);
  }
  for (const limit of limits) refuseSum(sku, limit.committed, 'committed to one channel');
}

function refuseSum(sku: string, units: number, where: string, what?: string): void {
  if (Math.abs(units) <= MAXIMUM_SUM) return;
  const whole = what === undefined ? where : `${what.replace('_', ' ')} ${where}`;
  throw new KeptError(
    'invalid_input',
    `${sku} would have ${units} units ${whole}; at most ${MAXIMUM_SUM} are counted.`,
    { errors: [{ path: '', message: `expected at most ${MAXIMUM_SUM} units of ${sku} ${whole}` }] },
  );
}

export function movementCount(decision: Decision): number {
  let count = 0;
  for (const state of decision.states.values()) count += state.movements.length;
  return count;
}
