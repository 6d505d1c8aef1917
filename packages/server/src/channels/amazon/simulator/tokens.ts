import { type Said, wrong } from './answers.ts';
import type { Faults } from './faults.ts';

const HOUR_SECONDS = 3600;

interface Issued {
  readonly grant: 'seller' | 'application';
  until: number;
  uses: number;
}

/** Login with Amazon: gives out access tokens that end after an hour, and knows them again. */
export class TokenDesk {
  readonly credentials = {
    clientId: 'amzn1.application-oa2-client.simulated',
    clientSecret: 'simulated-secret',
    refreshToken: 'Atzr|simulated',
  };
  readonly #now: () => Date;
  readonly #faults: Faults;
  readonly #issued = new Map<string, Issued>();
  #revoked = false;

  constructor(now: () => Date, faults: Faults) {
    this.#now = now;
    this.#faults = faults;
  }

  /** How many tokens were given out. */
  get issuedCount(): number {
    return this.#issued.size;
  }

  /** All tokens that are in force end. */
  expire(): void {
    for (const issued of this.#issued.values()) issued.until = 0;
  }

  /** The seller takes the grant back. */
  revoke(): void {
    this.#revoked = true;
  }

  issue(form: URLSearchParams): Said {
    const { clientId, clientSecret, refreshToken } = this.credentials;
    const refuse = (error: string, error_description: string): Said => ({
      status: 400,
      body: { error, error_description },
    });
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return {
        status: 401,
        body: { error: 'invalid_client', error_description: 'Client authentication failed' },
      };
    const kind = form.get('grant_type');
    if (kind === 'refresh_token') {
      if (this.#revoked || form.get('refresh_token') !== refreshToken)
        return refuse('invalid_grant', 'The request has an invalid grant parameter : refresh_token');
    } else if (kind !== 'client_credentials' || form.get('scope') !== 'sellingpartnerapi::notifications')
      return refuse('unsupported_grant_type', 'The authorization grant type is not supported');
    const access_token = `Atza|${this.#issued.size + 1}`;
    const grant = kind === 'refresh_token' ? 'seller' : 'application';
    this.#issued.set(access_token, { grant, until: this.#now().getTime() + HOUR_SECONDS * 1000, uses: 0 });
    return {
      status: 200,
      body: {
        access_token,
        token_type: 'bearer',
        expires_in: HOUR_SECONDS,
        ...(kind === 'refresh_token' && { refresh_token: refreshToken }),
      },
    };
  }

  /** Why a token opens nothing; null: it does. */
  check(header: string | string[] | undefined, grantless: boolean): Said | null {
    const issued = this.#issued.get(String(header));
    const deny = (details: string) =>
      wrong(403, 'Unauthorized', 'Access to requested resource is denied.', details);
    if (issued === undefined) return deny('Access token is missing in the request header.');
    issued.uses++;
    if (this.#now().getTime() >= issued.until || (this.#faults.expiredTokens && issued.uses > 3))
      return deny('The access token you provided has expired.');
    if ((issued.grant === 'application') !== grantless)
      return deny('The access token is not one for this operation.');
    return null;
  }
}
