import {
  Connection,
  ConnectionFinding,
  ConnectionInput,
  ConnectionList,
  ConnectionName,
  ConnectionNoteList,
  ConnectorList,
  FactsApplied,
  Instant,
  Page,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { actionRoutes } from './action-routes.ts';
import { authoriseRoutes } from './authorise-routes.ts';
import { connectionOrFail, listConnections, listNotes } from './connection-store.ts';
import {
  checkConnection,
  disconnect,
  pauseConnection,
  reconcileByHand,
  replayConnection,
  saveConnection,
  viewConnection,
} from './connections.ts';
import { pushRoutes } from './push-routes.ts';
import { refundByConnections } from './refunds.ts';
import { refusalRoutes } from './refusal-routes.ts';
import { toolsOf } from './registry.ts';

const tags = ['Connections'];
const ByName = z.object({ name: ConnectionName });

/** Channels and ERPs that Kept is connected to. */
export async function connectionRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  refundByConnections(kept);
  refusalRoutes(app, kept);
  actionRoutes(app, kept);
  authoriseRoutes(app, kept);
  await pushRoutes(app, kept);
  const viewed = (brandId: number, name: string) =>
    withBrand(
      kept.db,
      brandId,
      async (client) => viewConnection(client, brandId, await connectionOrFail(client, brandId, name)),
      { reads: true },
    );

  routes.get(
    '/v1/connectors',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What can be connected, what each can do, and what it has to be told',
        response: { 200: ConnectorList },
      },
    },
    () => ({
      items: [...toolsOf(kept).connectors.values()].map((one) => ({
        kind: one.kind,
        role: one.role,
        title: one.title,
        streams: [...one.streams],
        can: { ...one.can, act: [...one.can.act], authorise: one.authorise !== undefined },
        settings: z.toJSONSchema(one.settings, { io: 'input', unrepresentable: 'any' }),
        secrets: z.toJSONSchema(one.secrets, { io: 'input', unrepresentable: 'any' }),
      })),
    }),
  );
  routes.get(
    '/v1/connections',
    {
      config: { permission: 'connections:read' },
      schema: { tags, summary: 'All connections, and how far each is', response: { 200: ConnectionList } },
    },
    ({ brandId }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const items = [];
          for (const row of await listConnections(client, brandId))
            items.push(await viewConnection(client, brandId, row));
          return { items, next: null };
        },
        { reads: true },
      ),
  );
  routes.get(
    '/v1/connections/:name',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'A connection: its state, how far each stream is read, what waits',
        params: ByName,
        response: { 200: Connection, 404: Problem },
      },
    },
    ({ brandId, params }) => viewed(brandId, params.name),
  );
  routes.put(
    '/v1/connections/:name',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Connect a channel or an ERP, or change how',
        description:
          'Its history is read from the beginning, then it is followed. Secrets are kept encrypted and never answered; left out, they stay as they are.',
        params: ByName,
        body: ConnectionInput,
        response: { 200: Connection, 201: Connection, '4xx': Problem },
      },
    },
    async ({ brandId, params, body, actor }, reply) => {
      const created = await withBrand(
        kept.db,
        brandId,
        (client) => saveConnection(kept, client, brandId, params.name, body),
        { actor },
      );
      return reply.code(created ? 201 : 200).send(await viewed(brandId, params.name));
    },
  );
  routes.delete(
    '/v1/connections/:name',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Disconnect: take back what Kept left there, and forget the secrets; what it told stays',
        params: ByName,
        response: { 200: Connection, '4xx': Problem },
      },
    },
    async ({ brandId, params }) => {
      await disconnect(kept, brandId, params.name);
      return viewed(brandId, params.name);
    },
  );
  for (const [verb, pause, summary] of [
    ['pause', true, 'Pause: nothing is read, published or asked; pushes are kept for later'],
    ['resume', false, 'Go on from where it was'],
  ] as const)
    routes.post(
      `/v1/connections/:name/${verb}`,
      {
        config: { permission: 'connections:write' },
        schema: { tags, summary, params: ByName, response: { 200: Connection, '4xx': Problem } },
      },
      async ({ brandId, params }) => {
        await pauseConnection(kept, brandId, params.name, pause);
        return viewed(brandId, params.name);
      },
    );
  routes.post(
    '/v1/connections/:name/replay',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Read again, from a date or from the beginning',
        description: 'What is known is applied again; what happened counts once all the same.',
        params: ByName,
        body: z.object({ from: Instant.optional(), streams: z.array(z.string()).min(1).optional() }),
        response: { 200: Connection, '4xx': Problem },
      },
    },
    async ({ brandId, params, body }) => {
      await replayConnection(kept, brandId, params.name, body);
      return viewed(brandId, params.name);
    },
  );
  routes.post(
    '/v1/connections/:name/reconcile',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Look now for what was missed in the last two days, and apply it',
        description: 'It is done every night; the notes say what was found.',
        params: ByName,
        response: { 200: z.object({ streams: z.record(z.string(), FactsApplied) }), '4xx': Problem },
      },
    },
    async ({ brandId, params: { name } }) => ({ streams: await reconcileByHand(kept, brandId, name) }),
  );
  routes.get(
    '/v1/connections/:name/notes',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What there is to know of it: what was healed, what the other side complained of',
        params: ByName,
        querystring: Page,
        response: { 200: ConnectionNoteList, '4xx': Problem },
      },
    },
    ({ brandId, params: { name }, query: { limit, cursor } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          await connectionOrFail(client, brandId, name);
          const before =
            cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
          const rows = await listNotes(client, brandId, name, before, limit + 1);
          const page = pageOf(rows, limit, (row) => [row.at, row.id]);
          return {
            ...page,
            items: page.items.map(({ data, ...note }) => ({ ...note, data: JSON.parse(data) })),
          };
        },
        { reads: true },
      ),
  );
  routes.post(
    '/v1/connections/:name/check',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Ask the other side whether credentials, scopes and clocks are as they have to be',
        params: ByName,
        response: { 200: z.object({ findings: z.array(ConnectionFinding) }), 404: Problem },
      },
    },
    async ({ brandId, params }) => ({ findings: [...(await checkConnection(kept, brandId, params.name))] }),
  );
}
