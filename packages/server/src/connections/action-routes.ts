import { ConnectionActionList, ConnectionActionView, ConnectionName, Page, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { type ActionRow, decideAction, listActions, readAction } from './action-store.ts';
import { connectionOrFail } from './connection-store.ts';

const tags = ['Connections'];
const ByName = z.object({ name: ConnectionName });
const ByAction = ByName.extend({ action: z.string().min(1).max(400) });

/** What connections were asked to do, and what became of it. */
export function actionRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/connections/:name/actions',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What it was asked to do, and what became of it; the newest first',
        params: ByName,
        querystring: Page.extend({
          state: z.enum(['waiting', 'pending', 'done', 'refused', 'withdrawn']).optional(),
        }),
        response: { 200: ConnectionActionList, '4xx': Problem },
      },
    },
    ({ brandId, params: { name }, query: { limit, cursor, state } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          await connectionOrFail(client, brandId, name);
          const after =
            cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
          const rows = await listActions(client, brandId, name, state ?? null, after, limit + 1);
          const page = pageOf(rows, limit, (row) => [row.createdAt, row.id]);
          return { ...page, items: page.items.map(viewOf) };
        },
        { reads: true },
      ),
  );
  for (const [verb, to, summary] of [
    ['retry', 'waiting', 'Try it again now'],
    ['withdrawal', 'withdrawn', 'Give it up: somebody did it by hand, or it is not to be done'],
  ] as const)
    routes.post(
      `/v1/connections/:name/actions/:action/${verb}`,
      {
        config: { permission: 'connections:write' },
        schema: {
          tags,
          summary,
          params: ByAction,
          response: { 200: ConnectionActionView, '4xx': Problem },
        },
      },
      ({ brandId, params: { name, action } }) =>
        withBrand(kept.db, brandId, async (client) => {
          const decided = await decideAction(client, brandId, name, action, to, kept.clock.now());
          const row = await readAction(client, brandId, name, action);
          if (row === null)
            throw new KeptError('not_found', `${name} was not asked for ${JSON.stringify(action)}.`);
          if (!decided) throw new KeptError('conflict', `That is ${row.state} already.`);
          return viewOf(row);
        }),
    );
}

function viewOf({ action, handle: _, order, ...row }: ActionRow) {
  const asked = JSON.parse(action);
  return {
    ...row,
    kind: asked.kind,
    action: asked,
    order: order === null ? null : String(order),
    reference: row.state === 'done' ? row.trouble : null,
    trouble: row.state === 'done' ? null : row.trouble,
  };
}
