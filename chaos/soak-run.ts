import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './arguments.ts';
import { runSoak, type SoakWindow, verdictsOf } from './soak.ts';

/**
 * `npm run soak [-- --minutes N --clients N --processes N --seed S --json]`: a mixed load at half of the measured maximum. Exit code 2: a
 * wrong argument; 1: memory or answers grew, an invariant is broken, or a request was answered as it must not be.
 */
const USAGE = 'Usage: npm run soak [-- --minutes N --window N --clients N --processes N --seed S --json]';

const readAsked = () =>
  readArguments({ minutes: 120, window: 60, clients: 16, processes: 2, seed: randomInt(1, 1_000_000) });

const HEAD = '  min  requests    /s   p50   p99   Kept MB        PostgreSQL MB  slowest by kind, p99';
/** So many of the slowest kinds are told. */
const TOLD_KINDS = 3;

function rowOf(one: SoakWindow): string {
  const cell = (text: string | number, width: number) => String(text).padStart(width);
  const slowest = Object.entries(one.p99ByKind)
    .sort(([, a], [, b]) => b - a)
    .slice(0, TOLD_KINDS)
    .map(([kind, p99]) => `${kind} ${p99}`)
    .join(', ');
  const memory = one.megabytes.map((megabytes) => Math.round(megabytes)).join(' ');
  return [
    cell(one.minute.toFixed(1), 5),
    cell(one.requests, 9),
    cell(Math.round(one.perSecond), 5),
    cell(one.p50, 5),
    cell(one.p99, 5),
    `  ${memory.padEnd(14)}`,
    cell(Math.round(one.serverMegabytes), 13),
    ` ${slowest}`,
  ].join(' ');
}

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
  const { json } = asked;
  const { window, ...numbers } = asked.numbers;
  const options = { ...numbers, windowSeconds: window };
  const directory = await mkdtemp(join(tmpdir(), 'kept-soak-'));
  await chmod(directory, 0o755);
  const windows: SoakWindow[] = [];
  const soak = runSoak({ ...options, directory });
  if (!json) console.error(HEAD);
  let wrong: readonly string[] = [];
  for (;;) {
    const { value, done } = await soak.next();
    if (done) {
      wrong = value;
      break;
    }
    windows.push(value);
    console.error(json ? JSON.stringify(value) : rowOf(value));
  }
  const faults = [...windows.flatMap((one) => one.faults), ...wrong];
  const verdicts = verdictsOf(windows);
  const grows = Object.values(verdicts).some((one) => one?.grows === true);
  if (json) console.log(JSON.stringify({ seed: options.seed, windows: windows.length, verdicts, faults }));
  else {
    console.log(`\nSeed ${options.seed}, ${windows.length} windows of ${options.windowSeconds} s`);
    for (const [what, one] of Object.entries(verdicts))
      console.log(
        one === null
          ? `${what}: too short to tell`
          : `${what}: ${one.before.toFixed(0)} in the second quarter, ${one.after.toFixed(0)} in the last: ${one.grows ? 'GROWS' : 'flat'}`,
      );
    console.log(faults.length === 0 ? 'Every invariant holds.' : `${faults.length} faults:`);
    for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
  }
  if (faults.length > 0) console.error(`The database is kept in ${directory}.`);
  else await rm(directory, { recursive: true, force: true });
  return faults.length > 0 || grows ? 1 : 0;
}

process.exitCode = await main();
