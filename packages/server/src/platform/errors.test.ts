import { expect, test } from 'vitest';
import { z } from 'zod';
import { KeptError, toProblem } from './errors.ts';

test('an error of the catalogue becomes a problem with its own members', () => {
  const lines = [{ sku: 'MUG', asked: 7, available: 5, by: '2026-03-20' }];
  const err = new KeptError('cannot_promise', 'Of 7 MUG, 5 can be promised by 20 March.', { lines });
  expect(toProblem(err)).toEqual({
    status: 409,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:kept:problem:cannot_promise',
      title: 'Some of these units cannot be promised',
      status: 409,
      code: 'cannot_promise',
      detail: 'Of 7 MUG, 5 can be promised by 20 March.',
      lines,
    },
  });
});

test('members cannot take the place of the standard ones, and a cause is not sent', () => {
  const err = new KeptError('not_found', 'There is no order web:1.', {
    status: 200,
    code: 'ok',
    cause: 'secret',
  });
  expect(toProblem(err).body).toMatchObject({ status: 404, code: 'not_found' });
  expect(JSON.stringify(toProblem(err).body)).not.toContain('secret');
  expect(err.cause).toBe('secret');
});

const foreign: [from: string, err: unknown, status: number, code: string][] = [
  ['a bug', new TypeError('password of x is y'), 500, 'internal'],
  ['something that is not an error', 'password', 500, 'internal'],
  ['nothing', undefined, 500, 'internal'],
  ['Fastify: JSON that does not parse', fastify(400, 'Body is not valid JSON'), 400, 'malformed_request'],
  ['Fastify: a body that is too large', fastify(413, 'Request body is too large'), 413, 'payload_too_large'],
  [
    'Fastify: a content type without a parser',
    fastify(415, 'Unsupported Media Type'),
    415,
    'unsupported_media_type',
  ],
  ['Fastify: an unknown refusal', fastify(418, 'I am a teapot'), 400, 'malformed_request'],
  ['Fastify: an unknown failure', fastify(599, 'something'), 500, 'internal'],
  [
    'pg: a broken constraint',
    Object.assign(new Error('Key (email)=(a@b.c)'), { code: '23505' }),
    500,
    'internal',
  ],
  [
    'pg: a server that stops',
    Object.assign(new Error('terminating'), { code: '57P01' }),
    503,
    'database_unavailable',
  ],
  [
    'pg: a full disk',
    Object.assign(new Error('could not extend file'), { code: '53100' }),
    503,
    'database_unavailable',
  ],
  [
    'pg: a standby',
    Object.assign(new Error('cannot execute INSERT in a read-only transaction'), { code: '25006' }),
    503,
    'database_unavailable',
  ],
  [
    'Node: a server that is gone',
    Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    503,
    'database_unavailable',
  ],
  [
    'Node: a server whose socket is gone with it',
    Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' }),
    503,
    'database_unavailable',
  ],
  ['Node: a file that is not there', Object.assign(new Error('x'), { code: 'ENOENT' }), 500, 'internal'],
  [
    'pg: a transaction that stood still',
    Object.assign(new Error('x'), { code: '25P03' }),
    503,
    'database_unavailable',
  ],
];

test.each(foreign)('%s', (_from, err, status, code) => {
  const problem = toProblem(err);
  expect(problem).toMatchObject({ status, body: { status, code } });
  if (status === 500) expect(JSON.stringify(problem)).not.toMatch(/password|a@b\.c|teapot/);
});

test('503 says when to come back', () => {
  expect(toProblem(new KeptError('overloaded', 'Busy.')).headers['retry-after']).toBe('1');
  expect(
    toProblem(new KeptError('overloaded', 'Busy.', { retryAfterSeconds: 30 })).headers['retry-after'],
  ).toBe('30');
});

test('each wrong field of a request is named by its path', () => {
  const validation = [
    { instancePath: '/lines/0/quantity', message: 'Too small: expected number to be >0', params: {} },
    { instancePath: '/customer/name', message: 'Required', params: {} },
  ];
  const err = Object.assign(fastify(400, 'body/lines/0/quantity …'), {
    validation,
    validationContext: 'body',
  });
  expect(toProblem(err)).toMatchObject({
    status: 422,
    body: {
      code: 'invalid_input',
      detail: 'lines[0].quantity: Too small: expected number to be >0 (and 1 more)',
      errors: [
        { path: 'lines[0].quantity', message: 'Too small: expected number to be >0' },
        { path: 'customer.name', message: 'Required' },
      ],
    },
  });
});

test('a field outside of the body says where it is', () => {
  const validation = [{ instancePath: '/limit', message: 'Expected a number' }];
  const err = Object.assign(fastify(400, ''), { validation, validationContext: 'querystring' });
  expect(toProblem(err).body.errors).toEqual([
    { path: 'limit', message: 'Expected a number', in: 'querystring' },
  ]);
});

test('a schema that a handler applied itself is told in the same way', () => {
  const schema = z.object({ lines: z.array(z.object({ quantity: z.int() })) });
  const { error } = schema.safeParse({ lines: [{ quantity: 1 }, { quantity: 1.5 }] });
  expect(toProblem(error)).toMatchObject({ status: 422, body: { errors: [{ path: 'lines[1].quantity' }] } });
});

function fastify(statusCode: number, message: string) {
  return Object.assign(new Error(message), { statusCode, code: 'FST_ERR' });
}
