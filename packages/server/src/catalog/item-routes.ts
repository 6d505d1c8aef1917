import {
  ChannelCode,
  Item,
  ItemChannel,
  ItemChannelInput,
  ItemInput,
  listOf,
  Page,
  Problem,
  Sku,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { isCreated } from '../platform/saved.ts';
import { notFound } from './errors.ts';
import { listItems, readItems } from './item-store.ts';
import { changeItem, saveItems, viewItems } from './items.ts';
import { saveLimit, viewLimit } from './limits.ts';

const tags = ['Items'];
const BySku = z.object({ sku: Sku });
const OfChannel = z.object({ sku: Sku, channel: ChannelCode });

export function itemRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.put(
    '/v1/items/:sku',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Make an item, or make it what the body says',
        description:
          'The body is the whole item: what is left out is its default. With `components` it is a kit. A change of lifecycle, policy or lead time decides its queue again.',
        params: BySku,
        body: ItemInput,
        response: { 200: Item, 201: Item, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, params, body, actor } = request;
      const save = async (client: pg.PoolClient) => {
        const saved = await saveItems(kept, client, brandId, [{ ...body, sku: params.sku }], {
          absent: 'default',
        });
        const rows = await readItems(client, brandId, [params.sku]);
        const created = isCreated(saved);
        const [item] = await viewItems(client, brandId, [...rows.values()]);
        return { item: item!, created };
      };
      const { item, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(item);
    },
  );

  routes.patch(
    '/v1/items/:sku',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Change some of an item: what is left out stays as it is',
        params: BySku,
        body: ItemInput.partial(),
        response: { 200: Item, '4xx': Problem },
      },
    },
    ({ brandId, params: { sku }, body, actor }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          isCreated([await changeItem(kept, client, brandId, sku, body)]);
          const [item] = await viewItems(client, brandId, [
            ...(await readItems(client, brandId, [sku])).values(),
          ]);
          return item!;
        },
        { actor },
      ),
  );

  routes.get(
    '/v1/items/:sku',
    {
      config: { permission: 'catalog:read' },
      schema: {
        tags,
        summary: 'One item, with its stock',
        params: BySku,
        response: { 200: Item, '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const rows = await readItems(client, request.brandId, [request.params.sku]);
        const [item] = await viewItems(client, request.brandId, [...rows.values()]);
        if (item === undefined) throw notFound('item with the SKU', request.params.sku, 'items');
        return item;
      }),
  );

  routes.get(
    '/v1/items',
    {
      config: { permission: 'catalog:read' },
      schema: {
        tags,
        summary: 'All items, by SKU',
        querystring: Page,
        response: { 200: listOf(Item), '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { limit, cursor } = request.query;
        const after = cursor === undefined ? null : String(decodeCursor(cursor, ['string'])[0]);
        const page = pageOf(await listItems(client, request.brandId, after, limit), limit, (row) => [
          row.sku,
        ]);
        return { items: await viewItems(client, request.brandId, page.items), next: page.next };
      }),
  );

  routes.put(
    '/v1/items/:sku/channels/:channel',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Set what a channel may take of an item, and what others must leave it',
        description:
          '`protected` units nobody else may take, shrinking one for one as the channel commits them; `maximum` bounds its open plus shipped units of the period. Both cover stock and supply.',
        params: OfChannel,
        body: ItemChannelInput,
        response: { 200: ItemChannel, 201: ItemChannel, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { limit, created } = await withBrand(
        kept.db,
        request.brandId,
        (client) => saveLimit(kept, client, request.brandId, request.params, request.body),
        { actor: request.actor },
      );
      return reply.code(created ? 201 : 200).send(limit);
    },
  );

  routes.get(
    '/v1/items/:sku/channels/:channel',
    {
      config: { permission: 'catalog:read' },
      schema: {
        tags,
        summary: "A channel's limits for an item",
        params: OfChannel,
        response: { 200: ItemChannel, '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) => viewLimit(client, request.brandId, request.params)),
  );
}
