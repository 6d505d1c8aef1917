import { z } from 'zod';
import { AccessLost, Busy } from '../../connections/index.ts';
import type { Credentials } from './settings.ts';

const Answer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
});
const Failure = z.object({ error: z.string(), error_description: z.string().optional() });

/** Left of a token's hour when it is renewed: a request under way must not outlive it. */
const RENEW_MS = 60_000;
/** What is asked again after this long when Login with Amazon has trouble of its own. */
const RETRY_MS = 30_000;

export interface LoginContext {
  readonly tokenEndpoint: string;
  credentials(): Credentials;
  now(): Date;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** A renewed refresh token is kept: the old one may stop working. */
  keepRefreshToken(renewed: string): Promise<void>;
}

/** `seller`: what the seller has granted. `application`: what needs no seller (destinations of notifications). */
export type Grant = 'seller' | 'application';

/** Login with Amazon: access tokens that live for an hour, renewed in time, and by one request for all who wait. */
export class Login {
  readonly #context: LoginContext;
  readonly #tokens = new Map<Grant, { token: string; until: number }>();
  readonly #underWay = new Map<Grant, Promise<string>>();

  constructor(context: LoginContext) {
    this.#context = context;
  }

  /**
   * @throws AccessLost where the grant was taken back or the credentials are wrong
   * @throws Busy where Login with Amazon cannot be asked now
   */
  token(grant: Grant): Promise<string> {
    const held = this.#tokens.get(grant);
    if (held !== undefined && this.#context.now().getTime() < held.until) return Promise.resolve(held.token);
    let asked = this.#underWay.get(grant);
    if (asked === undefined) {
      asked = this.#ask(grant).finally(() => this.#underWay.delete(grant));
      this.#underWay.set(grant, asked);
    }
    return asked;
  }

  /** Amazon refused this token: the next call asks for another. One that was renewed meanwhile stays. */
  forget(grant: Grant, token: string): void {
    if (this.#tokens.get(grant)?.token === token) this.#tokens.delete(grant);
  }

  async #ask(grant: Grant): Promise<string> {
    const { tokenEndpoint, now } = this.#context;
    const secrets = this.#context.credentials();
    const form = new URLSearchParams({
      ...(grant === 'seller'
        ? { grant_type: 'refresh_token', refresh_token: secrets.refreshToken }
        : { grant_type: 'client_credentials', scope: 'sellingpartnerapi::notifications' }),
      client_id: secrets.clientId,
      client_secret: secrets.clientSecret,
    });
    const later = () => new Date(now().getTime() + RETRY_MS);
    let response: Response;
    let text: string;
    try {
      response = await this.#context.fetch(tokenEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      });
      text = await response.text();
    } catch (error) {
      throw new Busy(later(), `Login with Amazon could not be reached: ${(error as Error).message}`);
    }
    if (!response.ok) {
      const failure = Failure.safeParse(jsonOr(text)).data;
      if (response.status >= 500 || response.status === 429)
        throw new Busy(later(), `Login with Amazon answered ${response.status}`);
      const why = failure?.error_description ?? failure?.error ?? `${response.status}`;
      throw new AccessLost(
        `Login with Amazon refused: ${why}. Authorise Kept again in Seller Central and save the new refresh token.`,
      );
    }
    const answer = Answer.parse(jsonOr(text));
    const until = now().getTime() + Math.max(0, answer.expires_in * 1000 - RENEW_MS);
    this.#tokens.set(grant, { token: answer.access_token, until });
    if (
      grant === 'seller' &&
      answer.refresh_token !== undefined &&
      answer.refresh_token !== secrets.refreshToken
    )
      await this.#context.keepRefreshToken(answer.refresh_token);
    return answer.access_token;
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
