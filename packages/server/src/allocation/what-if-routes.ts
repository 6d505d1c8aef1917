import { Problem, WhatIf, WhatIfInput } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { whatIf } from './what-if.ts';

export function whatIfRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/what-if',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['What-if'],
        summary: 'What would come of a slip, a receipt, a cancellation, a new order, another ranking',
        description:
          'Who is hit and who is helped, old and new dates, what would have to be told, the revenue at risk. It is decided as it would be, and commits nothing.',
        body: WhatIfInput,
        response: { 200: WhatIf, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) => whatIf(kept, client, request.brandId, request.body)),
  );
}
