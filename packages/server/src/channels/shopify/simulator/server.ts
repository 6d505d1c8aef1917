import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DocumentNode, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { CallFaults } from '../../../connections/testing/call-faults.ts';
import { SCOPES } from '../settings.ts';
import { BulkOperations } from './bulk-operations.ts';
import { actualCost, MOST_POINTS, requestedCost } from './cost.ts';
import { ShopMutations } from './mutations.ts';
import { type Asking, ShopQueries } from './queries.ts';
import { keptSchema } from './schema.ts';
import { SimShop } from './state.ts';
import { Webhooks } from './webhook-sender.ts';

export interface SimulatorOptions {
  readonly domain?: string;
  readonly currency?: string;
  readonly now?: () => Date;
  /** The published schema; else the part of it that Kept uses. */
  readonly schema?: GraphQLSchema;
  /** Without a rate, for measurements of Kept itself. */
  readonly unlimited?: boolean;
  readonly pointsPerSecond?: number;
  readonly versions?: readonly string[];
}

/** Mutations that Shopify refuses without a key. */
const KEYED = /^(refundCreate|inventory(Set|Move|Adjust|Activate|Transfer|Shipment)\w*)$/;
const BUDGET = 2000;
const TOKEN_SECONDS = 3600;

/**
 * A shop on loopback that speaks Shopify's Admin API: every request is validated against the schema, paid for, and done to a
 * shop that keeps what was done to it.
 */
export class ShopifySimulator {
  readonly shop: SimShop;
  readonly app = { clientId: 'kept-app', clientSecret: 'shpss_simulated' };
  readonly faults = new CallFaults();
  readonly webhooks: Webhooks;
  readonly bulk: BulkOperations;
  readonly mutations: ShopMutations;
  /** Operations that were answered, by name. */
  readonly asked: string[] = [];
  scopes: readonly string[] = SCOPES;
  /** How often a query was turned away. */
  throttled = 0;
  readonly #queries: ShopQueries;
  readonly #schema: GraphQLSchema;
  readonly #options: SimulatorOptions;
  readonly #server: Server;
  readonly #now: () => Date;
  readonly #documents = new Map<string, DocumentNode>();
  readonly #answers = new Map<string, { input: string; answer: Promise<unknown> }>();
  readonly #tokens = new Map<string, number>();
  readonly #refreshTokens = new Set<string>();
  readonly #codes = new Set<string>();
  #available = BUDGET;
  #paidAt = performance.now();
  url = '';

