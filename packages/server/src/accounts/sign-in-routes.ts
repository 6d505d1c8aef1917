import { Problem } from '@kept/contract';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { mustBeSameOrigin } from './authenticate.ts';
import { FIRST_BRAND } from './brand.ts';
import { askToSignIn, signInByPasskey } from './passkeys.ts';
import { acceptInvitation, readInvitation } from './people.ts';
import { isSecure, type Outside, placeOf } from './place.ts';
import { sessionCookie, stateCookie, stateOf } from './session-cookie.ts';
import { followLink, startSession } from './sessions.ts';
import { signInByPassword } from './sign-in.ts';
import type { SingleSignOn } from './single-sign-on.ts';

const tags = ['Accounts'];
const open = { permission: 'public' } as const;
/** A guesser from one address gets so far, whatever accounts are tried. */
const guarded = { ...open, rateLimit: { max: 30, timeWindow: '1 minute' } } as const;
const Brand = z.int().min(1).max(999_999_999).default(FIRST_BRAND).describe('where there are several');
const Token = z.string().max(200);
const Password = z.string().max(1000);
const Empty = z.undefined();

/** The page at /sign-in and what it calls. */
export function signInRoutes(
  app: FastifyInstance,
  kept: Kept,
  outside: Outside,
  otherHouse: SingleSignOn | null,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const letIn: LetIn = async (request, { brandId, personId }) => {
    const token = await startSession(kept, brandId, personId, request.headers['user-agent'] ?? null);
    return {
      'set-cookie': sessionCookie(request, token, isSecure(request, outside)),
      'cache-control': 'no-store',
    };
  };

  routes.get(
    '/sign-in',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'The page to sign in at; with a token, follow a sign-in link',
        description:
          'A link opens a session of 30 days in a cookie and leads to the dashboard. It lasts 12 hours.',
        querystring: z.object({ token: Token.optional(), invitation: Token.optional() }),
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer'); // the address may hold a token
      const { token } = request.query;
      if (token === undefined) {
        if (!app.hasReplyDecorator('sendFile'))
          throw new KeptError('not_found', 'The pages are not built. Send an API key.');
        return reply.sendFile('sign-in.html', { maxAge: 0, cacheControl: false });
      }
      const session = await followLink(kept, token, request.headers['user-agent'] ?? null);
      return reply
        .header('set-cookie', sessionCookie(request, session, isSecure(request, outside)))
        .redirect('/', 303);
    },
  );

  routes.get(
    '/sign-in/ways',
    {
      config: open,
      schema: {
        tags,
        summary: 'In which ways one can sign in here',
        response: { 200: z.object({ otherHouse: z.boolean() }) },
      },
    },
    () => ({ otherHouse: otherHouse !== null }),
  );

  routes.post(
    '/sign-in/password',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'Sign in by password, and by an app’s code where one is asked for',
        description: 'A 401 with `needs: code` says that the password was right.',
        body: z.object({
          brand: Brand,
          email: z.string().max(320),
          password: Password,
          code: z.string().max(40).optional().describe('of the app, or a recovery code'),
        }),
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      mustBeSameOrigin(request);
      const { brand, ...given } = request.body;
      const personId = await signInByPassword(kept, brand, given);
      return reply
        .headers(await letIn(request, { brandId: brand, personId }))
        .code(204)
        .send();
    },
  );

  routes.post(
    '/sign-in/passkey/question',
    {
      config: guarded,
      schema: { tags, summary: 'What a passkey has to sign', body: z.object({ brand: Brand }) },
    },
    async (request) => {
      mustBeSameOrigin(request);
      return askToSignIn(kept, request.body.brand, placeOf(request, outside));
    },
  );
  routes.post(
    '/sign-in/passkey',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'Sign in by passkey',
        body: z.object({ brand: Brand, response: Answer }),
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      mustBeSameOrigin(request);
      const { brand, response } = request.body;
      const answer = response as unknown as AuthenticationResponseJSON;
      const personId = await signInByPasskey(kept, brand, placeOf(request, outside), answer);
      return reply
        .headers(await letIn(request, { brandId: brand, personId }))
        .code(204)
        .send();
    },
  );

  routes.post(
    '/sign-in/invitation',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'Who an invitation is for',
        body: z.object({ token: Token }),
        response: {
          200: z.object({ email: z.string(), name: z.string(), brand: z.string() }),
          '4xx': Problem,
        },
      },
    },
    async (request) => {
      const found = await readInvitation(kept, request.body.token);
      if (found === null)
        throw new KeptError(
          'not_found',
          'This invitation is not, or no longer, in force. Ask for a new one.',
        );
      return found;
    },
  );
  routes.post(
    '/sign-in/invitation/accept',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'Open the account that an invitation is for',
        body: z.object({ token: Token, password: Password }),
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      mustBeSameOrigin(request);
      const { token, password } = request.body;
      const who = await acceptInvitation(kept, token, password);
      return reply
        .headers(await letIn(request, who))
        .code(204)
        .send();
    },
  );

  if (otherHouse !== null) otherHouseRoutes(app, kept, outside, otherHouse, letIn);
}

/** What a browser's passkey answers; what is in it is checked by its signature. */
const Answer = z.looseObject({
  id: z.string().max(2000),
  response: z.looseObject({ clientDataJSON: z.string().max(20_000) }),
});

/** Opens a session; the headers that give it to the browser. */
type LetIn = (
  request: FastifyRequest,
  who: { brandId: number; personId: string },
) => Promise<Record<'set-cookie' | 'cache-control', string>>;

function otherHouseRoutes(
  app: FastifyInstance,
  kept: Kept,
  outside: Outside,
  otherHouse: SingleSignOn,
  letIn: LetIn,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/sign-in/other-house',
    { config: guarded, schema: { tags, summary: 'Sign in at an OpenID provider' } },
    async (request, reply) => {
      const { url, state } = await otherHouse.begin(kept, FIRST_BRAND);
      return reply
        .header('set-cookie', stateCookie(request, state, isSecure(request, outside)))
        .header('cache-control', 'no-store')
        .redirect(url, 303);
    },
  );
  routes.get(
    '/sign-in/other-house/return',
    {
      config: guarded,
      schema: {
        tags,
        summary: 'Where the OpenID provider sends people back',
        querystring: z.record(z.string(), z.string().max(5000)),
      },
    },
    async (request, reply) => {
      const returned = new URL(request.url, 'http://kept');
      let personId: string;
      try {
        personId = await otherHouse.finish(kept, FIRST_BRAND, returned, stateOf(request));
      } catch (error) {
        if (!(error instanceof KeptError)) throw error;
        // A person looks at this, and the page has the words and the way on.
        return reply.redirect(`/sign-in#trouble=${encodeURIComponent(error.message)}`, 303);
      }
      return reply
        .headers(await letIn(request, { brandId: FIRST_BRAND, personId }))
        .header('set-cookie', stateCookie(request, '', isSecure(request, outside)))
        .header('referrer-policy', 'no-referrer')
        .redirect('/', 303);
    },
  );
}
