import { releaseWhatIsDue } from './allocation/index.ts';
import { reportWeek } from './book/index.ts';
import { tellCauses } from './causes/index.ts';
import { isShadowed, NOTHING_OUTGOING, type Outgoing, tell } from './comms/index.ts';
import { cancelWhatIsDue } from './demand/index.ts';
import { moveMoney, renewAuthorisations } from './payments/index.ts';
import { startDueForecasts, workForecasts } from './planning/index.ts';
import type { ManualClock } from './platform/clock.ts';
import { withBrand } from './platform/database.ts';
import type { Kept } from './platform/kept.ts';
import { eraseWhatIsDue } from './privacy/index.ts';
import { decideWhatIsDue, isUntouched } from './promising/index.ts';
import { sellWhatIsDue } from './selling/index.ts';
import { learnFromReceipts } from './supply/index.ts';
import { lookForSignals } from './watch/index.ts';

/** In this order: who is further down looks at what those above did. */
const JOBS: readonly ((kept: Kept, brandId: number) => Promise<unknown>)[] = [
  learnFromReceipts,
  cancelWhatIsDue,
  // Before holds are cleared away: whether an offer was taken or passed is read from them.
  sellWhatIsDue,
  decideWhatIsDue,
  releaseWhatIsDue,
  async (kept, brandId) => renewAuthorisations(kept, brandId, await isShadowed(kept, brandId)),
  async (kept, brandId) => moveMoney(kept, brandId, await isShadowed(kept, brandId)),
  tellCauses,
  lookForSignals,
  eraseWhatIsDue,
];

/**
 * All that time alone brings about for a brand, as of the clock. Running it twice changes nothing the second time. A job that
 * fails holds up no other.
 * @throws what the first of them failed with, when all have had their turn
 */
export async function decideDue(kept: Kept, brandId: number): Promise<void> {
  const failures: unknown[] = [];
  for (const job of JOBS) await job(kept, brandId).catch((err: unknown) => failures.push(err));
  if (failures.length > 0) throw failures[0];
}

const DAY_MS = 86_400_000;
/** Beyond this, whole weeks are stepped over at once. */
const DAYS_ONE_BY_ONE = 120;

/**
 * Moves a manual clock to an instant by way of every day in between, so that what falls due on the way happens on its day, and
 * is told on it.
 */
export async function decideAllThatIsDue(
  kept: Kept,
  brandId: number,
  clock: ManualClock,
  target: Date,
  outgoing: Outgoing = NOTHING_OUTGOING,
): Promise<void> {
  const days = (target.getTime() - clock.now().getTime()) / DAY_MS;
  const step = days > DAYS_ONE_BY_ONE ? 7 * DAY_MS : DAY_MS;
  for (let at = clock.now().getTime() + step; at < target.getTime(); at += step) {
    clock.set(new Date(at));
    await dayPasses(kept, brandId, outgoing);
  }
  clock.set(target);
  await dayPasses(kept, brandId, outgoing);
}

async function dayPasses(kept: Kept, brandId: number, outgoing: Outgoing): Promise<void> {
  // Before all that looks ahead.
  await startDueForecasts(kept, brandId);
  await workForecasts(kept, brandId);
  await decideDue(kept, brandId);
  await tell(kept, brandId, outgoing);
  await reportWeek(kept, brandId, outgoing);
}

/** Whether a brand has no stock, supply or order yet, and so nothing that bears a date. */
export function nothingHappened(kept: Kept, brandId: number): Promise<boolean> {
  return withBrand(kept.db, brandId, (client) => isUntouched(client, brandId));
}
