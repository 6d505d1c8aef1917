import {
  CustomerAddress,
  CustomerErased,
  CustomerExport,
  Page,
  PrivacyRequestList,
  PrivacySettings,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { eraseCustomer, exportCustomer } from './customers.ts';
import { listRequests, readEraseAfterDays, writeEraseAfterDays } from './store.ts';

const tags = ['Privacy'];

/** Within thirty days, as Shopify asks for; GDPR's art. 12.3 gives a month. */
const ANSWERED_WITHIN_MS = 30 * 86_400_000;
const dueBy = (askedAt: string) => new Date(Date.parse(askedAt) + ANSWERED_WITHIN_MS).toISOString();

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
    '/v1/privacy/requests',
    {
      config: { permission: 'privacy:read' },
      schema: {
        tags,
        summary: 'What was asked about customers, and what of it is still to be done',
        description:
          'An address is shown for as long as it is needed. An export that a channel asked for is done once POST /v1/privacy/exports has answered it.',
        querystring: Page,
        response: { 200: PrivacyRequestList, '4xx': Problem },
      },
    },
    ({ brandId, query: { limit, cursor } }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const before =
            cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
          const rows = await listRequests(client, brandId, before, limit + 1);
          const page = pageOf(rows, limit, (row) => [row.at, row.id]);
          return {
            ...page,
            items: page.items.map((row) => ({ ...row, dueBy: dueBy(row.at) })),
          };
        },
        { reads: true },
      ),
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
