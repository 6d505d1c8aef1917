// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so does a story name what it saved
import { describe, expect, test } from 'vitest';
import { parseScenario, readScenario, UnreadableScenario } from './read.ts';
import type { CallStep } from './scenario.ts';

const parse = (text: string) => parseScenario(text, 'story.yaml');
const callsOf = (text: string) => parse(text).steps as CallStep[];

describe('a step is written as one likes', () => {
  test.each<[name: string, step: string]>([
    ['by its method', 'post: /v1/plan\n    body: { skus: [A] }'],
    ['as method and path', 'method: POST\n    path: /v1/plan\n    body: { skus: [A] }'],
    ['as a request', 'request: POST /v1/plan\n    body: { skus: [A] }'],
  ])('%s', (_, step) => {
    const [call] = callsOf(`title: T\nsteps:\n  - ${step}\n`);
    expect(call).toMatchObject({ line: 3, method: 'POST', path: '/v1/plan', body: { skus: ['A'] } });
  });

  test('a number is a status to expect', () => {
    expect(callsOf('title: T\nsteps: [{ get: /v1/x, expect: 404 }]')[0]!.expect).toEqual({ status: 404 });
  });
});

describe('what is given becomes plain calls', () => {
  test('in the order in which one needs the other, with what a story seldom cares about', () => {
    const calls = callsOf(`
title: T
brand: { currency: EUR, country: DE }
given:
  items: { A/1: , B: { price: 900 } }
  stock: { A/1: 5, B: { east: 2 } }
  locations: { west: West, east: { title: East, channels: [web] } }
  limits: { B: { web: { maximum: 4 } } }
  purchaseOrders: { PO-1: { sku: B, quantity: 3, expectedOn: today+7 } }
  orders: [{ ref: "1", customer: Ada, sku: B, quantity: 2, notBefore: 2026-05-01, shipComplete: true }]
steps: [{ get: /healthz }]
`);
    expect(calls.map((call) => [call.method, call.path, call.body])).toEqual([
      ['PUT', '/v1/channels/web', { title: 'web', kind: 'web' }],
      ['PUT', '/v1/locations/west', { title: 'West' }],
      ['PUT', '/v1/locations/east', { title: 'East', channels: ['web'] }],
      ['PUT', '/v1/items/A%2F1', { title: 'A/1', price: { amount: 2000, currency: 'EUR' } }],
      ['PUT', '/v1/items/B', { title: 'B', price: { amount: 900, currency: 'EUR' } }],
      [
        'POST',
        '/v1/stock/adjustments',
        { sku: 'A/1', location: 'west', counted: 5, reason: 'opening count' },
      ],
      ['POST', '/v1/stock/adjustments', { sku: 'B', location: 'east', counted: 2, reason: 'opening count' }],
      ['PUT', '/v1/items/B/channels/web', { maximum: 4 }],
      [
        'PUT',
        '/v1/purchase-orders/PO-1',
        {
          supplier: 'acme',
          placedOn: 'today',
          stage: 'confirmed',
          lines: [{ line: 1, sku: 'B', quantity: 3, expectedOn: 'today+7', location: 'west' }],
        },
      ],
      [
        'POST',
        '/v1/orders',
        {
          ref: '1',
          channel: 'web',
          placedAt: 'now',
          customer: { name: 'Ada' },
          shipTo: { country: 'DE' },
          shipComplete: true,
          lines: [
            {
              line: 1,
              sku: 'B',
              quantity: 2,
              notBefore: '2026-05-01',
              price: { amount: 900, currency: 'EUR' },
            },
          ],
        },
      ],
      ['GET', '/healthz', undefined],
    ]);
    expect(calls.map((call) => call.line)).toContain(10);
  });
});

describe('a file that cannot be run says where', () => {
  test.each<[name: string, text: string, told: string]>([
    ['broken YAML', 'title: T\nsteps:\n  - get: [\n', 'story.yaml:4:1: '],
    ['no YAML at all', '', 'story.yaml:1:1: "title" is missing'],
    ['no steps', 'title: T', 'story.yaml:1:1: "steps" is missing'],
    [
      'a word that there is not',
      'title: T\nstepps: []\nsteps: [{ get: / }]',
      'story.yaml:2:1: there is no "stepps" here',
    ],
    [
      'a word inside a step',
      'title: T\nsteps:\n  - get: /v1/x\n    expct: 200',
      'story.yaml:4:5: there is no "expct" here',
    ],
    [
      'a word inside expect',
      'title: T\nsteps:\n  - get: /x\n    expect:\n      stats: 200',
      'story.yaml:5:7: there is no "stats" here',
    ],
    [
      'a step that does nothing',
      'title: T\nsteps:\n  - say: hm',
      'story.yaml:3:5: a step has one of clock, get, post',
    ],
    [
      'a step that does two things',
      'title: T\nsteps:\n  - get: /a\n    post: /b',
      'story.yaml:3:5: a step has one of',
    ],
    [
      'an address without its slash',
      'title: T\nsteps:\n  - get: v1/x',
      'story.yaml:3:5: get: expected an address',
    ],
    [
      'a time that does not exist',
      'title: T\nclock: 2026-02-30\nsteps: [{ get: / }]',
      'story.yaml:2:1: expected an instant',
    ],
    [
      'a clock step that is none',
      'title: T\nsteps:\n  - clock: soon',
      'story.yaml:3:5: clock: expected an instant',
    ],
    [
      'a zone that there is not',
      'title: T\nbrand: { timeZone: Moon }\nsteps: [{ get: / }]',
      'story.yaml:2:10: expected an IANA',
    ],
    [
      'a name that nobody saved',
      'title: T\nsteps:\n  - get: /v1/orders/${id}',
      'story.yaml:3:5: nothing is saved as "id"',
    ],
    [
      'a name that is saved later',
      'title: T\nsteps:\n  - get: /a\n    body: { x: "${id}" }\n  - get: /b\n    save: { id: body.id }',
      'story.yaml:4:13: nothing is saved as "id"',
    ],
    [
      'a matcher that there is not',
      'title: T\nsteps:\n  - get: /a\n    expect: { body: { x: $dy } }',
      'story.yaml:4:23: there is no $dy',
    ],
    [
      'stock that is no number',
      'title: T\ngiven:\n  stock: { A: many }\nsteps: [{ get: / }]',
      'story.yaml:3:12: A: ',
    ],
  ])('%s', (_, text, told) => {
    expect(() => parse(text)).toThrow(UnreadableScenario);
    expect(() => parse(text)).toThrow(told);
  });

  test('with all that is wrong at once', () => {
    const wrong = 'title: T\nextra: 1\nsteps:\n  - get: x\n  - gett: /y';
    expect(() => parse(wrong)).toThrow(/:2:1: .*\n.*:4:5: .*\n.*:5:5: /);
  });

  test('one that is not there', async () => {
    await expect(readScenario('no-such.yaml')).rejects.toThrow('no-such.yaml: there is no such file');
  });
});
