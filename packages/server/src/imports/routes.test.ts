import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toProblem } from '../platform/errors.ts';
import { importRoutes } from './routes.ts';
import type { RowError } from './row-errors.ts';
import type { ImportRun, ImportStore } from './store-interface.ts';
import { FakeApplier, FakeMappings } from './testing.ts';

interface Page {
  items: RowError[];
  next: string | null;
}
const CSV = 'sku,location,condition,counted\nLAMP,main,sellable,5\nDESK,main,sellable,1\n';
let app: FastifyInstance;
let applier: FakeApplier;
let background: Promise<void>[];

beforeEach(async () => {
  applier = new FakeApplier();
  background = [];
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, body } = toProblem(error);
    return reply.code(status).headers(headers).send(body);
  });
  await importRoutes(app, {
    brandOf: () => 'b1',
    applierFor: () => applier,
    mappingStoreFor: () => new FakeMappings(),
    store: memoryStore(),
    clock: { now: () => new Date('2026-01-15T12:00:00Z') },
    runInBackground: (_name, work) => void background.push(work()),
    maximumBytes: 10_000,
  });
});
afterEach(() => app.close());

const post = (payload: string | Buffer, query = '', headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: `/v1/imports${query}`,
    payload,
    headers: { 'content-type': 'text/csv', ...headers },
  });

test('a file is taken, and its import can be followed by its id', async () => {
  const answer = await post(CSV, '?name=stock.csv');
  expect(answer.statusCode).toBe(202);
  const { id } = answer.json<ImportRun>();
  expect(answer.headers.location).toBe(`/v1/imports/${id}`);
  await Promise.all(background);
  const run = (await app.inject(`/v1/imports/${id}`)).json<ImportRun>();
  expect(run).toMatchObject({
    file: 'stock.csv',
    kind: 'stock',
    state: 'done',
    rows: 2,
    applied: 2,
    progress: 1,
    encoding: 'utf-8',
    delimiter: 'comma',
    startedAt: '2026-01-15T12:00:00.000Z',
    finishedAt: '2026-01-15T12:00:00.000Z',
  });
  expect(applier.records).toHaveLength(2);
});

test.each([
  ['the header Prefer: wait', '', { prefer: 'wait' }],
  ['wait=true', '?wait=true', {}],
])('%s is answered when the import has finished', async (_what, query, headers) => {
  const answer = await post(CSV, query, headers);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ state: 'done', applied: 2 });
});

test('gzip is taken as it is', async () => {
  const answer = await post(gzipSync(Buffer.from(CSV)), '?wait=true', { 'content-type': 'application/gzip' });
  expect(answer.json()).toMatchObject({ state: 'done', applied: 2 });
});

test('a form brings the file and says what is to be done with it', async () => {
  const form = new FormData();
  form.set('skipBadRows', 'true');
  form.set('wait', 'true');
  form.set('map', 'sku=Ware,counted=Da');
  form.set('kind', 'stock');
  form.set('location', 'main');
  form.set('file', new Blob(['Ware,Da\nLAMP,5\nNOPE,1\n']), 'lager.csv');
  const { body, headers } = await encoded(form);
  const answer = await app.inject({ method: 'POST', url: '/v1/imports', payload: body, headers });
  expect(answer.json()).toMatchObject({
    file: 'lager.csv',
    state: 'done',
    applied: 1,
    skipped: 1,
    mapping: { sku: 'Ware', counted: 'Da' },
  });
});

test('all errors can be read, page by page', async () => {
  const rows = Array.from({ length: 250 }, (_, index) => `NOPE${index},main,sellable,1\n`).join('');
  const { id } = (await post(CSV.slice(0, CSV.indexOf('LAMP')) + rows, '?wait=true')).json<ImportRun>();
  const seen: RowError[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer: { json(): Page } = await app.inject(
      `/v1/imports/${id}/errors?limit=100${cursor && `&cursor=${cursor}`}`,
    );
    const page = answer.json();
    seen.push(...page.items);
    cursor = page.next;
  }
  expect(seen.map((error) => error.line)).toEqual(Array.from({ length: 250 }, (_, index) => index + 2));
});

test('what the file does not tell is asked for', async () => {
  const answer = await post('Ware,Da\nLAMP,5\n', '?wait=true&kind=stock');
  expect(answer.json()).toMatchObject({
    state: 'needs_mapping',
    missing: ['sku', 'counted'],
    columns: ['Ware', 'Da'],
  });
});

test.each<[string, () => Promise<{ statusCode: number; json(): unknown }>, number, string]>([
  ['a file that is too large', () => post('x'.repeat(20_000)), 413, 'payload_too_large'],
  [
    'JSON for a file',
    () => post('{}', '', { 'content-type': 'application/json' }),
    415,
    'unsupported_media_type',
  ],
  ['a kind that is not', () => post(CSV, '?kind=spoons'), 422, 'invalid_input'],
  ['a mapping without a column', () => post(CSV, '?map=sku'), 422, 'invalid_input'],
  ['an import that is not', () => app.inject('/v1/imports/nope'), 404, 'not_found'],
  ['errors of an import that is not', () => app.inject('/v1/imports/nope/errors'), 404, 'not_found'],
  ['a cursor that is not', () => app.inject('/v1/imports/nope/errors?cursor=x'), 422, 'invalid_input'],
])('%s is refused', async (_what, ask, status, code) => {
  const answer = await ask();
  expect(answer.json()).toMatchObject({ code });
  expect(answer.statusCode).toBe(status);
  expect(applier.calls).toEqual([]);
});

async function encoded(form: FormData) {
  const response = new Response(form);
  return {
    body: Buffer.from(await response.arrayBuffer()),
    headers: { 'content-type': response.headers.get('content-type')! },
  };
}

function memoryStore(): ImportStore {
  const runs = new Map<string, ImportRun>();
  const errors = new Map<string, RowError[]>();
  return {
    create: async (_brand, run) => void runs.set(run.id, run),
    update: async (_brand, id, change) => void runs.set(id, { ...runs.get(id)!, ...change }),
    get: async (_brand, id) => runs.get(id) ?? null,
    addErrors: async (_brand, id, more) => void errors.set(id, [...(errors.get(id) ?? []), ...more]),
    errors: async (_brand, id, from, limit) => (errors.get(id) ?? []).slice(from, from + limit),
  };
}
