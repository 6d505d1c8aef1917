import {
  MessageReport,
  MessageReported,
  MessageRetried,
  MessageRetry,
  OrderContact,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { updateContact } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { lookBy } from './look-store.ts';
import { retryAll } from './message-store.ts';
import { orderOrFail } from './messages.ts';
import { type HeardOf, hearOf } from './reports.ts';
import { readReturnedMail } from './returned-mail.ts';

const tags = ['Messages'];

/** What comes back of messages, and how a person gets them going again. */
export function reportRoutes(app: FastifyInstance, kept: Kept): void {
  app.addContentTypeParser('message/rfc822', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/message-reports',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'A bounce, a complaint, a delivery: what was heard of a message after it was sent',
        description:
          'JSON by whoever sent it; or, as message/rfc822, the mail that came back, as it is: a delivery status notification (RFC 3464) or a complaint (RFC 5965). What is about no message of Kept is answered with nulls and changes nothing.',
        body: z.union([z.string(), MessageReport]),
        response: { 200: MessageReported, '4xx': Problem },
      },
    },
    async ({ brandId, body, actor }) => {
      const now = kept.clock.now().toISOString();
      const heard: HeardOf | null =
        typeof body === 'string'
          ? withSource(readReturnedMail(body), 'returned mail', now)
          : { ...body, source: actor, at: body.at ?? now };
      if (heard === null) return { message: null, kind: null, state: null };
      const found = await withBrand(kept.db, brandId, (client) => hearOf(kept, client, brandId, heard));
      return {
        message: found === null ? null : String(found.message_id),
        kind: heard.kind,
        state: found === null ? null : (found.state as 'sent'),
      };
    },
  );
  routes.post(
    '/v1/messages/retry',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'Try all that failed, or came back, once more: after a server or an address was mended',
        body: MessageRetry.default({ state: 'failed' }),
        response: { 200: MessageRetried, '4xx': Problem },
      },
    },
    ({ brandId, body }) =>
      withBrand(kept.db, brandId, async (client) => ({
        messages: await retryAll(client, brandId, body, kept.clock.now().toISOString()),
      })),
  );
  routes.put(
    '/v1/orders/:order/contact',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags: ['Orders'],
        summary: 'Where an order’s customer is reached from now on',
        params: z.object({ order: z.string().min(1).max(260) }),
        body: OrderContact,
        response: { 204: z.undefined(), '4xx': Problem },
      },
    },
    async ({ brandId, params, body, actor }, reply) => {
      const event = await kept.ids.take(brandId, 'event', 1);
      await withBrand(kept.db, brandId, async (client) => {
        const order = await orderOrFail(client, brandId, params.order);
        const at = kept.clock.now().toISOString();
        await updateContact(client, brandId, order, body);
        await recordEvents(client, brandId, [
          // Not the addresses: the log is only added to, and a customer can ask to be forgotten.
          {
            id: event,
            kind: 'order.contact_changed',
            data: { order, changed: Object.keys(body) },
            at,
            actor,
          },
        ]);
        await lookBy(client, brandId, [{ order, at }]);
      });
      return reply.code(204).send();
    },
  );
}

function withSource(mail: ReturnType<typeof readReturnedMail>, source: string, at: string): HeardOf | null {
  return mail === null ? null : { ...mail, source, at };
}
