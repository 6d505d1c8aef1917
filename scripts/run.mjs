// Runs a script of Kept on the Node that Kept is built for, after installing what is missing.
//
//   node scripts/run.mjs SCRIPT [ARGUMENT…]
//
// This file itself runs on any Node from 20 on and needs nothing installed: it is what the npm scripts begin with.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const projectDirectory = fileURLToPath(new URL('..', import.meta.url));
const [script, ...args] = process.argv.slice(2);

if (!script) {
  console.error('Usage: node scripts/run.mjs SCRIPT [ARGUMENT…]');
  process.exit(2);
}

const node = await ensureInstalled(projectDirectory);
if (!node) process.exit(1);
run(node, [resolve(projectDirectory, script), ...args]);

/** Becomes the child, as far as that can be: its streams, its signals, its exit code. */
function run(program, programArguments) {
  const child = spawn(program, programArguments, { stdio: 'inherit' });
  child.on('error', (error) => {
    console.error(`${program} cannot be started: ${error.message}`);
    process.exit(1);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to every process of the foreground, so the child already has it; twice would mean "at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}
