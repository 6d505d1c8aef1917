import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import type { Decided, KnownItem } from '../promising/index.ts';
import { insertProductionRequests } from './production-request-store.ts';

/** Asks the buyer, or the ERP that listens, for the work that made-to-order lines have started. */
export async function requestProduction(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { decision, world }: Decided,
): Promise<void> {
  const started = [...decision.states.values()].flatMap(({ started, position }) =>
    started.map((work) => ({ ...work, item: position.item, sku: position.sku })),
  );
  if (started.length === 0) return;
  const first = await kept.ids.take(brandId, 'event', started.length);
  const at = kept.clock.now().toISOString();
  await Promise.all([
    insertProductionRequests(client, brandId, started, at),
    recordEvents(
      client,
      brandId,
      started.map(({ supply, sku, order, line, options }, index) => ({
        id: first + index,
        kind: 'production.requested',
        data: {
          sku,
          supply: supply.ref,
          order,
          line,
          options,
          quantity: supply.open,
          location: world.locations[supply.place]?.code,
          expectedOn: supply.expected === null ? null : dayText(supply.expected),
        },
        at,
      })),
    ),
  ]);
}

/** What is wrong with options of which the item's terms name not all; null: nothing. */
export function unknownOption(
  { sku, options: known }: Pick<KnownItem, 'sku' | 'options'>,
  options: readonly string[] | undefined,
): string | null {
  const unknown = options?.find((option) => !known.includes(option));
  if (unknown === undefined) return null;
  const names = known.length === 0 ? 'it has none' : `expected of ${known.join(', ')}`;
  return `${sku} has no option ${JSON.stringify(unknown)}; ${names}`;
}
