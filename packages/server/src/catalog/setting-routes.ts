import {
  Channel,
  ChannelCode,
  ChannelInput,
  Location,
  LocationCode,
  LocationInput,
  listOf,
  Policy,
  PolicyInput,
  PolicyName,
  Problem,
  Supplier,
  SupplierCode,
  SupplierInput,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { isCreated } from '../platform/saved.ts';
import { Brand, BrandInput, saveBrand, viewBrand } from './brand.ts';
import { notFound } from './errors.ts';
import { readChannels, readLocations } from './place-store.ts';
import { channelView, locationView, saveChannels, saveLocations } from './places.ts';
import { readPolicies, savePolicy } from './policies.ts';
import { readSuppliers } from './supplier-store.ts';
import { saveSuppliers, supplierView } from './suppliers.ts';

const PUT = { absent: 'default' } as const;

/** What all items of a brand share. A brand has few of each, so that the lists have one page. */
export function settingRoutes(app: FastifyInstance, kept: Kept): void {
  locationRoutes(app, kept);
  channelRoutes(app, kept);
  supplierRoutes(app, kept);
  policyRoutes(app, kept);
  brandRoutes(app, kept);
}

function locationRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Locations'];
  const params = z.object({ code: LocationCode });
  routes.put(
    '/v1/locations/:code',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Make a location, or make it what the body says',
        description:
          '`channels` may name channels that are not there yet. What backs the queues there is decided again.',
        params,
        body: LocationInput,
        response: { 200: Location, 201: Location, '4xx': Problem },
      },
    },
    async ({ brandId, actor, params: { code }, body }, reply) => {
      const save = async (client: pg.PoolClient) => {
        const created = isCreated(await saveLocations(kept, client, brandId, [{ ...body, code }], PUT));
        return { row: (await readLocations(client, brandId, [code]))[0]!, created };
      };
      const { row, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(locationView(row));
    },
  );
  routes.get(
    '/v1/locations/:code',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'One location', params, response: { 200: Location, '4xx': Problem } },
    },
    async ({ brandId, params: { code } }) => {
      const [row] = await withBrand(kept.db, brandId, (client) => readLocations(client, brandId, [code]));
      if (row === undefined) throw notFound('location with the code', code, 'locations');
      return locationView(row);
    },
  );
  routes.get(
    '/v1/locations',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'All locations', response: { 200: listOf(Location), '4xx': Problem } },
    },
    async ({ brandId }) => {
      const rows = await withBrand(kept.db, brandId, (client) => readLocations(client, brandId));
      return { items: rows.map(locationView), next: null };
    },
  );
}

function channelRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Channels'];
  const params = z.object({ code: ChannelCode });
  routes.put(
    '/v1/channels/:code',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Make a channel, or make it what the body says',
        params,
        body: ChannelInput,
        response: { 200: Channel, 201: Channel, '4xx': Problem },
      },
    },
    async ({ brandId, actor, params: { code }, body }, reply) => {
      const save = async (client: pg.PoolClient) => {
        const created = isCreated(await saveChannels(kept, client, brandId, [{ ...body, code }], PUT));
        return { row: (await readChannels(client, brandId, [code]))[0]!, created };
      };
      const { row, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(channelView(row));
    },
  );
  routes.get(
    '/v1/channels/:code',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'One channel', params, response: { 200: Channel, '4xx': Problem } },
    },
    async ({ brandId, params: { code } }) => {
      const [row] = await withBrand(kept.db, brandId, (client) => readChannels(client, brandId, [code]));
      if (row === undefined) throw notFound('channel with the code', code, 'channels');
      return channelView(row);
    },
  );
  routes.get(
    '/v1/channels',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'All channels', response: { 200: listOf(Channel), '4xx': Problem } },
    },
    async ({ brandId }) => {
      const rows = await withBrand(kept.db, brandId, (client) => readChannels(client, brandId));
      return { items: rows.map(channelView), next: null };
    },
  );
}

function supplierRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Suppliers'];
  const params = z.object({ code: SupplierCode });
  routes.put(
    '/v1/suppliers/:code',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Make a supplier, or make it what the body says',
        description:
          'What an `abandoned` supplier still owes backs nothing any more, until it is `active` again.',
        params,
        body: SupplierInput,
        response: { 200: Supplier, 201: Supplier, '4xx': Problem },
      },
    },
    async ({ brandId, actor, params: { code }, body }, reply) => {
      const save = async (client: pg.PoolClient) => {
        const created = isCreated(await saveSuppliers(kept, client, brandId, [{ ...body, code }], PUT));
        return { row: (await readSuppliers(client, brandId, [code]))[0]!, created };
      };
      const { row, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(supplierView(row));
    },
  );
  routes.get(
    '/v1/suppliers/:code',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'One supplier', params, response: { 200: Supplier, '4xx': Problem } },
    },
    async ({ brandId, params: { code } }) => {
      const [row] = await withBrand(kept.db, brandId, (client) => readSuppliers(client, brandId, [code]));
      if (row === undefined) throw notFound('supplier with the code', code, 'suppliers');
      return supplierView(row);
    },
  );
  routes.get(
    '/v1/suppliers',
    {
      config: { permission: 'catalog:read' },
      schema: { tags, summary: 'All suppliers', response: { 200: listOf(Supplier), '4xx': Problem } },
    },
    async ({ brandId }) => {
      const rows = await withBrand(kept.db, brandId, (client) => readSuppliers(client, brandId));
      return { items: rows.map(supplierView), next: null };
    },
  );
}

function policyRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Policies'];
  const params = z.object({ name: PolicyName });
  routes.put(
    '/v1/policies/:name',
    {
      config: { permission: 'catalog:write' },
      schema: {
        tags,
        summary: 'Make a policy, or make it what the body says',
        description:
          'The six built-in ones carry the name of their kind and may be changed; one with a name of its own says its `kind`. What is left out is as the kind has it. Its items are decided again.',
        params,
        body: PolicyInput,
        response: { 200: Policy, 201: Policy, '4xx': Problem },
      },
    },
    async ({ brandId, actor, params: { name }, body }, reply) => {
      const { policy, created } = await withBrand(
        kept.db,
        brandId,
        (client) => savePolicy(kept, client, brandId, name, body),
        { actor },
      );
      return reply.code(created ? 201 : 200).send(policy);
    },
  );
  routes.get(
    '/v1/policies/:name',
    {
      config: { permission: 'catalog:read' },
      schema: {
        tags,
        summary: 'One policy, with all that it says',
        params,
        response: { 200: Policy, '4xx': Problem },
      },
    },
    async ({ brandId, params: { name } }) => {
      const policies = await withBrand(kept.db, brandId, (client) => readPolicies(kept, client, brandId));
      const policy = policies.find((one) => one.name === name);
      if (policy === undefined) throw notFound('policy with the name', name, 'policies');
      return policy;
    },
  );
  routes.get(
    '/v1/policies',
    {
      config: { permission: 'catalog:read' },
      schema: {
        tags,
        summary: 'All policies, the built-in ones too',
        response: { 200: listOf(Policy), '4xx': Problem },
      },
    },
    async ({ brandId }) => ({
      items: await withBrand(kept.db, brandId, (client) => readPolicies(kept, client, brandId)),
      next: null,
    }),
  );
}

function brandRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Brand'];
  routes.put(
    '/v1/brand',
    {
      config: { permission: 'settings:write' },
      schema: {
        tags,
        summary: "Change the brand's title, zone, currency, country or calendar",
        body: BrandInput,
        response: { 200: Brand, '4xx': Problem },
      },
    },
    ({ brandId, actor, body }) =>
      withBrand(kept.db, brandId, (client) => saveBrand(kept, client, brandId, body), { actor }),
  );
  routes.get(
    '/v1/brand',
    {
      config: { permission: 'settings:read' },
      schema: { tags, summary: 'The brand', response: { 200: Brand, '4xx': Problem } },
    },
    ({ brandId }) => withBrand(kept.db, brandId, (client) => viewBrand(client, brandId)),
  );
}
