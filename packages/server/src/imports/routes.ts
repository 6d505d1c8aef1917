import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import multipart from '@fastify/multipart';
import { ImportErrorPage, ImportQuery, ImportStatus, Page, Problem } from '@kept/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { systemClock } from '../platform/clock.ts';
import { KeptError } from '../platform/errors.ts';
import { asFound, type ImportJobDeps, runImportJob } from './import-job.ts';
import { parseMap } from './mapping.ts';
import type { ImportOptions } from './options.ts';
import { FileProblem } from './problem.ts';
import type { ImportRun } from './store-interface.ts';
import { FILE_TYPES, receiveUpload, removeStaleUploads, type Upload } from './upload.ts';

export interface ImportRoutesDeps extends ImportJobDeps {
  /** The brand that the request acts for; refuses it where it may not import. */
  brandOf(request: FastifyRequest): string | Promise<string>;
  /** Runs work that the answer does not wait for, so that a shutdown can. */
  runInBackground(name: string, work: () => Promise<void>): void;
  /** The largest upload, in bytes as sent; 4 GB unless told. */
  maximumBytes?: number;
}

const ById = z.object({ id: z.string().max(60) });
/** A form brings the same names as fields: they are checked together, when those have come. */
const AnyQuery = z.looseObject(
  Object.fromEntries(
    Object.entries(ImportQuery.shape).map(([name, { description }]) => {
      const text = z.string().optional();
      return [name, description === undefined ? text : text.describe(description)];
    }),
  ),
);
const NOTHING_YET = {
  rows: 0,
  applied: 0,
  unchanged: 0,
  skipped: 0,
  errorCount: 0,
  errors: [],
  finishedAt: null,
};

/** POST /v1/imports, its progress and its errors. */
export async function importRoutes(instance: FastifyInstance, deps: ImportRoutesDeps): Promise<void> {
  // a scope of its own: nowhere else is a body of text/csv a stream
  await instance.register(async (scope) => addRoutes(scope, deps));
}

async function addRoutes(instance: FastifyInstance, deps: ImportRoutesDeps): Promise<void> {
  await removeStaleUploads();
  const app = instance.withTypeProvider<ZodTypeProvider>();
  const maximumBytes = deps.maximumBytes ?? 4 * 1024 ** 3;
  if (!app.hasContentTypeParser('multipart/form-data')) await app.register(multipart);
  for (const type of FILE_TYPES) {
    if (app.hasContentTypeParser(type)) app.removeContentTypeParser(type);
    // the body stays a stream, which is spooled to disk: memory does not grow with the file
    app.addContentTypeParser(type, (_request, payload, done) => done(null, payload));
  }

  app.post(
    '/v1/imports',
    {
      config: { permission: 'imports:write' },
      schema: {
        summary: 'Import a file',
        description:
          'CSV with any delimiter or lines of JSON, plain or gzipped, as the body or as the file of a form. The kind is recognised by the columns unless it is told. Answers 202 with an id to ask after; with `Prefer: wait` or wait=true, 200 when the import has finished.',
        tags: ['imports'],
        consumes: ['multipart/form-data', ...FILE_TYPES],
        querystring: AnyQuery,
        response: { 200: ImportStatus, 202: ImportStatus, 413: Problem, 415: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const brand = await deps.brandOf(request);
      const upload = await receiveUpload(request, maximumBytes);
      const { options, run } = await begun(deps, brand, upload);
      const work = () => runImportJob(deps, brand, run.id, upload, options);
      if (upload.query.wait ?? /\bwait\b/.test(String(request.headers.prefer ?? ''))) {
        await work();
        return reply.code(200).send((await deps.store.get(brand, run.id)) ?? run);
      }
      deps.runInBackground(`import ${run.id}`, work);
      return reply.code(202).header('location', `/v1/imports/${run.id}`).send(run);
    },
  );

  app.get(
    '/v1/imports/:id',
    {
      config: { permission: 'imports:read' },
      schema: {
        summary: 'An import, its progress and its first 1,000 errors',
        tags: ['imports'],
        params: ById,
        response: { 200: ImportStatus, 404: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const run = known(await deps.store.get(await deps.brandOf(request), id), id);
      return asFound(run, (deps.heartbeatClock ?? systemClock).now());
    },
  );

  app.get(
    '/v1/imports/:id/errors',
    {
      config: { permission: 'imports:read' },
      schema: {
        summary: 'The errors of an import, the first 100,000 of them',
        tags: ['imports'],
        params: ById,
        querystring: Page,
        response: { 200: ImportErrorPage, 404: Problem, 422: Problem },
      },
    },
    async (request) => {
      const brand = await deps.brandOf(request);
      const { id } = request.params;
      const { limit, cursor = '0' } = request.query;
      if (!/^\d{1,12}$/.test(cursor))
        throw new KeptError('invalid_input', 'cursor: expected the one that the page before gave as next.');
      known(await deps.store.get(brand, id), id);
      const from = Number(cursor);
      const items = await deps.store.errors(brand, id, from, limit + 1);
      return { items: items.slice(0, limit), next: items.length > limit ? String(from + limit) : null };
    },
  );
}

function known(run: ImportRun | null, id: string): ImportRun {
  if (run === null) throw new KeptError('not_found', `There is no import ${id}.`);
  return run;
}

/** Records that an import of this upload runs from now on; where that fails, the upload is removed. */
async function begun(
  deps: ImportRoutesDeps,
  brand: string,
  upload: Upload,
): Promise<{ options: ImportOptions; run: ImportRun }> {
  try {
    const options = optionsOf(upload);
    const run: ImportRun = {
      id: randomUUID(),
      file: upload.name,
      kind: options.kind ?? null,
      state: 'checking',
      ...NOTHING_YET,
      startedAt: deps.clock.now().toISOString(),
      touchedAt: (deps.heartbeatClock ?? systemClock).now().toISOString(),
    };
    await deps.store.create(brand, run);
    return { options, run };
  } catch (error) {
    await rm(upload.directory, { recursive: true, force: true });
    throw error;
  }
}

function optionsOf(upload: Upload): ImportOptions {
  const { map, wait: _wait, name: _name, ...options } = upload.query;
  try {
    return map === undefined ? options : { ...options, map: parseMap(map) };
  } catch (error) {
    if (error instanceof FileProblem)
      throw new KeptError('invalid_input', `map: ${error.message}; expected ${error.expected}.`);
    throw error;
  }
}
