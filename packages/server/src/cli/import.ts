import { randomUUID } from 'node:crypto';
import { copyFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { ImportKind } from '@kept/contract';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Applier,
  FileProblem,
  type ImportOptions,
  type ImportResult,
  inDependencyOrder,
  type MappingStore,
  parseMap,
  runImport,
} from '../imports/index.ts';
import { importOverHttp } from './import-remote.ts';
import { ProgressView, reportOf } from './import-report.ts';

export interface ImportCommandDeps {
  /** The database of this machine, for when no server's address is given. */
  openLocal(flags: {
    data?: string;
  }): Promise<{ applier: Applier; mappings: MappingStore; close?(): Promise<void> }>;
  /** Where results and errors go; stdout and stderr unless told. */
  out?: (text: string) => void;
  err?: (text: string) => void;
  /** Asks the person; absent where nobody sits there. */
  ask?: (question: string) => Promise<string>;
  setExitCode?: (code: number) => void;
  fetch?: typeof fetch;
}

interface Flags extends Omit<ImportOptions, 'map'> {
  map?: Record<string, string>;
  errors?: string;
  url?: string;
  key?: string;
  data?: string;
  json?: boolean;
}

/** Everything is in. */
const OK = 0;
/** Rows were refused, or the import failed. */
const REFUSED = 1;
/** The command was not said in full, or names no file. */
const USAGE = 2;

/** `kept import FILE…` */
export function importCommand(deps: ImportCommandDeps): Command {
  return new Command('import')
    .description('Import files: items, stock, orders, purchase orders, from any shop or ERP')
    .argument(
      '<file...>',
      'CSV or lines of JSON, plain or gzipped; several are brought in the order they need',
    )
    .addOption(
      new Option('--kind <kind>', 'what the file is; recognised by its columns unless told').choices(
        ImportKind.options,
      ),
    )
    .option('--channel <code>', 'the channel of a file that does not name one')
    .option('--location <code>', 'the location of a file that does not name one')
    .option('--supplier <code>', 'the supplier of a file that does not name one')
    .option('--currency <code>', "of prices that stand without one (default: the brand's)")
    .option('--encoding <name>', 'how the text is written; found out unless told')
    .option(
      '--map <field=column,...>',
      'which column is which field: "sku=Item Code,quantity=Qty"',
      mapOption,
    )
    .addOption(new Option('--date-format <order>', 'how 03/04/2026 is to be read').choices(['dmy', 'mdy']))
    .option('--skip-bad-rows', 'apply the good rows of a file that has bad ones')
    .option(
      '--create-items',
      'create the items, suppliers, locations and the channel that rows name and Kept does not know',
    )
    .addOption(
      new Option('--returns <what>', 'what to do with negative quantities in orders')
        .choices(['refuse', 'ignore'])
        .default('refuse'),
    )
    .option('--dry-run', 'do everything, then take it back')
    .option('--errors <file>', 'write every error to this file, one JSON object a line')
    .addOption(
      new Option(
        '--url <address>',
        'a running server; without it the database of this machine is opened',
      ).env('KEPT_URL'),
    )
    .addOption(new Option('--key <key>', 'API key for that server').env('KEPT_KEY'))
    .option('--data <directory>', 'where the embedded database keeps its data, if there is no --url')
    .option('--json', 'one JSON object for each file')
    .action(async (files: string[], flags: Flags) => {
      const code = await importFiles(files, flags, deps);
      (deps.setExitCode ?? ((value: number) => void (process.exitCode = value)))(code);
    });
}

