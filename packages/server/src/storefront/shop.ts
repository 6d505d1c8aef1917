import { chooseTag } from '@kept/engine';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { readerOf } from '../promising/index.ts';
import { itemPage, type ShopPage, windowPage } from './shop-page.ts';
import { windowItems } from './storefront-store.ts';

export interface DemoShop {
  readonly brandId: number;
  readonly title: string;
  readonly channel: string;
  readonly key: string;
}

/** The articles of the window. */
export const WINDOW_PREFIX = 'SHOP-';

const Query = z.object({ lang: z.string().max(35).optional() });

/** A shop of the demo brand, as a customer would see it: rendered here, the element on top. */
export function shopRoutes(app: FastifyInstance, kept: Kept, shop: DemoShop): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const pageOf = (lang: string | undefined, header: string | undefined, path: string): ShopPage => ({
    brand: shop.title,
    key: shop.key,
    tag: chooseTag(lang ?? header),
    path,
  });
  routes.get(
    '/shop',
    { config: { permission: 'public' }, schema: { hide: true, querystring: Query } },
    async (request, reply) => {
      const goods = await withBrand(
        kept.db,
        shop.brandId,
        (client) => windowItems(client, shop.brandId, WINDOW_PREFIX),
        { reads: true },
      );
      const page = pageOf(request.query.lang, request.headers['accept-language'], '/shop');
      return reply.type('text/html; charset=utf-8').send(windowPage(page, goods));
    },
  );
  routes.get(
    '/shop/:sku',
    {
      config: { permission: 'public' },
      schema: { hide: true, querystring: Query, params: z.object({ sku: z.string().max(120) }) },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const path = `/shop/${encodeURIComponent(sku)}`;
      const page = pageOf(request.query.lang, request.headers['accept-language'], path);
      const { channel } = shop;
      const asked = { sku, channel, quantity: 1, shipTo: undefined, tag: page.tag };
      const { head, asOf } = await readerOf(kept, shop.brandId).answer(asked);
      const url = `${request.protocol}://${request.host}${path}`;
      return reply.type('text/html; charset=utf-8').send(itemPage(page, JSON.parse(`${head}${asOf}"}`), url));
    },
  );
}
