import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from '../chaos/arguments.ts';
import { startEmbedded } from '../packages/server/src/platform/embedded-postgres.ts';
import { migrate } from '../packages/server/src/platform/migrate.ts';
import { fuzzApi } from './api.ts';
import { tryOne } from './edi.ts';
import { Chance } from './mutate.ts';

/**
 * `npm run fuzz -- api [--minutes N]`: every endpoint from its OpenAPI schema, with valid, broken and hostile input.
 * `npm run fuzz -- edi [--runs N]`: the readers of partners' files, with files to which things have happened; nothing may crash,
 * hang, or be read as something else than is there.
 * Both take [--seed N] and [--json]. Exit code 2: a wrong argument; 1: a fault was found, which is told with its seed.
 */
const USAGE = 'Usage: npm run fuzz -- api [--minutes N --seed N --json] | edi [--runs N --seed N --json]';

function readAsked() {
  const asked = readArguments(
    { minutes: 30, runs: 20_000, seed: randomInt(1, 1_000_000) },
    { allowPositionals: true },
  );
  const [what] = asked.positionals;
  if (!asked.help && (asked.positionals.length !== 1 || (what !== 'api' && what !== 'edi')))
    throw new Error('What is to be fuzzed is not named.');
  return { ...asked.numbers, what, json: asked.json, help: asked.help };
}
type Asked = ReturnType<typeof readAsked>;

async function main(): Promise<number> {
  let asked: Asked;
  try {
    asked = readAsked();
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (asked.help) {
    console.log(USAGE);
    return 0;
  }
  return asked.what === 'api' ? fuzzedApi(asked) : fuzzedEdi(asked);
}

async function fuzzedApi({ minutes, seed, json }: Asked): Promise<number> {
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

function fuzzedEdi({ runs, seed, json }: Asked): number {
  const begun = performance.now();
  let [read, taken] = [0, 0];
  const wrong: { seed: number; words: string; input: string }[] = [];
  for (let n = 0; n < runs && wrong.length < 10; n++) {
    const tried = tryOne(new Chance(seed + n));
    if (tried.read) read++;
    taken += tried.taken;
    for (const words of tried.wrong) wrong.push({ seed: seed + n, words, input: tried.input });
  }
  const seconds = (performance.now() - begun) / 1000;
  if (json)
    console.log(JSON.stringify({ fuzz: 'edi', runs, seed, read, taken, wrong: wrong.length, seconds }));
  else {
    for (const one of wrong) console.log(`seed ${one.seed}: ${one.words}\n${JSON.stringify(one.input)}\n`);
    console.log(
      `${runs} files tried in ${seconds.toFixed(1)} s: ${read} read as interchanges, ${taken} messages taken, ${wrong.length} wrong; seed ${seed}.`,
    );
  }
  return wrong.length > 0 ? 1 : 0;
}

process.exitCode = await main();
