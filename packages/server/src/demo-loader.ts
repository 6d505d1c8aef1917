import { dayText, localTime } from '@kept/engine';
import { recordCaptures } from './demand/index.ts';
import { DEMO_BRAND, demoPayments, demoRecords, demoRevisions } from './demo/index.ts';
import { createApplier, type ImportRecord } from './imports/index.ts';
import { withBrand } from './platform/database.ts';
import type { Kept } from './platform/kept.ts';
import { saveRevisions } from './supply/index.ts';

/** Records saved in one step. */
const STEP = 4000;

/**
 * Loads the demo brand into an empty database, through the doors that every import goes through: all of it or nothing.
 * Payments and the slips come last: money is there, and promises have moved, when the reader opens the page.
 */
export async function loadDemo(
  kept: Kept,
  brandId: number,
  onProgress: (done: number) => void = () => {},
): Promise<void> {
  const now = kept.clock.now();
  const today = dayText(localTime(now.getTime(), DEMO_BRAND.timeZone).day);
  const applier = createApplier(kept, brandId);
  await applier.begin();
  try {
    let done = 0;
    for (const records of steps(demoRecords(today, now))) {
      const outcomes = await applier.apply(records);
      const refused = outcomes.find((outcome) => outcome.state === 'refused');
      if (refused?.state === 'refused')
        throw new Error(`the demo brand is not well made: ${refused.path} ${refused.message}`);
      onProgress((done += records.length));
    }
    await applier.commit();
  } catch (error) {
    await applier.rollback();
    throw error;
  }
  const revisions = demoRevisions(today);
  const payments = [...demoPayments(today, now)];
  await withBrand(kept.db, brandId, (client) => recordCaptures(kept, client, brandId, payments));
  await withBrand(kept.db, brandId, (client) => saveRevisions(kept, client, brandId, revisions));
}

function* steps(records: Iterable<ImportRecord>): Generator<ImportRecord[]> {
  let step: ImportRecord[] = [];
  for (const record of records) {
    step.push(record);
    if (step.length < STEP) continue;
    yield step;
    step = [];
  }
  if (step.length > 0) yield step;
}
