import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fastifyCompress } from '@fastify/compress';
import { fastifyStatic } from '@fastify/static';
import { fastifySwagger } from '@fastify/swagger';
import { fastifySwaggerUi } from '@fastify/swagger-ui';
import { Clock as ClockInput } from '@kept/contract';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { accountRoutes, FIRST_BRAND, openToAnybody, type SingleSignOn } from './accounts/index.ts';
import { allocationRoutes } from './allocation/index.ts';
import { auditRoutes, logAccess } from './audit/index.ts';
import { bookRoutes } from './book/index.ts';
import { catalogRoutes } from './catalog/index.ts';
import { causeRoutes } from './causes/index.ts';
import { partnerMessageRoutes } from './channels/wholesale/index.ts';
import { commsRoutes, NOTHING_OUTGOING, type Outgoing } from './comms/index.ts';
import { connectionRoutes } from './connections/index.ts';
import { demandRoutes } from './demand/index.ts';
import { decideAllThatIsDue, nothingHappened } from './due.ts';
import { createApplier, createImportStore, createMappingStore, importRoutes } from './imports/index.ts';
import { paymentRoutes } from './payments/index.ts';
import { planningRoutes } from './planning/index.ts';
import type { ManualClock } from './platform/clock.ts';
import { type EdgeOptions, guardEdge } from './platform/edge.ts';
import { closeIdleOnEnd } from './platform/ending.ts';
import { invalidInput, KeptError, pathOf, toProblem } from './platform/errors.ts';
import type { Kept } from './platform/kept.ts';
import { logOptions } from './platform/log.ts';
import { metricRoutes } from './platform/metrics.ts';
import { collectRoutes, methodsOf } from './platform/routes.ts';
import { privacyRoutes } from './privacy/index.ts';
import { promisingRoutes } from './promising/index.ts';
import { searchRoutes } from './search/index.ts';
import { sellingRoutes } from './selling/index.ts';
import { signalRoutes } from './signals/index.ts';
import { standingOf } from './standing.ts';
import { type DemoShop, shopRoutes, storefrontRoutes } from './storefront/index.ts';
import { streamRoutes } from './stream/index.ts';
import { supplyRoutes } from './supply/index.ts';
import { buyersOf, watchRoutes } from './watch/index.ts';

export interface AppOptions extends EdgeOptions {
  readonly bootstrapKey?: string | undefined;
  /** An OpenID provider that people may sign in at. */
  readonly otherHouse?: SingleSignOn | null;
  readonly logLevel?: string;
  /** What whoever reads /metrics has to send. */
  readonly metricsToken?: string | undefined;
  /** Whose word counts for where a request came from: addresses or networks of one's own proxies. */
  readonly trustProxy?: string | undefined;
  /** The built pages; without them the API stands alone. */
  readonly pages?: string | undefined;
  /** A shop window to be served beside the pages: the demo brand's. */
  readonly shop?: DemoShop | undefined;
  /** How messages to customers leave; left out: they wait. */
  readonly outgoing?: Outgoing | undefined;
  /** Lets webhooks go to addresses of one's own network. */
  readonly privateTargets?: boolean | undefined;
  /** Set only under `--clock manual`: then time is moved through the API. */
  readonly manualClock?: ManualClock | undefined;
}

/** Requests hold one order or one purchase order; files go to /v1/imports, which streams them. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** The longest that one request may take to arrive, a file of gigabytes among them. */
const UPLOAD_MS = 3_600_000;
/** A connection on which nothing moves for so long is closed. */
const SILENCE_MS = 600_000;

const PACK_FROM_BYTES = 8192;

