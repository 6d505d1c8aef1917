import { expect, test } from 'vitest';
import { Login } from './login.ts';

function login(answers: { status?: number; body: object }[]) {
  let at = Date.parse('2026-03-02T12:00:00Z');
  const asked: string[] = [];
  const kept: string[] = [];
  const it = new Login({
    tokenEndpoint: 'https://login.example.com/token',
    credentials: () => ({ clientId: 'app', clientSecret: 'secret', refreshToken: kept.at(-1) ?? 'first' }),
    now: () => new Date(at),
    async fetch(_url, { body }) {
      asked.push(String(body));
      const { status = 200, body: answer } = answers[asked.length - 1]!;
      return Response.json(answer, { status });
    },
    keepRefreshToken: async (renewed) => void kept.push(renewed),
  });
  return { it, asked, kept, pass: (ms: number) => void (at += ms) };
}
const token = (access_token: string, more: object = {}) => ({
  body: { access_token, expires_in: 3600, ...more },
});

test('a token is asked for once, by whoever needs it first, and renewed a minute before it ends', async () => {
  const { it, asked, pass } = login([token('one'), token('two')]);
  expect(await Promise.all([it.token('seller'), it.token('seller')])).toEqual(['one', 'one']);
  pass(3539_000);
  expect(await it.token('seller')).toBe('one');
  pass(1000);
  expect(await it.token('seller')).toBe('two');
  expect(asked).toHaveLength(2);
});

test('a renewed refresh token is kept and used', async () => {
  const { it, asked, kept } = login([token('one', { refresh_token: 'second' }), token('two')]);
  await it.token('seller');
  expect(kept).toEqual(['second']);
  it.forget('seller', 'one');
  await it.token('seller');
  expect(asked[1]).toContain('refresh_token=second');
});

test('what needs no seller has a token of its own', async () => {
  const { it, asked } = login([token('of the seller'), token('of the application')]);
  await it.token('seller');
  expect(await it.token('application')).toBe('of the application');
  expect(asked[1]).toContain('grant_type=client_credentials&scope=sellingpartnerapi%3A%3Anotifications');
});

test.each([
  ['a grant that is gone waits for a person', 400, 'AccessLost'],
  ['trouble of its own is asked again later', 503, 'Busy'],
  ['too many are asked again later', 429, 'Busy'],
])('%s', async (_, status, name) => {
  const { it } = login([
    { status, body: { error: 'invalid_grant', error_description: 'it was taken back' } },
  ]);
  await expect(it.token('seller')).rejects.toMatchObject({ name });
});
