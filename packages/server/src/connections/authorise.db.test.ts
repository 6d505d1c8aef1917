import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createSignInLink } from '../accounts/index.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { type TestKept, testKept } from '../testing/brand.ts';
import type { Connector } from './connector.ts';
import { offerConnectors } from './registry.ts';
import { testSealer } from './testing/conformance.ts';

type Secrets = { app: string; token?: string | undefined };
const seen: { redirectUrl: string; app: unknown }[] = [];

/** A system that gives access by OAuth, and takes every code but one. */
const house: Connector<Record<string, unknown>, Secrets> = {
  kind: 'house',
  role: 'channel',
  title: 'The house',
  streams: [],
  can: { push: false, publish: false, act: [] },
  settings: z.record(z.string(), z.unknown()),
  secrets: z.object({ app: z.string(), token: z.string().optional() }),
  authorise: {
    begin: ({ state, redirectUrl }) =>
      `https://house.example/agree?${new URLSearchParams({ state, redirectUrl })}`,
    async finish({ query, secrets, redirectUrl }) {
      if (query.code === 'forged') throw new Error('What came back was not signed by the house.');
      const { app } = secrets as Secrets;
      seen.push({ redirectUrl, app });
      return { app, token: `token of ${query.code}` };
    },
  },
  open: () => ({
    check: async () => [],
    async *changes() {},
  }),
};
const plain: Connector = {
  kind: 'plain',
  role: 'channel',
  title: 'A plain one',
  streams: [],
  can: { push: false, publish: false, act: [] },
  settings: z.unknown(),
  secrets: z.unknown(),
  open: () => ({ check: async () => [], async *changes() {} }),
};

let kept: TestKept;
beforeAll(async () => {
  kept = await testKept((await testDatabase()).url);
  offerConnectors(kept.kept, {
    connectors: [house, plain],
    sealer: testSealer(),
    publicUrl: 'https://kept.example',
  });
  for (const name of ['one', 'two'])
    await kept.call('PUT', `/v1/connections/${name}`, {
      kind: 'house',
      settings: {},
      secrets: { app: name },
    });
  await kept.call('PUT', '/v1/connections/plain', { kind: 'plain', settings: {}, secrets: {} });
});
afterAll(() => kept.close());

const begin = async (name = 'one') => {
  const { status, body } = await kept.call('POST', `/v1/connections/${name}/authorisation`);
  expect(status, JSON.stringify(body)).toBe(200);
  const sent = new URL(body.url).searchParams;
  return { ticket: body.ticket as string, state: sent.get('state')!, redirectUrl: sent.get('redirectUrl') };
};
const comeBack = (state: string, ticket: string | null, code = 'a') =>
  kept.call(
    'GET',
    `/connections/authorised?${new URLSearchParams({ state, code })}`,
    undefined,
    ticket === null ? {} : { cookie: `kept_authorisation=${ticket}` },
  );

test('whoever began comes back with a code, and the connection has its access', async () => {
  const { ticket, state, redirectUrl } = await begin();
  expect(redirectUrl).toBe('https://kept.example/connections/authorised');
  const back = await comeBack(state, ticket);
  expect(back).toMatchObject({ status: 200, body: 'The house is connected. This page can be closed.\n' });
  expect(seen.at(-1)).toEqual({ redirectUrl, app: 'one' });
  expect((await kept.call('GET', '/v1/connections/one')).body).toMatchObject({
    state: 'active',
    hasSecrets: true,
  });
  const { items } = (await kept.call('GET', '/v1/connections/one/notes')).body;
  expect(items[0].words).toContain('Access was given anew by key:');
});

test('what comes back without the ticket, with another’s, too late or made up changes nothing', async () => {
  const before = seen.length;
  const { ticket, state } = await begin();
  const other = await begin();
  expect(await comeBack(state, null)).toMatchObject({
    status: 400,
    body: expect.stringContaining('another browser'),
  });
  expect((await comeBack(state, other.ticket)).status).toBe(400);
  expect(await comeBack('1.abc.def.ghi', ticket)).toMatchObject({
    status: 400,
    body: expect.stringContaining('not begun here'),
  });
  expect((await comeBack(`${state.slice(0, -4)}AAAA`, ticket)).status).toBe(400);
  expect(await comeBack(state, ticket, 'forged')).toMatchObject({
    status: 400,
    body: 'What came back was not signed by the house.\n',
  });
  kept.clock.set(new Date(kept.clock.now().getTime() + 11 * 60_000));
  expect(await comeBack(state, ticket)).toMatchObject({
    status: 400,
    body: expect.stringContaining('10 minutes'),
  });
  expect(seen).toHaveLength(before);
});

test('by key it is ended with what came back, for the connection that it was begun for', async () => {
  const { ticket, state } = await begin('two');
  const end = (name: string) =>
    kept.call('POST', `/v1/connections/${name}/authorisation/return`, {
      ticket,
      query: { state, code: 'b' },
    });
  expect((await end('one')).status).toBe(409);
  expect(await end('two')).toMatchObject({ status: 200, body: { name: 'two' } });
  expect(seen.at(-1)).toMatchObject({ app: 'two' });
});

test('a system that gives access by its secrets says so', async () => {
  const { status, body } = await kept.call('POST', '/v1/connections/plain/authorisation');
  expect(status).toBe(409);
  expect(body.detail).toContain('PUT /v1/connections/plain');
});

test('a browser is known by its cookie, which only the way back is sent', async () => {
  const { headers } = await kept.call('GET', `/sign-in?token=${await createSignInLink(kept.kept, 1)}`);
  const [session] = String(headers['set-cookie']).split(';');
  const begun = await kept.call('POST', '/v1/connections/one/authorisation', undefined, {
    authorization: '',
    cookie: session!,
    origin: 'http://localhost:80',
    'sec-fetch-site': 'same-origin',
  });
  expect(begun.status, JSON.stringify(begun.body)).toBe(200);
  expect(begun.body.ticket).toBeUndefined();
  const cookie = String(begun.headers['set-cookie']);
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect(cookie).toMatch(/Path=\/connections\/authorised/);
  const state = new URL(begun.body.url).searchParams.get('state')!;
  const ticket = cookie.split(';')[0]!.split('=')[1]!;
  expect((await comeBack(state, ticket)).status).toBe(200);
});
