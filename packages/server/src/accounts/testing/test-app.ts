import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll } from 'vitest';
import { type ManualClock, manualClock } from '../../platform/clock.ts';
import { type Db, withBrand } from '../../platform/database.ts';
import { toProblem } from '../../platform/errors.ts';
import { openIds } from '../../platform/ids.ts';
import type { Kept } from '../../platform/kept.ts';
import { createLog } from '../../platform/log.ts';
import { accountRoutes, createKey, ensureBrand } from '../index.ts';

export const BOOTSTRAP_KEY = 'bootstrap-key-of-the-tests';

export interface Answered {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test knows what it asked for
  readonly body: any;
  readonly headers: Record<string, unknown>;
}
export type Ask = (
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  url: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<Answered>;

export interface TestApp {
  readonly app: FastifyInstance;
  readonly kept: Kept;
  readonly clock: ManualClock;
  /** As the first brand. */
  readonly ask: Ask;
  /** As the second. */
  readonly askOther: Ask;
  /** Rows of the first brand (or another), for what no answer shows. */
  rows(sql: string, values?: unknown[], brandId?: number): Promise<Record<string, unknown>[]>;
}

/** The routes given behind the real sign-in, error answers and validation, for two brands, on a Wednesday morning. */
export async function testApp(
  db: Db,
  ...routes: ((app: FastifyInstance, kept: Kept) => void | Promise<void>)[]
): Promise<TestApp> {
  const clock = manualClock(new Date('2026-03-04T09:00:00Z'));
  const kept: Kept = { db, clock, ids: openIds(db), log: createLog('silent') };
  await ensureBrand(kept, { title: 'Wren', timeZone: 'Europe/London', currency: 'GBP', country: 'GB' });
  await withBrand(db, 2, (client) =>
    client.query(
      "insert into brand (brand_id, title, time_zone, currency, created_at) values (2, 'Other', 'Pacific/Honolulu', 'USD', now())",
    ),
  );
  const app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const failures: unknown[] = [];
  app.setErrorHandler((error, _request, reply) => {
    const { status, headers, body } = toProblem(error);
    if (status >= 500) failures.push(error);
    return reply.status(status).headers(headers).send(body);
  });
  accountRoutes(app, kept, { bootstrapKey: BOOTSTRAP_KEY });
  for (const add of routes) await add(app, kept);
  await app.ready();
  afterAll(async () => {
    await app.close();
    // An answer of 500 that a test did not look at is still a bug.
    if (failures.length > 0) throw failures[0];
  });
  const as =
    (key: string): Ask =>
    async (method, url, body, headers = {}) => {
      const answer = await app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${key}`, ...headers },
        ...(body === undefined ? {} : { payload: body }),
      });
      const text = answer.body;
      return {
        status: answer.statusCode,
        body: text === '' ? null : JSON.parse(text),
        headers: answer.headers,
      };
    };
  return {
    app,
    kept,
    clock,
    ask: as(BOOTSTRAP_KEY),
    askOther: as(await createKey(kept, 2, 'other')),
    rows: (sql, values = [], brandId = 1) =>
      withBrand(db, brandId, async (client) => (await client.query(sql, values)).rows),
  };
}
