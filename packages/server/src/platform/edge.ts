import { fastifyHelmet } from '@fastify/helmet';
import { fastifyRateLimit } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KeptError } from './errors.ts';

export interface EdgeOptions {
  /** Where this installation is reached; over https it asks browsers never to come in another way. */
  readonly publicUrl?: string | undefined;
  /** Most requests a minute of one API key or session; 0, and unless told: no limit. */
  readonly keyRequestsPerMinute?: number | undefined;
}

/** Of one address, on what anybody may ask: many times what a page of a busy shop needs, and useless to a guesser. */
const ADDRESS_REQUESTS_PER_MINUTE = 600;
const YEAR_SECONDS = 365 * 24 * 3600;
/** What shops of the whole web load from here. */
const ELSEWHERE = /^\/(widget|storefront)\//;
/** Public, and no limit: what watches over the process asks often, and files cost nothing. */
const UNLIMITED = /^\/(healthz|readyz|metrics)$/;

/** What a browser is told to refuse, and how often anybody may ask: before any route. */
export async function guardEdge(app: FastifyInstance, options: EdgeOptions): Promise<void> {
  const secure = options.publicUrl?.startsWith('https:') ?? false;
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The pages' components write their measures into style attributes. Scripts have no such exception.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    if (ELSEWHERE.test(request.url)) reply.header('cross-origin-resource-policy', 'cross-origin');
  });
  // Answers hold names and money: no cache keeps them but where a route says how.
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.url.startsWith('/v1/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store');
    return payload;
  });
  await limitAddresses(app);
}

async function limitAddresses(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    const { config = {}, url } = route;
    if (config.permission !== 'public' || UNLIMITED.test(url) || !/^\/(c|b|storefront)\//.test(url)) return;
    route.config = { rateLimit: { max: ADDRESS_REQUESTS_PER_MINUTE, timeWindow: '1 minute' }, ...config };
  });
  await app.register(fastifyRateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) => tooMany('this address', Math.ceil(ttl / 1000)),
  });
}

/** How often a key or session may ask: counted by the minute and the process, in memory. */
export function limitCallers(most: number): (request: FastifyRequest) => void {
  let minute = 0;
  let counts = new Map<string, number>();
  return (request) => {
    if (most === 0) return;
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, counts] = [now, new Map()];
    const name = request.headers.authorization ?? request.headers.cookie ?? '';
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (count > most) throw tooMany('this key or session', 60 - Math.floor((Date.now() / 1000) % 60));
  };
}

const tooMany = (who: string, retryAfterSeconds: number) =>
  new KeptError('too_many_requests', `Too many requests of ${who}; go on in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
