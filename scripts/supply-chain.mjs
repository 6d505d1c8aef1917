// What Kept is made of: an SBOM, the licences, whether every version is pinned, and what is known against them.
//   npm run supply-chain [-- --sbom FILE]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

/** Licences that ask for no more than their text: what is under another is looked at by a person, and then listed below. */
const TAKEN = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);
/** Looked at: name → why it may stay. */
const LOOKED_AT = {
  'caniuse-lite': 'data under CC-BY-4.0, named in its own package, used at build time',
  'axe-core': 'MPL-2.0, unchanged, in tests alone',
  dompurify: 'MPL-2.0 or Apache-2.0: the latter',
  'png-js': 'MIT, by the LICENSE file in it; its package.json names none',
  ssh2: 'MIT, by the LICENSE file in it; its package.json tells it in the old way',
  'cpu-features': 'MIT, by the LICENSE file in it, as ssh2',
  buildcheck: 'MIT, by the LICENSE file in it, as ssh2',
  lightningcss: 'MPL-2.0, unchanged, at build time',
};

const { values } = parseArgs({ options: { sbom: { type: 'string' }, offline: { type: 'boolean' } } });
const root = new URL('..', import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
let failed = false;
const tell = (ok, sentence, faults = []) => {
  console.log(`${ok ? '✓' : '✗'} ${sentence}`);
  for (const fault of faults) console.log(`    ${fault}`);
  failed ||= !ok;
};

const workspaces = ['', 'packages/engine/', 'packages/contract/', 'packages/server/', 'packages/web/'];
const loose = workspaces.flatMap((folder) => {
  const { dependencies = {}, devDependencies = {} } = read(`${folder}package.json`);
  return (
    Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      // Its next minor version is not one of the same promises; the lock pins it all the same.
      .filter(([name]) => name !== 'typescript')
      .map(([name, version]) => `${folder}package.json: ${name} ${version}`)
  );
});
tell(loose.length === 0, 'every dependency is named by its exact version', loose);

const { packages } = read('package-lock.json');
const installed = Object.entries(packages).filter(
  ([path, entry]) => path.includes('node_modules/') && !entry.link,
);
const unproven = installed.filter(([, entry]) => entry.integrity === undefined).map(([path]) => path);
tell(unproven.length === 0, `the lock has a digest for each of ${installed.length} packages`, unproven);

const strange = installed.flatMap(([path, { version, license }]) => {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const choices = String(license ?? 'none')
    .replace(/[()]/g, '')
    .split(' OR ');
  const fits = choices.some((choice) => choice.split(' AND ').every((one) => TAKEN.has(one)));
  return fits || name in LOOKED_AT || name.startsWith('lightningcss-')
    ? []
    : [`${name} ${version}: ${license ?? 'no licence told'}`];
});
tell(strange.length === 0, 'every licence is one that was looked at', strange);

const npm = (...options) =>
  spawnSync('npm', options, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const sbom = npm('sbom', '--sbom-format=cyclonedx', '--omit=dev', '--package-lock-only');
const made = sbom.status === 0;
if (made && values.sbom !== undefined) writeFileSync(values.sbom, sbom.stdout);
tell(
  made,
  made
    ? `the SBOM (CycloneDX) names ${JSON.parse(sbom.stdout).components.length} packages that ship${values.sbom === undefined ? '; --sbom FILE writes it' : `: ${values.sbom}`}`
    : 'npm could not make the SBOM',
  made ? [] : sbom.stderr.split('\n').slice(0, 5),
);

const report = values.offline === true ? null : audited();
if (report === null) console.log('– npm audit was not asked');
else if (report.metadata === undefined)
  console.log('– the registry did not answer npm audit: nothing is known, for or against');
else {
  const { total } = report.metadata.vulnerabilities;
  tell(total === 0, `npm audit: ${total} findings`, Object.keys(report.vulnerabilities));
}
process.exitCode = failed ? 1 : 0;

function audited() {
  const { stdout } = npm('audit', '--json');
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}