/** Builds the app without listening: HTTP in front of the capabilities, and nothing that decides. */
export async function buildApp(kept: Kept, options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: UPLOAD_MS,
    connectionTimeout: SILENCE_MS,
    trustProxy: options.trustProxy ?? false,
    // An order's name may hold a slash or a hash once it is decoded, and may be long.
    routerOptions: { maxParamLength: 300 },
    logger: options.logLevel === undefined ? false : logOptions(options.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    // An address that cannot be decoded meets no route, and so no error handler.
    frameworkErrors(error, _request, reply: FastifyReply) {
      const { status, headers, body } = toProblem(error);
      return reply.status(status).headers(headers).send(body);
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const { status, headers, body } = toProblem(error);
    if (status >= 500) request.log.error({ err: error, path: request.routeOptions.url }, 'a request failed');
    return reply.status(status).headers(headers).send(body);
  });
  app.addHook('preValidation', async (request) => refuseUnstorable(request));
  readNothingAsNothing(app);
  collectRoutes(app);
  closeIdleOnEnd(app);
  await guardEdge(app, options);
  // Long lists alone: what a shop asks for all day is shorter than a packet. Bodies that come are never unpacked here.
  await app.register(fastifyCompress, {
    threshold: PACK_FROM_BYTES,
    encodings: ['gzip'],
    customTypes: /^application\/json/,
    globalDecompression: false,
    zlibOptions: { level: 4 },
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
    transform: describeRoute,
  });
  await app.register(async (scope) => {
    openToAnybody(scope);
    await scope.register(fastifySwaggerUi, { routePrefix: '/docs' });
  });
  app.get('/openapi.json', { config: { permission: 'public' }, schema: { hide: true } }, () => app.swagger());
  app.get('/healthz', { config: { permission: 'public' }, schema: { hide: true } }, () => ({ ok: true }));
  app.get('/readyz', { config: { permission: 'public' }, schema: { hide: true } }, async () => {
    await kept.db.pool.query('select 1');
    return { ok: true };
  });

  metricRoutes(app, { token: options.metricsToken, standing: () => standingOf(kept, FIRST_BRAND) });
  accountRoutes(app, kept, options);
  logAccess(app, kept);
  auditRoutes(app, kept);
  privacyRoutes(app, kept);
  await catalogRoutes(app, kept);
  await supplyRoutes(app, kept);
  await demandRoutes(app, kept);
  await promisingRoutes(app, kept);
  await allocationRoutes(app, kept);
  planningRoutes(app, kept);
  bookRoutes(app, kept);
  causeRoutes(app, kept, buyersOf);
  searchRoutes(app, kept);
  streamRoutes(app, kept);
  await sellingRoutes(app, kept);
  await signalRoutes(app, kept);
  partnerMessageRoutes(app, kept);
  watchRoutes(app, kept, { privateTargets: options.privateTargets });
  await paymentRoutes(app, kept);
  await connectionRoutes(app, kept);
  await storefrontRoutes(app, kept);
  if (options.shop !== undefined) shopRoutes(app, kept, options.shop);
  commsRoutes(app, kept, options.outgoing ?? NOTHING_OUTGOING);
  const background = new Set<Promise<void>>();
  app.addHook('onClose', async () => void (await Promise.all(background)));
  await importRoutes(app, {
    brandOf: (request) => String(request.brandId),
    applierFor: (brand, id) => createApplier(kept, Number(brand), id),
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
  if (options.manualClock !== undefined) clockRoutes(app, kept, options.manualClock, options.outgoing);
  await pageRoutes(app, options.pages);
  return app;
}

/** What a route asks of its caller stands in its description, since OpenAPI has scopes for OAuth alone. */
function describeRoute(asked: Parameters<typeof jsonSchemaTransform>[0]) {
  const described = jsonSchemaTransform(asked);
  const { permission } = asked.route.config ?? {};
  const { schema } = described;
  // A query of any names has no parameters to list.
  const query = schema.querystring as { properties?: object } | undefined;
  if (query !== undefined && query.properties === undefined) delete schema.querystring;
  if (permission === undefined || schema.hide === true) return described;
  if (permission === 'public') return { ...described, schema: { ...schema, security: [] } };
  const needs =
    permission === 'signed_in' ? 'Needs any key or session.' : `Needs the scope \`${permission}\`.`;
  const description = schema.description === undefined ? needs : `${schema.description}\n\n${needs}`;
  return { ...described, schema: { ...schema, description, 'x-permission': permission } };
}

/** Many clients call every body JSON, also the one that they do not send. */
function readNothingAsNothing(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body: string, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body, done);
  });
}

/** Moves time forward and runs all that falls due on the way. It exists only under `--clock manual`. */
function clockRoutes(
  app: FastifyInstance,
  kept: Kept,
  clock: ManualClock,
  outgoing: Outgoing | undefined,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/clock',
    { config: { permission: 'signed_in' }, schema: { tags: ['Clock'], response: { 200: ClockInput } } },
    () => ({
      now: clock.now().toISOString(),
    }),
  );
  routes.put(
    '/v1/clock',
    {
      config: { permission: 'settings:write' },
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
      await decideAllThatIsDue(kept, request.brandId, clock, target, outgoing);
      return { now: clock.now().toISOString() };
    },
  );
}

