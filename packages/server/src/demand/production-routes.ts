import {
  Problem,
  ProductionAccepted,
  ProductionRequest,
  ProductionRequestPage,
  ProductionRequestQuery,
  Ref,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { saveSupply } from '../supply/index.ts';
import { acceptProduction, listProduction, readProduction } from './production-request-store.ts';

/** Work that orders started, for whoever makes it: a person, or an ERP that reads it here or follows the event log. */
export function productionRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Made to order'];
  routes.get(
    '/v1/production-requests',
    {
      config: { permission: 'orders:read' },
      schema: {
        tags,
        summary: 'Work that orders have started, oldest first, with how far it is',
        querystring: ProductionRequestQuery,
        response: { 200: ProductionRequestPage, '4xx': Problem },
      },
    },
    async ({ brandId, query: { sku = null, state = null, limit, cursor } }) => {
      const after =
        cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
      const rows = await withBrand(
        kept.db,
        brandId,
        (client) => listProduction(client, brandId, { sku, state, after, limit }),
        { reads: true },
      );
      return pageOf(rows, limit, (row) => [row.requestedAt, row.ref]);
    },
  );
  routes.post(
    '/v1/production-requests/:ref/accepted',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Its maker has taken it on, and may say another day',
        description:
          'The day moves the promise as any revision of a supply does. Accepting again says it anew.',
        params: z.object({ ref: Ref }),
        body: ProductionAccepted.nullish(),
        response: { 200: ProductionRequest, '4xx': Problem },
      },
    },
    ({ brandId, params: { ref }, body, actor }) =>
      withBrand(kept.db, brandId, async (client) => {
        const at = kept.clock.now().toISOString();
        const { makerRef = null, expectedOn } = body ?? {};
        const before = await readProduction(client, brandId, ref);
        if (before === null)
          throw new KeptError('not_found', `No work is requested under ${JSON.stringify(ref)}.`);
        if (before.state === 'done' || before.state === 'not_needed')
          throw new KeptError(
            'conflict',
            `${ref} is ${before.state === 'done' ? 'done' : 'not needed any more'}.`,
          );
        await acceptProduction(client, brandId, ref, { at, by: actor, makerRef });
        if (expectedOn !== undefined && expectedOn !== before.expectedOn)
          await saveSupply(kept, client, brandId, ref, {
            kind: 'production',
            sku: before.sku,
            location: before.location,
            quantity: before.total,
            expectedOn,
            stage: 'in_production',
            reason: 'production',
          });
        const event = await kept.ids.take(brandId, 'event', 1);
        const data = { ref, makerRef, expectedOn: expectedOn ?? before.expectedOn };
        await recordEvents(client, brandId, [{ id: event, kind: 'production.accepted', data, at, actor }]);
        return (await readProduction(client, brandId, ref))!;
      }),
  );
}
