import {
  Availability,
  BackInStock,
  Cart,
  CartInput,
  CopyWords,
  Draw,
  Drop,
  DropEntry,
  OwnWords,
  Problem,
  PublishableKey,
  PublishableKeyInput,
  PublishableKeyList,
  Ref,
  StorefrontAsk,
  StorefrontCart,
  StorefrontQuery,
} from '@kept/contract';
import { chooseTag, LANGUAGES } from '@kept/engine';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { sendRendered } from '../platform/etag.ts';
import type { Kept } from '../platform/kept.ts';
import { readerOf } from '../promising/index.ts';
import { askToBeTold, confirmToBeTold, joinDrop, viewDraw, viewDrop } from '../selling/index.ts';
import { cartOf } from './cart.ts';
import { readCopy, saveCopy } from './copy.ts';
import { jsonLdOf } from './json-ld.ts';
import { createPublishableKey, revokePublishableKeys, shopOf } from './keys.ts';
import { joiningDropOf, listKeys } from './storefront-store.ts';

const tags = ['Storefront'];
const Key = z.object({ key: z.string().max(80) });

const CART_DESCRIPTION =
  'Units of one item on several lines are shared out among them in order. Nothing is kept: POST /v1/holds does that. A kit and its own component in one cart are each told what they could have alone.';
const tagOf = (locale: string | undefined, headers: FastifyRequest['headers']) =>
  chooseTag(locale ?? headers['accept-language']);

/**
 * What shops and their pages read. /storefront is open to every page of the web, with a publishable key and no cookie; what
 * changes it is under /v1 as everything else.
 */
export async function storefrontRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  await app.register(async (open) => publicRoutes(open, kept));
  settingRoutes(app, kept);
}

function publicRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('vary', 'Accept-Language');
  });
  app.options(
    '/storefront/v1/*',
    { config: { permission: 'public' }, schema: { hide: true } },
    (_request, reply) => preflight(reply),
  );

  const answerTo = async (query: z.output<typeof StorefrontQuery>, header: string | undefined) => {
    const { brandId, channel } = await shopOf(kept, query.key, query.channel);
    const { sku, quantity, shipTo, options, locale } = query;
    const tag = chooseTag(locale ?? header);
    return readerOf(kept, brandId).answer({ sku, channel, quantity, shipTo, options, tag });
  };

  routes.get(
    '/storefront/v1/availability',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'What a shopper is told, may buy and is charged; for pages and headless shops',
        querystring: StorefrontQuery,
        response: { 200: Availability, '4xx': Problem },
      },
    },
    async (request, reply) =>
      sendRendered(request, reply, await answerTo(request.query, request.headers['accept-language'])),
  );

  routes.post(
    '/storefront/v1/cart',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'What of a cart goes when, and whether it should be one order',
        description: CART_DESCRIPTION,
        body: StorefrontCart,
        response: { 200: Cart, '4xx': Problem },
      },
    },
    async ({ body: { key, channel: said, ...asked }, headers }) => {
      const { brandId, channel } = await shopOf(kept, key, said);
      return cartOf(kept, brandId, { ...asked, channel, tag: tagOf(asked.locale, headers) });
    },
  );

  routes.get(
    '/storefront/v1/json-ld',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'The same for search engines: a schema.org Product with its Offer',
        querystring: StorefrontQuery.extend({
          url: z
            .url({ protocol: /^https?$/ })
            .max(2000)
            .optional(),
        }),
        response: { 200: z.string(), '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { head, asOf } = await answerTo(request.query, request.headers['accept-language']);
      const product = jsonLdOf(JSON.parse(`${head}${asOf}"}`), request.query.url ?? null);
      return reply.type('application/ld+json; charset=utf-8').send(JSON.stringify(product));
    },
  );

  routes.post(
    '/storefront/v1/back-in-stock',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'Tell me when it is back; counts once the mail’s owner confirms',
        body: StorefrontAsk,
        response: { 202: z.object({ state: z.string() }), '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { key, ...asked } = request.body;
      const { brandId, channel } = await shopOf(kept, key, undefined);
      await withBrand(kept.db, brandId, (client) =>
        askToBeTold(kept, client, brandId, { ...asked, channel }),
      );
      // The same whether the address asked before: a page learns nothing of others.
      return reply.status(202).send({ state: 'unconfirmed' });
    },
  );

  routes.post(
    '/storefront/v1/back-in-stock/confirmations',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'The mail’s owner confirms',
        body: Key.extend({ token: z.string().max(200) }),
        response: { 200: BackInStock, '4xx': Problem },
      },
    },
    async (request) => {
      const { brandId } = await shopOf(kept, request.body.key, undefined);
      return withBrand(kept.db, brandId, (client) =>
        confirmToBeTold(kept, client, brandId, request.body.token),
      );
    },
  );

  routes.post(
    '/storefront/v1/waitlist',
    {
      config: { permission: 'public' },
      schema: {
        tags,
        security: [],
        summary: 'Join the list of an item’s limited release',
        body: StorefrontAsk,
        response: { 201: DropEntry, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { key, sku, email, locale } = request.body;
      const { brandId } = await shopOf(kept, key, undefined);
      const entry = await withBrand(kept.db, brandId, async (client) => {
        const ref = await joiningDropOf(client, brandId, sku);
        if (ref === null) throw new KeptError('conflict', `The list of ${sku} is closed.`);
        return joinDrop(kept, client, brandId, ref, { email, ...(locale === undefined ? {} : { locale }) });
      });
      return reply.status(201).send(entry);
    },
  );

  for (const [path, summary, schema, view] of [
    ['', 'A drop, with the digest of its seed', Drop, viewDrop],
    ['/draw', 'All that is needed to check its draw', Draw, viewDraw],
  ] as const)
    routes.get(
      `/storefront/v1/drops/:ref${path}`,
      {
        config: { permission: 'public' },
        schema: {
          tags,
          security: [],
          summary,
          params: z.object({ ref: Ref }),
          querystring: Key,
          response: { 200: schema, '4xx': Problem },
        },
      },
      async (request) => {
        const { brandId } = await shopOf(kept, request.query.key, undefined);
        // biome-ignore lint/suspicious/noExplicitAny: each schema goes with its view
        return withBrand<any>(kept.db, brandId, (client) => view(client, brandId, request.params.ref), {
          reads: true,
        });
      },
    );
}

function preflight(reply: FastifyReply): FastifyReply {
  return reply
    .status(204)
    .headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '86400',
    })
    .send();
}

function settingRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/availability/cart',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Availability'],
        summary: 'What of a cart goes when, and whether it should be one order',
        description: CART_DESCRIPTION,
        body: CartInput,
        response: { 200: Cart, '4xx': Problem },
      },
    },
    ({ brandId, body, headers }) => cartOf(kept, brandId, { ...body, tag: tagOf(body.locale, headers) }),
  );
  const ByLanguage = z.object({ language: z.enum(LANGUAGES) });
  routes.post(
    '/v1/publishable-keys',
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'Make a key that may stand in a shop’s pages',
        body: PublishableKeyInput,
        response: { 201: PublishableKey, '4xx': Problem },
      },
    },
    async ({ brandId, body }, reply) => {
      const key = await withBrand(kept.db, brandId, (client) =>
        createPublishableKey(kept, client, brandId, body),
      );
      return reply.status(201).send(key);
    },
  );
  routes.get(
    '/v1/publishable-keys',
    {
      config: { permission: 'keys:read' },
      schema: { tags, summary: 'Keys in force', response: { 200: PublishableKeyList } },
    },
    async ({ brandId }) => ({
      items: await withBrand(kept.db, brandId, (client) => listKeys(client, brandId), { reads: true }),
      next: null,
    }),
  );
  routes.delete(
    '/v1/publishable-keys/:name',
    {
      config: { permission: 'keys:write' },
      schema: {
        tags,
        summary: 'Revoke the keys of a name; pages that use them are answered no more within a second',
        params: z.object({ name: z.string().max(500) }),
        response: { 204: z.null(), 404: Problem },
      },
    },
    async ({ brandId, params: { name } }, reply) => {
      const revoked = await withBrand(kept.db, brandId, (client) =>
        revokePublishableKeys(kept, client, brandId, name),
      );
      if (revoked === 0) throw new KeptError('not_found', `No key ${JSON.stringify(name)} is in force.`);
      return reply.status(204).send(null);
    },
  );
  routes.put(
    '/v1/copy/:language',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Say things to shoppers in the brand’s own words',
        description:
          'The body is all of the brand’s own words of a language, by path. Placeholders are checked.',
        params: ByLanguage,
        body: OwnWords,
        response: { 200: CopyWords, '4xx': Problem },
      },
    },
    ({ brandId, params: { language }, body }) =>
      withBrand(kept.db, brandId, (client) => saveCopy(client, brandId, language, body)),
  );
  routes.get(
    '/v1/copy/:language',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'Every text for shoppers as it is said now',
        params: ByLanguage,
        response: { 200: CopyWords, '4xx': Problem },
      },
    },
    ({ brandId, params: { language } }) =>
      withBrand(kept.db, brandId, (client) => readCopy(kept, client, brandId, language), { reads: true }),
  );
}
