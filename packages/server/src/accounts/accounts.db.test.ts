import { SCOPES } from '@kept/contract';
import { expect, test } from 'vitest';
import { testDatabase } from '../platform/testing/database.ts';
import { createKey, createSignInLink, ensureBrand } from './index.ts';
import { BOOTSTRAP_KEY, testApp } from './testing/test-app.ts';

const { db } = await testDatabase();
const { app, kept, clock, ask, askOther } = await testApp(db, (app) => {
  const signedIn = { config: { permission: 'signed_in' } } as const;
  app.post('/v1/change', signedIn, async ({ brandId, actor }) => ({ brand: brandId, actor }));
  app.get('/open', { config: { permission: 'public' } }, async ({ brandId }) => ({ brand: brandId }));
});

const get = (headers: Record<string, string>, url = '/v1/session') =>
  app.inject({ method: 'GET', url, headers });
const signIn = async (link: string) => {
  const answer = await app.inject({ method: 'GET', url: `/sign-in?token=${link}` });
  const cookie = String(answer.headers['set-cookie'] ?? '');
  return { answer, cookie, session: cookie.split(';')[0]! };
};

test('the first brand is made once, and then left as it is', async () => {
  const again = await ensureBrand(kept, { title: 'Another', timeZone: 'UTC', currency: 'USD' });
  expect(again).toEqual({ brandId: 1, created: false });
  const { body } = await ask('GET', '/v1/session');
  expect(body).toEqual({
    brand: { id: 1, title: 'Wren', name: 'Wren', timeZone: 'Europe/London', currency: 'GBP', country: 'GB' },
    today: '2026-03-04',
    user: null,
    scopes: SCOPES,
  });
});

test('today is the brand’s own: a morning in London is the evening before in Honolulu', async () => {
  const { body } = await askOther('GET', '/v1/session');
  expect(body).toMatchObject({ brand: { id: 2, title: 'Other' }, today: '2026-03-03' });
});

test.each([
  ['nobody', {}],
  ['a wrong key', { authorization: 'Bearer wrong' }],
  ['a key that was never given out', { authorization: `Bearer kept_1_${'x'.repeat(43)}` }],
  ['a key of another brand’s number', { authorization: `Bearer kept_7_${'x'.repeat(43)}` }],
  ['another scheme', { authorization: `Basic ${BOOTSTRAP_KEY}` }],
  ['a made-up session', { cookie: `kept_session=1.${'x'.repeat(43)}` }],
  ['a session that is no token', { cookie: 'kept_session=1; other=2' }],
])('%s is told to sign in', async (_who, headers) => {
  const answer = await get(headers as Record<string, string>);
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json()).toMatchObject({ code: 'unauthorized', status: 401 });
});

test('an unknown address under /v1 tells nothing to strangers; one outside is open', async () => {
  expect((await get({}, '/v1/nothing')).statusCode).toBe(401);
  expect((await get({}, '/open')).json()).toEqual({ brand: 0 });
});

test('a key opens its own brand, and only its digest is stored', async () => {
  const key = await createKey(kept, 2, 'erp');
  const answer = await get({ authorization: `Bearer ${key}` });
  expect(answer.json()).toMatchObject({ brand: { id: 2 } });
  expect((await ask('POST', '/v1/change')).body).toEqual({ brand: 1, actor: 'key:bootstrap' });
  const other = await app.inject({
    method: 'POST',
    url: '/v1/change',
    headers: { authorization: `Bearer ${key}` },
  });
  expect(other.json()).toEqual({ brand: 2, actor: 'key:erp' });
  const stranger = key.replace('kept_2_', 'kept_1_');
  expect((await get({ authorization: `Bearer ${stranger}` })).statusCode).toBe(401);
});

test('a link opens sessions for twelve hours, as often as it is followed; a session lasts thirty days', async () => {
  const link = await createSignInLink(kept, 1);
  const first = await signIn(link);
  const second = await signIn(link);
  expect(first.answer.statusCode).toBe(303);
  expect(first.answer.headers.location).toBe('/');
  expect(first.cookie).toMatch(/HttpOnly/);
  expect(first.cookie).toMatch(/SameSite=Strict/);
  expect(first.session).not.toBe(second.session);
  expect((await get({ cookie: first.session })).json()).toMatchObject({ brand: { id: 1 } });

  clock.set(new Date('2026-03-04T21:00:00Z'));
  expect((await signIn(link)).answer.statusCode).toBe(401);
  expect((await get({ cookie: first.session })).statusCode).toBe(200);
  clock.set(new Date('2026-04-03T09:00:00Z'));
  expect((await get({ cookie: first.session })).statusCode).toBe(401);
});

test('a link is no session, and a session no link', async () => {
  const link = await createSignInLink(kept, 1);
  expect((await get({ cookie: `kept_session=${link}` })).statusCode).toBe(401);
  const { session } = await signIn(link);
  expect((await signIn(session.slice('kept_session='.length))).answer.statusCode).toBe(401);
});

test.each([
  ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ['its own page in an older browser', { origin: 'http://localhost:4400', host: 'localhost:4400' }, 200],
  ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
  ['another site of the same domain', { 'sec-fetch-site': 'same-site' }, 403],
  ['another site in an older browser', { origin: 'https://evil.example' }, 403],
  ['a sandbox', { origin: 'null' }, 403],
  ['who does not say', {}, 403],
])('a change by cookie from %s', async (_where, headers, status) => {
  const { session } = await signIn(await createSignInLink(kept, 1));
  const answer = await app.inject({
    method: 'POST',
    url: '/v1/change',
    headers: { ...headers, cookie: session },
  });
  expect(answer.statusCode).toBe(status);
});

test('signing out ends the session', async () => {
  const { session } = await signIn(await createSignInLink(kept, 1));
  const headers = { cookie: session, 'sec-fetch-site': 'same-origin' };
  const answer = await app.inject({ method: 'DELETE', url: '/v1/session', headers });
  expect(answer.statusCode).toBe(204);
  expect(String(answer.headers['set-cookie'])).toMatch(/Max-Age=0/);
  expect((await get({ cookie: session })).statusCode).toBe(401);
});
