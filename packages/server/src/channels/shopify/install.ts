import { createHmac, timingSafeEqual } from 'node:crypto';
import { AccessLost, type Authorisation } from '../../connections/index.ts';
import {
  adminUrlOf,
  SCOPES,
  type ShopifyContext,
  type ShopifySecrets,
  type ShopifySettings,
} from './settings.ts';

interface TokenAnswer {
  readonly access_token: string;
  readonly scope?: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
}

/** How old a person's return from Shopify may be. */
const RETURN_MS = 10 * 60_000;

/** The app's install by OAuth (Shopify's authorization code grant): a person is sent to the shop, and comes back with a code. */
export const authorise: Authorisation<ShopifySettings, ShopifySecrets> = {
  begin({ settings, secrets, state, redirectUrl }) {
    const { clientId } = appOf(secrets);
    const url = new URL('/admin/oauth/authorize', adminUrlOf(settings));
    url.searchParams.set('client_id', clientId);
    url.searchParams.set('scope', SCOPES.join(','));
    url.searchParams.set('redirect_uri', redirectUrl);
    url.searchParams.set('state', state);
    return url.href;
  },
  async finish({ settings, secrets, query, fetch, now }) {
    const app = appOf(secrets);
    if (!signedQuery(query, app.clientSecret))
      throw new Error(
        'What came back was not signed by Shopify with this app’s secret. Begin the install again.',
      );
    if (query.shop !== settings.shop)
      throw new Error(`The app was installed in ${query.shop}, but this connection is to ${settings.shop}.`);
    if (Math.abs(now().getTime() - Number(query.timestamp) * 1000) > RETURN_MS)
      throw new Error('What came back from Shopify is too old. Begin the install again.');
    const { code } = query;
    if (code === undefined) throw new Error('Shopify sent no code. Begin the install again.');
    const answer = await tokenOf(fetch, settings, {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      code,
      expiring: '1',
    });
    const granted = new Set((answer.scope ?? '').split(','));
    const missing = missingScopes(granted);
    if (missing.length > 0)
      throw new Error(`The shop did not grant ${missing.join(', ')}. Install the app again and grant them.`);
    return secretsFrom(app, answer, now());
  },
};

/** Renews an access token: by its refresh token, or, for apps of the shop's own organisation, by the app's credentials. */
export async function renewed(
  { settings, fetch, now }: Pick<ShopifyContext, 'settings' | 'fetch' | 'now'>,
  secrets: ShopifySecrets,
): Promise<ShopifySecrets> {
  const { clientId, clientSecret, refreshToken } = secrets;
  if (clientId === undefined)
    throw new AccessLost(
      'Shopify no longer takes the access token, and without the app’s client id it cannot be renewed.',
    );
  const answer = await tokenOf(fetch, settings, {
    client_id: clientId,
    client_secret: clientSecret,
    ...(refreshToken === undefined
      ? { grant_type: 'client_credentials' }
      : { grant_type: 'refresh_token', refresh_token: refreshToken }),
  });
  return secretsFrom({ clientId, clientSecret }, answer, now());
}

/** Scopes that Kept needs and a shop has not granted; a write scope grants its read scope. */
export function missingScopes(granted: ReadonlySet<string>): string[] {
  return SCOPES.filter((scope) => !granted.has(scope) && !granted.has(scope.replace(/^read_/, 'write_')));
}

/**
 * Whether a query string was signed by Shopify: HMAC-SHA256, in hex, over its other parameters in the order of their names.
 */
export function signedQuery(query: Readonly<Record<string, string>>, secret: string): boolean {
  const { hmac = '', signature: _, ...signed } = query;
  const text = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
    .join('&');
  return sameBytes(Buffer.from(hmac, 'hex'), createHmac('sha256', secret).update(text).digest());
}

/** In a time that tells nothing of where they differ. */
export function sameBytes(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function appOf(secrets: unknown): { clientId: string; clientSecret: string } {
  const { clientId, clientSecret } = (secrets ?? {}) as Partial<ShopifySecrets>;
  if (clientId === undefined || clientSecret === undefined)
    throw new Error(
      "Tell the app's client id and client secret first; they are in the app's settings in Shopify.",
    );
  return { clientId, clientSecret };
}

async function tokenOf(
  ask: typeof fetch,
  settings: ShopifySettings,
  body: Record<string, string>,
): Promise<TokenAnswer> {
  const response = await ask(`${adminUrlOf(settings)}/admin/oauth/access_token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status >= 500 || response.status === 429)
    throw new Error(`Shopify answered ${response.status} when a token was asked for.`);
  if (!response.ok)
    throw new AccessLost(`Shopify gives no token (${response.status}): install the app again.`);
  return JSON.parse(text) as TokenAnswer;
}

function secretsFrom(
  app: { clientId: string; clientSecret: string },
  answer: TokenAnswer,
  now: Date,
): ShopifySecrets {
  return {
    ...app,
    accessToken: answer.access_token,
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
    ...(answer.expires_in !== undefined && {
      expiresAt: new Date(now.getTime() + answer.expires_in * 1000).toISOString(),
    }),
  };
}
