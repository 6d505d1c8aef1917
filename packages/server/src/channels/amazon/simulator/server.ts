import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CallFault, CallFaults, type Often } from '../../../connections/testing/call-faults.ts';
import { TokenBucket } from '../token-bucket.ts';
import { GRANTLESS, type Operation, USAGE_PLANS } from '../usage-plans.ts';
import { type Asked, type Said, wrong } from './answers.ts';
import { type Faults, NO_FAULTS } from './faults.ts';
import { Models, match, modelsDirectory } from './models.ts';
import { notificationRoutes } from './notification-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { QUEUE_KEY, SimulatedQueue } from './queue.ts';
import { reportRoutes } from './report-routes.ts';
import { Shop } from './shop.ts';
import { stockRoutes } from './stock-routes.ts';
import { TokenDesk } from './tokens.ts';
import { vendorRoutes } from './vendor-routes.ts';
import { World } from './world.ts';

export const PLACES: Readonly<Record<Operation, readonly [string, string]>> = {
  searchOrders: ['GET', '/orders/2026-01-01/orders'],
  getOrder: ['GET', '/orders/2026-01-01/orders/{orderId}'],
  confirmShipment: ['POST', '/orders/v0/orders/{orderId}/shipmentConfirmation'],
  getInventorySummaries: ['GET', '/fba/inventory/v1/summaries'],
  listInboundPlans: ['GET', '/inbound/fba/2024-03-20/inboundPlans'],
  getInboundPlan: ['GET', '/inbound/fba/2024-03-20/inboundPlans/{inboundPlanId}'],
  getShipment: ['GET', '/inbound/fba/2024-03-20/inboundPlans/{inboundPlanId}/shipments/{shipmentId}'],
  listShipmentItems: [
    'GET',
    '/inbound/fba/2024-03-20/inboundPlans/{inboundPlanId}/shipments/{shipmentId}/items',
  ],
  searchListingsItems: ['GET', '/listings/2021-08-01/items/{sellerId}'],
  patchListingsItem: ['PATCH', '/listings/2021-08-01/items/{sellerId}/{sku}'],
  createReport: ['POST', '/reports/2021-06-30/reports'],
  getReport: ['GET', '/reports/2021-06-30/reports/{reportId}'],
  getReportDocument: ['GET', '/reports/2021-06-30/documents/{reportDocumentId}'],
  createFeedDocument: ['POST', '/feeds/2021-06-30/documents'],
  createFeed: ['POST', '/feeds/2021-06-30/feeds'],
  getFeed: ['GET', '/feeds/2021-06-30/feeds/{feedId}'],
  getFeedDocument: ['GET', '/feeds/2021-06-30/documents/{feedDocumentId}'],
  getDestinations: ['GET', '/notifications/v1/destinations'],
  createDestination: ['POST', '/notifications/v1/destinations'],
  deleteDestination: ['DELETE', '/notifications/v1/destinations/{destinationId}'],
  getSubscription: ['GET', '/notifications/v1/subscriptions/{notificationType}'],
  createSubscription: ['POST', '/notifications/v1/subscriptions/{notificationType}'],
  deleteSubscriptionById: ['DELETE', '/notifications/v1/subscriptions/{notificationType}/{subscriptionId}'],
  getMarketplaceParticipations: ['GET', '/sellers/v1/marketplaceParticipations'],
  getPurchaseOrders: ['GET', '/vendor/orders/v1/purchaseOrders'],
  getPurchaseOrder: ['GET', '/vendor/orders/v1/purchaseOrders/{purchaseOrderNumber}'],
  getPurchaseOrdersStatus: ['GET', '/vendor/orders/v1/purchaseOrdersStatus'],
  submitAcknowledgement: ['POST', '/vendor/orders/v1/acknowledgements'],
};

/** Of calls that are to go wrong, most do. */
const OFTEN: Often = { throttling: 3, serverErrors: 4, lostAnswers: 5, hangs: 17 };

/** What Amazon would say of a seller who may ask as fast as he likes. */
const UNLIMITED_RATE = 100_000;

export interface SimulatorOptions {
  readonly now?: () => Date;
  /** `published`: Amazon's usage plans. `none`: as fast as one likes. */
  readonly rates?: 'published' | 'none';
  /** How often a report or feed is asked for in vain. */
  readonly polls?: number;
}

