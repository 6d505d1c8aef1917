import { Problem, SignalPage, SignalQuery, SignalSettled } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { sendTagged } from '../platform/etag.ts';
import type { Kept } from '../platform/kept.ts';
import { listSignals, settleSignal } from './signal-store.ts';
import { signalView, WHILE_WAITING } from './signals.ts';

const tags = ['Signals'];

export async function signalRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/signals',
    {
      config: { permission: 'signals:read' },
      schema: {
        tags,
        summary: 'What a person must see and decide about, newest first, each with its choices',
        querystring: SignalQuery,
        response: { 200: SignalPage, 422: Problem },
      },
    },
    async (request, reply) => {
      const { kind = null, sku = null, limit, cursor } = request.query;
      const rows = await withBrand(
        kept.db,
        request.brandId,
        (client) =>
          listSignals(client, request.brandId, {
            kind,
            sku,
            limit,
            after: cursor === undefined ? null : afterOf(cursor),
            whileWaiting: WHILE_WAITING,
          }),
        { reads: true },
      );
      const page = pageOf(rows, limit, ({ at, id }) => [at, id]);
      return sendTagged(request, reply, { ...page, items: page.items.map(signalView) });
    },
  );

  routes.post(
    '/v1/signals/:id/settled',
    {
      config: { permission: 'signals:write' },
      schema: {
        tags,
        summary: 'A person has decided',
        params: z.object({ id: z.string().max(60) }),
        body: SignalSettled.nullish(),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const settled = {
        at: kept.clock.now().toISOString(),
        by: request.actor,
        choice: request.body?.choice ?? null,
      };
      const open = await withBrand(kept.db, request.brandId, (client) =>
        settleSignal(client, request.brandId, id, settled),
      );
      if (!open) throw new KeptError('not_found', `No signal ${JSON.stringify(id)} is open.`);
      return reply.status(204).send(null);
    },
  );
}

function afterOf(cursor: string): { at: string; id: string } {
  const [at, id] = decodeCursor(cursor, ['string', 'string']) as [string, string];
  return { at, id };
}