/** The built pages, and their index for every address that is no file: the page routes by itself. */
async function pageRoutes(app: FastifyInstance, pages: string | undefined): Promise<void> {
  const built = pages !== undefined && existsSync(join(pages, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, { root: pages, serve: false, preCompressed: true });
    await app.register(async (scope) => {
      openToAnybody(scope);
      await scope.register(fastifyStatic, {
        root: pages,
        decorateReply: false,
        wildcard: false,
        preCompressed: true,
        // They are sent in place of what they are of, and not by themselves.
        globIgnore: ['**/*.{br,gz}'],
        maxAge: '1h',
        immutable: false,
        setHeaders(reply, path) {
          // Shops of the whole web load the element from here.
          if (/[\\/]widget[\\/]/.test(path)) reply.header('access-control-allow-origin', '*');
          // Their names hold a hash of what is in them, so that a new build has new names.
          if (/[\\/]assets[\\/][^\\/]+-[\w-]{8}\.\w+(\.br|\.gz)?$/.test(path))
            reply.header('cache-control', 'public, max-age=31536000, immutable');
        },
      });
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (built && wantsPage && !request.url.startsWith('/v1/'))
      return reply.sendFile('index.html', { maxAge: 0 });
    const path = request.url.split('?')[0]!;
    const allow = methodsOf(app, path).join(', ');
    if (allow !== '') {
      const detail = `${path} takes ${allow}, not ${request.method}.`;
      const { status, headers, body } = toProblem(new KeptError('method_not_allowed', detail));
      return reply
        .status(status)
        .headers({ ...headers, allow })
        .send(body);
    }
    throw new KeptError(
      'not_found',
      `There is nothing at ${request.method} ${path}. GET /docs lists what there is.`,
    );
  });
}

/**
 * Text that PostgreSQL does not store: U+0000, and halves of characters, which have no UTF-8.
 * @throws KeptError `invalid_input` with the path of the first
 */
function refuseUnstorable({ body, query, params }: FastifyRequest): void {
  const { cursor } = (query ?? {}) as { cursor?: unknown };
  const found =
    unstorable(body) ??
    inside('querystring', unstorable(query)) ??
    inside('params', unstorable(params)) ??
    (unstorable(behind(cursor)) === null ? null : { path: 'cursor', in: 'querystring' });
  if (found === null) return;
  throw invalidInput([{ ...found, message: 'expected text without null characters and half characters' }]);
}

function inside(where: string, found: { path: string } | null): { path: string; in: string } | null {
  return found === null ? null : { ...found, in: where };
}

/** What a cursor holds; one that holds nothing readable is refused where it is used. */
function behind(cursor: unknown): unknown {
  if (typeof cursor !== 'string') return null;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

interface Place {
  readonly value: object;
  readonly key: PropertyKey;
  readonly parent: Place | null;
}

/** Where such text stands first: a walk without recursion, since a body may be as deep as it is long. */
function unstorable(whole: unknown): { path: string } | null {
  const bad = (text: string) => text.includes('\u0000') || !text.isWellFormed();
  if (typeof whole === 'string') return bad(whole) ? { path: '' } : null;
  // A file's body is a stream, which the import reads by itself.
  if (typeof whole !== 'object' || whole === null || 'pipe' in whole) return null;
  // Bytes are kept as they are.
  if (whole instanceof Uint8Array) return null;
  const places: Place[] = [{ value: whole, key: '', parent: null }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    for (const [key, value] of Object.entries(place.value)) {
      if (bad(key) || (typeof value === 'string' && bad(value))) return { path: pathTo(place, key) };
      if (typeof value === 'object' && value !== null) places.push({ value, key, parent: place });
    }
  }
  return null;
}

function pathTo(place: Place, key: string): string {
  const parts: PropertyKey[] = [JSON.stringify(key).slice(1, -1)];
  for (let at = place; at.parent !== null; at = at.parent) parts.unshift(at.key);
  return pathOf(parts);
}
