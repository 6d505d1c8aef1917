import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../packages/server/src/platform/embedded-postgres.ts';
import { migrate } from '../packages/server/src/platform/migrate.ts';
import { fuzzApi } from './api.ts';

/**
 * `npm run fuzz -- api [--minutes N --seed S --json]`: every endpoint from its OpenAPI schema, with valid, broken and hostile input.
 * Exit code 2: a wrong argument; 1: a fault was found, which is told with its seed.
 */
const USAGE = 'Usage: npm run fuzz -- api [--minutes N --seed S --json]';

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } },
  });
  const whole = (name: 'minutes' | 'seed', otherwise: number) => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new Error(`--${name} is ${JSON.stringify(text)}, but expects a whole number from 1.`);
    return Number(text);
  };
  if (positionals.join() !== 'api') throw new Error('What is to be fuzzed is not named.');
  return {
    minutes: whole('minutes', 30),
    seed: whole('seed', randomInt(1, 1_000_000)),
    json: values.json ?? false,
  };
}

async function main(): Promise<number> {
  let asked: ReturnType<typeof readArguments>;
  try {
    asked = readArguments();
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  const { minutes, seed, json } = asked;
  const directory = await mkdtemp(join(tmpdir(), 'kept-fuzz-'));
  const embedded = await startEmbedded({ dataDir: join(directory, 'postgres') });
  try {
    await migrate(embedded.url);
    const found = await fuzzApi(embedded.url, { seed, until: Date.now() + minutes * 60_000 });
    if (json) console.log(JSON.stringify({ seed, minutes, ...found }));
    else {
      const answers = Object.entries(found.byStatus).map(([status, count]) => `${count} × ${status}`);
      console.log(
        `${found.requests} requests to ${found.routes} routes, ${found.served} of which served some; seed ${seed}`,
      );
      console.log(`${answers.join(', ')}; the slowest took ${found.slowestMs} ms`);
      for (const fault of found.faults) console.log(`✗ ${fault}`);
      console.log(`${found.faults.length} faults`);
    }
    return found.faults.length > 0 ? 1 : 0;
  } finally {
    await embedded.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
