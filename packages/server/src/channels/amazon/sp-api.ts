import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AccessLost, Busy } from '../../connections/index.ts';
import { type Grant, Login } from './login.ts';
import { type Addressed, type Credentials, marketplaceOf } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';
import { AmazonRefusal } from './trouble.ts';
import { GRANTLESS, type Operation, USAGE_PLANS } from './usage-plans.ts';

export interface ApiContext {
  readonly settings: Addressed;
  credentials(): Credentials;
  now(): Date;
  fetch(url: string, init: RequestInit): Promise<Response>;
  keepRefreshToken(renewed: string): Promise<void>;
  /** By which usage plans are spent: a clock that only goes on, in ms. The process's own unless told. */
  readonly monotonicMs?: () => number;
  /** What is waited for in place; anything longer is told as `Busy`, for whoever asked to come again. */
  readonly patienceMs?: number;
  /** The first pause after trouble on Amazon's side; it doubles. */
  readonly pauseMs?: number;
}

export interface Request<T extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: unknown;
  /** As much of the answer as is used; left out where there is none to read. */
  readonly answer: T;
  readonly signal?: AbortSignal | undefined;
}

const Errors = z.object({
  errors: z.array(
    z.object({ code: z.string(), message: z.string().default(''), details: z.string().nullish() }),
  ),
});

const PATIENCE_MS = 15_000;
const PAUSE_MS = 500;
const TRIES = 4;
const USER_AGENT = 'Kept/0.1 (Language=TypeScript)';

/** The Selling Partner API over HTTP: tokens, usage plans, repeated attempts and errors in one place. */
export class SellingPartnerApi {
  readonly #context: ApiContext;
  readonly #login: Login;
  readonly #base: string;
  readonly #buckets = new Map<Operation, TokenBucket>();

  constructor(context: ApiContext) {
    this.#context = context;
    this.#base = (context.settings.endpoint ?? marketplaceOf(context.settings).endpoint).replace(/\/$/, '');
    this.#login = new Login({ ...context, tokenEndpoint: context.settings.tokenEndpoint });
  }

  /**
   * @throws AmazonRefusal what was asked is not allowed or not there
   * @throws Busy the usage plan or Amazon's own trouble asks to come later than patience lasts
   * @throws AccessLost the grant is gone
   */
  async call<T extends z.ZodType>(operation: Operation, request: Request<T>): Promise<z.output<T>> {
    const grant: Grant = GRANTLESS.has(operation) ? 'application' : 'seller';
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      await this.#turn(operation, request.signal);
      const token = await this.#login.token(grant);
      const said = await this.#send(request, token);
      if (typeof said === 'string') {
        await this.#pause(attempt, `${operation} could not be asked: ${said}`, request.signal);
        continue;
      }
      const { response, text } = said;
      const rate = Number(response.headers.get('x-amzn-ratelimit-limit') ?? Number.NaN);
      this.#bucket(operation).adopt(rate, this.#spentAt());
      if (response.ok) return understood(operation, request.answer, text);
      const errors = Errors.safeParse(jsonOr(text)).data?.errors ?? [];
      if (response.status === 429) {
        this.#bucket(operation).drain(this.#spentAt());
        if (attempt >= TRIES) throw this.#busy(`${operation} is asked too often`, this.#untilTurn(operation));
        continue;
      }
      if (response.status >= 500) {
        await this.#pause(attempt, `${operation} was answered with ${response.status}`, request.signal);
        continue;
      }
      if ((response.status === 401 || response.status === 403) && !renewed) {
        // a token may end before its time: once more with a fresh one says whether it was that
        renewed = true;
        this.#login.forget(grant, token);
        continue;
      }
      const words = errors.map((one) => [one.message, one.details].filter(Boolean).join(' ')).join('; ');
      if (response.status === 401 || response.status === 403)
        throw new AccessLost(
          `Amazon does not let Kept ${operation}: ${words || response.status}. Grant the role that it needs in Seller Central and authorise again.`,
        );
      throw new AmazonRefusal(
        response.status,
        errors[0]?.code ?? String(response.status),
        words || `${operation} was refused with ${response.status}`,
      );
    }
  }

  /** A document's content at the address that Amazon gave for it: no token, no plan. */
  async document(url: string, init: RequestInit = {}): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      let trouble: string;
      try {
        const response = await this.#context.fetch(url, init);
        if (response.ok) return response;
        if (response.status < 500 && response.status !== 429)
          throw new AmazonRefusal(
            response.status,
            'document',
            `The document was refused with ${response.status}.`,
          );
        trouble = `a document was answered with ${response.status}`;
        await response.body?.cancel();
      } catch (error) {
        if (error instanceof AmazonRefusal) throw error;
        trouble = `a document could not be read: ${(error as Error).message}`;
      }
      await this.#pause(attempt, trouble, init.signal ?? undefined);
    }
  }

  async #send(
    { method, path, query, body, signal }: Request<z.ZodType>,
    token: string,
  ): Promise<{ response: Response; text: string } | string> {
    const url = new URL(this.#base + path);
    for (const [name, value] of Object.entries(query ?? {}))
      if (value !== undefined)
        url.searchParams.set(name, typeof value === 'object' ? value.join(',') : String(value));
    try {
      const response = await this.#context.fetch(url.href, {
        method,
        headers: {
          'x-amz-access-token': token,
          'user-agent': USER_AGENT,
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      return { response, text: await response.text() };
    } catch (error) {
      signal?.throwIfAborted();
      return (error as Error).message;
    }
  }

  #bucket(operation: Operation): TokenBucket {
    let bucket = this.#buckets.get(operation);
    if (bucket === undefined) {
      bucket = new TokenBucket(USAGE_PLANS[operation], this.#spentAt());
      this.#buckets.set(operation, bucket);
    }
    return bucket;
  }

  #untilTurn(operation: Operation): number {
    return this.#bucket(operation).waitMs(this.#spentAt());
  }

  async #turn(operation: Operation, signal: AbortSignal | undefined): Promise<void> {
    const wait = this.#untilTurn(operation);
    if (wait > this.#patience) throw this.#busy(`${operation} may be asked again later`, wait);
    this.#bucket(operation).take(this.#spentAt());
    if (wait > 0) await sleep(wait, undefined, { signal });
  }

  #spentAt(): number {
    return this.#context.monotonicMs?.() ?? performance.now();
  }

  get #patience(): number {
    return this.#context.patienceMs ?? PATIENCE_MS;
  }

  async #pause(attempt: number, trouble: string, signal: AbortSignal | undefined): Promise<void> {
    const pause = (this.#context.pauseMs ?? PAUSE_MS) * 2 ** (attempt - 1);
    if (attempt >= TRIES || pause > this.#patience) throw this.#busy(trouble, Math.max(pause, 30_000));
    await sleep(pause, undefined, { signal });
  }

  #busy(what: string, waitMs: number): Busy {
    const after = new Date(this.#context.now().getTime() + waitMs);
    return new Busy(after, `Amazon is busy: ${what}.`);
  }
}

/** @throws Error where the answer is not what Amazon publishes: the words say which part of it */
function understood<T extends z.ZodType>(operation: Operation, answer: T, text: string): z.output<T> {
  const read = answer.safeParse(text === '' ? {} : jsonOr(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') || 'the answer';
  throw new Error(`Amazon answered ${operation} otherwise than it says: ${where}, ${issue?.message}`);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
