import { MessageMetrics, MetricQuery, Page, Problem, ToHearPage, UnansweredPage } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { whoHasNotAnswered, whoMustHear } from './desk.ts';
import { messageMetrics } from './metrics.ts';

const tags = ['Messages'];
const reads = { reads: true } as const;

/** What whoever looks after customers opens in the morning. */
export function deskRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/messages/today',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'Who must hear from the brand until its day ends, the most urgent first',
        description:
          'Messages that are due and not out (waiting, failed, come back), and orders that want a notice or an end and have no message on its way: those have no `message`, and a person decides. As of when each order was last looked at, which is after everything that happens to it and on each day of its law.',
        querystring: Page,
        response: { 200: ToHearPage, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => whoMustHear(kept, client, brandId, query), reads),
  );
  routes.get(
    '/v1/messages/unanswered',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'Who was asked and has not answered; what their silence will do, and when',
        querystring: Page,
        response: { 200: UnansweredPage, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => whoHasNotAnswered(kept, client, brandId, query), reads),
  );
  routes.get(
    '/v1/messages/metrics',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'Cancel and consent rate, timeliness, messages per order, reasons: each with what it counts',
        description: 'Of the last 30 days of the brand unless told. Both days count.',
        querystring: MetricQuery,
        response: { 200: MessageMetrics, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => messageMetrics(kept, client, brandId, query), reads),
  );
}
