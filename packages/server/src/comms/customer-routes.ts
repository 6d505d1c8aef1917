import {
  AgentChoice,
  CancellationTried,
  CancellationTry,
  CustomerChoice,
  CustomerLink,
  CustomerPage,
  Problem,
} from '@kept/contract';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { applyChoice, refuseNotOffered } from './choices.ts';
import { linkTo, newLink } from './compose.ts';
import { readNow } from './duties.ts';
import { orderOrFail } from './messages.ts';
import { customerPage, linkOrFail, openLink, refundOfPart, refuseLateDays } from './page.ts';
import type { Outgoing } from './send.ts';
import { loadCommsSettings } from './settings.ts';
import { linkKey, revokeLinks } from './settings-store.ts';

const tags = ['Customers'];
const Token = z.object({ token: z.string().max(200) });
const OrderName = z.object({ order: z.string().min(1).max(260) });
const IdempotencyHeaders = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() });

/** The customer's own page, and the same choices made for them by an agent. */
export function customerRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/c/:token',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        summary: 'A customer’s order, by the link in their mail; HTML for a browser',
        security: [],
        params: Token,
        response: { 200: CustomerPage, '4xx': Problem },
      },
    },
    async ({ params: { token }, headers }, reply) => {
      guard(reply);
      // The page asks again for the data; whether the link is good is told there, in words.
      if ((headers.accept ?? '').includes('text/html') && 'sendFile' in reply)
        return reply.sendFile('customer.html', { maxAge: 0 });
      const link = linkOrFail(token);
      return withBrand(kept.db, link.brandId, async (client) =>
        customerPage(kept, client, link.brandId, await openLink(kept, client, link, token)),
      );
    },
  );
  routes.post(
    '/c/:token/choice',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        summary: 'Wait, switch or cancel; carried out at once',
        security: [],
        params: Token,
        headers: IdempotencyHeaders,
        body: CustomerChoice,
        response: { 200: CustomerPage, '4xx': Problem },
      },
    },
    async ({ params: { token }, body, headers }, reply) => {
      guard(reply);
      const link = linkOrFail(token);
      const { brandId } = link;
      return withBrand(
        kept.db,
        brandId,
        async (client) => {
          const story = await openLink(kept, client, link, token);
          refuseLateDays(story, body);
          if (body.choice === 'switch') refuseNotOffered(story, body.line, body.sku);
          const key = headers['idempotency-key'];
          const work = async () => {
            await applyChoice(kept, client, brandId, story, body, 'customer');
            return {};
          };
          if (key === undefined) await work();
          else
            await once(
              client,
              brandId,
              {
                source: `POST /c/${link.order}/choice`,
                externalId: key,
                content: requestDigest(body),
                at: kept.clock.now(),
              },
              work,
            );
          return customerPage(kept, client, brandId, await openLink(kept, client, link, token));
        },
        { actor: 'customer' },
      );
    },
  );
  routes.post(
    '/c/:token/refund',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        summary: 'What goes back, how and by when, if a part is cancelled; nothing is changed',
        security: [],
        params: Token,
        body: CancellationTry,
        response: { 200: CancellationTried, '4xx': Problem },
      },
    },
    async ({ params: { token }, body }, reply) => {
      guard(reply);
      const link = linkOrFail(token);
      const { brandId } = link;
      return withBrand(kept.db, brandId, async (client) => {
        const story = await openLink(kept, client, link, token);
        return { refund: await refundOfPart(kept, client, brandId, story, body.lines) };
      });
    },
  );
  routes.post(
    '/v1/orders/:order/choices',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'What a customer told an agent: the same choices, recorded as the agent’s',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: AgentChoice,
        response: { 200: CustomerPage, '4xx': Problem },
      },
    },
    ({ brandId, params, body, headers, actor }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const order = await orderOrFail(client, brandId, params.order);
          const storyNow = async () => (await readNow(kept, client, brandId, [order]))[0]!;
          const story = await storyNow();
          refuseLateDays(story, body.answer);
          const work = async () => {
            await applyChoice(kept, client, brandId, story, body.answer, actor, body.note);
            return {};
          };
          const externalId = body.id ?? headers['idempotency-key'];
          if (externalId === undefined) await work();
          else {
            const source = `POST /v1/orders/${order}/choices`;
            const content = requestDigest(body);
            await once(client, brandId, { source, externalId, content, at: kept.clock.now() }, work);
          }
          return customerPage(kept, client, brandId, await storyNow());
        },
        { actor },
      ),
  );
  routes.post(
    '/v1/orders/:order/link',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'A link to the customer’s page',
        params: OrderName,
        response: { 200: CustomerLink, '4xx': Problem },
      },
    },
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, async (client) => {
        const order = await orderOrFail(client, brandId, params.order);
        const { settings } = await loadCommsSettings(client, brandId);
        const base = settings.pageUrl ?? outgoing.pageUrl;
        if (base === null)
          throw new KeptError(
            'conflict',
            'Where customers reach their page is not known: set pageUrl in /v1/message-settings.',
          );
        const link = newLink(brandId, order, kept.clock.now(), settings.linkDays);
        return {
          url: linkTo(base, link, await linkKey(client, brandId)),
          expiresAt: new Date(link.expiresAt * 1000).toISOString(),
        };
      }),
  );
  routes.delete(
    '/v1/orders/:order/link',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'Every link of the order that was made until now opens nothing any more',
        params: OrderName,
        response: { 204: z.undefined(), '4xx': Problem },
      },
    },
    async ({ brandId, params }, reply) => {
      await withBrand(kept.db, brandId, async (client) => {
        const order = await orderOrFail(client, brandId, params.order);
        await revokeLinks(client, brandId, order, kept.clock.now().toISOString());
      });
      return reply.code(204).send();
    },
  );
}

/** The address is the key: nobody keeps it, passes it on or finds it. */
function guard(reply: FastifyReply): void {
  reply.headers({
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex, nofollow',
    'x-frame-options': 'DENY',
  });
}
