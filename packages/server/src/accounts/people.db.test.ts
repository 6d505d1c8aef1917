import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { sealerOf } from '../platform/sealed.ts';
import { testDatabase } from '../platform/testing/database.ts';
import { BOOTSTRAP_KEY, testApp } from './testing/test-app.ts';

const { db } = await testDatabase();
const { app, kept, clock, ask, askOther, rows } = await testApp(db, (app) => {
  app.post('/v1/orders', { config: { permission: 'orders:write' } }, async ({ actor }) => ({ actor }));
  app.get('/v1/orders', { config: { permission: 'orders:read' } }, async ({ actor }) => ({ actor }));
});
Object.assign(kept, { sealer: sealerOf([randomBytes(32)]) });

const PASSWORD = 'violet teapots sing';
const page = { 'sec-fetch-site': 'same-origin' };

/** A browser: it keeps the cookie it is given. */
function browser() {
  let cookie = '';
  return async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) => {
    const answer = await app.inject({
      method,
      url,
      headers: { ...page, 'user-agent': 'Firefox', ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    for (const set of [answer.headers['set-cookie'] ?? []].flat()) cookie = set.split(';')[0]!;
    const { body: text } = answer;
    return {
      status: answer.statusCode,
      body: text === '' ? null : JSON.parse(text),
      headers: answer.headers,
    };
  };
}

const invited = async (email: string, role: string) => {
  const { status, body } = await ask('POST', '/v1/people', { email, name: 'Ada Moss', role });
  expect(status).toBe(201);
  return new URL(body.link).hash.slice('#invitation='.length);
};

async function joined(email: string, role: string) {
  const one = browser();
  const accepted = await one('POST', '/sign-in/invitation/accept', {
    token: await invited(email, role),
    password: PASSWORD,
  });
  expect(accepted).toMatchObject({ status: 204 });
  return one;
}

const idOf = async (email: string) => {
  const { body } = await ask('GET', '/v1/people');
  return body.items.find((person: { email: string }) => person.email === email).id;
};

describe('an invitation', () => {
  test('opens an account once, and its password signs in from then on', async () => {
    const token = await invited('Buyer@Wren.example', 'buyer');
    const one = browser();
    expect((await one('POST', '/sign-in/invitation', { token })).body).toEqual({
      email: 'buyer@wren.example',
      name: 'Ada Moss',
      brand: 'Wren',
    });
    const weak = await one('POST', '/sign-in/invitation/accept', { token, password: 'password12' });
    expect(weak).toMatchObject({ status: 422, body: { errors: [{ path: 'password' }] } });
    expect((await one('POST', '/sign-in/invitation/accept', { token, password: PASSWORD })).status).toBe(204);
    expect((await one('GET', '/v1/session')).body).toMatchObject({
      user: { name: 'Ada Moss', email: 'buyer@wren.example', role: 'buyer' },
    });
    expect(
      (await browser()('POST', '/sign-in/invitation/accept', { token, password: PASSWORD })).status,
    ).toBe(401);

    const other = browser();
    expect(
      (await other('POST', '/sign-in/password', { email: 'BUYER@wren.example', password: PASSWORD })).status,
    ).toBe(204);
    expect((await other('GET', '/v1/people/me')).body).toMatchObject({
      password: true,
      code: false,
      passkeys: 0,
    });
  });

  test('is over after a week, and with the next one', async () => {
    const first = await invited('late@wren.example', 'viewer');
    const second = await invited('late@wren.example', 'viewer');
    expect((await browser()('POST', '/sign-in/invitation', { token: first })).status).toBe(404);
    const start = clock.now();
    clock.set(new Date(start.getTime() + 7 * 24 * 3_600_000 + 1));
    expect((await browser()('POST', '/sign-in/invitation', { token: second })).status).toBe(404);
  });

  test('is not needed by whoever has an account', async () => {
    await joined('twice@wren.example', 'viewer');
    const again = await ask('POST', '/v1/people', { email: 'twice@wren.example', name: 'x', role: 'owner' });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a password', () => {
  test.each<[string, { email: string; password: string; brand?: number }]>([
    ['a wrong one', { email: 'wrong@wren.example', password: 'not this one at all' }],
    ['nobody’s', { email: 'nobody@wren.example', password: PASSWORD }],
    ['that of another brand', { email: 'wrong@wren.example', password: PASSWORD, brand: 2 }],
  ])('%s lets nobody in, and says no more than that', async (_, given) => {
    if (given.brand === undefined && given.email === 'wrong@wren.example')
      await joined(given.email, 'viewer');
    expect(await browser()('POST', '/sign-in/password', given)).toMatchObject({
      status: 401,
      body: { detail: 'This address and password do not belong together.' },
    });
  });

  test('may be typed from Kept’s own page alone', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/sign-in/password',
      headers: { 'sec-fetch-site': 'cross-site' },
      payload: { email: 'wrong@wren.example', password: PASSWORD },
    });
    expect(answer.statusCode).toBe(403);
  });

  test('guessed again and again makes the account wait, longer each time; a right one begins anew', async () => {
    await joined('guessed@wren.example', 'viewer');
    const guess = (password: string) =>
      browser()('POST', '/sign-in/password', { email: 'guessed@wren.example', password });
    for (let i = 0; i < 5; i++) expect((await guess('wrong wrong wrong')).status).toBe(401);
    const waiting = await guess(PASSWORD);
    expect(waiting.status).toBe(429);
    expect(waiting.headers['retry-after']).toBe('15');
    clock.set(new Date(clock.now().getTime() + 15_001));
    expect((await guess('wrong wrong wrong')).status).toBe(401);
    expect((await guess(PASSWORD)).headers['retry-after']).toBe('30');
    clock.set(new Date(clock.now().getTime() + 30_001));
    expect((await guess(PASSWORD)).status).toBe(204);
    expect((await guess('wrong wrong wrong')).status).toBe(401);
    expect((await guess(PASSWORD)).status).toBe(204);
  });

  test('of twenty guesses at once no more than five are looked at', async () => {
    await joined('crowd@wren.example', 'viewer');
    const guesses = Array.from({ length: 20 }, () =>
      browser()('POST', '/sign-in/password', { email: 'crowd@wren.example', password: 'wrong wrong wrong' }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  });

  test('is changed by whoever knows the present one, and signs out all other browsers', async () => {
    const one = await joined('changes@wren.example', 'viewer');
    const other = browser();
    await other('POST', '/sign-in/password', { email: 'changes@wren.example', password: PASSWORD });
    const change = (current: string, password = 'amber kettles hum') =>
      one('PUT', '/v1/people/me/password', { current, password });
    expect((await change('not the present one')).status).toBe(403);
    expect((await change(PASSWORD, 'qwertyuiop')).status).toBe(422);
    expect((await change(PASSWORD)).status).toBe(204);
    expect((await one('GET', '/v1/session')).status).toBe(200);
    expect((await other('GET', '/v1/session')).status).toBe(401);
  });

  test('and every other secret is stored so that nobody reads it', async () => {
    const stored = JSON.stringify(
      await Promise.all(
        ['person', 'session', 'api_key', 'invitation'].map((table) => rows(`select * from ${table}`)),
      ),
    );
    expect(stored).not.toContain(PASSWORD);
    expect(stored).toContain('$argon2id$');
  });
});

describe('an app’s code', () => {
  const codeAt = (secret: string, at: Date) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at.getTime() });
  const forward = () => clock.set(new Date(clock.now().getTime() + 60_000));

  test('is asked for once one was shown, counts once, and can be taken away', async () => {
    const one = await joined('coded@wren.example', 'finance');
    expect((await one('POST', '/v1/people/me/code', { current: 'wrong' })).status).toBe(403);
    const { body } = await one('POST', '/v1/people/me/code', { current: PASSWORD });
    expect(body.uri).toContain('issuer=Wren');
    const signIn = (code?: string) =>
      browser()('POST', '/sign-in/password', {
        email: 'coded@wren.example',
        password: PASSWORD,
        ...(code === undefined ? {} : { code }),
      });
    // Not yet: who never saw a code would be locked out.
    expect((await signIn()).status).toBe(204);
    expect((await one('POST', '/v1/people/me/code/confirmation', { code: '000000' })).status).toBe(422);
    const shown = codeAt(body.secret, clock.now());
    expect((await one('POST', '/v1/people/me/code/confirmation', { code: shown })).status).toBe(204);

    expect(await signIn()).toMatchObject({ status: 401, body: { needs: 'code' } });
    expect((await signIn(shown)).status).toBe(401);
    forward();
    const next = codeAt(body.secret, clock.now());
    expect((await signIn(next)).status).toBe(204);
    expect((await signIn(next)).status).toBe(401);
    const [{ totp_secret: sealed }] = (await rows(
      `select totp_secret from person where email = 'coded@wren.example'`,
    )) as [{ totp_secret: string }];
    expect(sealed).not.toContain(body.secret);

    expect((await one('POST', '/v1/people/me/code/removal', { current: PASSWORD })).status).toBe(204);
    expect((await signIn()).status).toBe(204);
  });

  test('is replaced, where the device is lost, by recovery codes that are shown once and good once', async () => {
    const one = await joined('forgetful@wren.example', 'buyer');
    const make = (current?: string) => one('POST', '/v1/people/me/recovery-codes', { current });
    expect(await make(PASSWORD)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const { body } = await one('POST', '/v1/people/me/code', { current: PASSWORD });
    await one('POST', '/v1/people/me/code/confirmation', { code: codeAt(body.secret, clock.now()) });
    expect((await make('wrong')).status).toBe(403);
    const first: string[] = (await make(PASSWORD)).body.codes;
    const codes: string[] = (await make(PASSWORD)).body.codes;
    expect(new Set([...first, ...codes]).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
    const left = async () => (await one('GET', '/v1/people/me')).body.recoveryCodes;
    expect(await left()).toBe(10);
    const signIn = (code: string) =>
      browser()('POST', '/sign-in/password', { email: 'forgetful@wren.example', password: PASSWORD, code });
    expect((await signIn(first[0]!)).status, 'void since there are new ones').toBe(401);
    expect((await signIn(codes[0]!.toUpperCase().replaceAll('-', ' '))).status, 'as people type').toBe(204);
    expect((await signIn(codes[0]!)).status, 'used').toBe(401);
    const race = await Promise.all([signIn(codes[1]!), signIn(codes[1]!), signIn(codes[1]!)]);
    expect(race.map(({ status }) => status).toSorted()).toEqual([204, 401, 401]);
    expect(await left()).toBe(8);
    expect(JSON.stringify(await rows('select * from recovery_code'))).not.toContain(codes[2]);
    await one('POST', '/v1/people/me/code/removal', { current: PASSWORD });
    expect(await left()).toBe(0);
  });

  test('is wanted of everybody, where the owner says so: who has no second factor sets one up, and does nothing else', async () => {
    const one = await joined('hasty@wren.example', 'buyer');
    const exempt = await ask('GET', '/v1/people/settings');
    expect(exempt.body).toEqual({ secondFactor: false });
    expect((await ask('PUT', '/v1/people/settings', { secondFactor: true })).status).toBe(200);
    try {
      for (const [method, path] of [
        ['GET', '/v1/sessions'],
        ['GET', '/v1/people'],
        ['PUT', '/v1/people/settings'],
        ['GET', '/v1/nothing'],
      ] as const)
        expect(
          await one(method, path, method === 'PUT' ? { secondFactor: false } : undefined),
          path,
        ).toMatchObject({
          status: 403,
          body: { needs: 'second_factor' },
        });
      expect((await one('GET', '/v1/session')).status).toBe(200);
      expect((await one('GET', '/v1/people/me')).body.secondFactorNeeded).toBe(true);
      const { body } = await one('POST', '/v1/people/me/code', { current: PASSWORD });
      await one('POST', '/v1/people/me/code/confirmation', { code: codeAt(body.secret, clock.now()) });
      expect((await one('GET', '/v1/sessions')).status).toBe(200);
      expect((await one('GET', '/v1/people/me')).body.secondFactorNeeded).toBe(false);
      // The last one stays.
      expect(await one('POST', '/v1/people/me/code/removal', { current: PASSWORD })).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
      expect((await one('GET', '/v1/people/me')).body.code).toBe(true);
      // With a passkey beside the password, the password alone opens nothing.
      await joined('keyed@wren.example', 'viewer');
      const id = await idOf('keyed@wren.example');
      await rows(`insert into passkey (brand_id, credential_id, person_id, name, public_key, counter, transports, created_at)
        values (1, 'made-up', '${id}', 'Phone', 'x', 0, '{}', now())`);
      expect(
        await browser()('POST', '/sign-in/password', { email: 'keyed@wren.example', password: PASSWORD }),
      ).toMatchObject({ status: 401, body: { needs: 'passkey' } });
    } finally {
      await ask('PUT', '/v1/people/settings', { secondFactor: false });
    }
    const free = await browser()('POST', '/sign-in/password', {
      email: 'keyed@wren.example',
      password: PASSWORD,
    });
    expect(free.status).toBe(204);
  });

  test('of somebody who lost their device is taken away by an owner, and their sessions end', async () => {
    const one = await joined('lost@wren.example', 'cx');
    const { body } = await one('POST', '/v1/people/me/code', { current: PASSWORD });
    await one('POST', '/v1/people/me/code/confirmation', { code: codeAt(body.secret, clock.now()) });
    const id = await idOf('lost@wren.example');
    expect(await ask('PATCH' as 'PUT', `/v1/people/${id}`, { resetSecondFactor: true })).toMatchObject({
      status: 200,
      body: { code: false },
    });
    expect((await one('GET', '/v1/session')).status).toBe(401);
    const signedIn = await browser()('POST', '/sign-in/password', {
      email: 'lost@wren.example',
      password: PASSWORD,
    });
    expect(signedIn.status).toBe(204);
  });
});

describe('a role', () => {
  test('may what it may and nothing else, from the moment it is changed', async () => {
    const one = await joined('viewer@wren.example', 'viewer');
    expect((await one('GET', '/v1/orders')).body).toEqual({ actor: 'user:viewer@wren.example' });
    expect(await one('POST', '/v1/orders')).toMatchObject({
      status: 403,
      body: { code: 'forbidden', needed: 'orders:write' },
    });
    for (const url of ['/v1/people', '/v1/keys']) expect((await one('GET', url)).status).toBe(403);
    const id = await idOf('viewer@wren.example');
    await ask('PATCH' as 'PUT', `/v1/people/${id}`, { role: 'operations' });
    expect((await one('POST', '/v1/orders')).status).toBe(200);
    await ask('PATCH' as 'PUT', `/v1/people/${id}`, { ended: true });
    expect((await one('GET', '/v1/orders')).status).toBe(401);
    const back = await browser()('POST', '/sign-in/password', {
      email: 'viewer@wren.example',
      password: PASSWORD,
    });
    expect(back.status).toBe(401);
  });

  test('of the last owner stays, also when two owners end each other’s account at once', async () => {
    await joined('owner1@wren.example', 'owner');
    await joined('owner2@wren.example', 'owner');
    const ids = await Promise.all([idOf('owner1@wren.example'), idOf('owner2@wren.example')]);
    const ended = await Promise.all(
      ids.map((id) => ask('PATCH' as 'PUT', `/v1/people/${id}`, { ended: true })),
    );
    expect(ended.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('of somebody at another brand cannot be reached', async () => {
    const id = await idOf('viewer@wren.example');
    expect((await askOther('PATCH' as 'PUT', `/v1/people/${id}`, { role: 'owner' })).status).toBe(404);
    expect((await askOther('GET', '/v1/people')).body).toEqual({ items: [] });
  });
});

describe('a session', () => {
  test('is listed to its person, and ended from elsewhere', async () => {
    const one = await joined('sessions@wren.example', 'buyer');
    const other = browser();
    await other('POST', '/sign-in/password', { email: 'sessions@wren.example', password: PASSWORD });
    const { body } = await one('GET', '/v1/sessions');
    expect(body.items).toHaveLength(2);
    expect(body.items.map(({ person, browser: name }: never) => [person, name])).toEqual(
      Array(2).fill([{ id: expect.any(String), name: 'Ada Moss' }, 'Firefox']),
    );
    const others = body.items.find((session: { current: boolean }) => !session.current);
    expect(
      (await (await joined('nosy@wren.example', 'buyer'))('DELETE', `/v1/sessions/${others.id}`)).status,
    ).toBe(404);
    expect((await one('DELETE', `/v1/sessions/${others.id}`)).status).toBe(204);
    expect((await other('GET', '/v1/session')).status).toBe(401);
    expect((await one('GET', '/v1/session')).status).toBe(200);
  });

  test('that nobody uses for three days is over', async () => {
    const one = await joined('idle@wren.example', 'buyer');
    clock.set(new Date(clock.now().getTime() + 2 * 86_400_000));
    expect((await one('GET', '/v1/session')).status).toBe(200);
    await expect
      .poll(() => rows(`select 1 from session where last_used_at = $1`, [clock.now()]))
      .not.toEqual([]);
    clock.set(new Date(clock.now().getTime() + 2 * 86_400_000));
    expect((await one('GET', '/v1/session')).status).toBe(200);
    await expect
      .poll(() => rows(`select 1 from session where last_used_at = $1`, [clock.now()]))
      .not.toEqual([]);
    clock.set(new Date(clock.now().getTime() + 3 * 86_400_000));
    expect((await one('GET', '/v1/session')).status).toBe(401);
  });
});

describe('a key', () => {
  const as = (key: string) => (method: 'GET' | 'POST', url: string) =>
    app.inject({ method, url, headers: { authorization: `Bearer ${key}` } });

  test('may what it was given, is shown once, and tells when it was used', async () => {
    const { status, body } = await ask('POST', '/v1/keys', { name: 'shop', scopes: ['orders:read'] });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'shop',
      scopes: ['orders:read'],
      createdBy: 'key:bootstrap',
      lastUsedAt: null,
    });
    const shop = as(body.key);
    expect((await shop('GET', '/v1/orders')).json()).toEqual({ actor: 'key:shop' });
    expect((await shop('POST', '/v1/orders')).statusCode).toBe(403);
    const listed = async () => {
      const { body: list } = await ask('GET', '/v1/keys');
      expect(JSON.stringify(list)).not.toContain(body.key);
      return list.items.find(({ id }: { id: string }) => id === body.id);
    };
    await expect.poll(async () => (await listed()).lastUsedAt).toBe(clock.now().toISOString());
    expect((await ask('DELETE', `/v1/keys/${body.id}`)).status).toBe(204);
    expect((await shop('GET', '/v1/orders')).statusCode).toBe(401);
    expect((await ask('DELETE', `/v1/keys/${body.id}`)).status).toBe(404);
  });

  test('never may more than who makes it', async () => {
    const { body } = await ask('POST', '/v1/keys', { name: 'keeper', scopes: ['keys:write', 'orders:read'] });
    const more = await app.inject({
      method: 'POST',
      url: '/v1/keys',
      headers: { authorization: `Bearer ${body.key}` },
      payload: { name: 'more', scopes: ['orders:write'] },
    });
    expect(more.statusCode).toBe(422);
    const { items } = (await ask('GET', '/v1/keys')).body;
    const { id } = (await ask('POST', '/v1/keys', { name: 'strong', scopes: ['orders:write'] })).body;
    expect(items.length).toBeGreaterThan(1);
    const rotated = await app.inject({
      method: 'POST',
      url: `/v1/keys/${id}/rotate`,
      headers: { authorization: `Bearer ${body.key}` },
      payload: {},
    });
    expect(rotated.statusCode).toBe(403);
  });

  test('is rotated without a stop: both work for a while', async () => {
    const { body: old } = await ask('POST', '/v1/keys', { name: 'erp', scopes: ['orders:read'] });
    const { body: fresh } = await ask('POST', `/v1/keys/${old.id}/rotate`, { overlapMinutes: 10 });
    expect(fresh).toMatchObject({ name: 'erp', scopes: ['orders:read'] });
    for (const { key } of [old, fresh]) expect((await as(key)('GET', '/v1/orders')).statusCode).toBe(200);
    clock.set(new Date(clock.now().getTime() + 600_001));
    expect((await as(old.key)('GET', '/v1/orders')).statusCode).toBe(401);
    expect((await as(fresh.key)('GET', '/v1/orders')).statusCode).toBe(200);
  });

  test('ends by itself where it was made to', async () => {
    const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString();
    const { body } = await ask('POST', '/v1/keys', { name: 'short', scopes: ['orders:read'], expiresAt });
    expect((await as(body.key)('GET', '/v1/orders')).statusCode).toBe(200);
    clock.set(new Date(expiresAt));
    expect((await as(body.key)('GET', '/v1/orders')).statusCode).toBe(401);
    expect((await as(BOOTSTRAP_KEY)('GET', '/v1/orders')).statusCode).toBe(200);
  });
});