/** Imports the files one after the other, each whole or not at all; stops behind the first that is not. Answers the exit code. */
export async function importFiles(files: string[], flags: Flags, deps: ImportCommandDeps): Promise<number> {
  const out = deps.out ?? ((text) => void process.stdout.write(`${text}\n`));
  const err = deps.err ?? ((text) => void process.stderr.write(`${text}\n`));
  for (const file of files) {
    const found = await stat(file).catch(() => null);
    if (found?.isFile()) continue;
    err(`kept import: there is no file ${file}`);
    return USAGE;
  }
  const { url, key = process.env.KEPT_BOOTSTRAP_KEY, data, json, errors, ...options } = flags;
  const local = url === undefined ? await deps.openLocal({ data }) : null;
  const ask = deps.ask ?? (process.stdin.isTTY && process.stderr.isTTY && !json ? askOnTerminal : undefined);
  try {
    const ordered = files.length > 1 ? await inDependencyOrder(files, options) : files;
    for (const [index, file] of ordered.entries()) {
      const attempt = async (said: ImportOptions) => {
        const view = new ProgressView(basename(file), err, !json && process.stderr.isTTY === true);
        const result = local
          ? await importLocally(file, said, local, view, errors)
          : await importOverHttp(file, said, {
              url: url!,
              key,
              onProgress: (now) => view.tell(now),
              fetch: deps.fetch,
              errorFile: errors,
            });
        view.stop(result);
        return result;
      };
      const result = await withAnswers(attempt, options, ask, err).catch((error: Error) => error);
      if (result instanceof Error) {
        err(`kept import: ${file}: ${result.message}`);
        return REFUSED;
      }
      if (json) out(JSON.stringify({ file, ...result, failure: undefined }));
      else reportOf(result, file, errors).forEach(result.state === 'done' ? out : err);
      if (result.failure !== undefined)
        err(`kept import: ${String((result.failure as Error).message ?? result.failure)}`);
      if (result.state === 'done') continue;
      const left = ordered.slice(index + 1);
      if (left.length > 0) err(`kept import: not read, since they may build on it: ${left.join(', ')}`);
      return result.state === 'needs_mapping' ? USAGE : REFUSED;
    }
    return OK;
  } finally {
    await local?.close?.();
  }
}

async function importLocally(
  file: string,
  options: ImportOptions,
  local: { applier: Applier; mappings: MappingStore },
  view: ProgressView,
  errorFile?: string,
): Promise<ImportResult> {
  const spool = join(tmpdir(), `kept-errors-${randomUUID()}`);
  try {
    const result = await runImport({
      file,
      name: basename(file),
      options,
      applier: local.applier,
      mappings: local.mappings,
      onProgress: (now) =>
        view.tell({
          phase: now.phase,
          rows: now.rows,
          share: now.totalBytes === 0 ? 0 : now.bytes / now.totalBytes,
        }),
      ...(errorFile === undefined ? {} : { errorSpool: spool }),
    });
    if (errorFile !== undefined && result.errorCount > 0) await copyFile(spool, errorFile);
    return result;
  } finally {
    await rm(spool, { force: true });
  }
}

/** Asks for what the file does not tell, as long as somebody answers, and tries again with it. */
async function withAnswers(
  attempt: (options: ImportOptions) => Promise<ImportResult>,
  options: ImportOptions,
  ask: ImportCommandDeps['ask'],
  err: (text: string) => void,
): Promise<ImportResult> {
  let said = options;
  for (;;) {
    const result = await attempt(said);
    if (result.state !== 'needs_mapping' || !ask) return result;
    err(result.message ?? 'the file does not tell everything');
    const options = ['kind', 'channel', 'location', 'supplier', 'dateFormat'];
    if (result.columns && result.missing?.some((name) => !options.includes(name)))
      err(`columns: ${result.columns.join(', ')}`);
    for (const name of result.missing ?? []) {
      const answer = (await ask(`${name}: `)).trim();
      if (answer === '') return result;
      said = options.includes(name)
        ? { ...said, [name]: answer }
        : { ...said, kind: result.kind ?? said.kind, map: { ...said.map, [name]: answer } };
    }
  }
}

async function askOnTerminal(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

function mapOption(text: string): Record<string, string> {
  try {
    return parseMap(text);
  } catch (error) {
    if (error instanceof FileProblem)
      throw new InvalidArgumentError(`${error.message}: expected ${error.expected}`);
    throw error;
  }
}
