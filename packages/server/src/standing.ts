import { clockDrift } from './platform/clock-drift.ts';
import { withBrand } from './platform/database.ts';
import type { Kept } from './platform/kept.ts';
import type { StandingFigure } from './platform/metrics.ts';
import { readStanding } from './standing-store.ts';

/** How the brand stands, for whoever watches over Kept: what the alert rules in deploy/prometheus are about. */
export async function standingOf(kept: Kept, brandId: number): Promise<StandingFigure[]> {
  const one = await withBrand(
    kept.db,
    brandId,
    async (client) => readStanding(client, brandId, kept.clock.now()),
    { reads: true },
  );
  return [
    {
      name: 'kept_clock_drift_seconds',
      help: 'How far this machine is ahead of the clock of the database',
      value: (await clockDrift(kept)) / 1000,
    },
    {
      name: 'kept_messages_due',
      help: 'Messages to customers that are due and not sent',
      value: one.messagesDue,
    },
    {
      name: 'kept_message_age_seconds',
      help: 'How long the oldest of them is due',
      value: one.messageAgeSeconds,
    },
    {
      name: 'kept_log_age_seconds',
      help: 'Age of the oldest event that some reader has not seen',
      value: one.logAgeSeconds,
    },
    {
      name: 'kept_unbacked_units',
      help: 'Units of open orders that nothing backs',
      value: one.unbackedUnits,
    },
    { name: 'kept_late_promises', help: 'Open lines whose latest promise is over', value: one.latePromises },
  ];
}
