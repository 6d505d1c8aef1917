import { FoundPage, Problem, SearchQuery } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { findByName } from './search.ts';

const READ_BY = {
  order: 'orders:read',
  customer: 'orders:read',
  item: 'catalog:read',
  purchase_order: 'supply:read',
} as const;

/** Whatever is called that: orders, items, purchase orders, customers. */
export function searchRoutes(app: FastifyInstance, kept: Kept): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/search',
    {
      config: { permission: 'signed_in' },
      schema: {
        tags: ['Search'],
        summary: 'Orders, items, purchase orders and customers by part of their names',
        description:
          'Items and purchase orders are found by any part. Orders by their whole ref, however old; orders and customers by any part among the newest 20,000 orders. Each kind only for who may read it.',
        querystring: SearchQuery,
        response: { 200: FoundPage, 422: Problem },
      },
    },
    ({ brandId, query, scopes }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const { items } = await findByName(client, brandId, query.q, query.limit);
          return { items: items.filter(({ kind }) => scopes?.has(READ_BY[kind])) };
        },
        { reads: true },
      ),
  );
}
