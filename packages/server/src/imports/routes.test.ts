import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
let folder: string;
let temporary: string | undefined;
let machineTime: number;
let store: ImportStore;
let app: FastifyInstance;
let applier: FakeApplier;
let background: Promise<void>[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-test-'));
  temporary = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  await mkdir(join(folder, 'kept-upload-old'));
  await utimes(join(folder, 'kept-upload-old'), new Date(), new Date(Date.now() - 25 * 3_600_000));
  await mkdir(join(folder, 'kept-upload-new'));
  machineTime = Date.parse('2026-01-15T12:00:00Z');
  store = memoryStore();
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
    store,
    clock: { now: () => new Date('2026-01-15T12:00:00Z') },
    runInBackground: (_name, work) => void background.push(work()),
    heartbeatClock: { now: () => new Date(machineTime) },
    maximumBytes: 10_000,
    maximumDecompressedBytes: 50_000,
  });
});
afterEach(async () => {
  await app.close();
  if (temporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = temporary;
  await rm(folder, { recursive: true });
});

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

test('a gzip that unpacks to more than the limit is refused', async () => {
  const answer = await post(gzipSync(Buffer.alloc(60_000, 'x')), '?wait=true');
  expect(answer.json()).toMatchObject({
    state: 'refused',
    message: 'the file unpacks to more than 50,000 bytes',
  });
});

test('uploads that a killed server left are removed after a day', async () => {
  expect(await readdir(folder)).toEqual(['kept-upload-new']);
});

test('an upload whose import cannot be recorded is removed', async () => {
  store.create = () => Promise.reject(new Error('no database'));
  expect((await post(CSV)).statusCode).toBe(500);
  expect(await readdir(folder)).toEqual(['kept-upload-new']);
});

test.each([
  ['body', 'text/csv', 'sku,loc'],
  [
    'form',
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nsku,loc',
  ],
])('a %s whose sender leaves is removed', async (_what, type, start) => {
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(
    `POST /v1/imports HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 5000\r\n\r\n${start}`,
  );
  await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(2), 5000);
  socket.destroy();
  await vi.waitFor(async () => expect(await readdir(folder)).toEqual(['kept-upload-new']), 5000);
});

test('a running import that nobody has touched for a minute has failed', async () => {
  applier.known = () => new Promise(() => {});
  const { id } = (await post(CSV)).json<ImportRun>();
  const state = async () => (await app.inject(`/v1/imports/${id}`)).json<ImportRun>();
  machineTime += 60_000;
  expect((await state()).state).toBe('checking');
  machineTime += 1;
  expect(await state()).toMatchObject({
    state: 'failed',
    message: 'the server stopped while the file was read; nothing of it was applied',
    finishedAt: '2026-01-15T12:00:00.000Z',
  });
});

test('a running import shows that it lives though it does not get on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let goOn: (() => void) | undefined;
    const { brand } = applier;
    applier.known = () => new Promise((resolve) => (goOn = () => resolve(brand)));
    const { id } = (await post(CSV)).json<ImportRun>();
    machineTime += 10_000;
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await store.get('b1', id))?.touchedAt).toBe('2026-01-15T12:00:10.000Z');
    await vi.waitFor(() => expect(goOn).toBeDefined());
    goOn?.();
    await Promise.all(background);
    expect((await store.get('b1', id))?.state).toBe('done');
  } finally {
    vi.useRealTimers();
  }
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
    addErrors: async (_brand, id, from, more) =>
      void errors.set(id, [...(errors.get(id) ?? []).slice(0, from), ...more]),
    errors: async (_brand, id, from, limit) => (errors.get(id) ?? []).slice(from, from + limit),
  };
}
