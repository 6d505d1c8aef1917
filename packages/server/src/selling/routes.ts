import {
  BackInStock,
  BackInStockConfirmation,
  BackInStockInput,
  BackInStockPage,
  BackInStockQuery,
  Draw,
  DrawInput,
  Drop,
  DropEntry,
  DropEntryInput,
  DropInput,
  Problem,
  Ref,
  SellingTerms,
  SellingTermsInput,
  Sku,
  Validation,
  ValidationInput,
  ValidationOrder,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { askToBeTold, confirmToBeTold, subscriptionView } from './back-in-stock.ts';
import { listSubscriptions } from './back-in-stock-store.ts';
import { choiceRoutes } from './choice-routes.ts';
import { confirmPage } from './confirm-page.ts';
import { drawDrop, joinDrop, openDrop, viewDraw, viewDrop, viewEntry } from './drop.ts';
import { launch } from './launch.ts';
import { readTerms, saveTerms } from './terms.ts';
import { beginValidation, orderValidated, viewValidation } from './validation.ts';

const BySku = z.object({ sku: Sku });
const ByRef = z.object({ ref: Ref });

export async function sellingRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  termRoutes(app, kept);
  choiceRoutes(app, kept);
  validationRoutes(app, kept);
  dropRoutes(app, kept);
  backInStockRoutes(app, kept);
  await app.register(async (open) => confirmPage(open, kept));
}

function termRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Selling ahead'];
  routes.put(
    '/v1/items/:sku/terms',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'How an item is sold before it is here: batches of a preorder, what its maker can make',
        params: BySku,
        body: SellingTermsInput,
        response: { 200: SellingTerms, '4xx': Problem },
      },
    },
    ({ brandId, params: { sku }, body }) =>
      withBrand(kept.db, brandId, (client) => saveTerms(kept, client, brandId, sku, body)),
  );
  routes.get(
    '/v1/items/:sku/terms',
    {
      config: { permission: 'selling:read' },
      schema: { tags, summary: 'The same', params: BySku, response: { 200: SellingTerms, '4xx': Problem } },
    },
    ({ brandId, params: { sku } }) =>
      withBrand(kept.db, brandId, (client) => readTerms(client, brandId, sku), { reads: true }),
  );
  routes.post(
    '/v1/items/:sku/launch',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'An upcoming item is out: it is sold like anything else from now on',
        params: BySku,
        response: { 204: z.null(), '4xx': Problem },
      },
    },
    async ({ brandId, params: { sku } }, reply) => {
      await withBrand(kept.db, brandId, (client) => launch(kept, client, brandId, sku, 'brand'));
      return reply.status(204).send(null);
    },
  );
}

function validationRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Demand validation'];
  routes.put(
    '/v1/validations/:sku',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Take orders before the supplier’s: up to a goal, until a day',
        description:
          'Met: the purchase order is proposed as a draft. Missed: everybody’s units are cancelled, and their money goes back the way it came.',
        params: BySku,
        body: ValidationInput,
        response: { 200: Validation, '4xx': Problem },
      },
    },
    ({ brandId, params: { sku }, body }) =>
      withBrand(kept.db, brandId, (client) => beginValidation(kept, client, brandId, sku, body)),
  );
  routes.get(
    '/v1/validations/:sku',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'The latest of an item',
        params: BySku,
        response: { 200: Validation, '4xx': Problem },
      },
    },
    ({ brandId, params: { sku } }) =>
      withBrand(kept.db, brandId, (client) => viewValidation(client, brandId, sku), { reads: true }),
  );
  routes.post(
    '/v1/validations/:sku/order',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Place the purchase order that a met goal proposes',
        params: BySku,
        body: ValidationOrder,
        response: { 200: Validation, '4xx': Problem },
      },
    },
    ({ brandId, params: { sku }, body }) =>
      withBrand(kept.db, brandId, (client) => orderValidated(kept, client, brandId, sku, body)),
  );
}

function dropRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Drops'];
  routes.put(
    '/v1/drops/:ref',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Open the list of a limited release',
        params: ByRef,
        body: DropInput,
        response: { 201: Drop, '4xx': Problem },
      },
    },
    async ({ brandId, params: { ref }, body }, reply) => {
      const drop = await withBrand(kept.db, brandId, (client) => openDrop(kept, client, brandId, ref, body));
      return reply.status(201).send(drop);
    },
  );
  routes.get(
    '/v1/drops/:ref',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'A drop as it stands',
        params: ByRef,
        response: { 200: Drop, '4xx': Problem },
      },
    },
    ({ brandId, params: { ref } }) =>
      withBrand(kept.db, brandId, (client) => viewDrop(client, brandId, ref), { reads: true }),
  );
  routes.post(
    '/v1/drops/:ref/entries',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Join the list; joining again answers the same ticket',
        params: ByRef,
        body: DropEntryInput,
        response: { 201: DropEntry, '4xx': Problem },
      },
    },
    async ({ brandId, params: { ref }, body }, reply) => {
      const entry = await withBrand(kept.db, brandId, (client) => joinDrop(kept, client, brandId, ref, body));
      return reply.status(201).send(entry);
    },
  );
  routes.get(
    '/v1/drops/:ref/entries/:entry',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'Where a ticket stands, with the hold that its order names',
        params: ByRef.extend({ entry: z.string().max(60) }),
        response: { 200: DropEntry, '4xx': Problem },
      },
    },
    ({ brandId, params: { ref, entry } }) =>
      withBrand(kept.db, brandId, (client) => viewEntry(client, brandId, ref, entry), { reads: true }),
  );
  routes.post(
    '/v1/drops/:ref/draw',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Rank the list and make the first offers',
        params: ByRef,
        body: DrawInput.nullish(),
        response: { 200: Draw, '4xx': Problem },
      },
    },
    ({ brandId, params: { ref }, body }) =>
      withBrand(kept.db, brandId, (client) => drawDrop(kept, client, brandId, ref, body?.beacon ?? null)),
  );
  routes.get(
    '/v1/drops/:ref/draw',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'All that is needed to check the draw',
        params: ByRef,
        response: { 200: Draw, '4xx': Problem },
      },
    },
    ({ brandId, params: { ref } }) =>
      withBrand(kept.db, brandId, (client) => viewDraw(client, brandId, ref), { reads: true }),
  );
}

function backInStockRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Back in stock'];
  routes.post(
    '/v1/back-in-stock',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Ask to be told when an item is back; counts once it is confirmed',
        body: BackInStockInput,
        response: { 201: BackInStock, '4xx': Problem },
      },
    },
    async ({ brandId, body }, reply) => {
      const asked = await withBrand(kept.db, brandId, (client) => askToBeTold(kept, client, brandId, body));
      return reply.status(201).send(asked);
    },
  );
  routes.post(
    '/v1/back-in-stock/confirmations',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'The mail’s owner confirms',
        body: BackInStockConfirmation,
        response: { 200: BackInStock, '4xx': Problem },
      },
    },
    ({ brandId, body }) =>
      withBrand(kept.db, brandId, (client) => confirmToBeTold(kept, client, brandId, body.token)),
  );
  routes.get(
    '/v1/back-in-stock',
    {
      config: { permission: 'selling:read' },
      schema: {
        tags,
        summary: 'Who asked to be told, in the order of asking',
        querystring: BackInStockQuery,
        response: { 200: BackInStockPage, '4xx': Problem },
      },
    },
    async ({ brandId, query: { sku = null, limit, cursor } }) => {
      const after =
        cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
      const rows = await withBrand(
        kept.db,
        brandId,
        (client) => listSubscriptions(client, brandId, { sku, after, limit }),
        { reads: true },
      );
      const page = pageOf(rows, limit, (row) => [row.askedAt, row.id]);
      return { ...page, items: page.items.map((row) => ({ ...subscriptionView(row), email: row.email })) };
    },
  );
}
