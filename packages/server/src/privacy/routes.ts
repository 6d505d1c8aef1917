import { CustomerAddress, CustomerErased, CustomerExport, PrivacySettings, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { eraseCustomer, exportCustomer } from './customers.ts';
import { readEraseAfterDays, writeEraseAfterDays } from './store.ts';

const tags = ['Privacy'];

export function privacyRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/privacy/exports',
    {
      config: { permission: 'privacy:write' },
      schema: {
        tags,
        summary: 'Everything that is known of a customer, for them to have',
        description: 'The address stands in the body, and so in no log.',
        body: CustomerAddress,
        response: { 200: CustomerExport, '4xx': Problem },
      },
    },
    async ({ brandId, body }) => ({
      email: body.email,
      known: await exportCustomer(kept, brandId, body.email),
    }),
  );
  routes.post(
    '/v1/privacy/erasures',
    {
      config: { permission: 'privacy:write' },
      schema: {
        tags,
        summary: 'Forget a customer',
        description:
          'What was ordered, promised and paid stays, and so does every sum. Orders with open units are erased by themselves once they are over.',
        body: CustomerAddress,
        response: { 200: CustomerErased, '4xx': Problem },
      },
    },
    async ({ brandId, body, actor }) => eraseCustomer(kept, brandId, { email: body.email, by: actor }),
  );
  routes.get(
    '/v1/privacy/settings',
    {
      config: { permission: 'privacy:read' },
      schema: {
        tags,
        summary: 'How long customers are kept',
        response: { 200: PrivacySettings, '4xx': Problem },
      },
    },
    async ({ brandId }) => ({
      eraseAfterDays: await withBrand(kept.db, brandId, (client) => readEraseAfterDays(client, brandId), {
        reads: true,
      }),
    }),
  );
  routes.put(
    '/v1/privacy/settings',
    {
      config: { permission: 'privacy:write' },
      schema: {
        tags,
        summary: 'Set how long customers are kept',
        body: PrivacySettings,
        response: { 200: PrivacySettings, '4xx': Problem },
      },
    },
    async ({ brandId, body }) => {
      await withBrand(kept.db, brandId, (client) =>
        writeEraseAfterDays(client, brandId, body.eraseAfterDays),
      );
      return body;
    },
  );
}