  constructor(options: SimulatorOptions = {}) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#schema = options.schema ?? keptSchema();
    this.shop = new SimShop(options.domain ?? 'example.myshopify.com', this.#now, options.currency);
    this.#queries = new ShopQueries(this.shop);
    this.mutations = new ShopMutations(this.shop, this.#queries);
    this.webhooks = new Webhooks(this.shop, this.app.clientSecret, this.#now);
    this.bulk = new BulkOperations(this.shop, this.#schema, () => this.#root());
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    await this.webhooks.delivered();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A token as the install gives it. */
  token(): { accessToken: string; refreshToken: string; expiresAt: string } {
    const accessToken = `shpat_${randomBytes(8).toString('hex')}`;
    const refreshToken = `shprt_${randomBytes(8).toString('hex')}`;
    const until = Date.now() + TOKEN_SECONDS * 1000;
    this.#tokens.set(accessToken, until);
    this.#refreshTokens.add(refreshToken);
    return {
      accessToken,
      refreshToken,
      expiresAt: new Date(this.#now().getTime() + TOKEN_SECONDS * 1000).toISOString(),
    };
  }

  expireTokens(): void {
    this.#tokens.clear();
  }

  uninstall(): void {
    this.expireTokens();
    this.#refreshTokens.clear();
    this.webhooks.send('APP_UNINSTALLED', { domain: this.shop.domain });
  }

  /** What the shop's owner is sent back with, after agreeing to the install at that address. */
  agree(authorizeUrl: string): Record<string, string> {
    const asked = new URL(authorizeUrl).searchParams;
    const code = randomBytes(8).toString('hex');
    this.#codes.add(code);
    const query: Record<string, string> = {
      code,
      shop: this.shop.domain,
      state: asked.get('state') ?? '',
      timestamp: String(Math.floor(this.#now().getTime() / 1000)),
    };
    const text = Object.keys(query)
      .sort()
      .map((name) => `${name}=${query[name]}`)
      .join('&');
    return { ...query, hmac: createHmac('sha256', this.app.clientSecret).update(text).digest('hex') };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const send = (status: number, answer: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    };
    try {
      const file = /^\/bulk\/(\d+)\.jsonl$/.exec(pathname);
      if (file !== null) return await this.bulk.serve(Number(file[1]), response);
      if (pathname === '/admin/oauth/access_token') {
        this.#giveToken(JSON.parse(body), send);
        return;
      }
      const [, version] = /^\/admin\/api\/([^/]+)\/graphql\.json$/.exec(pathname) ?? [];
      const versions = this.#options.versions ?? ['2026-07', '2026-10'];
      if (version === undefined || !versions.includes(version)) return send(404, { errors: 'Not Found' });
      const fault = this.faults.next();
      if (fault === 'hang_before') return;
      if (fault === 'error_before') return send(503, 'Service Unavailable');
      const until = this.#tokens.get(String(request.headers['x-shopify-access-token'] ?? ''));
      if (until === undefined || until < Date.now())
        return send(401, {
          errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
        });
      const answer = await this.#answer(
        JSON.parse(body) as { query: string; variables?: Record<string, unknown> },
        fault === 'throttled',
      );
      if (fault === 'hang_after') return;
      if (fault === 'lost_after') return void response.destroy();
      if (fault === 'error_after') return send(502, 'Bad Gateway');
      send(200, answer);
    } catch (error) {
      send(500, { errors: (error as Error).stack });
    }
  }

  #giveToken(body: Record<string, string>, send: (status: number, answer: unknown) => unknown): unknown {
    const { clientId, clientSecret } = this.app;
    if (body.client_id !== clientId || body.client_secret !== clientSecret)
      return send(401, { error: 'invalid_client' });
    const granted =
      body.grant_type === 'refresh_token'
        ? this.#refreshTokens.delete(body.refresh_token ?? '')
        : body.grant_type === 'client_credentials'
          ? true
          : this.#codes.delete(body.code ?? '');
    if (!granted) return send(400, { error: 'invalid_grant' });
    const { accessToken, refreshToken } = this.token();
    return send(200, {
      access_token: accessToken,
      scope: this.scopes.join(','),
      expires_in: TOKEN_SECONDS,
      ...(body.grant_type !== 'client_credentials' && { refresh_token: refreshToken }),
    });
  }

  async #answer(
    { query, variables = {} }: { query: string; variables?: Record<string, unknown> },
    throttled: boolean,
  ): Promise<unknown> {
    let document = this.#documents.get(query);
    if (document === undefined) {
      document = parse(query);
      const errors = validate(this.#schema, document);
      if (errors.length > 0)
        return {
          errors: errors.map(({ message }) => ({ message, extensions: { code: 'graphqlValidation' } })),
        };
      this.#documents.set(query, document);
    }
    const requested = requestedCost(this.#schema, document, variables);
    if (requested > MOST_POINTS)
      return {
        errors: [
          {
            message: `Query cost is ${requested}, which exceeds the single query max cost limit (${MOST_POINTS}).`,
            extensions: { code: 'MAX_COST_EXCEEDED' },
          },
        ],
      };
    if (throttled || !this.#pay(requested)) {
      this.throttled++;
      return {
        errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
        extensions: { cost: this.#cost(requested, null) },
      };
    }
    const result = await this.#once(document, variables, () =>
      Promise.resolve(
        execute({
          schema: this.#schema,
          document: document!,
          rootValue: this.#root(),
          variableValues: variables,
          contextValue: { bulk: false } satisfies Asking,
        }),
      ),
    );
    const name = document.definitions.flatMap((one) =>
      one.kind === 'OperationDefinition' ? (one.name?.value ?? []) : [],
    )[0];
    this.asked.push(name ?? 'anonymous');
    const actual = actualCost((result as { data?: unknown }).data);
    this.#available = Math.min(BUDGET, this.#available + Math.max(0, requested - actual));
    return {
      ...(result as object),
      extensions: { cost: this.#cost(requested, Math.min(requested, actual)) },
    };
  }

  /** A mutation with a key is done once; with another input the key is refused. */
  #once(
    document: DocumentNode,
    variables: Record<string, unknown>,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    for (const one of document.definitions) {
      if (one.kind !== 'OperationDefinition' || one.operation !== 'mutation') continue;
      for (const field of one.selectionSet.selections) {
        if (field.kind !== 'Field') continue;
        const directive = field.directives?.find(({ name }) => name.value === 'idempotent');
        if (directive === undefined) {
          if (KEYED.test(field.name.value))
            return Promise.resolve({
              errors: [
                {
                  message: `The @idempotent directive is required for ${field.name.value}.`,
                  extensions: { code: 'BAD_REQUEST' },
                },
              ],
            });
          continue;
        }
        const value = directive.arguments?.[0]?.value;
        const key =
          value?.kind === 'Variable'
            ? String(variables[value.name.value])
            : value?.kind === 'StringValue'
              ? value.value
              : '';
        const input = JSON.stringify([field.name.value, variables]);
        const known = this.#answers.get(key);
        if (known !== undefined)
          return known.input === input
            ? known.answer
            : Promise.resolve({
                errors: [
                  {
                    message: 'The idempotency key was used with other parameters.',
                    extensions: { code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' },
                  },
                ],
              });
        const answer = run();
        this.#answers.set(key, { input, answer });
        return answer;
      }
    }
    return run();
  }

  #root(): Record<string, unknown> {
    return {
      ...this.#queries.root(() => this.scopes),
      ...this.mutations.root(),
      job: ({ id }: { id: string }) => this.mutations.job(id),
      bulkOperation: ({ id }: { id: string }) => this.bulk.look(id, this.url),
      bulkOperationRunQuery: ({ query }: { query: string }) => this.bulk.run(query),
    };
  }

  #pay(points: number): boolean {
    if (this.#options.unlimited) return true;
    const at = performance.now();
    const rate = this.#options.pointsPerSecond ?? 100;
    this.#available = Math.min(BUDGET, this.#available + ((at - this.#paidAt) / 1000) * rate);
    this.#paidAt = at;
    if (this.#available < points) return false;
    this.#available -= points;
    return true;
  }

  #cost(requestedQueryCost: number, actualQueryCost: number | null) {
    const restoreRate = this.#options.unlimited ? 1_000_000 : (this.#options.pointsPerSecond ?? 100);
    return {
      requestedQueryCost,
      actualQueryCost,
      throttleStatus: {
        maximumAvailable: BUDGET,
        currentlyAvailable: Math.floor(this.#available),
        restoreRate,
      },
    };
  }
}
