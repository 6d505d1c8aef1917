import { NoticePage, NoticeQuery, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { listNotices } from './notice-store.ts';
import { noticeViews } from './notices.ts';
import type { Outgoing } from './send.ts';

export function noticeRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/notices',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags: ['Messages'],
        summary: 'Messages to those who wait without an order: to be told, or for their turn; newest first',
        querystring: NoticeQuery,
        response: { 200: NoticePage, '4xx': Problem },
      },
    },
    ({ brandId, query: { kind = null, to = null, sku = null, limit, cursor } }) =>
      withBrand(kept.db, brandId, async (client) => {
        const after = cursor === undefined ? null : (decodeCursor(cursor, ['number']) as [number])[0];
        const rows = await listNotices(client, brandId, { kind, to, sku, after, limit });
        const page = pageOf(rows, limit, (row) => [row.notice_id]);
        return { ...page, items: await noticeViews(kept, client, brandId, page.items, outgoing) };
      }),
  );
}
