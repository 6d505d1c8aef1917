import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a process has used, as Linux tells it; elsewhere nothing is known. */
export const processesAreTold = existsSync('/proc/self/status');

const WATCH_EVERY_MS = 50;

/** Megabytes that a process had in memory at most so far. */
function peakMegabytes(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmHWM') / 1024;
}

/** Megabytes of a server and all its processes, what they share counted once. */
function serverMegabytes(postmaster: number): number {
  let kilobytes = 0;
  for (const pid of [postmaster, ...childrenOf(postmaster)])
    kilobytes += field(`/proc/${pid}/smaps_rollup`, 'Pss');
  return kilobytes / 1024;
}

/** Seconds of processor time of processes, those of their threads included. */
export function processorSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    const [user, system] = statOf(pid)?.slice(11, 13) ?? [];
    ticks += Number(user ?? 0) + Number(system ?? 0);
  }
  return ticks / 100; // USER_HZ, which Linux fixes for all that it tells
}

export function megabytesNow(pid: number): number {
  return field(`/proc/${pid}/status`, 'VmRSS') / 1024;
}

/** The embedded server's processes; the first is its postmaster. */
export function serverProcesses(dataDir: string): number[] {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  const postmaster = existsSync(file) ? Number.parseInt(read(file), 10) : Number.NaN;
  return Number.isNaN(postmaster) ? [] : [postmaster, ...childrenOf(postmaster)];
}

/** Megabytes of the embedded server as it is now. */
export function serverMegabytesNow(dataDir: string): number {
  const [postmaster] = serverProcesses(dataDir);
  return postmaster === undefined ? 0 : serverMegabytes(postmaster);
}

export interface Watched {
  readonly seconds: number;
  /** What it said on stdout. */
  readonly said: string;
  /** At most; null where that is not told. */
  readonly megabytes: number | null;
  readonly serverMegabytes: number | null;
}

/** Runs a program on this Node to its end, and watches what it and the embedded server below `dataDir` use. */
export async function watch(args: readonly string[], dataDir: string): Promise<Watched> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complained = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  child.stderr.on('data', (text) => {
    complained += text;
  });
  let megabytes = 0;
  let server = 0;
  const look = () => {
    if (child.pid !== undefined) megabytes = Math.max(megabytes, peakMegabytes(child.pid));
    server = Math.max(server, serverMegabytesNow(dataDir));
  };
  const timer = processesAreTold ? setInterval(look, WATCH_EVERY_MS) : undefined;
  const [code] = await once(child, 'close');
  clearInterval(timer);
  const seconds = (performance.now() - began) / 1000;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${complained}`);
  return {
    seconds,
    said,
    megabytes: processesAreTold ? megabytes : null,
    serverMegabytes: processesAreTold ? server : null,
  };
}

/** Ends a process as its user would, and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** The processes that a process has started itself. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && Number(statOf(pid)?.[1]) === parent);
}

/** From the state on: what comes before may hold spaces. */
function statOf(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === '' ? undefined : text.slice(text.lastIndexOf(') ') + 2).split(' ');
}

function field(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(read(file))?.[1] ?? 0);
}

/** '' where the process is gone meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
