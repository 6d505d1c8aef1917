import { Problem, SignalChosen, SignalLinePage, SignalOutcome } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { openSignal, waitingLines } from './choice-store.ts';
import { choose } from './choices.ts';

const ById = z.object({ id: z.string().max(60) });

export function choiceRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Signals'];
  routes.get(
    '/v1/signals/:id/lines',
    {
      config: { permission: 'signals:read' },
      schema: {
        tags,
        summary: 'Whose units a signal is about: lines that nothing backs, in the order of their queue',
        params: ById,
        response: { 200: SignalLinePage, '4xx': Problem },
      },
    },
    ({ brandId, params: { id } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const signal = await openSignal(client, brandId, id);
          if (signal === null) throw new KeptError('not_found', `No signal ${JSON.stringify(id)} is open.`);
          const lines = signal.sku === null ? [] : await waitingLines(client, brandId, signal.sku);
          const items = lines.map(({ name, ref, customer, waiting, price, currency }) => ({
            order: name,
            line: ref,
            customer,
            waiting,
            value: { amount: price * waiting, currency },
          }));
          return { items, next: null };
        },
        { reads: true },
      ),
  );
  routes.post(
    '/v1/signals/:id/choices',
    {
      config: { permission: 'signals:write' },
      schema: {
        tags,
        summary: 'Carry out one of a signal’s choices: expedite, substitute, cancel and refund',
        description:
          'A substitute is offered, and its customers choose; with how: switch they have agreed. Orders that it fails for are told, and keep no other from being done.',
        params: ById,
        body: SignalChosen,
        response: { 200: SignalOutcome, '4xx': Problem },
      },
    },
    ({ brandId, params: { id }, body }) => choose(kept, brandId, id, body),
  );
}
