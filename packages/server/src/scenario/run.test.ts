import { describe, expect, test } from 'vitest';
import { parseScenario } from './read.ts';
import { failureText, headline, outcomeJson } from './report.ts';
import { type Outcome, runScenario } from './run.ts';
import type { Answer, Server } from './scenario.ts';

/** A server that answers from a table, keeps a clock, and remembers what it was asked. */
function stub(answers: Record<string, { status: number; body: unknown }> = {}) {
  let now = '2026-03-02T09:00:00.000Z';
  const asked: { call: string; body: unknown; headers: unknown }[] = [];
  const server: Server = {
    async call(method, path, body, headers): Promise<Answer> {
      if (path === '/v1/clock') {
        if (method === 'PUT') now = (body as { now: string }).now;
        return { status: 200, headers: {}, body: { now } };
      }
      const call = `${method} ${path}`;
      asked.push({ call, body, headers });
      return { headers: { etag: '"7"' }, ...(answers[call] ?? { status: 200, body: {} }) };
    },
  };
  return { server, asked };
}

const play = (text: string, server: Server, lastLook?: () => Promise<string[]>): Promise<Outcome> =>
  runScenario(parseScenario(text, 'story.yaml'), server, lastLook);

describe('a story', () => {
  test('is played step by step: what is saved is used, time moves, words become days', async () => {
    const { server, asked } = stub({ 'POST /v1/holds': { status: 201, body: { id: 'a/b' } } });
    const { failure } = await play(
      `
title: T
clock: 2026-03-02
steps:
  - post: /v1/holds
    body: { until: today+1 }
    headers: { Idempotency-Key: k }
    expect: { status: 201, headers: { ETag: '"7"' } }
    save: { hold: body.id }
  - clock: +7d
  - get: /v1/holds/\${hold}
    query: { day: today, sku: A & B }
`,
      server,
    );
    expect(failure).toBeNull();
    expect(asked).toEqual([
      { call: 'POST /v1/holds', body: { until: '2026-03-03' }, headers: { 'idempotency-key': 'k' } },
      { call: 'GET /v1/holds/a%2Fb?day=2026-03-09&sku=A+%26+B', body: undefined, headers: {} },
    ]);
  });

  test('ends at the first step that fails', async () => {
    const { server, asked } = stub({ 'GET /a': { status: 500, body: {} } });
    const { failure } = await play('title: T\nsteps: [{ get: / }, { get: /a }, { get: /b }]', server);
    expect(failure).toMatchObject({ step: 2, message: 'GET /a answered otherwise' });
    expect(asked.map((one) => one.call)).toEqual(['GET /', 'GET /a']);
  });

  test('fails where an answer has nothing to save', async () => {
    const { failure } = await play('title: T\nsteps: [{ get: /, save: { id: body.id } }]', stub().server);
    expect(failure).toMatchObject({ step: 1, message: 'the answer has no body.id to save as id' });
  });

  test('fails where what must always be true is not', async () => {
    const { failure } = await play('title: T\nsteps: [{ get: / }]', stub().server, async () => [
      'a unit is lost',
    ]);
    expect(failure).toMatchObject({
      step: null,
      message: 'What must always be true is not:\na unit is lost',
    });
  });

  test('that moves time needs a server whose clock moves', async () => {
    const server: Server = { call: async () => ({ status: 404, headers: {}, body: {} }) };
    const { failure } = await play('title: T\nclock: 2026-03-02\nsteps: [{ get: / }]', server);
    expect(failure?.message).toContain('start it with --clock manual');
  });
});

describe('what a failed story tells', () => {
  const text = `
title: Seven asked, five on hand
steps:
  - say: Ada orders seven.
    order: { ref: "1001", customer: Ada, placedAt: 2026-03-02T09:00:00Z, sku: TEA, quantity: 7 }
    expect:
      status: 201
      body:
        lines:
          - commitments:
              - { kind: reserved, quantity: 5 }
              - { kind: pegged, quantity: 2, shipBy: $day }
`;
  const commitments = [{ kind: 'reserved', quantity: 4, location: 'main' }];
  const answers = { 'POST /v1/orders': { status: 201, body: { lines: [{ commitments }] } } };

  test('is expected beside seen, with the place of the difference marked', async () => {
    const outcome = await play(text, stub(answers).server);
    expect(headline(outcome)).toMatch(/^✗ Seven asked, five on hand +\d+ ms$/);
    expect(failureText(outcome, outcome.failure!)).toBe(`  story.yaml:4
  step 1: Ada orders seven.

  POST /v1/orders
    ref: "1001"
    channel: web
    placedAt: 2026-03-02T09:00:00Z
    customer:
      name: Ada
    shipTo:
      country: US
    lines:
      - line: 1
        sku: TEA
        quantity: 7
        price:
          amount: 2000
          currency: USD

    expected                                               seen
    status: 201                                            status: 201
    body:                                                  body:
      lines:                                                 lines:
  ✗     - commitments: (2 entries)                             - commitments: (1 entry)
            - kind: reserved                                       - kind: reserved
  ✗           quantity: 5                                            quantity: 4
  ✗         - { kind: pegged, quantity: 2, shipBy: $day }          - (not there)
`);
  });

  test('is the sentence of a problem, where the answer is one', async () => {
    const body = { code: 'cannot_promise', detail: '5 of 7 TEA can be promised.' };
    const outcome = await play(text, stub({ 'POST /v1/orders': { status: 409, body } }).server);
    const told = failureText(outcome, outcome.failure!);
    expect(told).toContain('  ✗ status: 201');
    expect(told).toContain('The answer says: 5 of 7 TEA can be promised.');
  });

  test('is one JSON object for a script', async () => {
    const outcome = await play(text, stub(answers).server);
    expect(outcomeJson(outcome)).toMatchObject({
      scenario: 'Seven asked, five on hand',
      file: 'story.yaml',
      passed: false,
      steps: 1,
      failure: {
        step: 1,
        line: 4,
        request: { method: 'POST', path: '/v1/orders' },
        differences: [
          { path: 'body.lines[0].commitments.length', expected: 2, seen: 1 },
          { path: 'body.lines[0].commitments[0].quantity', expected: 5, seen: 4 },
          { path: 'body.lines[0].commitments[1]' },
        ],
        answer: { status: 201 },
      },
    });
  });
});
