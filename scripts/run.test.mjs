import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const bootstrap = join(import.meta.dirname, 'run.mjs');
let directory;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kept-run-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function start(source, ...args) {
  const script = join(directory, 'script.ts');
  await writeFile(script, source);
  const child = spawn(process.execPath, [bootstrap, script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  return child;
}

test('TypeScript runs, on the Node that Kept brings, with its arguments and exit code', async () => {
  const child = await start(
    'const [, , ...args]: string[] = process.argv; console.log(process.versions.node, args.join()); process.exitCode = 7;',
    '--port',
    '4000',
  );
  const [[output], [code]] = await Promise.all([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(output).toMatch(/^26\.\S+ --port,4000\n$/);
  expect(code).toBe(7);
});

test.skipIf(process.platform === 'win32')('a signal reaches the script, which ends as it likes', async () => {
  const child = await start(
    `process.on('SIGTERM', () => process.exit(3)); setInterval(() => {}, 1000); console.log('ready');`,
  );
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([3, null]);
});

test.skipIf(process.platform === 'win32')(
  'a script that dies of a signal is told by the exit code',
  async () => {
    const child = await start(`process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);
    expect(await once(child, 'exit')).toEqual([137, null]);
  },
);
