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

/** All that time alone brings about for a brand, as of the clock. Running it twice changes nothing the second time. */
export async function decideDue(kept: Kept, brandId: number): Promise<void> {
  await learnFromReceipts(kept, brandId);
  await cancelWhatIsDue(kept, brandId);
  // Before holds are cleared away: whether an offer was taken or passed is read from them.
  await sellWhatIsDue(kept, brandId);
  await decideWhatIsDue(kept, brandId);
  await releaseWhatIsDue(kept, brandId);
  const shadow = await isShadowed(kept, brandId);
  await renewAuthorisations(kept, brandId, shadow);
  await moveMoney(kept, brandId, shadow);
  await tellCauses(kept, brandId);
  await lookForSignals(kept, brandId);
  await eraseWhatIsDue(kept, brandId);
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
