import { Problem, UnmetDemandPage, UnmetDemandQuery } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { listUnmet } from './unmet-store.ts';

export function unmetRoutes(app: FastifyInstance, kept: Kept): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/unmet-demand',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags: ['Demand'],
        summary: 'What was refused, and who asked to be told: by day, item and channel, apart from orders',
        description:
          'A request that was refused and came again counts once; one that was then served, not at all.',
        querystring: UnmetDemandQuery,
        response: { 200: UnmetDemandPage, '4xx': Problem },
      },
    },
    ({ brandId, query: { sku = null, channel = null, from = null, until = null, limit, cursor } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const types = ['string', 'string', 'string', 'string'] as const;
          const after =
            cursor === undefined ? null : (decodeCursor(cursor, types) as [string, string, string, string]);
          const { timeZone } = await loadSettings(client, kept.db, brandId);
          const query = { sku, channel, from, until, timeZone, after, limit };
          const rows = await listUnmet(client, brandId, query);
          return pageOf(rows, limit, (row) => [row.on, row.sku, row.channel, row.kind]);
        },
        { reads: true },
      ),
  );
}
