import {
  Campaign,
  CampaignInput,
  Campaigns,
  Day,
  ForecastOverride,
  ForecastQuery,
  ForecastRuns,
  ItemForecast,
  LookAlikesInput,
  OverrideInput,
  OverridePath,
  Problem,
  Ref,
  Sku,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { sendTagged } from '../platform/etag.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { campaignsBetween, saveCampaign } from './campaigns.ts';
import { startForecasts } from './forecast-run.ts';
import { readRuns } from './forecast-run-store.ts';
import { forecastOf } from './forecast-view.ts';
import { dropOverride, lookAlikesOf, overrideForecast, setLookAlikes } from './overrides.ts';

const BySku = z.object({ sku: Sku });
const Keyed = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });
const RUNS = 20;

export function forecastRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Planning'];
  routes.get(
    '/v1/items/:sku/forecast',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'Demand of the weeks to come with its spread, overrides beside it, and how earlier ones did',
        params: BySku,
        querystring: ForecastQuery,
        response: { 200: ItemForecast, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const answer = await withBrand(kept.db, request.brandId, (client) =>
        forecastOf(kept, client, request.brandId, request.params.sku, request.query),
      );
      return sendTagged(request, reply, answer);
    },
  );
  routes.post(
    '/v1/items/:sku/forecast/overrides',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary:
          'Plan some weeks with a figure of your own; the forecast stays beside it, and both are scored',
        params: BySku,
        headers: Keyed,
        body: OverrideInput,
        response: { 201: ForecastOverride, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, params, body, actor } = request;
      const key = request.headers['idempotency-key'];
      const made = await withBrand(kept.db, brandId, (client) => {
        const work = () => overrideForecast(kept, client, brandId, params.sku, body, actor);
        if (typeof key !== 'string') return work();
        const content = requestDigest({ sku: params.sku, ...body });
        const source = 'POST /v1/items/forecast/overrides';
        return once(client, brandId, { source, externalId: key, content, at: kept.clock.now() }, work);
      });
      return reply.status(201).send(made);
    },
  );
  routes.delete(
    '/v1/items/:sku/forecast/overrides/:id',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'End an override; it is scored all the same',
        params: OverridePath,
        response: { 204: z.void(), '4xx': Problem },
      },
    },
    async ({ brandId, params, actor }, reply) => {
      await withBrand(kept.db, brandId, (client) => dropOverride(kept, client, brandId, params, actor));
      return reply.status(204).send();
    },
  );
  routes.put(
    '/v1/items/:sku/look-alikes',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Name items that a launch is thought to sell like; none: items of its supplier at its price',
        params: BySku,
        body: LookAlikesInput,
        response: { 200: LookAlikesInput, '4xx': Problem },
      },
    },
    ({ brandId, params, body }) =>
      withBrand(kept.db, brandId, async (client) => {
        await setLookAlikes(client, brandId, params.sku, body.skus);
        return { skus: await lookAlikesOf(client, brandId, params.sku) };
      }),
  );
  routes.get(
    '/v1/forecasts',
    {
      config: { permission: 'planning:read' },
      schema: { tags, summary: 'Runs of forecasts, with how far they are', response: { 200: ForecastRuns } },
    },
    ({ brandId }) =>
      withBrand(kept.db, brandId, async (client) => ({
        items: (await readRuns(client, brandId, RUNS)).map((run) => ({
          ...run,
          troubles: [...run.troubles],
        })),
      })),
  );
  routes.post(
    '/v1/forecasts',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Make all forecasts anew; a run that goes on is joined',
        response: { 202: ForecastRuns },
      },
    },
    async ({ brandId }, reply) => {
      await startForecasts(kept, brandId);
      const runs = await withBrand(kept.db, brandId, (client) => readRuns(client, brandId, 1));
      return reply.status(202).send({ items: runs.map((run) => ({ ...run, troubles: [...run.troubles] })) });
    },
  );
  routes.put(
    '/v1/campaigns/:ref',
    {
      config: { permission: 'planning:write' },
      schema: {
        tags,
        summary: 'Put a promotion into the calendar, or change it',
        params: z.object({ ref: Ref }),
        body: CampaignInput,
        response: { 200: Campaign, 201: Campaign, '4xx': Problem },
      },
    },
    async ({ brandId, params, body, actor }, reply) => {
      const { campaign, created } = await withBrand(kept.db, brandId, (client) =>
        saveCampaign(kept, client, brandId, params.ref, body, actor),
      );
      return reply.status(created ? 201 : 200).send(campaign);
    },
  );
  routes.get(
    '/v1/campaigns',
    {
      config: { permission: 'planning:read' },
      schema: {
        tags,
        summary: 'The promotion calendar',
        querystring: z.object({ since: Day.optional().describe('those that end on this day or later') }),
        response: { 200: Campaigns, '4xx': Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, async (client) => ({
        items: await campaignsBetween(client, brandId, query.since),
      })),
  );
}
