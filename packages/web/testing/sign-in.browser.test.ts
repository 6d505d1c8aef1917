import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Provider } from 'oidc-provider';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from './chromium.ts';
import { expectSound } from './pages.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const KEY = 'sign-in-test-key';
const PASSWORD = 'violet teapots sing';
let folder: string;
let kept: ChildProcess;
let house: ReturnType<Provider['listen']>;
let at: string;
let browser: Browser;

/** Kept with an OpenID provider beside it, both on this machine: by the name that passkeys are made for. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-sign-in-'));
  const [port, housePort] = [await freePort(), await freePort()];
  at = `http://localhost:${port}`;
  const issuer = `http://127.0.0.1:${housePort}`;
  house = new Provider(issuer, {
    clients: [
      {
        client_id: 'kept',
        client_secret: 'a secret of the tests',
        redirect_uris: [`${at}/sign-in/other-house/return`],
      },
    ],
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    // The pages that the provider brings for its own trials: whatever name is typed is signed in.
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: !id.startsWith('unproven'), name: 'Grace Hall' }),
    }),
  }).listen(housePort, '127.0.0.1');
  kept = spawn(process.execPath, [main, 'start', '--no-demo', '--port', String(port), '--data', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      KEPT_BOOTSTRAP_KEY: KEY,
      KEPT_PUBLIC_URL: at,
      KEPT_OIDC_ISSUER: issuer,
      KEPT_OIDC_CLIENT_ID: 'kept',
      KEPT_OIDC_CLIENT_SECRET: 'a secret of the tests',
    },
  });
  for await (const line of createInterface({ input: kept.stdout! })) if (line.startsWith('Kept is at')) break;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  kept.kill('SIGTERM');
  await once(kept, 'exit');
  house.close();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function invite(email: string, role = 'buyer'): Promise<string> {
  const answer = await fetch(`${at}/v1/people`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email, name: 'Grace Hall', role }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()).link;
}

/** A browser of somebody's own. */
async function open(path: string, width = 1440): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  await page.goto(path.startsWith('http') ? path : `${at}${path}`);
  return page;
}

/** Signed in: the dashboard is there, and the session says who it is. */
async function expectSignedIn(page: Page, email: string): Promise<void> {
  await page.waitForURL(`${at}/`);
  const { user } = await call(page, 'GET', '/v1/session');
  expect(user).toMatchObject({ email, name: 'Grace Hall' });
}

// biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
const call = (page: Page, method: string, path: string, body?: object): Promise<any> =>
  page.evaluate(
    async ([method, path, body]) => {
      const answer = await fetch(path!, {
        method: method!,
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }),
      });
      const text = await answer.text();
      return text === '' ? answer.status : JSON.parse(text);
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)],
  );

async function joined(email: string): Promise<Page> {
  const page = await open(await invite(email));
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open my account' }).click();
  await expectSignedIn(page, email);
  return page;
}

