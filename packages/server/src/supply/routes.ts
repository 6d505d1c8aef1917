import {
  LocationCode,
  listOf,
  Page,
  Problem,
  PurchaseOrder,
  PurchaseOrderInput,
  PurchaseOrderReceipt,
  PurchaseOrderRevision,
  Ref,
  ServiceLevels,
  Sku,
  StockAdjustment,
  StockLevel,
  SupplyInput,
  SupplyView,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { isCreated } from '../platform/saved.ts';
import { loadSettings } from '../promising/index.ts';
import { listHeaders } from './order-store.ts';
import { viewOrder, viewOrders } from './order-views.ts';
import { savePurchaseOrders } from './purchase-orders.ts';
import { saveRevisions } from './revise.ts';
import { serviceLevels } from './service-levels.ts';
import { adjustStock } from './stock.ts';
import { listStock } from './stock-store.ts';
import { saveSupply, supplyOrFail } from './supplies.ts';
import { receiveLine, receiveSupply } from './told-receipts.ts';
import { supplyViews } from './views.ts';

// Loose: what the schema does not name stays in the request's headers.
const Headers = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });
const ByRef = z.object({ ref: Ref });

export function supplyRoutes(app: FastifyInstance, kept: Kept): void {
  stockRoutes(app, kept);
  purchaseOrderRoutes(app, kept);
  serviceLevelRoutes(app, kept);
  otherSupplyRoutes(app, kept);
}

function serviceLevelRoutes(app: FastifyInstance, kept: Kept): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/service-levels',
    {
      config: { permission: 'settings:read' },
      schema: {
        tags: ['Policies'],
        summary:
          'What each service level would have kept, and the days that it costs, on the brand’s own receipts',
        response: { 200: ServiceLevels, '4xx': Problem },
      },
    },
    ({ brandId }) => withBrand(kept.db, brandId, (client) => serviceLevels(kept, client, brandId)),
  );
}

function stockRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Stock'];
  routes.post(
    '/v1/stock/adjustments',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary: 'Stock was counted, found, lost, or is in another condition',
        description:
          'Either `delta` or `counted` of a condition, or `quantity` from one condition to another. It is never refused: where units are gone, the lowest-ranked lose theirs and are decided again at once.',
        headers: Headers,
        body: StockAdjustment,
        response: { 200: StockLevel, '4xx': Problem },
      },
    },
    (request) => inOnce(kept, request, (client) => adjustStock(kept, client, request.brandId, request.body)),
  );
  routes.get(
    '/v1/stock',
    {
      config: { permission: 'supply:read' },
      schema: {
        tags,
        summary: 'What lies where, by condition',
        querystring: Page.extend({ sku: Sku.optional(), location: LocationCode.optional() }),
        response: { 200: listOf(StockLevel), '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { limit, cursor, ...filter } = request.query;
        const after =
          cursor === undefined ? null : (decodeCursor(cursor, ['string', 'string']) as [string, string]);
        const rows = await listStock(client, request.brandId, filter, after, limit);
        return pageOf(rows, limit, (row) => [row.sku, row.location]);
      }),
  );
}

function purchaseOrderRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Purchase orders'];
  routes.put(
    '/v1/purchase-orders/:ref',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary: 'Make a purchase order, or make it what the body says',
        description:
          'The body is the whole order: a line that it no longer has is cancelled. `quantity` is all that was ordered, with what came already; `received` of a new line came before Kept knew it. A supplier that is not there yet is made.',
        params: ByRef,
        body: PurchaseOrderInput,
        response: { 200: PurchaseOrder, 201: PurchaseOrder, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, params, body, actor } = request;
      const save = async (client: pg.PoolClient) => {
        const created = isCreated(
          await savePurchaseOrders(kept, client, brandId, [{ ref: params.ref, purchaseOrder: body }]),
        );
        return { order: await viewOrder(kept, client, brandId, params.ref), created };
      };
      const { order, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(order);
    },
  );
  routes.get(
    '/v1/purchase-orders/:ref',
    {
      config: { permission: 'supply:read' },
      schema: {
        tags,
        summary: 'One purchase order, with what of each line is pegged and free',
        params: ByRef,
        response: { 200: PurchaseOrder, '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) =>
        viewOrder(kept, client, request.brandId, request.params.ref),
      ),
  );
  routes.get(
    '/v1/purchase-orders',
    {
      config: { permission: 'supply:read' },
      schema: {
        tags,
        summary: 'All purchase orders',
        querystring: Page,
        response: { 200: listOf(PurchaseOrder), '4xx': Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { limit, cursor } = request.query;
        const after = cursor === undefined ? null : String(decodeCursor(cursor, ['string'])[0]);
        const page = pageOf(await listHeaders(client, request.brandId, after, limit), limit, (row) => [
          row.ref,
        ]);
        return { items: await viewOrders(kept, client, request.brandId, page.items), next: page.next };
      }),
  );
  routes.post(
    '/v1/purchase-orders/:ref/revisions',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary: "A line's date, quantity or stage is another now",
        description: 'Kept with its reason. The same `id` or Idempotency-Key twice counts once.',
        params: ByRef,
        headers: Headers,
        body: PurchaseOrderRevision,
        response: { 200: PurchaseOrder, '4xx': Problem },
      },
    },
    (request) =>
      inOnce(kept, request, (client) => {
        const { brandId, body } = request;
        const { ref } = request.params;
        return byId(kept, client, brandId, `revision:${ref}`, body, async () => {
          await saveRevisions(kept, client, brandId, [{ ...body, purchaseOrder: ref }]);
          return viewOrder(kept, client, brandId, ref);
        });
      }),
  );
  routes.post(
    '/v1/purchase-orders/:ref/receipts',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary: 'Units of a line came in',
        description:
          'Its pegs become reservations at once, in queue order. More than was ordered is accepted; `close` gives up what is still open. The same `id` or Idempotency-Key twice counts once.',
        params: ByRef,
        headers: Headers,
        body: PurchaseOrderReceipt,
        response: { 200: PurchaseOrder, '4xx': Problem },
      },
    },
    (request) =>
      inOnce(kept, request, (client) => {
        const { brandId, body } = request;
        const { ref } = request.params;
        return byId(kept, client, brandId, `receipt:${ref}`, body, async () => {
          await receiveLine(kept, client, brandId, ref, body);
          return viewOrder(kept, client, brandId, ref);
        });
      }),
  );
}

function otherSupplyRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const tags = ['Other supplies'];
  const Receipt = PurchaseOrderReceipt.omit({ line: true, schedule: true });
  routes.put(
    '/v1/supplies/:ref',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary:
          'Make a transfer, an announced release of held stock, or production; or make it what the body says',
        description:
          'They back lines as purchase orders do. With `from`, a transfer takes its units out of that location’s sellable stock as soon as it is more than a draft, and brings them back if it is cancelled.',
        params: ByRef,
        body: SupplyInput,
        response: { 200: SupplyView, 201: SupplyView, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { brandId, params, body, actor } = request;
      const save = async (client: pg.PoolClient) => {
        const { created } = await saveSupply(kept, client, brandId, params.ref, body);
        return { supply: await viewSupply(kept, client, brandId, params.ref), created };
      };
      const { supply, created } = await withBrand(kept.db, brandId, save, { actor });
      return reply.code(created ? 201 : 200).send(supply);
    },
  );
  routes.get(
    '/v1/supplies/:ref',
    {
      config: { permission: 'supply:read' },
      schema: { tags, summary: 'One of them', params: ByRef, response: { 200: SupplyView, '4xx': Problem } },
    },
    (request) =>
      withBrand(kept.db, request.brandId, (client) =>
        viewSupply(kept, client, request.brandId, request.params.ref),
      ),
  );
  routes.post(
    '/v1/supplies/:ref/receipts',
    {
      config: { permission: 'supply:write' },
      schema: {
        tags,
        summary: 'Units of it came in',
        params: ByRef,
        headers: Headers,
        body: Receipt,
        response: { 200: SupplyView, '4xx': Problem },
      },
    },
    (request) =>
      inOnce(kept, request, (client) => {
        const { brandId, body } = request;
        const { ref } = request.params;
        return byId(kept, client, brandId, `receipt-of-supply:${ref}`, body, async () => {
          await receiveSupply(kept, client, brandId, ref, body);
          return viewSupply(kept, client, brandId, ref);
        });
      }),
  );
}

/** One transaction, and one answer per Idempotency-Key. */
function inOnce<T>(
  kept: Kept,
  request: {
    readonly brandId: number;
    readonly actor: string;
    readonly headers: { readonly 'idempotency-key'?: string | undefined };
    readonly method: string;
    readonly url: string;
    readonly body: unknown;
  },
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key'];
  const answer = (client: pg.PoolClient) => {
    if (key === undefined) return work(client);
    const source = `${request.method} ${request.url.split('?')[0]}`;
    const content = requestDigest(request.body);
    return once(client, request.brandId, { source, externalId: key, content, at: kept.clock.now() }, () =>
      work(client),
    );
  };
  return withBrand(kept.db, request.brandId, answer, { actor: request.actor });
}

/** One answer per id that the sender gave. */
function byId<T>(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  source: string,
  body: { readonly id?: string | undefined },
  work: () => Promise<T>,
): Promise<T> {
  if (body.id === undefined) return work();
  const content = requestDigest(body);
  return once(client, brandId, { source, externalId: body.id, content, at: kept.clock.now() }, work);
}

async function viewSupply(kept: Kept, client: pg.PoolClient, brandId: number, ref: string) {
  const supply = await supplyOrFail(client, brandId, ref);
  const settings = await loadSettings(client, kept.db, brandId);
  return supplyViews([supply], settings, kept.clock.now())[0]!;
}
