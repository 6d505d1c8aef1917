import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey, ensureBrand } from './accounts/index.ts';
import { buildApp } from './app.ts';
import { buildPages } from './pages.ts';
import { manualClock } from './platform/clock.ts';
import { openDatabase } from './platform/database.ts';
import { openIds } from './platform/ids.ts';
import { createLog } from './platform/log.ts';
import { testDatabase } from './platform/testing/database.ts';

const { url } = await testDatabase();
const db = await openDatabase({ url });
const kept = { db, clock: manualClock(), ids: openIds(db), log: createLog('silent') };
let app: Awaited<ReturnType<typeof buildApp>>;
beforeAll(async () => {
  app = await buildApp(kept, {
    bootstrapKey: 'owner',
    pages: await buildPages(),
    publicUrl: 'https://kept.example',
    trustProxy: 'loopback',
    keyRequestsPerMinute: 50,
  });
});
afterAll(async () => {
  await app.close();
  await db.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url: path, headers });

describe('a browser is told', () => {
  test.each(['/', '/sign-in', '/c/no-such-token', '/v1/session', '/nothing', '/docs'])(
    'at %s to run no script but ours, to show it in no frame, and to come by TLS alone',
    async (path) => {
      const { headers } = await get(path, { accept: 'text/html' });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(/script-src ([^;]*)/.exec(policy)?.[1]).not.toMatch(/unsafe|\*|data:|https?:/);
      expect(headers).toMatchObject({
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['referrer-policy']).toMatch(/^(same-origin|no-referrer)$/);
    },
  );

  test('that answers of the API are kept by no cache, and those that are polled only by itself', async () => {
    const owner = { authorization: 'Bearer owner' };
    expect((await get('/v1/keys', owner)).headers['cache-control']).toBe('no-store');
    expect((await get('/v1/backorders', owner)).headers['cache-control']).toMatch(/no-store|private/);
  });

  test('that other sites may load the element and ask what shoppers may ask, and nothing else', async () => {
    const policy = async (path: string) => (await get(path)).headers['cross-origin-resource-policy'];
    expect(await policy('/widget/kept-availability.js')).toBe('cross-origin');
    expect(await policy('/storefront/v1/availability')).toBe('cross-origin');
    expect(await policy('/v1/session')).toBe('same-origin');
  });

  test('no page has a script or a handler inside it', async () => {
    for (const path of ['/', '/sign-in', '/docs/static/index.html', '/c/x']) {
      const { body } = await get(path, { accept: 'text/html' });
      const inline = [...body.matchAll(/<script(?![^>]*\ssrc=)[^>]*>|\son\w+=|javascript:/gi)].map(
        ([found]) => found,
      );
      expect(inline, path).toEqual([]);
    }
  });
});

describe('too many requests', () => {
  test('of one address, by a proxy’s word, on what anybody may ask are refused, and those of others are not', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address, 'sec-fetch-site': 'same-origin' });
    const guess = (address: string) =>
      app.inject({
        method: 'POST',
        url: '/sign-in/password',
        headers: from(address),
        payload: { email: 'a@b.example', password: 'x'.repeat(12) },
      });
    const answers: Awaited<ReturnType<typeof guess>>[] = [];
    while (answers.length < 31) answers.push(await guess('203.0.113.7'));
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(30);
    const refused = answers.find(({ statusCode }) => statusCode === 429)!;
    expect(refused.json()).toMatchObject({ code: 'too_many_requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await guess('203.0.113.8')).statusCode).toBe(401);
  });

  test('of one key are refused, and those of others are not', async () => {
    await ensureBrand(kept, { title: 'Wren', timeZone: 'UTC', currency: 'GBP' });
    const [one, other] = [await createKey(kept, 1, 'one'), await createKey(kept, 1, 'other')];
    const ask = (key: string) => get('/v1/keys', { authorization: `Bearer ${key}` });
    const answers = await Promise.all(Array.from({ length: 120 }, () => ask(one)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 429]));
    for (const key of [other, 'owner']) expect((await ask(key)).statusCode).toBe(200);
  });
});
