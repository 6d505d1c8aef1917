import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { runChaos } from './chaos.ts';
import { disturbances, table, total } from './report.ts';

/**
 * `npm run chaos [-- --rounds N --seed S --json]`: Kepts on a PostgreSQL with fsync, killed, stopped, frozen and cut off at
 * random while clients order, and afterwards nothing is oversold, lost or half there. Exit code 2: a wrong argument; 1: a fault was found, which is told
 * with its seed and round; what was recorded and the database are kept.
 */
const USAGE = 'Usage: npm run chaos [-- --rounds N --seed S --clients N --processes N --seconds N --json]';

const readAsked = () =>
  readArguments({ rounds: 100, seed: randomInt(1, 1_000_000), clients: 16, processes: 3, seconds: 5 });

async function main(): Promise<number> {
  let asked: ReturnType<typeof readAsked>;
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
  const { json, numbers: options } = asked;
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
  else
    console.log(
      `\nSeed ${options.seed}, all rounds:\n${table([total(outcomes)], true)}\n${disturbances(total(outcomes).disturbed)}`,
    );
  if (!sound) console.error(`A fault was found. The database is kept in ${directory}.`);
  else await rm(directory, { recursive: true, force: true });
  return sound ? 0 : 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main();
