import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { KeptError } from './errors.ts';
import { sameSecret } from './same-secret.ts';

/** A figure of how the brand stands, beside those of the process. */
export interface StandingFigure {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

export interface MetricOptions {
  /** Asked when somebody looks, and at most once a minute. */
  readonly standing?: () => Promise<readonly StandingFigure[]>;
  /** What has to be sent as `Authorization: Bearer …`; left out: nothing has. */
  readonly token?: string | undefined;
}

const STANDING_MS = 60_000;

/** GET /metrics: the process, how long each route takes, and how the brand stands, in the Prometheus text format. */
export function metricRoutes(app: FastifyInstance, { standing, token }: MetricOptions = {}): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'kept_http_request_seconds',
    help: 'Time from a request to its answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // The route as it was declared, never the address: that may hold a token, and would be without end.
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  let askedAt = Number.NEGATIVE_INFINITY;
  const gauges = new Map<string, Gauge>();
  const stand = async () => {
    if (standing === undefined || performance.now() - askedAt < STANDING_MS) return;
    askedAt = performance.now();
    for (const { name, help, value } of await standing()) {
      let gauge = gauges.get(name);
      if (gauge === undefined) gauges.set(name, (gauge = new Gauge({ name, help, registers: [registry] })));
      gauge.set(value);
    }
  };
  app.get(
    '/metrics',
    { config: { permission: 'public' }, schema: { hide: true } },
    async (request, reply) => {
      if (token !== undefined && !sameSecret(request.headers.authorization ?? '', `Bearer ${token}`))
        throw new KeptError('unauthorized', 'Send KEPT_METRICS_TOKEN as "Authorization: Bearer …".');
      // Where the database does not answer, the figures of the process are what is wanted most.
      await stand().catch((err) => request.log.warn({ err }, 'how the brand stands could not be asked'));
      return reply.type(registry.contentType).send(await registry.metrics());
    },
  );
}
