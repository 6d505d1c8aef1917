import { OrderCharge, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName } from '../promising/index.ts';
import { collectWhatIsOwed } from './collect.ts';
import { orderCharge } from './order-charge.ts';
import { refundWhatIsDue } from './refund.ts';

export async function paymentRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/orders/:order/refunds',
    {
      config: { permission: 'money:write' },
      schema: {
        tags: ['Orders'],
        summary: 'Give back what is due, each part the way it came',
        params: z.object({ order: z.string().min(1).max(260) }),
        response: { 200: OrderCharge, 404: Problem },
      },
    },
    async ({ brandId, params: { order: name } }) => {
      const order = await withBrand(kept.db, brandId, (client) => findOrderByName(client, brandId, name), {
        reads: true,
      });
      if (order === null) throw new KeptError('not_found', `There is no order ${JSON.stringify(name)}.`);
      return (await refundWhatIsDue(kept, brandId, order)).charge;
    },
  );
  routes.post(
    '/v1/orders/:order/collections',
    {
      config: { permission: 'money:write' },
      schema: {
        tags: ['Orders'],
        summary: 'Take what is owed for goods that have left, as it was stated when they were ordered',
        description: 'It is done by itself when they leave; this tries again what failed.',
        params: z.object({ order: z.string().min(1).max(260) }),
        response: { 200: OrderCharge, 404: Problem },
      },
    },
    async ({ brandId, params: { order: name } }) => {
      const order = await withBrand(kept.db, brandId, (client) => findOrderByName(client, brandId, name), {
        reads: true,
      });
      if (order === null) throw new KeptError('not_found', `There is no order ${JSON.stringify(name)}.`);
      await collectWhatIsOwed(kept, brandId, order);
      return withBrand(kept.db, brandId, (client) => orderCharge(kept, client, brandId, order), {
        reads: true,
      });
    },
  );
  routes.get(
    '/v1/orders/:order/charge',
    {
      config: { permission: 'money:read' },
      schema: {
        tags: ['Orders'],
        summary: 'Where an order’s money stands, and how what is due goes back',
        params: z.object({ order: z.string().min(1).max(260) }),
        response: { 200: OrderCharge, 404: Problem },
      },
    },
    ({ brandId, params: { order: name } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const order = await findOrderByName(client, brandId, name);
          if (order === null) throw new KeptError('not_found', `There is no order ${JSON.stringify(name)}.`);
          return orderCharge(kept, client, brandId, order);
        },
        { reads: true },
      ),
  );
}
