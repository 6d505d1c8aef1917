import {
  CausesAnswer,
  CausesQuery,
  Episode,
  EpisodeDetail,
  EpisodePage,
  EpisodeQuery,
  EpisodeTag,
  OffersInput,
  OffersRecorded,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { sendTagged } from '../platform/etag.ts';
import type { Kept } from '../platform/kept.ts';
import { episodeDetail, pageEpisodes, tagEpisode } from './episodes.ts';
import { recordOffers } from './offers.ts';
import { paretoOf } from './pareto.ts';

const tags = ['Causes'];
const ById = z.object({ id: z.string().max(60) });

type BuyerOf = (supplier: string | null) => string | null;

/** Why items ran out. `buyersOf` tells who buys from which supplier. */
export function causeRoutes(
  app: FastifyInstance,
  kept: Kept,
  buyersOf: (client: Parameters<typeof pageEpisodes>[1], brandId: number) => Promise<BuyerOf>,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/episodes',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'Why items ran out: each episode with its causes and their evidence, the latest first',
        querystring: EpisodeQuery,
        response: { 200: EpisodePage, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const page = await withBrand(
        kept.db,
        request.brandId,
        (client) => pageEpisodes(kept, client, request.brandId, request.query),
        { reads: true },
      );
      return sendTagged(request, reply, page);
    },
  );
  routes.get(
    '/v1/episodes/:id',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'An episode with its backorders and the promises that moved in it, each with its own cause',
        params: ById,
        response: { 200: EpisodeDetail, '4xx': Problem },
      },
    },
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, (client) => episodeDetail(kept, client, brandId, params.id), {
        reads: true,
      }),
  );
  routes.patch(
    '/v1/episodes/:id',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Say what the causes are: a person’s word counts, what was found stays beside it',
        params: ById,
        body: EpisodeTag,
        response: { 200: Episode, '4xx': Problem },
      },
    },
    ({ brandId, params, body, actor }) =>
      withBrand(kept.db, brandId, (client) => tagEpisode(kept, client, brandId, params.id, body, actor)),
  );
  routes.get(
    '/v1/causes',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary:
          'What made customers wait, the most first: by cause, supplier, buyer, channel, item or month',
        querystring: CausesQuery,
        response: { 200: CausesAnswer, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => paretoOf(kept, client, brandId, query, await buyersOf(client, brandId)),
        { reads: true },
      ),
  );
  routes.post(
    '/v1/channels/:code/offers',
    {
      config: { permission: 'selling:write' },
      schema: {
        tags,
        summary: 'Record what a channel was told it may sell',
        params: z.object({ code: z.string().max(120) }),
        body: OffersInput,
        response: { 201: OffersRecorded, '4xx': Problem },
      },
    },
    async ({ brandId, params, body }, reply) => {
      const recorded = await withBrand(kept.db, brandId, (client) =>
        recordOffers(kept, client, brandId, params.code, body),
      );
      return reply.status(201).send({ recorded });
    },
  );
}
