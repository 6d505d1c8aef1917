import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDirectory } from './brand.ts';
import { type Checkout, checkout } from './checkout.ts';
import {
  type Bench,
  type BenchOptions,
  type Measured,
  type Spread,
  spreadOf,
  spreadText,
} from './measure.ts';
import {
  childrenOf,
  megabytesNow,
  processesAreTold,
  processorSeconds,
  serverMegabytesNow,
  serverProcesses,
  stop,
} from './processes.ts';

/** From the command to the queue, as a user has it after the installation: `npm start`, the link, the rows. */
const MOST_SECONDS = 5;
const KEY = 'bench-key';
const PATIENCE_MS = 180_000;

export const bench: Bench = {
  name: 'start',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    const directory = await temporaryDirectory();
    try {
      const house = await checkout(join(directory, 'kept'));
      const rounds = quick ? 1 : 3;
      const seconds: Record<'unbuilt' | 'built' | 'later', number[]> = { unbuilt: [], built: [], later: [] };
      let rest: Rest | null = null;
      for (let round = 0; round < rounds; round++) {
        const dataOf = (kind: string) => join(directory, `${kind}-${round}`);
        await house.unbuild();
        for (const kind of ['unbuilt', 'built'] as const)
          seconds[kind].push((await start(house, dataOf(kind))).seconds);
        for (let again = 0; again < 3; again++)
          seconds.later.push((await start(house, dataOf('built'))).seconds);
        if (round === rounds - 1 && processesAreTold)
          rest = (await start(house, dataOf('built'), quick ? 5 : 30)).rest;
      }
      yield told('first start, pages not built yet', seconds.unbuilt);
      yield told('first start, pages built', seconds.built);
      yield told('later start', seconds.later);
      if (rest !== null) yield* atRest(rest);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** What Kept uses while nobody asks it for anything. */
interface Rest {
  readonly seconds: number;
  readonly megabytes: number;
  readonly serverMegabytes: number;
  /** Of processor time, PostgreSQL's included. */
  readonly busy: number;
}

interface Started {
  readonly seconds: number;
  readonly rest: Rest | null;
}

/** Starts Kept until its queue is answered with rows; watches it for a while after that, if told; and stops it. */
async function start({ directory }: Checkout, dataDir: string, watchSeconds = 0): Promise<Started> {
  const began = performance.now();
  const args = ['scripts/run.mjs', 'packages/server/src/main.ts', 'start', '--port', '0', '--data', dataDir];
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { ...process.env, KEPT_BOOTSTRAP_KEY: KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await addressOf(child);
    await rowsOf(address);
    const seconds = (performance.now() - began) / 1000;
    return { seconds, rest: watchSeconds === 0 ? null : await watchRest(child, dataDir, watchSeconds) };
  } finally {
    await stop(child);
  }
}

/** Where it says that it is, once it says so. */
function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout!.on('data', (text) => {
      said += text;
      const [, address] = /^Kept is at (\S+)$/m.exec(said) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on('exit', () => reject(new Error(`Kept did not start: ${said}`)));
  });
}

async function rowsOf(address: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await fetch(`${address}/v1/backorders`, { headers: { authorization: `Bearer ${KEY}` } });
    const { items } = (await answer.json()) as { items?: unknown[] };
    if (answer.ok && items !== undefined && items.length > 0) return;
    await sleep(20);
  }
  throw new Error('the queue stayed empty');
}

async function watchRest(child: ChildProcess, dataDir: string, seconds: number): Promise<Rest> {
  // What a first start leaves to be done after it, forecasts among it, is done by then.
  await sleep(seconds * 1000);
  // npm's script runs Kept as a process below its own.
  const [own = child.pid!] = childrenOf(child.pid!);
  const all = () => [own, ...serverProcesses(dataDir)];
  const before = processorSeconds(all());
  await sleep(seconds * 1000);
  return {
    seconds,
    megabytes: megabytesNow(own),
    serverMegabytes: serverMegabytesNow(dataDir),
    busy: processorSeconds(all()) - before,
  };
}

function told(work: string, figures: readonly number[]): Measured {
  const spread: Spread = spreadOf(figures)!;
  return {
    row: {
      bench: 'start',
      work,
      kept: spread.median,
      unit: 's',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${MOST_SECONDS} s`,
      holds: spread.median <= MOST_SECONDS,
    },
    spread: spreadText(spread),
    note: 'start: from the command "npm start" runs to the queue with its rows over HTTP, the packages installed.',
  };
}

/** What the demo brand costs while nobody asks for anything: told, since nothing is beside it. */
function* atRest({ megabytes, serverMegabytes, busy, seconds }: Rest): Generator<Measured> {
  const figures = [
    ['memory of Kept', megabytes, 'MB'],
    ['memory of PostgreSQL', serverMegabytes, 'MB'],
    ['processor time of both', (100 * busy) / seconds, '% of one'],
  ] as const;
  for (const [what, kept, unit] of figures)
    yield {
      row: {
        bench: 'start',
        work: `at rest, the demo brand in it: ${what}`,
        kept,
        unit,
        limit: null,
        peers: {},
        ratio: null,
        goal: 'told, not judged',
        holds: null,
      },
    };
}
