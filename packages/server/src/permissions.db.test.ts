import { ROLES, SCOPES, SCOPES_OF } from '@kept/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from './app.ts';
import { buildPages } from './pages.ts';
import { manualClock } from './platform/clock.ts';
import { openDatabase } from './platform/database.ts';
import { openIds } from './platform/ids.ts';
import { createLog } from './platform/log.ts';
import { testDatabase } from './platform/testing/database.ts';

const { url } = await testDatabase();
const db = await openDatabase({ url });
const clock = manualClock();
const kept = { db, clock, ids: openIds(db), log: createLog('silent') };
let app: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  app = await buildApp(kept, { bootstrapKey: 'owner', manualClock: clock, pages: await buildPages() });
  // Nobody has declared anything for this one.
  app.get('/v1/forgotten', async () => ({ told: 'everything' }));
  app.get('/forgotten', async () => ({ told: 'everything' }));
  await app.ready();
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const declared = () =>
  app.declaredRoutes
    .filter((route) => !route.url.endsWith('/forgotten'))
    .map(({ method, url: path, config }) => ({
      name: `${method} ${path}`,
      method,
      path,
      permission: config?.permission,
    }));

test('every route declares what it asks of its caller', () => {
  const known = new Set<unknown>([...SCOPES, 'signed_in', 'public']);
  expect(declared().length).toBeGreaterThan(150);
  expect(
    declared()
      .filter(({ permission }) => !known.has(permission))
      .map(({ name }) => name),
  ).toEqual([]);
});

test('nothing under /v1 is public, and whoever only reads changes nothing', () => {
  const ours = declared().filter(({ path }) => path.startsWith('/v1/'));
  // What other systems push is signed by them.
  expect(ours.filter(({ permission }) => permission === 'public').map(({ path }) => path)).toEqual([
    '/v1/connections/:name/pushes',
    '/v1/connections/:name/pushes/*',
  ]);
  const changing = ours.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
  const byReaders = changing.filter(({ permission }) => SCOPES_OF.viewer.has(permission as never));
  // They are questions with a long body.
  expect(byReaders.map(({ name }) => name).sort()).toEqual([
    'POST /v1/availability/cart',
    'POST /v1/what-if',
  ]);
});

test('what can be had without signing in is a short list', () => {
  const open = declared()
    .filter(({ method, permission }) => method !== 'HEAD' && permission === 'public')
    .map(({ path }) => path)
    .filter((path) => !/^\/docs|^\/assets\/|^\/widget\/|^\/fonts\/|\.(html|js|svg|css|woff2)$/.test(path));
  expect([...new Set(open)].sort()).toMatchInlineSnapshot(`
    [
      "/",
      "/b/:token",
      "/c/:token",
      "/c/:token/choice",
      "/c/:token/refund",
      "/connections/authorised",
      "/healthz",
      "/metrics",
      "/openapi.json",
      "/readyz",
      "/sign-in",
      "/sign-in/invitation",
      "/sign-in/invitation/accept",
      "/sign-in/passkey",
      "/sign-in/passkey/question",
      "/sign-in/password",
      "/sign-in/ways",
      "/storefront/v1/*",
      "/storefront/v1/availability",
      "/storefront/v1/back-in-stock",
      "/storefront/v1/back-in-stock/confirmations",
      "/storefront/v1/cart",
      "/storefront/v1/drops/:ref",
      "/storefront/v1/drops/:ref/draw",
      "/storefront/v1/json-ld",
      "/storefront/v1/waitlist",
      "/v1/connections/:name/pushes",
      "/v1/connections/:name/pushes/*",
    ]
  `);
});

test('a route that declares nothing is closed, to the owner too', async () => {
  for (const url of ['/v1/forgotten', '/forgotten']) {
    expect((await app.inject({ method: 'GET', url })).statusCode).toBe(401);
    const answer = await app.inject({ method: 'GET', url, headers: { authorization: 'Bearer owner' } });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().detail).toBe(`GET ${url} declares no permission, and so nobody may use it.`);
  }
});

test.each(ROLES.map((role) => [role]))('the role %s has scopes that exist', (role) => {
  for (const scope of SCOPES_OF[role]) expect(SCOPES).toContain(scope);
});
