import {
  Code,
  CurrentPassword,
  InvitationInput,
  InvitationSent,
  PasswordChange,
  PeopleSettings,
  Person,
  PersonChange,
  Problem,
  RecoveryCodes,
  Self,
  TotpStarted,
} from '@kept/contract';
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { addPasskey, askForPasskey, removePasskey } from './passkeys.ts';
import {
  amendPerson,
  changePassword,
  confirmCodes,
  endCodes,
  invite,
  peopleOf,
  readPeopleSettings,
  readSelf,
  savePeopleSettings,
  startCodes,
} from './people.ts';
import type { PersonRow } from './person-store.ts';
import { type Outside, placeOf } from './place.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';

const tags = ['Accounts'];
const mine = { permission: 'signed_in', withoutFactor: true } as const;
const ById = z.object({ id: z.string().max(200) });
const Empty = z.undefined();

/** Who works here, and what each may change about their own account. */
export function peopleRoutes(app: FastifyInstance, kept: Kept, outside: Outside): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/people',
    {
      config: { permission: 'people:read' },
      schema: {
        tags,
        summary: 'Who may sign in',
        response: { 200: z.object({ items: z.array(Person) }), '4xx': Problem },
      },
    },
    async (request) => ({ items: (await peopleOf(kept, request.brandId)).map(viewPerson) }),
  );
  routes.get(
    '/v1/people/settings',
    {
      config: { permission: 'people:read' },
      schema: {
        tags,
        summary: 'What is asked of everybody who signs in',
        response: { 200: PeopleSettings, '4xx': Problem },
      },
    },
    ({ brandId }) => readPeopleSettings(kept, brandId),
  );
  routes.put(
    '/v1/people/settings',
    {
      config: { permission: 'people:write' },
      schema: {
        tags,
        summary: 'Say what is asked of everybody who signs in',
        description:
          'With `secondFactor`, whoever has a password and neither an app nor a passkey may set one up and do nothing else.',
        body: PeopleSettings,
        response: { 200: PeopleSettings, '4xx': Problem },
      },
    },
    ({ brandId, body }) => savePeopleSettings(kept, brandId, body),
  );
  routes.post(
    '/v1/people',
    {
      config: { permission: 'people:write' },
      schema: {
        tags,
        summary: 'Invite somebody',
        description: 'The link opens their account once, within a week. One before it is over.',
        body: InvitationInput,
        response: { 201: InvitationSent, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { token, expiresAt } = await invite(kept, request.brandId, {
        ...request.body,
        by: request.actor,
      });
      const { origin } = placeOf(request, outside);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ link: `${origin}/sign-in#invitation=${token}`, expiresAt: expiresAt.toISOString() });
    },
  );
  routes.patch(
    '/v1/people/:id',
    {
      config: { permission: 'people:write' },
      schema: {
        tags,
        summary: 'Change somebody’s name or role, end their account, or take a lost device away',
        params: ById,
        body: PersonChange,
        response: { 200: Person, '4xx': Problem },
      },
    },
    async (request) => viewPerson(await amendPerson(kept, request.brandId, request.params.id, request.body)),
  );
  ownRoutes(app, kept);
  recoveryRoutes(app, kept);
  passkeyRoutes(app, kept, outside);
}

function ownRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/people/me',
    {
      config: mine,
      schema: { tags, summary: 'My account', response: { 200: Self, '4xx': Problem } },
    },
    async (request) => {
      const { person, passkeys } = await readSelf(kept, request.brandId, selfOf(request).id);
      const list = passkeys.map(({ id, name, createdAt, lastUsedAt }) => ({
        id,
        name,
        createdAt,
        lastUsedAt,
      }));
      const secondFactorNeeded = request.session?.lacksFactor === true;
      return { ...viewPerson(person), passkeyList: list, secondFactorNeeded };
    },
  );
  routes.put(
    '/v1/people/me/password',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Change my password; my other sessions end',
        body: PasswordChange,
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      await changePassword(kept, request.brandId, selfOf(request), request.body);
      return reply.code(204).send();
    },
  );
  routes.post(
    '/v1/people/me/code',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Connect an authenticator app',
        body: CurrentPassword,
        response: { 200: TotpStarted, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { current } = request.body;
      const started = await startCodes(kept, request.brandId, selfOf(request).id, current);
      return reply.header('cache-control', 'no-store').send(started);
    },
  );
  routes.post(
    '/v1/people/me/code/confirmation',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Show a first code; from now on one is asked for',
        body: Code,
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      await confirmCodes(kept, request.brandId, selfOf(request).id, request.body.code);
      return reply.code(204).send();
    },
  );
  routes.post(
    '/v1/people/me/code/removal',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Take the authenticator app away',
        body: CurrentPassword,
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      await endCodes(kept, request.brandId, selfOf(request).id, request.body.current);
      return reply.code(204).send();
    },
  );
}

function recoveryRoutes(app: FastifyInstance, kept: Kept): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/people/me/recovery-codes',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Make my recovery codes anew: those from before are void',
        description: 'Each opens my account once in place of the app’s code. Shown this one time.',
        body: CurrentPassword,
        response: { 200: RecoveryCodes, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const codes = await makeRecoveryCodes(kept, request.brandId, selfOf(request).id, request.body.current);
      return reply.header('cache-control', 'no-store').send({ codes });
    },
  );
}

function passkeyRoutes(app: FastifyInstance, kept: Kept, outside: Outside): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/people/me/passkeys/question',
    { config: mine, schema: { tags, summary: 'What a browser is to make a passkey of' } },
    async (request) => askForPasskey(kept, request.brandId, selfOf(request).id, placeOf(request, outside)),
  );
  routes.post(
    '/v1/people/me/passkeys',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Add the passkey that the browser made',
        body: z.object({
          name: z.string().trim().min(1).max(100),
          response: z.looseObject({
            id: z.string().max(2000),
            response: z.looseObject({ clientDataJSON: z.string().max(20_000) }),
          }),
        }),
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { name, response } = request.body;
      await addPasskey(kept, request.brandId, selfOf(request).id, placeOf(request, outside), {
        name,
        response: response as unknown as RegistrationResponseJSON,
      });
      return reply.code(204).send();
    },
  );
  routes.delete(
    '/v1/people/me/passkeys/:id',
    {
      config: mine,
      schema: {
        tags,
        summary: 'Take a passkey away',
        params: z.object({ id: z.string().max(2000) }),
        response: { 204: Empty, '4xx': Problem },
      },
    },
    async (request, reply) => {
      await removePasskey(kept, request.brandId, selfOf(request).id, request.params.id);
      return reply.code(204).send();
    },
  );
}

/** @throws KeptError `forbidden` for keys and links, which are nobody by name */
function selfOf(request: FastifyRequest): { id: string; sessionId: string } {
  const session = request.session;
  if (session === null || session.person === null)
    throw new KeptError('forbidden', 'This is for people who signed in by name.');
  return { id: session.person.id, sessionId: session.sessionId };
}

function viewPerson(row: PersonRow): z.input<typeof Person> {
  const { id, email, name, role, passkeys, createdAt, endedAt } = row;
  return {
    id,
    email,
    name,
    role,
    passkeys,
    createdAt,
    endedAt,
    password: row.passwordHash !== null,
    code: row.totpConfirmedAt !== null,
    recoveryCodes: row.recoveryCodes,
  };
}
