import {
  JointAccepted,
  JointInput,
  JointProposal,
  JointQuery,
  PriceBreaks,
  Problem,
  Ref,
  Sku,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { acceptJointOrder, proposeJointOrder, setPriceBreaks } from './joint-orders.ts';
import { purchaseOrderCsv } from './order-csv.ts';

export function jointRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Planning'];
  routes.get(
    '/v1/joint-orders',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'What to order of one supplier at once, within a budget or a container, at its price breaks',
        querystring: JointQuery,
        response: { 200: JointProposal, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => proposeJointOrder(kept, client, brandId, query)),
  );
  routes.post(
    '/v1/joint-orders',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Make one draft purchase order of several lines, and hand it to the event log',
        headers: z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() }),
        body: JointInput,
        response: { 201: JointAccepted, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, body, actor } = request;
      const key = request.headers['idempotency-key'];
      const accepted = await withBrand(kept.db, brandId, (client) => {
        const work = () => acceptJointOrder(kept, client, brandId, body, actor);
        if (typeof key !== 'string') return work();
        const what = { source: 'POST /v1/joint-orders', externalId: key, content: requestDigest(body) };
        return once(client, brandId, { ...what, at: kept.clock.now() }, work);
      });
      return reply.status(201).send(accepted);
    },
  );
  routes.put(
    '/v1/items/:sku/price-breaks',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'What the supplier asks for a unit of larger orders',
        params: z.object({ sku: Sku }),
        body: PriceBreaks,
        response: { 200: PriceBreaks, '4xx': Problem },
      },
    },
    ({ brandId, params, body }) =>
      withBrand(kept.db, brandId, (client) => setPriceBreaks(client, brandId, params.sku, body)),
  );
  routes.get(
    '/v1/purchase-orders/:ref/export',
    {
      config: { permission: 'supply:read' },
      schema: {
        tags,
        summary: 'A purchase order as CSV, in the columns of the import template',
        params: z.object({ ref: Ref }),
        produces: ['text/csv'],
        response: { 200: z.string(), '4xx': Problem },
      },
    },
    async ({ brandId, params }, reply) => {
      const csv = await withBrand(kept.db, brandId, (client) =>
        purchaseOrderCsv(client, brandId, params.ref),
      );
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="purchase-order.csv"')
        .send(csv);
    },
  );
}
