import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from './brand.ts';
import { importFile } from './import-file.ts';
import { importLimits } from './import-limits.ts';
import {
  alternate,
  type Bench,
  type BenchOptions,
  figureText,
  type Measured,
  type Spread,
  spreadOf,
  spreadText,
} from './measure.ts';
import { type Watched, watch } from './processes.ts';

/** A year of a real shop's orders, by the command that its owner would use, into an empty database. */
const MOST_SECONDS = 30;
const MOST_MEGABYTES = 1024;
const KEPT = fileURLToPath(new URL('../packages/server/src/main.ts', import.meta.url));

export const bench: Bench = {
  name: 'import',
  async *run({ quick, data }: BenchOptions): AsyncGenerator<Measured> {
    const directory = await temporaryDirectory();
    try {
      const file = await importFile(data, directory, quick ? 0.1 : 1);
      const first: Watched[] = [];
      const again: Watched[] = [];
      const rounds = quick ? 1 : 3;
      for (let round = 0; round < rounds; round++) {
        const dataDir = join(directory, String(round));
        first.push(await runImport(file.path, dataDir));
        again.push(await runImport(file.path, dataDir));
        if (round < rounds - 1) await rm(dataDir, { recursive: true, force: true });
      }
      const limits = await importLimits(join(directory, String(rounds - 1)));
      const figures = await alternate(rounds, {
        copy: () => limits.copy(),
        copyAll: () => limits.copyAll(),
        insert: () => limits.insert(),
      });
      const { rows } = limits;
      await limits.close();
      yield* told(file.what, rows, first, again, figures as Record<keyof typeof figures, Spread>, quick);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function runImport(file: string, dataDir: string): Promise<Watched> {
  const options = ['--channel', 'web', '--create-items', '--returns', 'ignore', '--skip-bad-rows', '--json'];
  return watch([KEPT, 'import', file, ...options, '--data', dataDir], dataDir);
}

function* told(
  what: string,
  rows: number,
  first: readonly Watched[],
  again: readonly Watched[],
  { copy, copyAll, insert }: Record<'copy' | 'copyAll' | 'insert', Spread>,
  quick: boolean,
): Generator<Measured> {
  const seconds = spreadOf(first.map((one) => one.seconds))!;
  const outcome = JSON.parse(first[0]!.said) as Record<string, number>;
  const note = `import: ${what}, by "kept import" as a process of its own, start and stop of the embedded database included: ${outcome.applied} orders. The limit is COPY on the server of the ${rows.toLocaleString('en')} order and line rows it validated, into the same tables.`;
  yield {
    row: {
      bench: 'import',
      work: 'a file of orders into an empty database',
      kept: seconds.median,
      unit: 's',
      limit: copy.median,
      peers: { 'multi-row INSERT': insert.median, 'COPY of all rows it writes': copyAll.median },
      ratio: seconds.median / copy.median,
      goal: `≤ ${MOST_SECONDS} s`,
      holds: quick ? null : seconds.median <= MOST_SECONDS,
    },
    spread: spreadText(seconds),
    note,
  };
  yield* memory('memory of the import', first, true);
  const repeated = spreadOf(again.map((one) => one.seconds))!;
  yield {
    row: {
      bench: 'import',
      work: 'the same file again, nothing changes',
      kept: repeated.median,
      unit: 's',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${MOST_SECONDS} s`,
      holds: quick ? null : repeated.median <= MOST_SECONDS,
    },
    spread: spreadText(repeated),
  };
  yield* memory('memory of the import again', again, false);
}

function* memory(work: string, runs: readonly Watched[], explained: boolean): Generator<Measured> {
  const [own, server] = (['megabytes', 'serverMegabytes'] as const).map((name) =>
    spreadOf(runs.map((one) => one[name]).filter((one) => one !== null)),
  );
  if (!own || !server) return;
  yield {
    row: {
      bench: 'import',
      work,
      kept: own.most,
      unit: 'MB',
      limit: null,
      peers: {},
      ratio: null,
      goal: `≤ ${MOST_MEGABYTES} MB`,
      holds: own.most <= MOST_MEGABYTES,
    },
    spread: spreadText(own),
    ...(explained ? { note: memoryNote(server) } : {}),
  };
}

const memoryNote = (server: Spread) =>
  `import: memory is the most that Kept's process had; PostgreSQL beside it had ${figureText(server.most)} MB at most, its cache included.`;
