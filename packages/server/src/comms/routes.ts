import {
  Message,
  MessagePage,
  MessagePreview,
  MessageQuery,
  MessageSend,
  MessageSettings,
  MessageSettingsRecord,
  MessageSkip,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { customerRoutes } from './customer-routes.ts';
import { deskRoutes } from './desk-routes.ts';
import { dutyRoutes } from './duty-routes.ts';
import { countMessages } from './message-store.ts';
import { messageView, pageMessages, previewMessage, sendByPerson, skipMessage } from './messages.ts';
import { noticeRoutes } from './notice-routes.ts';
import { reportRoutes } from './report-routes.ts';
import type { Outgoing } from './send.ts';
import { loadCommsSettings, type SettingsRecord, saveCommsSettings } from './settings.ts';
import { templateRoutes } from './template-routes.ts';

const tags = ['Messages'];
const MessageId = z.object({ id: z.coerce.number().int().positive() });

/** What customers are told, what they answer, and the clocks that follow. */
export function commsRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  messageRoutes(app, kept, outgoing);
  noticeRoutes(app, kept, outgoing);
  settingRoutes(app, kept, outgoing);
  templateRoutes(app, kept, outgoing);
  dutyRoutes(app, kept);
  deskRoutes(app, kept);
  reportRoutes(app, kept);
  customerRoutes(app, kept, outgoing);
}

function messageRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/messages',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'Messages to customers, newest first: sent, waiting, and why',
        querystring: MessageQuery,
        response: { 200: MessagePage, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => pageMessages(kept, client, brandId, query, outgoing)),
  );
  routes.get(
    '/v1/messages/:id/preview',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'What a message said, or would say now',
        params: MessageId,
        response: { 200: MessagePreview, '4xx': Problem },
      },
    },
    // The first preview of a brand makes the key that signs its links, as the first mail does.
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, (client) => previewMessage(kept, client, brandId, params.id, outgoing)),
  );
  routes.post(
    '/v1/messages/:id/send',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'Send a message now, record that it was told by hand, or send a test',
        params: MessageId,
        body: MessageSend.default({}),
        response: { 200: Message, '4xx': Problem },
      },
    },
    async ({ brandId, params: { id }, body, actor }) => {
      await sendByPerson(kept, brandId, id, body, outgoing, actor);
      return withBrand(kept.db, brandId, (client) => messageView(kept, client, brandId, id, outgoing));
    },
  );
  routes.post(
    '/v1/messages/:id/skip',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'A message is not to go out',
        params: MessageId,
        body: MessageSkip.default({ reason: 'skipped' }),
        response: { 200: Message, '4xx': Problem },
      },
    },
    ({ brandId, params: { id }, body, actor }) =>
      withBrand(kept.db, brandId, async (client) => {
        await skipMessage(kept, client, brandId, id, `${actor}: ${body.reason}`);
        return messageView(kept, client, brandId, id, outgoing);
      }),
  );
}

function settingRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const recordOf = async (
    client: Parameters<typeof countMessages>[0],
    brandId: number,
    record: SettingsRecord,
  ) => {
    const counts = await countMessages(client, brandId);
    return {
      ...record.settings,
      version: record.version,
      actor: record.actor,
      at: record.at,
      sender: [outgoing.sender, outgoing.sms].flatMap((one) => one?.name ?? []).join(', ') || null,
      messages: Object.fromEntries(counts.map((one) => [one.state, one.messages])),
    };
  };
  routes.get(
    '/v1/message-settings',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'How the brand speaks to its customers, and how far sending has come',
        response: { 200: MessageSettingsRecord, '4xx': Problem },
      },
    },
    ({ brandId }) =>
      withBrand(kept.db, brandId, async (client) =>
        recordOf(client, brandId, await loadCommsSettings(client, brandId)),
      ),
  );
  routes.put(
    '/v1/message-settings',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'Pause, shadow mode, rate, look, touchpoints, exemptions: a new version, with who made it',
        body: MessageSettings,
        response: { 200: MessageSettingsRecord, '4xx': Problem },
      },
    },
    ({ brandId, body, actor }) =>
      withBrand(kept.db, brandId, async (client) =>
        recordOf(client, brandId, await saveCommsSettings(kept, client, brandId, actor, body)),
      ),
  );
}
