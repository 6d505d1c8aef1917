import { ConnectionName, Problem } from '@kept/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { takePush } from './pushes.ts';

/** The largest push: what is larger is read, and not pushed. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/** The brand of an address that names none. */
const FIRST_BRAND = 1;

/**
 * Where other systems push. Nobody signs in here: each push carries its sender's signature, which the connector checks on the
 * bytes as they came.
 */
export async function pushRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LIMIT_BYTES }, (_request, body, done) =>
      done(null, body),
    );
    const routes = scope.withTypeProvider<ZodTypeProvider>();
    const options = (params: z.ZodObject) => ({
      config: { permission: 'public' } as const,
      schema: {
        tags: ['Connections'],
        summary: 'Take what another system pushes, signed as it signs',
        description:
          'Answered when it is on the disk, and decided afterwards. The same delivery twice is taken once. A signature that is not right, or a time more than five minutes away, is a 401.',
        security: [],
        params,
        response: { 200: z.object({ id: z.string() }), '4xx': Problem, 503: Problem },
      },
    });
    const take = async (request: FastifyRequest) => {
      const { name, '*': path = '' } = request.params as { name: string; '*'?: string };
      const { brand, ...query } = request.query as Record<string, string>;
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const brandId = /^\d{1,9}$/.test(brand ?? '') ? Number(brand) : FIRST_BRAND;
      return { id: await takePush(kept, brandId, name, { headers: request.headers, body, query, path }) };
    };
    const ByName = z.object({ name: ConnectionName });
    routes.post('/v1/connections/:name/pushes', options(ByName), take);
    routes.post('/v1/connections/:name/pushes/*', options(ByName.extend({ '*': z.string().max(300) })), take);
  });
}
