/**
 * Who may import whom (docs/ARCHITECTURE.md draws it): web → contract, engine; server → contract, engine; contract → nothing of ours;
 * engine → nothing at all. A capability of the server is entered only by its index.ts. Tests may reach for test tools and deeper.
 */
const TEST = '(\\.test\\.tsx?$|/testing/|/simulator/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'engine-is-pure',
      comment:
        'The engine is arithmetic: no I/O, no clock, no packages, so that it runs anywhere and a test needs no mock.',
      severity: 'error',
      from: { path: '^packages/engine/src', pathNot: TEST },
      to: { pathNot: '^packages/engine/src' },
    },
    {
      name: 'contract-stands-alone',
      comment: 'The contract is what both sides read; it knows neither of them.',
      severity: 'error',
      from: { path: '^packages/contract/src', pathNot: TEST },
      to: { pathNot: ['^packages/contract/src', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'web-knows-no-server',
      comment: 'The pages talk to the server through the contract.',
      severity: 'error',
      from: { path: '^packages/web', pathNot: TEST },
      to: { path: '^packages/server' },
    },
    {
      name: 'server-knows-no-web',
      comment: 'The server hands out the built pages as files.',
      severity: 'error',
      from: { path: '^packages/server', pathNot: TEST },
      to: { path: '^packages/web' },
    },
    {
      name: 'capability-by-its-door',
      comment: 'Inside, a capability may change as it likes; others use what its index.ts exports.',
      severity: 'error',
      from: { path: '^packages/server/src/([^/]+)/', pathNot: TEST },
      to: {
        path: '^packages/server/src/[^/]+/',
        pathNot: ['^packages/server/src/($1|platform)/', '/index\\.ts$'],
      },
    },
    {
      name: 'capability-by-its-door-from-the-top',
      comment: 'So do app.ts and main.ts.',
      severity: 'error',
      from: { path: '^packages/server/src/[^/]+\\.ts$', pathNot: TEST },
      to: {
        path: '^packages/server/src/[^/]+/.+',
        pathNot: ['^packages/server/src/(platform|cli)/', '/index\\.ts$'],
      },
    },
    {
      name: 'platform-knows-no-capability',
      comment: 'What no capability owns depends on none.',
      severity: 'error',
      from: { path: '^packages/server/src/platform/' },
      to: { path: '^packages/server/src/', pathNot: '^packages/server/src/platform/' },
    },
    {
      name: 'no-test-in-production',
      comment: 'What ships does not lean on what tests it.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one room.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphan',
      comment: 'A file that nothing needs and that needs nothing is left over.',
      severity: 'error',
      from: { orphan: true, pathNot: '(\\.d\\.ts$|\\.config\\.[cm]?[jt]s$)' },
      to: {},
    },
    {
      name: 'resolvable',
      comment: 'It would fail only when it runs.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|public)/' },
    moduleSystems: ['es6', 'cjs'],
    // A type import is an arrow as well: it says what a file knows about.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
