import { AccessLost, Busy } from '../../connections/index.ts';
import { renewed } from './install.ts';
import { adminUrlOf, type ShopifyContext, type ShopifySecrets } from './settings.ts';
import { Budget, type ThrottleStatus } from './throttle.ts';

/** What Shopify said about what was asked, where asking again would not help. */
export class ShopifyRefusal extends Error {
  override readonly name = 'ShopifyRefusal';
}

interface UserError {
  readonly code?: string | null;
  readonly field?: readonly string[] | null;
  readonly message: string;
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?:
    | readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
    | string;
  readonly extensions?: {
    readonly cost?: { readonly requestedQueryCost: number; readonly throttleStatus?: ThrottleStatus };
  };
}

/** Attempts of one call while it is worth waiting in it; then the connection comes again later. */
const ATTEMPTS = 5;
/** The first pause after trouble; it doubles. */
const PAUSE_MS = 250;
const LONGEST_WAIT_MS = 8_000;
/** A call that gave no answer in this time is tried again, unless what it changes would be changed twice. */
const CALL_MS = 30_000;
/** A budget that is further away than this is not waited for inside of a call. */
const PATIENCE_MS = 20_000;

/** How fast what was turned away is tried again: for whoever has no time, such as a test. */
export interface Pace {
  readonly pauseMs?: number;
}

/** Waits, and is woken by an abort. The machine's own clock: what is waited for is the network. */
const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, ms);
    function done() {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });

/**
 * The Admin API of one shop. Queries wait for their points, what was throttled or failed on the way is tried again with
 * growing, jittered waits, and a token that has run out is renewed once.
 */
export class ShopifyClient {
  readonly #context: ShopifyContext;
  readonly #pauseMs: number;
  readonly #budget = new Budget(performance.now());
  readonly #costs = new Map<string, number>();
  #secrets: ShopifySecrets;
  #renewing: Promise<void> | undefined;

  constructor(context: ShopifyContext, { pauseMs = PAUSE_MS }: Pace = {}) {
    this.#context = context;
    this.#pauseMs = pauseMs;
    this.#secrets = context.secrets;
  }

