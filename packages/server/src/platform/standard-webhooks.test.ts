import { expect, test } from 'vitest';
import { readStandard, standardHeaders } from './standard-webhooks.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test('the example of the specification is signed as it says', () => {
  const body = '{"test": 2432232314}';
  const headers = standardHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', new Date(1_614_265_330_000), body);
  expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test.each<[string, (headers: Record<string, string>) => Record<string, string>, boolean]>([
  ['what was signed is taken', (headers) => headers, true],
  [
    'one of several signatures suffices',
    (headers) => ({ ...headers, 'webhook-signature': `v1,AAAA ${headers['webhook-signature']}` }),
    true,
  ],
  ['another id is another push', (headers) => ({ ...headers, 'webhook-id': 'other' }), false],
  ['another time is another push', (headers) => ({ ...headers, 'webhook-timestamp': '1614265331' }), false],
  ['no signature is none', ({ 'webhook-signature': _, ...headers }) => headers, false],
  [
    'an asymmetric signature is not ours',
    (headers) => ({ ...headers, 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v1a,') }),
    false,
  ],
])('%s', (_, change, taken) => {
  const body = '{"test":1}';
  const headers = change(standardHeaders(secret, 'one', new Date(1_614_265_330_000), body));
  expect(readStandard(secret, headers, Buffer.from(body)) !== null).toBe(taken);
});
