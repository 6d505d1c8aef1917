import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import type { Decided } from '../promising/index.ts';

/** Asks the buyer, or the ERP that listens, for the work that made-to-order lines have started. */
export async function requestProduction(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { decision, world }: Decided,
): Promise<void> {
  const started = [...decision.states.values()].flatMap(({ started, position }) =>
    started.map((supply) => ({ supply, sku: position.sku })),
  );
  if (started.length === 0) return;
  const first = await kept.ids.take(brandId, 'event', started.length);
  const at = kept.clock.now().toISOString();
  await recordEvents(
    client,
    brandId,
    started.map(({ supply, sku }, index) => ({
      id: first + index,
      kind: 'production.requested',
      data: {
        sku,
        supply: supply.ref,
        quantity: supply.open,
        location: world.locations[supply.place]?.code,
        expectedOn: supply.expected === null ? null : dayText(supply.expected),
      },
      at,
    })),
  );
}