  /**
   * @throws ShopifyRefusal where Shopify cannot do what is asked; Busy where it asks to be left alone; AccessLost where a
   *   person has to install the app again
   */
  async ask<T>(
    operation: string,
    variables: Record<string, unknown> = {},
    signal?: AbortSignal,
    { once = false }: { readonly once?: boolean } = {},
  ): Promise<T> {
    let waitMs = this.#pauseMs;
    let renewedOnce = false;
    for (let attempt = 1; ; attempt++) {
      await this.#afford(operation, signal);
      const answer = await this.#send(operation, variables, signal);
      if (answer.kind === 'data') return answer.data as T;
      if (answer.kind === 'expired') {
        if (renewedOnce) throw new AccessLost(answer.why);
        renewedOnce = true;
        await this.#renew(answer.token);
        continue;
      }
      // Nobody knows whether it was done: whoever asks looks before asking again.
      if (once && !answer.throttled) throw new Error(answer.why);
      if (attempt >= ATTEMPTS) {
        if (answer.throttled)
          throw new Busy(new Date(this.#context.now().getTime() + LONGEST_WAIT_MS), answer.why);
        throw new Error(answer.why);
      }
      // Full jitter: those that were turned away together do not come back together.
      await pause(Math.max(answer.afterMs, waitMs * Math.random()), signal);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    }
  }

  /**
   * A mutation whose payload has `userErrors`: they are thrown, unless their code is among those that are as good as done.
   * @param once the same twice would be done twice, or be refused: where the answer is lost, it is not asked again
   */
  async change<T>(
    operation: string,
    variables: Record<string, unknown>,
    {
      fine = [],
      signal,
      once = false,
    }: { fine?: readonly string[]; signal?: AbortSignal | undefined; once?: boolean } = {},
  ): Promise<T> {
    const data = await this.ask<Record<string, T & Record<string, unknown>>>(operation, variables, signal, {
      once,
    });
    const payload = Object.values(data)[0]!;
    const errors = (payload.userErrors ?? payload.orderCancelUserErrors ?? []) as readonly UserError[];
    const bad = errors.filter(({ code }) => code == null || !fine.includes(code));
    if (bad.length > 0)
      throw new ShopifyRefusal(
        bad.map(({ field, message }) => (field ? `${field.join('.')}: ${message}` : message)).join('; '),
      );
    return payload;
  }

  /** A file that Shopify has laid ready, from a byte on. */
  async download(url: string, signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#context.fetch(url, signal === undefined ? {} : { signal });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`The file that Shopify had laid ready answered ${response.status}.`);
    }
    return response.body as ReadableStream<Uint8Array>;
  }

  async #afford(operation: string, signal?: AbortSignal): Promise<void> {
    const waitMs = this.#budget.take(this.#costs.get(operation) ?? 50, performance.now());
    if (waitMs > PATIENCE_MS)
      throw new Busy(
        new Date(this.#context.now().getTime() + waitMs),
        "The shop's budget of queries is spent.",
      );
    if (waitMs > 0) await pause(waitMs, signal);
  }

  async #send(
    operation: string,
    variables: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<
    | { kind: 'data'; data: unknown }
    | { kind: 'expired'; why: string; token: string | undefined }
    | { kind: 'again'; why: string; afterMs: number; throttled: boolean }
  > {
    const again = (why: string, afterMs = 0, throttled = false) =>
      ({ kind: 'again', why, afterMs, throttled }) as const;
    const { settings } = this.#context;
    const token = await this.#token();
    const limit = AbortSignal.timeout(CALL_MS);
    let response: Response;
    let text: string;
    try {
      response = await this.#context.fetch(
        `${adminUrlOf(settings)}/admin/api/${settings.apiVersion}/graphql.json`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-shopify-access-token': token ?? '' },
          body: JSON.stringify({ query: operation, variables }),
          signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        },
      );
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      return again(`Shopify did not answer: ${(error as Error).message}`);
    }
    const afterMs = Number(response.headers.get('retry-after') ?? 0) * 1000;
    if (response.status === 401)
      return {
        kind: 'expired',
        why: 'Shopify no longer takes the access token: install the app again.',
        token,
      };
    if (response.status === 403)
      throw new AccessLost('Shopify refuses the access: the app was uninstalled, or lacks a scope.');
    if (response.status === 404)
      throw new ShopifyRefusal(`There is no shop or no API version ${settings.apiVersion} at this address.`);
    if (response.status === 402 || response.status === 423)
      throw new Busy(
        new Date(this.#context.now().getTime() + 3_600_000),
        'The shop is frozen or locked; its owner has to see to it in Shopify.',
      );
    if (response.status === 429) return again('Shopify answered 429.', afterMs, true);
    if (response.status >= 500) return again(`Shopify answered ${response.status}.`, afterMs);
    let answer: Answer;
    try {
      answer = JSON.parse(text) as Answer;
    } catch {
      return again('Shopify answered something that is not JSON.');
    }
    const cost = answer.extensions?.cost;
    if (cost !== undefined) {
      // The dearest that it was: what it costs depends on how much is asked for at once.
      this.#costs.set(operation, Math.max(this.#costs.get(operation) ?? 0, cost.requestedQueryCost));
      if (cost.throttleStatus !== undefined) this.#budget.told(cost.throttleStatus, performance.now());
    }
    if (answer.errors === undefined) return { kind: 'data', data: answer.data };
    if (typeof answer.errors === 'string') throw new ShopifyRefusal(answer.errors);
    const codes = answer.errors.map((one) => one.extensions?.code);
    const words = answer.errors.map((one) => one.message).join('; ');
    if (codes.includes('THROTTLED')) return again(words, this.#untilPaid(cost), true);
    if (codes.includes('INTERNAL_SERVER_ERROR') || codes.includes('TIMEOUT')) return again(words);
    if (codes.includes('ACCESS_DENIED')) throw new AccessLost(words);
    throw new ShopifyRefusal(words);
  }

  #untilPaid(cost: NonNullable<Answer['extensions']>['cost']): number {
    if (cost?.throttleStatus === undefined) return 1000;
    const { currentlyAvailable, restoreRate } = cost.throttleStatus;
    return Math.max(0, ((cost.requestedQueryCost - currentlyAvailable) / Math.max(1, restoreRate)) * 1000);
  }

  async #token(): Promise<string | undefined> {
    const { expiresAt, accessToken } = this.#secrets;
    // A minute early: a token that runs out on the way costs a call.
    if (expiresAt !== undefined && Date.parse(expiresAt) - 60_000 <= this.#context.now().getTime())
      await this.#renew(accessToken).catch((error) => {
        if (error instanceof AccessLost && accessToken === undefined) throw error;
      });
    else if (accessToken === undefined) await this.#renew(undefined);
    return this.#secrets.accessToken;
  }

  /** Once for all that found the same token spent. */
  async #renew(spent: string | undefined): Promise<void> {
    if (spent !== undefined && this.#secrets.accessToken !== spent) return;
    this.#renewing ??= (async () => {
      const fresh = await renewed(this.#context, this.#secrets);
      await this.#context.saveSecrets(fresh);
      this.#secrets = fresh;
    })().finally(() => {
      this.#renewing = undefined;
    });
    await this.#renewing;
  }
}
