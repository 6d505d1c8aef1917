import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';

/** What a user would pick instead, as a program of its own: installed only where somebody asks for it, and no part of Kept. */

export interface Peer {
  readonly port: number;
  /** What to ask it; `{n}` in it is a number below `numbers`. */
  readonly path: string;
  readonly numbers: number;
  /** A header that it wants, as `name: value`. */
  readonly header?: string | undefined;
  close(): Promise<void>;
}

/** Installs what stands in a directory's package.json, unless it is there. */
export async function installPeer(directory: string, its: string): Promise<void> {
  if (existsSync(`${directory}/node_modules/${its}`)) return;
  const flags = ['--no-package-lock', '--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  const child = spawn('npm', ['install', ...flags], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${its} could not be installed in ${directory}: npm ended with ${code}.`);
}

/** Starts a program that prints a line of JSON when it answers on the port it was told, and ends with its standard input. */
export async function servePeer(
  program: string,
  options: object,
  asked: Omit<Peer, 'port' | 'close'>,
): Promise<Peer> {
  const port = await freePort();
  const child = spawn(process.execPath, [program, JSON.stringify({ ...options, port })], {
    // One writes files where it stands.
    cwd: tmpdir(),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let complained = '';
  child.stderr.on('data', (text) => {
    complained += text;
  });
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) resolve();
  });
  await Promise.race([
    ready,
    closed.then(([code]) => {
      throw new Error(`${program} ended with ${code}: ${complained}`);
    }),
  ]);
  return {
    ...asked,
    port,
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
