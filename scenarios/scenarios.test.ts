import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { TEMPLATE_DATABASE } from '../packages/server/src/platform/testing/global-setup.ts';
import { failureText, playOnClone, readScenario } from '../packages/server/src/scenario/index.ts';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.yaml'));

describe('stories', () => {
  // A quarter of a brand takes most of a minute, and longer beside others.
  test.for(files)('%s', { timeout: 240_000 }, async (name) => {
    const scenario = await readScenario(join(import.meta.dirname, name));
    const outcome = await playOnClone(inject('testServerUrl'), TEMPLATE_DATABASE, scenario);
    if (outcome.failure !== null) expect.fail(`${scenario.title}\n${failureText(outcome, outcome.failure)}`);
  });
});
