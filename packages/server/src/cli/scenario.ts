import { readdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import {
  failureText,
  headline,
  httpServer,
  type Outcome,
  openSandbox,
  outcomeJson,
  readScenario,
  runScenario,
  type Scenario,
  UnreadableScenario,
} from '../scenario/index.ts';
import { printJson } from './output.ts';

interface ScenarioOptions {
  url?: string;
  key?: string;
  json?: boolean;
  keep?: boolean;
}

/** The stories that come with Kept. */
const SHIPPED = resolve(import.meta.dirname, '../../../../scenarios');

/** A story went otherwise than it says. */
const FAILED = 1;
/** A file cannot be run as it is written, or the command was not said in full. */
const UNREADABLE = 2;
/** As shells have it for Ctrl-C. */
const INTERRUPTED = 130;

/** `kept scenario FILE…` */
export function scenarioCommand(): Command {
  return new Command('scenario')
    .description('Run stories (YAML files) through the API and say where they go otherwise than they say')
    .argument('[file...]', 'files or directories; every story that comes with Kept unless told')
    .addOption(
      new Option(
        '--url <address>',
        'a running Kept with an empty database; a database of its own for each story unless told',
      ).env('KEPT_URL'),
    )
    .addOption(new Option('--key <key>', 'an API key for it').env('KEPT_KEY'))
    .option('--json', 'print one JSON object for each story')
    .option('--keep', 'keep the database of the story, to look at it with kept start; takes one FILE')
    .action(async (files: string[], options: ScenarioOptions) => {
      process.exitCode = await runScenarios(files, options);
    });
}

/** Reads all files, then runs them one after the other. Answers the exit code. */
async function runScenarios(paths: string[], options: ScenarioOptions): Promise<number> {
  const files = await filesOf(paths.length > 0 ? paths : [SHIPPED]);
  const scenarios = await readAll(files);
  if (scenarios === null) return UNREADABLE;
  const wrong = wrongCall(scenarios, options);
  if (wrong !== null) {
    console.error(`kept scenario: ${wrong}`);
    return UNREADABLE;
  }
  const stage = await setUp(options);
  const width = Math.max(...scenarios.map((scenario) => scenario.title.length));
  let failed = 0;
  // Whoever interrupts waits for the story that runs, which is short, and leaves no server behind.
  let interrupted = false;
  const stop = () => {
    interrupted = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    for (const scenario of scenarios) {
      if (interrupted) return INTERRUPTED;
      const outcome = await stage.play(scenario);
      const { failure } = outcome;
      if (failure !== null) failed++;
      if (options.json) printJson(outcomeJson(outcome));
      else
        console.log(
          `${headline(outcome, width)}${failure === null ? '' : `\n${failureText(outcome, failure)}`}`,
        );
    }
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await stage.close();
  }
  if (!options.json && scenarios.length > 1)
    console.log(`\n${scenarios.length - failed} of ${scenarios.length} stories went as they say.`);
  return failed > 0 ? FAILED : 0;
}

/** Every file is read before any is run: a wrong word in the last is not found after all the others. */
async function readAll(files: readonly string[]): Promise<Scenario[] | null> {
  const scenarios: Scenario[] = [];
  let unreadable = false;
  for (const file of files) {
    try {
      scenarios.push(await readScenario(file));
    } catch (error) {
      if (!(error instanceof UnreadableScenario)) throw error;
      console.error(error.message);
      unreadable = true;
    }
  }
  return unreadable ? null : scenarios;
}

function wrongCall(scenarios: readonly Scenario[], { url, key, keep }: ScenarioOptions): string | null {
  if (scenarios.length === 0) return 'there are no .yaml files there';
  if (keep && url !== undefined) return '--keep is for a database of its own, and --url has one already';
  if (keep && scenarios.length !== 1)
    return `--keep keeps one story's database; these are ${scenarios.length}`;
  if (url !== undefined && key === undefined) return 'Kept asks for a key: give --key, or set KEPT_KEY';
  if (url !== undefined && !URL.canParse(url)) return `--url is ${JSON.stringify(url)}, which is no address`;
  return null;
}

interface Stage {
  play(scenario: Scenario): Promise<Outcome>;
  close(): Promise<void>;
}

async function setUp({ url, key, keep = false, json }: ScenarioOptions): Promise<Stage> {
  if (url !== undefined) {
    const server = httpServer(url, key!);
    return { play: (scenario) => runScenario(scenario, server), close: async () => {} };
  }
  const sandbox = await openSandbox();
  return {
    play: (scenario) => sandbox.play(scenario, { keep }),
    async close() {
      await sandbox.close(keep);
      if (keep && !json)
        console.log(
          `Its database is kept. Look at it with: kept start --no-demo --data ${sandbox.directory}`,
        );
    },
  };
}

async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const directory = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!directory) files.push(path);
    else
      for (const name of (await readdir(path)).sort())
        if (/\.ya?ml$/.test(name)) files.push(relative('', join(path, name)));
  }
  return files;
}
