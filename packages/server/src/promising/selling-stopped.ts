import {
  type Decision,
  type Fact,
  type ItemPosition,
  type Reason,
  sellableSupply,
  sellableSupplyOf,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type Raised, raiseSignals } from '../signals/index.ts';

/**
 * The kill switch tells: what is coming and can no longer be promised stops selling by the decision itself; channels hear it
 * from the event log, and a person from a signal, in the same transaction.
 */

/** Why items are planned again without their backing having died: they are not looked at. */
const BULK = 'replanned';

/** Units that could be sold beyond stock before facts that may take supply away; null: there is no such fact. */
export function sellableBefore(
  world: World,
  positions: readonly ItemPosition[],
  facts: readonly Fact[],
): Map<number, number> | null {
  const items = new Set<number>();
  for (const fact of facts)
    if (fact.kind === 'supply' || (fact.kind === 'replan' && fact.cause.code !== BULK)) items.add(fact.item);
  if (items.size === 0) return null;
  return new Map(
    positions
      .filter((position) => items.has(position.item))
      .map((position) => [position.item, sellableSupply(world, position)]),
  );
}

/** Tells of items that take no backorders any more, and of promises that nothing backs. */
export async function tellWhatStopped(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  decision: Decision,
  before: ReadonlyMap<number, number>,
  cause: Reason | null,
): Promise<void> {
  const lost = new Set(
    decision.promises
      .filter(({ promise }) => promise.change === 'withdrawn' || promise.change === 'fewer')
      .map(keyOf),
  );
  const signals: Raised[] = [];
  const stopped: string[] = [];
  for (const [item, units] of before) {
    const state = decision.states.get(item)!;
    const { sku, lifecycle, lines } = state.position;
    const waiting = lines.filter((line) => lost.has(keyOf(line)));
    // Settings that changed were others before anything was loaded: there, whoever lost a promise tells.
    const dead = sellableSupplyOf(state) === 0;
    const ended = lifecycle === 'discontinued' && cause?.code === 'item_changed';
    if (dead && (units > 0 || waiting.length > 0 || ended)) stopped.push(sku);
    if (dead && units > 0) signals.push({ kind: 'selling_stopped', subject: sku, sku, data: { cause } });
    if (waiting.length > 0) {
      const orders = new Set(waiting.map((line) => line.order)).size;
      signals.push({ kind: 'promises_unbacked', subject: sku, sku, data: { cause, orders } });
    }
  }
  await raiseSignals(kept, client, brandId, signals);
  if (stopped.length === 0) return;
  const first = await kept.ids.take(brandId, 'event', stopped.length);
  const at = kept.clock.now().toISOString();
  await recordEvents(
    client,
    brandId,
    stopped.map((sku, index) => ({
      id: first + index,
      kind: 'selling.stopped',
      data: { sku, cause, backorders: false },
      at,
    })),
  );
}

const keyOf = ({ order, line }: { order: number; line: number }) => `${order}:${line}`;
