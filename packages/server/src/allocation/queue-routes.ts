import {
  LineLock,
  LineLockInput,
  Move,
  MoveInput,
  MovePage,
  MoveQuery,
  MoveUndoInput,
  Problem,
  RankAgainInput,
  RankedAgain,
  RankingComparison,
  RankingQuery,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { compareRanking } from './compare-ranking.ts';
import { lockLine } from './locks.ts';
import { moveLine, pageMoves, undoMove } from './moves.ts';
import { onceByKey } from './once.ts';
import { rankAgain } from './rank-again.ts';

const tags = ['Queue'];
const ById = z.object({ id: z.string().max(60) });
const Headers = z.looseObject({ 'idempotency-key': z.string().min(1).max(255).optional() });

export function queueRoutes(app: FastifyInstance, kept: Kept): void {
  lockRoutes(app, kept);
  moveRoutes(app, kept);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/rankings',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary: 'How far an item’s queue is from the best that could be made of its units',
        description:
          'Days late against first promises, over units and by value: as it stands, as the ranking would have it, and the least possible, which is exact.',
        querystring: RankingQuery,
        response: { 200: RankingComparison, 422: Problem },
      },
    },
    ({ brandId, query }) =>
      withBrand(kept.db, brandId, (client) => compareRanking(kept, client, brandId, query.sku)),
  );
  routes.post(
    '/v1/rankings',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Rank waiting lines again by the rules of their policies',
        description:
          'Changing a policy’s rules moves nobody who waits already; this does. Places given by hand end. Who has units keeps them: the order decides free, freed and short ones.',
        body: RankAgainInput.nullish(),
        response: { 200: RankedAgain, 422: Problem },
      },
    },
    ({ brandId, actor, body }) =>
      rankAgain(kept, brandId, { skus: body?.skus, reason: body?.reason ?? null, actor }),
  );
}

function lockRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.put(
    '/v1/backorders/:id/lock',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Lock what backs a line: no ranking and no re-allocation takes it',
        description: 'Its date still moves when its backing fails.',
        params: ById,
        body: LineLockInput,
        response: { 200: LineLock, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    ({ brandId, actor, params, body }) =>
      withBrand(kept.db, brandId, (client) =>
        lockLine(kept, client, brandId, params.id, { locked: true, reason: body.reason, actor }),
      ),
  );
  routes.delete(
    '/v1/backorders/:id/lock',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Let a locked line go: it is decided again like any other',
        params: ById,
        response: { 200: LineLock, 404: Problem, 409: Problem },
      },
    },
    ({ brandId, actor, params }) =>
      withBrand(kept.db, brandId, (client) =>
        lockLine(kept, client, brandId, params.id, { locked: false, reason: 'let go', actor }),
      ),
  );
}

function moveRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/backorders/:id/moves',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Put a line elsewhere in its queue, by hand and with a reason',
        description:
          'The place decides who gets free, freed and short units; nobody loses one by it. POST /v1/moves/:id/undo takes it back.',
        params: ById,
        headers: Headers,
        body: MoveInput,
        response: { 201: Move, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { brandId, actor, params, body } = request;
      const move = await onceByKey(kept, request, (client) =>
        moveLine(kept, client, brandId, params.id, { ...body, actor }),
      );
      return reply.status(201).send(move);
    },
  );
  routes.post(
    '/v1/moves/:id/undo',
    {
      config: { permission: 'queue:write' },
      schema: {
        tags,
        summary: 'Take a move back: the line stands where it stood',
        params: ById,
        body: MoveUndoInput.nullish(),
        response: { 200: Move, 404: Problem, 409: Problem },
      },
    },
    ({ brandId, actor, params, body }) =>
      withBrand(kept.db, brandId, (client) =>
        undoMove(kept, client, brandId, params.id, { reason: body?.reason ?? null, actor }),
      ),
  );
  routes.get(
    '/v1/moves',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags,
        summary: 'Places given by hand, the newest first: who did it, why, and whether it was taken back',
        querystring: MoveQuery,
        response: { 200: MovePage, 422: Problem },
      },
    },
    ({ brandId, query }) => withBrand(kept.db, brandId, (client) => pageMoves(client, brandId, query)),
  );
}
