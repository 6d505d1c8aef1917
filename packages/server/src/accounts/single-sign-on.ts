import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { insertChallenge, takeChallenge } from './challenge-store.ts';
import {
  deleteInvitation,
  findIdentity,
  findInvitation,
  insertIdentity,
  insertPerson,
  lockPerson,
  noteSuccess,
} from './person-store.ts';
import { digestOfSecret, newId } from './secrets.ts';

/** Another house that says who somebody is: an OpenID provider. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  /** Where Kept is reached from outside. */
  readonly publicUrl: string;
}

export interface SingleSignOn {
  /** Where the browser goes, and the state it comes back with. */
  begin(kept: Kept, brandId: number): Promise<{ url: string; state: string }>;
  /**
   * @param browserState what this browser was sent away with, so that nobody is signed in by somebody else's answer
   * @returns the person's id
   * @throws KeptError `unauthorized` where the provider's answer does not check, `forbidden` for somebody who has no account and
   *   no invitation
   */
  finish(kept: Kept, brandId: number, returned: URL, browserState: string | undefined): Promise<string>;
}

const MILLISECONDS = 10 * 60_000;
const CALLBACK = '/sign-in/other-house/return';

export function singleSignOn(provider: Provider): SingleSignOn {
  let known: Promise<Configuration> | undefined;
  const configuration = () => {
    known ??= discover(provider).catch((error) => {
      known = undefined; // it may be there the next time
      throw new KeptError(
        'unauthorized',
        'The house that signs you in does not answer. Try again, or use a password.',
        {
          cause: error,
        },
      );
    });
    return known;
  };
  return {
    async begin(kept, brandId) {
      const config = await configuration();
      const verifier = randomPKCECodeVerifier();
      const [state, nonce] = [randomState(), randomNonce()];
      const at = kept.clock.now();
      await withBrand(kept.db, brandId, (client) =>
        insertChallenge(client, brandId, {
          digest: digestOfSecret(state),
          purpose: 'single_sign_on',
          data: JSON.stringify({ verifier, nonce }),
          at,
          expiresAt: new Date(at.getTime() + MILLISECONDS),
        }),
      );
      const url = buildAuthorizationUrl(config, {
        redirect_uri: `${provider.publicUrl}${CALLBACK}`,
        scope: 'openid email profile',
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      return { url: url.href, state };
    },
    async finish(kept, brandId, returned, browserState) {
      const state = returned.searchParams.get('state') ?? '';
      if (browserState === undefined || browserState !== state) throw notAsked();
      const asked = await withBrand(kept.db, brandId, (client) =>
        takeChallenge(client, brandId, {
          digest: digestOfSecret(state),
          purpose: 'single_sign_on',
          at: kept.clock.now(),
        }),
      );
      if (asked === null) throw notAsked();
      const { verifier, nonce } = JSON.parse(asked.data);
      const claims = await claimsOf(await configuration(), provider, returned, { verifier, nonce, state });
      return personOf(kept, brandId, { issuer: provider.issuer, ...claims });
    },
  };
}

async function discover(provider: Provider): Promise<Configuration> {
  const server = new URL(provider.issuer);
  const atHome = ['localhost', '127.0.0.1', '[::1]'].includes(server.hostname);
  return discovery(server, provider.clientId, provider.clientSecret, undefined, {
    // Plain http only to oneself, for tests.
    execute: atHome && server.protocol === 'http:' ? [allowInsecureRequests] : [],
  });
}

async function claimsOf(
  config: Configuration,
  provider: Provider,
  returned: URL,
  expected: { verifier: string; nonce: string; state: string },
): Promise<{ subject: string; email: string | null; name: string | null }> {
  // As the provider knows the address, whatever a proxy made of it.
  const url = new URL(`${provider.publicUrl}${CALLBACK}${returned.search}`);
  try {
    const tokens = await authorizationCodeGrant(config, url, {
      pkceCodeVerifier: expected.verifier,
      expectedNonce: expected.nonce,
      expectedState: expected.state,
      idTokenExpected: true,
    });
    const stated = tokens.claims()!;
    // Some state the address in the token, others where one asks with it.
    const claims =
      stated.email === undefined ? await fetchUserInfo(config, tokens.access_token, stated.sub) : stated;
    // An address that the provider has not seen proven may be anybody's.
    const proven = claims.email_verified === true && typeof claims.email === 'string';
    return {
      subject: claims.sub,
      email: proven ? String(claims.email) : null,
      name: typeof claims.name === 'string' ? claims.name : null,
    };
  } catch (cause) {
    throw new KeptError('unauthorized', 'What the other house says of you does not check. Begin again.', {
      cause,
    });
  }
}

/** The account of somebody whom a provider vouches for: the one it opened before, else by its proven address. */
function personOf(
  kept: Kept,
  brandId: number,
  who: { issuer: string; subject: string; email: string | null; name: string | null },
): Promise<string> {
  const at = kept.clock.now();
  return withBrand(kept.db, brandId, async (client) => {
    const known = await findIdentity(client, brandId, who);
    if (known !== null) {
      const person = await lockPerson(client, brandId, { id: known });
      if (person === null || person.endedAt !== null) throw stranger();
      await noteSuccess(client, brandId, known, null);
      return known;
    }
    if (who.email === null) throw stranger();
    const { email } = who;
    const invitation = await findInvitation(client, brandId, { email }, at);
    if (invitation !== null) {
      await deleteInvitation(client, brandId, invitation.email);
      await insertPerson(client, brandId, {
        id: newId(),
        email,
        name: who.name ?? invitation.name,
        role: invitation.role,
        at,
      });
    }
    const person = await lockPerson(client, brandId, { email });
    if (person === null || person.endedAt !== null) throw stranger();
    await insertIdentity(client, brandId, { ...who, personId: person.id, at });
    await noteSuccess(client, brandId, person.id, null);
    return person.id;
  });
}

const notAsked = () =>
  new KeptError(
    'unauthorized',
    'This browser did not begin here, or took longer than ten minutes. Begin again.',
  );
const stranger = () =>
  new KeptError(
    'forbidden',
    'You are known to the other house, and have no account here. Ask an owner to invite you.',
  );
