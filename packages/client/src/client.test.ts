import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { generate } from '../generate.ts';
import { type Answer, type ItemOf, KeptProblem, keptClient, readWebhook, webhookHeaders } from './index.js';

const SECRET = `whsec_${Buffer.from('twenty four bytes of it.').toString('base64')}`;

/** Answers one after the other, and what was asked. */
function answering(...answers: (Response | Error)[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = async (url: unknown, init: unknown) => {
    asked.push({ url: String(url), init: init as RequestInit });
    const answer = answers.shift() ?? new Error('nothing more');
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, fetch: fetch as typeof globalThis.fetch };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });

test('its types are those of the API as it is', { timeout: 60_000 }, async () => {
  expect(readFileSync(new URL('api.d.ts', import.meta.url), 'utf8')).toBe(await generate());
});

test('an operation says what it wants and what it answers', () => {
  const kept = keptClient({ url: 'http://kept', key: 'k' });
  expectTypeOf<Answer<'GET /v1/brand'>>().toHaveProperty('timeZone');
  expectTypeOf<ItemOf<'GET /v1/items'>>().toHaveProperty('sku');
  // @ts-expect-error there is no such operation
  const wrong = () => kept.call('GET /v1/nothing');
  // @ts-expect-error an item has a path
  const lacking = () => kept.call('GET /v1/items/{sku}');
  expect([typeof wrong, typeof lacking]).toEqual(['function', 'function']);
});

describe('a call', () => {
  test('puts its parameters where they belong', async () => {
    const { asked, fetch } = answering(json({ items: [], next: null }));
    const kept = keptClient({ url: 'http://kept/', key: 'k', fetch });
    await kept.call('GET /v1/items/{sku}/projection', { params: { sku: 'A/B 1' }, query: { days: 30 } });
    expect(asked[0]!.url).toBe('http://kept/v1/items/A%2FB%201/projection?days=30');
    expect(new Headers(asked[0]!.init.headers).get('authorization')).toBe('Bearer k');
  });

  test('is tried again under one name while the answer may change, and as late as it is told to', async () => {
    const busy = json({ code: 'busy' }, 503, { 'retry-after': '1' });
    const { asked, fetch } = answering(new TypeError('reset'), busy, json({ id: '1' }, 201));
    const began = performance.now();
    const body = { sku: 'MUG', location: 'main', counted: 3, reason: 'count' } as const;
    await keptClient({ url: 'http://kept', key: 'k', fetch }).call('POST /v1/stock/adjustments', { body });
    expect(performance.now() - began).toBeGreaterThan(1000);
    const names = asked.map(({ init }) => new Headers(init.headers).get('idempotency-key'));
    expect(new Set(names).size).toBe(1);
    expect(names).toHaveLength(3);
  });

  test('is refused as the API says it, once', async () => {
    const problem = {
      title: 'Bad',
      detail: 'limit: expected 1 or more',
      code: 'invalid_input',
      errors: [{ path: 'limit', message: 'x' }],
    };
    const { asked, fetch } = answering(json(problem, 422));
    const call = keptClient({ url: 'http://kept', fetch }).call('GET /v1/items', { query: { limit: 0 } });
    await expect(call).rejects.toMatchObject({
      status: 422,
      code: 'invalid_input',
      message: 'limit: expected 1 or more',
      errors: [{ path: 'limit' }],
    });
    await expect(call).rejects.toBeInstanceOf(KeptProblem);
    expect(asked).toHaveLength(1);
  });

  test('that nobody answers ends with its time, and says so', async () => {
    const fetch = ((_: unknown, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
      })) as typeof globalThis.fetch;
    const call = keptClient({ url: 'http://kept', fetch, timeoutMs: 20, retries: 0 }).call('GET /v1/brand');
    await expect(call).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('20 ms'),
    });
  });

  test('that is not wanted any more ends at once', async () => {
    const stop = new AbortController();
    const { fetch } = answering(json({}, 503), json({}, 503));
    const call = keptClient({ url: 'http://kept', fetch }).call('GET /v1/brand', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await expect(call).rejects.toThrow('enough');
  });
});

test('all of a list comes page after page', async () => {
  const { asked, fetch } = answering(json({ items: [1, 2], next: 'c' }), json({ items: [3], next: null }));
  const found: unknown[] = [];
  for await (const item of keptClient({ url: 'http://kept', fetch }).all('GET /v1/items', {
    query: { limit: 2 },
  }))
    found.push(item);
  expect(found).toEqual([1, 2, 3]);
  expect(asked[1]!.url).toBe('http://kept/v1/items?limit=2&cursor=c');
});

describe('a webhook', () => {
  const body = JSON.stringify({ type: 'availability.changed', data: { items: [] } });
  const signed = (text: string, seconds: number) => {
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
    return createHmac('sha256', key).update(`m1.${seconds}.${text}`).digest('base64');
  };
  const now = new Date('2026-03-02T09:00:00Z');
  const seconds = now.getTime() / 1000;
  const headers = (signature: string, at = seconds) => ({
    'webhook-id': 'm1',
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,bm9uZQ== v1,${signature}`,
  });

  test('of Kept is read', async () => {
    const read = readWebhook({ secret: SECRET, headers: headers(signed(body, seconds)), body, now });
    expect(await read).toMatchObject({ type: 'availability.changed' });
    const sent = await webhookHeaders({ secret: SECRET, id: 'm1', body, now });
    expect(await readWebhook({ secret: SECRET, headers: new Headers(sent), body, now })).toMatchObject({
      type: 'availability.changed',
    });
  });

  test.each([
    ['of somebody else', headers(signed('{}', seconds))],
    ['sent too long ago', headers(signed(body, seconds - 400), seconds - 400)],
    ['without a time', { ...headers(signed(body, seconds)), 'webhook-timestamp': 'soon' }],
    ['without a signature', { 'webhook-id': 'm1', 'webhook-timestamp': String(seconds) }],
  ])('%s is not', async (_, told) => {
    await expect(readWebhook({ secret: SECRET, headers: told, body, now })).rejects.toMatchObject({
      code: 'bad_signature',
    });
  });
});
