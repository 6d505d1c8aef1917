import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fastifyStatic } from '@fastify/static';
import { fastifySwagger } from '@fastify/swagger';
import { fastifySwaggerUi } from '@fastify/swagger-ui';
import { Clock as ClockInput } from '@kept/contract';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { accountRoutes } from './accounts/index.ts';
import { catalogRoutes } from './catalog/index.ts';
import { demandRoutes } from './demand/index.ts';
import { decideAllThatIsDue, nothingHappened } from './due.ts';
import { createApplier, createImportStore, createMappingStore, importRoutes } from './imports/index.ts';
import type { ManualClock } from './platform/clock.ts';
import { KeptError, toProblem } from './platform/errors.ts';
import type { Kept } from './platform/kept.ts';
import { logOptions } from './platform/log.ts';
import { metricRoutes } from './platform/metrics.ts';
import { promisingRoutes } from './promising/index.ts';
import { supplyRoutes } from './supply/index.ts';

export interface AppOptions {
  readonly bootstrapKey?: string | undefined;
  readonly logLevel?: string;
  /** The built pages; without them the API stands alone. */
  readonly pages?: string | undefined;
  /** Set only under `--clock manual`: then time is moved through the API. */
  readonly manualClock?: ManualClock | undefined;
}

/** Requests hold one order or one purchase order; files go to /v1/imports, which streams them. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** Builds the app without listening: HTTP in front of the capabilities, and nothing that decides. */
export async function buildApp(kept: Kept, options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    // An order's name may hold a slash or a hash once it is decoded, and may be long.
    routerOptions: { maxParamLength: 300 },
    logger: options.logLevel === undefined ? false : logOptions(options.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = toProblem(error);
    if (status >= 500) request.log.error({ err: error, path: request.routeOptions.url }, 'a request failed');
    return reply.status(status).headers(headers).send(body);
  });
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Kept',
        version: '0.1.0',
        description: 'Backorders as promises: made, backed, watched and kept.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(fastifySwaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  app.get('/healthz', { schema: { hide: true } }, () => ({ ok: true }));
  app.get('/readyz', { schema: { hide: true } }, async () => {
    await kept.db.pool.query('select 1');
    return { ok: true };
  });

  metricRoutes(app);
  accountRoutes(app, kept, { bootstrapKey: options.bootstrapKey });
  await catalogRoutes(app, kept);
  await supplyRoutes(app, kept);
  await demandRoutes(app, kept);
  await promisingRoutes(app, kept);
  const background = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(background)));
  await importRoutes(app, {
    brandOf: (request) => String(request.brandId),
    applierFor: (brand) => createApplier(kept, Number(brand)),
    mappingStoreFor: (brand) => createMappingStore(kept, Number(brand)),
    store: createImportStore(kept),
    clock: kept.clock,
    log: kept.log,
    // Stopping waits for what is under way; a kill leaves the file's transaction undone.
    runInBackground(_name, work) {
      const running = work().finally(() => background.delete(running));
      background.add(running);
    },
  });
  if (options.manualClock !== undefined) clockRoutes(app, kept, options.manualClock);
  await pageRoutes(app, options.pages);
  return app;
}

/** Moves time forward and runs all that falls due on the way. It exists only under `--clock manual`. */
function clockRoutes(app: FastifyInstance, kept: Kept, clock: ManualClock): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get('/v1/clock', { schema: { tags: ['Clock'], response: { 200: ClockInput } } }, () => ({
    now: clock.now().toISOString(),
  }));
  routes.put(
    '/v1/clock',
    {
      schema: {
        tags: ['Clock'],
        summary: 'Move time forward',
        body: ClockInput,
        response: { 200: ClockInput },
      },
    },
    async (request) => {
      const target = new Date(request.body.now);
      // Stories are written for days of their own: before anything has happened, time may begin anywhere.
      if (target < clock.now() && (await nothingHappened(kept, request.brandId))) clock.restart(target);
      await decideAllThatIsDue(kept, request.brandId, clock, target);
      return { now: clock.now().toISOString() };
    },
  );
}

/** The built pages, and their index for every address that is no file: the page routes by itself. */
async function pageRoutes(app: FastifyInstance, pages: string | undefined): Promise<void> {
  const built = pages !== undefined && existsSync(join(pages, 'index.html'));
  if (built)
    await app.register(fastifyStatic, { root: pages, wildcard: false, maxAge: '1h', immutable: false });
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (built && wantsPage && !request.url.startsWith('/v1/'))
      return reply.sendFile('index.html', { maxAge: 0 });
    throw new KeptError(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}. GET /docs lists what there is.`,
    );
  });
}
