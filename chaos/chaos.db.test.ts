import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runChaos } from './chaos.ts';
import { total } from './report.ts';
import type { RoundOutcome } from './round.ts';

/** A short run of `npm run chaos`, on a PostgreSQL with fsync of its own. */

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-chaos-'));
  await chmod(directory, 0o755); // the server has a user of its own where Kept runs as root
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('three processes and PostgreSQL are killed, stopped, frozen and cut off under load, and nothing is oversold, lost or half there', async () => {
  const outcomes: RoundOutcome[] = [];
  const options = { directory, rounds: 2, processes: 3, clients: 8, seconds: 3, seed: 20 };
  for await (const outcome of runChaos(options)) outcomes.push(outcome);
  expect(outcomes.flatMap(({ faults }) => faults)).toEqual([]);
  const { acknowledged, disturbed, histories, linearizable } = total(outcomes);
  expect(acknowledged).toBeGreaterThan(20);
  expect(disturbed.kept_killed).toBeGreaterThan(0);
  expect(disturbed.postgres_killed + disturbed.backend_killed).toBe(2);
  expect(histories).toBe(10);
  expect(linearizable).toBeGreaterThan(20);
}, 120_000);
