import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos.ts';
import { table, total } from './report.ts';

/**
 * `npm run chaos [-- --rounds N --seed S --json]`: Kepts on a PostgreSQL with fsync, killed at random while clients order,
 * and afterwards nothing is oversold, lost or half there. Exit code 2: a wrong argument; 1: a fault was found, which is told
 * with its seed and round; what was recorded and the database are kept.
 */
const USAGE = 'Usage: npm run chaos [-- --rounds N --seed S --clients N --processes N --seconds N --json]';

function readArguments() {
  const number = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      rounds: number,
      seed: number,
      clients: number,
      processes: number,
      seconds: number,
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (name: 'rounds' | 'seed' | 'clients' | 'processes' | 'seconds', otherwise: number) => {
    const text = values[name];
    if (text === undefined) return otherwise;
    if (!/^[1-9]\d{0,8}$/.test(text))
      throw new Error(`--${name} is ${JSON.stringify(text)}, but expects a whole number from 1.`);
    return Number(text);
  };
  return {
    rounds: whole('rounds', 100),
    seed: whole('seed', randomInt(1, 1_000_000)),
    clients: whole('clients', 16),
    processes: whole('processes', 3),
    seconds: whole('seconds', 5),
    json: values.json ?? false,
    help: values.help ?? false,
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
  if (asked.help) {
    console.log(USAGE);
    return 0;
  }
  const { json, ...options } = asked;
  const directory = await mkdtemp(join(tmpdir(), 'kept-chaos-'));
  await chmod(directory, 0o755);
  const outcomes = [];
  let sound = true;
  for await (const outcome of runChaos({ ...options, directory })) {
    outcomes.push(outcome);
    if (json) console.log(JSON.stringify(total([outcome])));
    else console.error(table([outcome], outcomes.length === 1));
    if (outcome.faults.length === 0) continue;
    sound = false;
    const record = join(directory, `round-${outcome.round}.json`);
    await writeFile(record, JSON.stringify(outcome, null, 1));
    console.error(
      `Seed ${options.seed}, round ${outcome.round}: ${outcome.faults.length} faults (recorded in ${record})`,
    );
    for (const fault of outcome.faults.slice(0, 20)) console.error(`  ${fault}`);
  }
  if (json) console.log(JSON.stringify({ seed: options.seed, ...total(outcomes) }));
  else console.log(`\nSeed ${options.seed}, all rounds:\n${table([total(outcomes)], true)}`);
  if (!sound) console.error(`A fault was found. The database is kept in ${directory}.`);
  else await rm(directory, { recursive: true, force: true });
  return sound ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main();
