import { registerWayBack } from '../payments/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { insertActions, readAction } from './action-store.ts';
import { listConnections } from './connection-store.ts';
import { toolsOf } from './registry.ts';
import { ordersOfConnections } from './thing-store.ts';

/**
 * Money that came through a channel goes back through it: the refund is an action of the connection that told the order, under
 * the key that payments wrote down first. It counts as given when the connection says that it is done.
 */
export function refundByConnections(kept: Kept): void {
  registerWayBack(kept, async (_kept, brandId, order, { payment, amount, currency }, key) =>
    withBrand(kept.db, brandId, async (client) => {
      const [of] = await ordersOfConnections(client, brandId, [order]);
      const row = (await listConnections(client, brandId)).find(({ name }) => name === of?.connection);
      if (of === undefined || row === undefined || row.state === 'disconnected') return null;
      if (toolsOf(kept).connectors.get(row.kind)?.can.act.includes('refund') !== true) return null;
      const now = kept.clock.now();
      const about = { channel: of.channel, ref: of.ref, externalId: of.externalId };
      await insertActions(client, brandId, of.connection, now, [
        {
          order,
          action: {
            id: key,
            at: now.toISOString(),
            kind: 'refund',
            order: about,
            amount: { amount, currency },
            payment,
            reason: 'what was collected for goods that are not coming',
          },
        },
      ]);
      const asked = await readAction(client, brandId, of.connection, key);
      if (asked?.state === 'done') return { id: asked.trouble ?? key };
      if (asked?.state === 'refused' || asked?.state === 'withdrawn')
        return { reason: asked.trouble ?? 'it was given up' };
      return { reason: `${row.title} was asked`, again: true, asked: true };
    }),
  );
}
