import { configDefaults, defineConfig } from 'vitest/config';

/** Where a test file lies and how its name ends says which project it belongs to, and so what it may use. */
const named = {
  property: 'packages/*/src/**/*.property.test.ts',
  database: '{packages/server,packages/client,chaos,fuzz}/**/*.db.test.ts',
  browser: 'packages/**/*.browser.test.ts',
};

/** One embedded PostgreSQL for the whole run, with a migrated template that testDatabase() clones. */
const globalSetup = ['packages/server/src/platform/testing/global-setup.ts'];

/** Statements of theirs that would cross brands are a fault. */
const setupFiles = ['packages/server/src/platform/testing/recorded-statements.ts'];

/** These wait for servers and pages that really start. */
const patient = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'scripts/*.test.mjs',
            'bench/**/*.test.ts',
            'chaos/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...Object.values(named)],
        },
      },
      { extends: true, test: { name: 'property', include: [named.property], testTimeout: 60_000 } },
      {
        extends: true,
        test: { name: 'database', include: [named.database], globalSetup, setupFiles, ...patient },
      },
      {
        extends: true,
        test: { name: 'scenario', include: ['scenarios/*.test.ts'], globalSetup, setupFiles, ...patient },
      },
      { extends: true, test: { name: 'browser', include: [named.browser], globalSetup, ...patient } },
    ],
  },
});
