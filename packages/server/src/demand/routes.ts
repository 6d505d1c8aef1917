import {
  Cancellation,
  Order as OrderAnswer,
  OrderChanges,
  OrderInput,
  Payment,
  Problem,
  Shipment,
  SwitchInput,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type pg from 'pg';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { once, requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName } from '../promising/index.ts';
import { changeOrder, lineOrFail, lockForChange, orderOrFail } from './change-order.ts';
import { switchLine } from './customer-changes.ts';
import { NO_CHANGE } from './order-plan.ts';
import type { StoredLine } from './order-store.ts';
import { recordPayment } from './payments.ts';
import { createPlaceService, viewNow } from './place-service.ts';
import { productionRoutes } from './production-routes.ts';
import { requestedChanges } from './requested-changes.ts';
import { type RefusedUnits, recordRefusedChange } from './unmet.ts';
import { unmetRoutes } from './unmet-routes.ts';

const OrderName = z.object({
  order: z.string().min(1).max(260).describe("Kept's id, or channel:ref such as web:1001"),
});
const IdempotencyHeaders = z.object({ 'idempotency-key': z.string().min(1).max(255).optional() });
const tags = ['Orders'];

export async function demandRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const service = createPlaceService(kept);
  productionRoutes(app, kept);
  unmetRoutes(app, kept);

  routes.post(
    '/v1/orders',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Place an order: decides and commits all its lines at once',
        headers: IdempotencyHeaders,
        body: OrderInput,
        response: { 200: OrderAnswer, 201: OrderAnswer, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const name = key === undefined ? null : { externalId: key, content: requestDigest(request.body) };
      const placed = await service.place(request.brandId, request.body, name, request.actor);
      return reply.status(placed.status).send(placed.order);
    },
  );

  routes.get(
    '/v1/orders/:order',
    {
      config: { permission: 'orders:read' },
      schema: {
        tags,
        summary: 'An order as it stands',
        params: OrderName,
        response: { 200: OrderAnswer, 404: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const name = request.params.order;
        const order = await orderOrFail(
          client,
          request.brandId,
          await findOrderByName(client, request.brandId, name),
          name,
        );
        return (await viewNow(kept, client, request.brandId, [order.order])).get(order.order)!;
      }),
  );

  routes.post(
    '/v1/orders/:order/cancellations',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Cancel open units; they go to the next in the queue at once',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: Cancellation,
        response: { 200: OrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      factOf(kept, request, 'cancellations', async (client, order) => {
        const { by, reason, lines } = request.body;
        const cancel =
          lines?.map((line, index) => ({
            line: lineOrFail(order, line.line, `lines[${index}].line`),
            quantity: line.quantity,
          })) ??
          order.lines.filter((line) => openOf(line) > 0).map((line) => ({ line, quantity: openOf(line) }));
        if (cancel.length === 0) throw new KeptError('conflict', 'Nothing of this order is open any more.');
        await changeOrder(
          kept,
          client,
          request.brandId,
          order,
          { ...NO_CHANGE, cancel },
          {
            event: 'order.cancelled',
            reason: { code: 'cancelled', by, reason },
            happenedAt: kept.clock.now(),
            by,
            words: reason,
            mode: 'request',
          },
        );
      }),
  );

  routes.post(
    '/v1/orders/:order/shipments',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Units left: they come off stock and off the line',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: Shipment,
        response: { 200: OrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      factOf(kept, request, 'shipments', async (client, order) => {
        const { body } = request;
        const ship = body.lines.map((line, index) => ({
          line: lineOrFail(order, line.line, `lines[${index}].line`),
          quantity: line.quantity,
          location: line.location ?? null,
        }));
        await changeOrder(
          kept,
          client,
          request.brandId,
          order,
          { ...NO_CHANGE, ship },
          {
            event: 'order.shipped',
            reason: { code: 'shipped', ...(body.tracking === undefined ? {} : { tracking: body.tracking }) },
            happenedAt: body.shippedAt === undefined ? kept.clock.now() : new Date(body.shippedAt),
            shipment: {
              carrier: body.carrier ?? null,
              tracking: body.tracking ?? null,
              deliveredOn: body.deliveredOn ?? null,
            },
            mode: 'placed',
          },
        );
      }),
  );

  routes.post(
    '/v1/orders/:order/changes',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Change quantities or dates of lines, or add lines',
        description:
          'A smaller quantity keeps the line’s place; added units queue from now, and are refused where they cannot be promised.',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: OrderChanges,
        response: { 200: OrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      factOf(kept, request, 'changes', async (client, order) => {
        await changeOrder(kept, client, request.brandId, order, requestedChanges(order, request.body), {
          event: 'order.changed',
          reason: {
            code: 'order_changed',
            by: 'customer',
            ...(request.body.reason ? { reason: request.body.reason } : {}),
          },
          happenedAt: kept.clock.now(),
          by: 'customer',
          words: request.body.reason ?? 'changed',
          mode: order.mode,
        });
      }),
  );

  routes.post(
    '/v1/orders/:order/switches',
    {
      config: { permission: 'orders:write' },
      schema: {
        tags,
        summary: 'Another item instead of a line’s open units',
        description:
          'The line’s units are cancelled and as many of the other item are taken, or queue from when the order was placed. Refused, and nothing changed, where they cannot be promised.',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: SwitchInput,
        response: { 200: OrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      factOf(kept, request, 'switches', async (client, order) => {
        await switchLine(kept, client, request.brandId, order, request.body);
      }),
  );

  routes.post(
    '/v1/orders/:order/payments',
    {
      config: { permission: 'money:write' },
      schema: {
        tags,
        summary: 'Money was authorised, taken, given back or disputed',
        description:
          'An order that was to be paid by a deadline is no longer given up once money is authorised or taken.',
        params: OrderName,
        headers: IdempotencyHeaders,
        body: Payment,
        response: { 200: OrderAnswer, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    (request) =>
      factOf(kept, request, 'payments', (client, order) =>
        recordPayment(kept, client, request.brandId, order, request.body),
      ),
  );
}

interface FactRequest {
  readonly brandId: number;
  readonly actor: string;
  readonly params: { readonly order: string };
  readonly headers: { readonly 'idempotency-key'?: string | undefined };
  readonly body: {
    readonly id?: string | undefined;
    readonly sku?: string | undefined;
    readonly lines?:
      | readonly { readonly line: string | number; readonly sku?: string | undefined }[]
      | undefined;
  };
}

/** A fact about an order, once: named by its own id, else by the caller's Idempotency-Key. Answers the order as it then stands. */
function factOf(
  kept: Kept,
  request: FactRequest,
  kind: string,
  work: (
    client: Parameters<typeof orderOrFail>[0],
    order: Awaited<ReturnType<typeof orderOrFail>>,
  ) => Promise<void>,
) {
  const { brandId, actor } = request;
  const answer = async (client: pg.PoolClient) => {
    const name = request.params.order;
    const order = await orderOrFail(client, brandId, await findOrderByName(client, brandId, name), name);
    const run = async () => {
      const newSkus = [request.body, ...(request.body.lines ?? [])].flatMap(({ sku }) =>
        sku === undefined ? [] : [sku],
      );
      const grows = kind === 'changes' || newSkus.length > 0;
      await work(client, await lockForChange(client, brandId, order, newSkus, grows));
      return (await viewNow(kept, client, brandId, [order.order])).get(order.order)!;
    };
    const externalId = request.body.id ?? request.headers['idempotency-key'];
    if (externalId === undefined) return run();
    const source = `POST /v1/orders/${order.order}/${kind}`;
    return once(
      client,
      brandId,
      { source, externalId, content: requestDigest(request.body), at: kept.clock.now() },
      run,
    );
  };
  return withBrand(kept.db, brandId, answer, { actor, plannedOnce: true }).catch(async (error) => {
    // Its own transaction is undone: what was wanted and not had is demand all the same.
    if (error instanceof KeptError && error.code === 'cannot_promise')
      await recordRefusedChange(kept, brandId, request.params.order, error.extra.lines as RefusedUnits[]);
    throw error;
  });
}

function openOf(line: StoredLine): number {
  return line.ordered - line.shipped - line.cancelled;
}