/** Starts Amazon on loopback: the Selling Partner API, Login with Amazon, its documents and a queue. */
export async function openAmazonSimulator(options: SimulatorOptions = {}) {
  const now = options.now ?? (() => new Date());
  const world = new World(now);
  const directory = modelsDirectory();
  const models = directory === null ? null : new Models(directory);
  const counter = new CallFaults(OFTEN);
  const faults: Faults = Object.assign(counter.weather, NO_FAULTS);
  const queue = new SimulatedQueue(now);
  const tokens = new TokenDesk(now, faults);
  const buckets = new Map<Operation, TokenBucket>();
  const violations: string[] = [];
  const asked: Operation[] = [];
  let base = '';
  const routes: Readonly<Record<Operation, (asked: Asked) => Said>> = {
    ...orderRoutes(world),
    ...stockRoutes(world),
    ...reportRoutes(
      world,
      () => base,
      () => options.polls ?? 0,
    ),
    ...notificationRoutes(world),
    ...vendorRoutes(world),
  };

  const rateOf = (operation: Operation) =>
    String(options.rates === 'published' ? USAGE_PLANS[operation].rate : UNLIMITED_RATE);

  function limited(operation: Operation): Said | null {
    if (options.rates !== 'published') return null;
    const at = now().getTime();
    let bucket = buckets.get(operation);
    if (bucket === undefined) buckets.set(operation, (bucket = new TokenBucket(USAGE_PLANS[operation], at)));
    if (bucket.waitMs(at) > 0)
      return wrong(429, 'QuotaExceeded', 'You exceeded your quota for the requested resource.');
    bucket.take(at);
    return null;
  }

  /** As the published models have it; without them only what the routes look at themselves is checked. */
  function checked(method: string, url: URL, request: IncomingMessage, body: unknown): Said | null {
    const wrongs = models?.request(method, url.pathname, url.searchParams, request.headers, body) ?? [];
    if (wrongs.length === 0) return null;
    violations.push(...wrongs.map((one) => `${method} ${url.pathname}: ${one}`));
    return wrong(400, 'InvalidInput', wrongs.join('; '));
  }

  function serve(
    request: IncomingMessage,
    url: URL,
    text: string,
  ): Said & { operation?: Operation; lost?: 'cut' | 'never' } {
    const method = request.method!;
    const found = (Object.entries(PLACES) as [Operation, readonly [string, string]][]).flatMap(
      ([operation, place]) => {
        const names = place[0] === method ? match(place[1], url.pathname) : null;
        return names === null ? [] : [{ operation, names }];
      },
    )[0];
    if (found === undefined) {
      violations.push(`${method} ${url.pathname}: there is no such operation`);
      return wrong(404, 'NotFound', 'There is no such operation.');
    }
    const { operation, names } = found;
    asked.push(operation);
    const denied = tokens.check(request.headers['x-amz-access-token'], GRANTLESS.has(operation));
    if (denied !== null) return { ...denied, operation };
    const fault = counter.next();
    if (fault === 'hang_before') return { status: 200, operation, lost: 'never' };
    if (fault === 'throttled')
      return { ...wrong(429, 'QuotaExceeded', 'You exceeded your quota.'), operation };
    if (fault === 'error_before')
      return { ...wrong(500, 'InternalFailure', 'Something went wrong.'), operation };
    const body = text === '' ? undefined : (JSON.parse(text) as unknown);
    const said =
      limited(operation) ??
      checked(method, url, request, body) ??
      routes[operation]({ names, query: url.searchParams, body });
    if (said.body !== undefined)
      violations.push(...(models?.answer(method, url.pathname, said.status, said.body) ?? []));
    if (fault === 'error_after')
      return { ...wrong(500, 'InternalFailure', 'Something went wrong.'), operation };
    if (fault === 'lost_after') return { ...said, operation, lost: 'cut' };
    return { ...said, operation, ...(fault === 'hang_after' && { lost: 'never' as const }) };
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    const text = content.toString('utf8');
    const url = new URL(request.url!, base);
    const send = ({ status, body, headers }: Said) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    if (url.pathname === '/auth/o2/token') return send(tokens.issue(new URLSearchParams(text)));
    if (request.headers['x-amz-target'] !== undefined)
      return send(await queue.answer(url.href, request.headers, text));
    const document = /^\/documents\/(.+)$/.exec(url.pathname)?.[1];
    if (document !== undefined) {
      if (request.method === 'PUT') world.documents.set(document, content);
      const kept = world.documents.get(document);
      response.writeHead(kept === undefined ? 404 : 200);
      return void response.end(request.method === 'PUT' ? undefined : kept);
    }
    const said = serve(request, url, text);
    if (said.lost === 'never') return;
    if (said.lost === 'cut') return void response.destroy();
    const rate = said.operation === undefined ? null : rateOf(said.operation);
    send({
      ...said,
      headers: {
        'x-amzn-requestid': `request-${world.number()}`,
        ...(rate !== null && { 'x-amzn-ratelimit-limit': rate }),
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url: base,
    world,
    shop: new Shop(world, (notification) => {
      const wrongs = models?.notification(notification.model, notification.body) ?? [];
      violations.push(...wrongs);
      if (world.subscriptions.has(notification.type)) queue.send(notification.body, faults);
    }),
    faults,
    /** The next so many requests meet this fault. */
    meet: (fault: CallFault, requests: number) => counter.ask(fault, requests),
    hang: (requests: number) => counter.hang(requests),
    /** How many requests met each fault. */
    met: counter.met,
    queue,
    tokens,
    /** Whether requests and answers are held against Amazon's published models. */
    heldAgainstModels: models !== null,
    /** What was not as the models have it. */
    violations,
    /** The operations that were asked for, in order. */
    asked,
    settings: {
      marketplace: world.marketplace,
      sellerId: world.sellerId,
      endpoint: base,
      tokenEndpoint: `${base}/auth/o2/token`,
      queue: {
        url: `${base}/000000000000/kept`,
        arn: 'arn:aws:sqs:us-east-1:000000000000:kept',
        region: QUEUE_KEY.region,
      },
    },
    secrets: {
      ...tokens.credentials,
      awsAccessKeyId: QUEUE_KEY.accessKeyId,
      awsSecretAccessKey: QUEUE_KEY.secretAccessKey,
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export type AmazonSimulator = Awaited<ReturnType<typeof openAmazonSimulator>>;