async function typePassword(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

describe.each([1440, 390])('at %i px', (width) => {
  test('the page is sound, empty, in trouble, and with an invitation', async () => {
    const page = await open('/sign-in', width);
    await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
    await page.getByRole('link', { name: 'Sign in with your company’s account' }).waitFor();
    await expectSound(page);
    await typePassword(page, 'nobody@wren.example');
    await page.getByRole('alert').getByText('This address and password do not belong together.').waitFor();
    await expectSound(page);
    const invited = await open(await invite(`new${width}@wren.example`), width);
    await invited.getByText(`You will sign in as new${width}@wren.example.`).waitFor();
    await expectSound(invited);
    await invited.getByLabel('Choose a password').fill('password12');
    await invited.getByRole('button', { name: 'Open my account' }).click();
    await invited.getByRole('alert').getByText('stolen').waitFor();
  });
});

test('speaks German to a German browser, in trouble too', async () => {
  const context = await browser.newContext({ locale: 'de-DE', viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(`${at}/sign-in`);
  await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
  await page.getByRole('button', { name: 'Passkey verwenden' }).waitFor();
  await page.getByLabel('Mailadresse').fill('niemand@wren.example');
  await page.getByLabel('Passwort').fill(PASSWORD);
  await page.getByRole('button', { name: 'Anmelden', exact: true }).click();
  await page.getByRole('alert').getByText('gehören nicht zusammen').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await expectSound(page);
  await page.goto(`${at}/sign-in?again#invitation=1.${'x'.repeat(43)}`);
  await page.getByText('Diese Einladung gilt nicht').waitFor();
  await context.close();
});

test('an invitation opens the account, its password signs in, and an app’s code is asked for once there is one', async () => {
  const email = 'grace@wren.example';
  const page = await joined(email);
  const { secret } = await call(page, 'POST', '/v1/people/me/code', { current: PASSWORD });
  const codeIn = (seconds: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 });
  expect(await call(page, 'POST', '/v1/people/me/code/confirmation', { code: codeIn(0) })).toBe(204);
  expect(await call(page, 'DELETE', '/v1/session')).toBe(204);

  await page.goto(`${at}/sign-in`);
  await typePassword(page, email);
  await page.getByLabel('Code of your app').fill('000000');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').getByText('not the code').waitFor();
  // The next one: that of now was used to connect the app.
  await page.getByLabel('Code of your app').fill(codeIn(30));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(page, email);
});

test('an app is connected in the settings, which show recovery codes; one of them signs in where the app is lost', async () => {
  const email = 'hedy@wren.example';
  const page = await joined(email);
  await page.goto(`${at}/settings?tab=account`);
  const step = page.getByRole('region', { name: /Second step/ });
  await step.getByLabel('Password now').fill(PASSWORD);
  await step.getByRole('button', { name: 'Set it up' }).click();
  const secret = await step.getByLabel('Key, if you type it').inputValue();
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  await step.getByLabel('Code, six digits').fill(code);
  await step.getByRole('button', { name: 'Confirm' }).click();
  const codes = ((await step.locator('pre').textContent()) ?? '').split('\n');
  expect(codes).toHaveLength(10);
  await step.getByText('10 recovery codes are left').waitFor();
  await expectSound(page);
  expect(await call(page, 'DELETE', '/v1/session')).toBe(204);

  await page.goto(`${at}/sign-in`);
  await typePassword(page, email);
  await page.getByLabel('recovery code').fill(codes[3]!);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(page, email);
  await page.goto(`${at}/settings?tab=account`);
  await page.getByText('9 recovery codes are left').waitFor();
});

test('where the owner wants a second factor of everybody, who has none is led to it, and works on once it is there', async () => {
  const email = 'lise@wren.example';
  const page = await joined(email);
  const put = (secondFactor: boolean) =>
    fetch(`${at}/v1/people/settings`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ secondFactor }),
    });
  expect((await put(true)).status).toBe(200);
  try {
    await page.goto(`${at}/`);
    await page.waitForURL(/tab=account/);
    await page.getByRole('alert').getByText('wants a second factor').waitFor();
    await expectSound(page);
    const { secret } = await call(page, 'POST', '/v1/people/me/code', { current: PASSWORD });
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    expect(await call(page, 'POST', '/v1/people/me/code/confirmation', { code })).toBe(204);
    await page.goto(`${at}/`);
    await expectSignedIn(page, email);
  } finally {
    await put(false);
  }
});

test('a passkey signs in without an address or a password', async () => {
  const email = 'passkey@wren.example';
  const page = await joined(email);
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const added = await page.evaluate(async () => {
    const headers = { 'content-type': 'application/json' };
    const asked = await fetch('/v1/people/me/passkeys/question', { method: 'POST' });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await asked.json());
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    const body = JSON.stringify({ name: 'Laptop', response: made.toJSON() });
    const first = await fetch('/v1/people/me/passkeys', { method: 'POST', headers, body });
    // The same answer again is an answer to nothing.
    const again = await fetch('/v1/people/me/passkeys', { method: 'POST', headers, body });
    return [first.status, again.status];
  });
  expect(added).toEqual([204, 401]);
  expect((await call(page, 'GET', '/v1/people/me')).passkeyList).toMatchObject([{ name: 'Laptop' }]);

  const enter = async () => {
    expect(await call(page, 'DELETE', '/v1/session')).toBe(204);
    await page.goto(`${at}/sign-in`);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
  };
  await enter();
  await expectSignedIn(page, email);

  const [{ id }] = (await call(page, 'GET', '/v1/people/me')).passkeyList;
  expect(await call(page, 'DELETE', `/v1/people/me/passkeys/${encodeURIComponent(id)}`)).toBe(204);
  await enter();
  await page.getByRole('alert').getByText('This passkey is not known here').waitFor();
});

describe('another house', () => {
  async function signInThere(email: string): Promise<Page> {
    const page = await open('/sign-in');
    await page.getByRole('link', { name: 'Sign in with your company’s account' }).click();
    await page.locator('input[name=login]').fill(email);
    await page.locator('input[name=password]').fill('anything');
    await page.locator('button[type=submit]').click();
    await page.locator('button[type=submit]').click(); // it may tell Kept the address
    return page;
  }

  test('vouches for somebody who was invited, and from then on without an invitation', async () => {
    await invite('invited@wren.example');
    await expectSignedIn(await signInThere('invited@wren.example'), 'invited@wren.example');
    await expectSignedIn(await signInThere('invited@wren.example'), 'invited@wren.example');
  });

  test.each([
    ['a stranger', 'stranger@wren.example', false, /have no account here/],
    ['an address that it has not seen proven', 'unproven@wren.example', true, /have no account here/],
  ])('lets %s not in', async (_, email, isInvited, says) => {
    if (isInvited) await invite(email);
    const page = await signInThere(email);
    await page.getByText(says).waitFor();
  });

  test('does not sign a browser in that did not ask for it', async () => {
    const page = await open('/sign-in/other-house/return?code=stolen&state=made-up');
    await page.getByText(/did not begin here/).waitFor();
  });
});
