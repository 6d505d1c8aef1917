import { DutyPage, DutyQuery, Page, Problem, RefundPage } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { dutiesOf } from './duties.ts';
import { Evidence, evidenceOf } from './evidence.ts';
import { orderOrFail } from './messages.ts';
import { listRefunds } from './refund-store.ts';
import { refundRule } from './refunds.ts';

const tags = ['Duties'];

/** The law's clock as people see it: who must hear what by when, what silence will do, what is owed back. */
export function dutyRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/duties',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'What the law, a contract or the brand’s own rule asks of each waiting line, with sources',
        description:
          '`state` keeps some, comma-separated: notice_due, awaiting_consent, overdue, cancel, waits, in_time, no_clock.',
        querystring: DutyQuery,
        response: { 200: DutyPage, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, async (client) => {
        const order = query.order === undefined ? undefined : await orderOrFail(client, brandId, query.order);
        const after = query.cursor === undefined ? 0 : (decodeCursor(query.cursor, ['number'])[0] as number);
        const states = query.state === undefined ? undefined : new Set(query.state.split(','));
        const page = await dutiesOf(kept, client, brandId, { order, states }, query.limit, after);
        return { items: page.items, next: page.next === null ? null : encodeCursor([page.next]) };
      }),
  );
  routes.get(
    '/v1/refunds',
    {
      config: { permission: 'money:read' },
      schema: {
        tags,
        summary: 'Money that is owed back, the earliest due first',
        querystring: Page.extend({
          order: z.string().max(260).optional(),
          open: z
            .enum(['true', 'false'])
            .default('false')
            .transform((text) => text === 'true'),
        }),
        response: { 200: RefundPage, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, async (client) => {
        const order = query.order === undefined ? undefined : await orderOrFail(client, brandId, query.order);
        const after =
          query.cursor === undefined
            ? null
            : (decodeCursor(query.cursor, ['string', 'number']) as [string, number]);
        const rows = await listRefunds(client, brandId, { order, open: query.open }, query.limit + 1, after);
        const today = kept.clock.now().toISOString().slice(0, 10);
        const page = pageOf(rows, query.limit, (row) => [row.due_on, row.event_id]);
        return {
          items: page.items.map((row) => ({
            order: row.order,
            kind: row.kind,
            basis: row.basis,
            regime: row.regime,
            amount: { amount: row.amount, currency: row.currency },
            aroseOn: row.arose_on,
            dueOn: row.due_on,
            ...refundRule(row),
            doneAt: row.done_at,
            late: row.done_at === null && row.due_on < today,
          })),
          next: page.next,
        };
      }),
  );
  routes.get(
    '/v1/orders/:order/evidence',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary:
          'All that shows how an order was treated: what was stated, promised, told, answered, paid back',
        params: z.object({ order: z.string().min(1).max(260) }),
        response: { 200: Evidence, '4xx': Problem },
      },
    },
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, async (client) =>
        evidenceOf(kept, client, brandId, await orderOrFail(client, brandId, params.order)),
      ),
  );
}
