// Installs the packages that package-lock.json names, unless they are there. Runs on any Node from 20 on, with nothing installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Makes sure that node_modules is what the lock file says. Where it is, nothing but two files is read, and the network not touched.
 * @param {string} directory the project's
 * @returns {Promise<string | undefined>} the path of Kept's own Node; undefined if the installation failed, which then has been told
 */
export async function ensureInstalled(directory) {
  const node = join(directory, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (isInstalled(directory) && existsSync(node)) return node;

  const begin = Date.now();
  say('Kept is not installed here yet, or its packages have changed: installing. This takes a minute, once.');
  // Not `npm ci`: it refuses a lock in which optional packages of other machines have no entry, and npm leaves those out
  // whose registry does not have them. `install --no-save` takes every version that the lock names, and writes no lock.
  const status = npm(directory, [
    'install',
    ...(existsSync(join(directory, 'package-lock.json')) ? ['--no-save'] : []),
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--ignore-scripts=false',
  ]);
  if (status !== 0) {
    say(
      'The installation failed; npm’s own words are above. Without a network, connect it and run the same command again.',
    );
    return undefined;
  }
  if (!existsSync(node)) {
    say(
      `The packages are installed, but ${node} is missing: npm was kept from running the install script of the package "node".`,
    );
    return undefined;
  }
  stamp(directory);
  say(`Installed in ${Math.round((Date.now() - begin) / 1000)} s.`);
  return node;
}

function say(sentence) {
  console.error(`\n${sentence}\n`);
}

function npm(directory, args) {
  // npm tells its scripts where it lies; by that it can be run without a shell, on Windows as elsewhere.
  const own = process.env.npm_execpath;
  const options = { cwd: directory, stdio: ['ignore', 2, 2] };
  const result = own?.endsWith('.js')
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  return result.status;
}

const stampFile = (directory) => join(directory, 'node_modules/.kept-installed');

/** What the installation depends on: the lock, and the kind of machine, whose packages differ. */
function fingerprint(directory) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  // Absent where somebody removed it to update: then package.json has to do.
  for (const name of ['package-lock.json', 'package.json']) {
    const path = join(directory, name);
    if (!existsSync(path)) continue;
    hash.update(readFileSync(path, 'utf8').replaceAll('\r\n', '\n'));
    break;
  }
  return hash.digest('hex');
}

function stamp(directory) {
  writeFileSync(stampFile(directory), `${fingerprint(directory)}\n`);
}

function isInstalled(directory) {
  if (
    existsSync(stampFile(directory)) &&
    readFileSync(stampFile(directory), 'utf8').trim() === fingerprint(directory)
  )
    return true;
  // Somebody ran npm themselves. It keeps a list of what it installed: if that fits, there is nothing to do.
  if (!listMatchesLock(directory)) return false;
  stamp(directory);
  return true;
}

function listMatchesLock(directory) {
  const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((name) => {
    const path = join(directory, name);
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
  });
  return wanted !== undefined && installed !== undefined && packagesMatch(wanted, installed);
}

/**
 * Whether every package of a lock file is among the installed ones, in its version. Optional packages may be missing:
 * they are those of other machines.
 * @param {Record<string, { version?: string, resolved?: string, link?: boolean, optional?: boolean }>} wanted
 * @param {Record<string, { version?: string, resolved?: string, link?: boolean, optional?: boolean }>} installed
 */
export function packagesMatch(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true; // the project and its workspaces
    const found = installed[path];
    if (!found) return entry.optional === true || entry.devOptional === true || entry.peer === true;
    return found.version === entry.version && found.resolved === entry.resolved;
  });
}
