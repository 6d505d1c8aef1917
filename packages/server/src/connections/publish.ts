import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, lookForChanges, offerOf, worldAt } from '../promising/index.ts';
import { AccessLost, type Availability, Busy, type Connector, type Outcome } from './connector.ts';
import { keepClaim } from './keep-claim.ts';
import { breakConnection, type OpenedConnection, parsed } from './opened.ts';
import {
  claimDue,
  type DueItem,
  noteDue,
  type Published,
  recordPublished,
  renewDue,
  variantsOf,
} from './publication-store.ts';
import { type ReadOptions, waitMs } from './read-changes.ts';

const AT_ONCE = 100;
/** How long claimed items stay a process's own without a sign of it: who tells what another told already would tell old news. */
const LEASE_SECONDS = 30;
/** The table of changes is cleared of what is older: after so long all items are looked at. */
const FORGOTTEN_AFTER_MS = 20_000;
/** All items are compared with what was told of them so often, whatever was heard: cut-offs pass without a fact. */
const RESTATED_MS = 3_600_000;

interface Looked {
  readonly snapshot: string;
  readonly settingsVersion: number;
  readonly today: number;
  readonly at: number;
  readonly allAt: number;
}
const looks = new WeakMap<object, Map<string, Looked>>();

/** Kept's channels that a connection sells for. @param settings as its connector has them, with what it fills in */
export function channelsOf(connector: Connector, settings: unknown): readonly string[] {
  if (connector.channels !== undefined) return connector.channels(settings);
  const { channel } = (settings ?? {}) as { channel?: unknown };
  return typeof channel === 'string' ? [channel] : [];
}

/**
 * Tells a channel what can be had there: of each item that has changed, as it is now, however often it has. What was told
 * already is not told again; what may or may not have arrived is.
 * @returns how many items were told
 */
export async function publishAvailability(
  kept: Kept,
  brandId: number,
  opened: OpenedConnection,
  { signal, leaseSeconds = LEASE_SECONDS }: ReadOptions = {},
): Promise<number> {
  const { connector, connection, row } = opened;
  if (!connector.can.publish || connection.publish === undefined) return 0;
  await look(kept, brandId, opened);
  let told = 0;
  while (!signal?.aborted) {
    const { due, variants } = await withBrand(kept.db, brandId, async (client) => {
      const due = await claimDue(client, brandId, row.name, kept.clock.now(), AT_ONCE, leaseSeconds);
      return { due, variants: due.length === 0 ? new Map() : await variantsOf(client, brandId, due) };
    });
    if (due.length === 0) break;
    const letGo = keepClaim(kept, brandId, row.name, leaseSeconds, (client) =>
      renewDue(client, brandId, row.name, due, leaseSeconds),
    );
    const { published, lost, count } = await tell(kept, brandId, opened, due, variants, signal).finally(
      letGo,
    );
    await withBrand(kept.db, brandId, (client) =>
      recordPublished(client, brandId, row.name, published, kept.clock.now()),
    );
    told += count;
    if (lost !== null) {
      await breakConnection(kept, brandId, row.name, lost);
      break;
    }
  }
  return told;
}

/** Which items have changed since this process looked last; all, where it cannot know. */
async function look(kept: Kept, brandId: number, { connector, row }: OpenedConnection): Promise<void> {
  let ofDatabase = looks.get(kept.db);
  if (ofDatabase === undefined) {
    ofDatabase = new Map();
    looks.set(kept.db, ofDatabase);
  }
  const key = `${brandId}:${row.name}`;
  const before = ofDatabase.get(key);
  const began = performance.now();
  const known = before !== undefined && began - before.at < FORGOTTEN_AFTER_MS ? before : null;
  const channels = channelsOf(connector, parsed(connector, 'settings', JSON.parse(row.settings)));
  const next = await withBrand(kept.db, brandId, (client) =>
    note(kept, client, brandId, row.name, channels, { known, began, all: connector.can.publishAll === true }),
  );
  ofDatabase.set(key, next);
}

async function note(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  channels: readonly string[],
  { known, began, all }: { known: Looked | null; began: number; all: boolean },
): Promise<Looked> {
  const now = kept.clock.now();
  const { snapshot, settingsVersion, items } = await lookForChanges(client, brandId, known?.snapshot ?? null);
  const { today } = worldAt(await loadSettings(client, kept.db, brandId), now);
  const whole =
    known === null ||
    known.settingsVersion !== settingsVersion ||
    known.today !== today ||
    now.getTime() - known.allAt >= RESTATED_MS;
  await noteDue(client, brandId, name, channels, { items: whole ? null : items, all, now });
  return { snapshot, settingsVersion, today, at: began, allAt: whole ? now.getTime() : known.allAt };
}

async function tell(
  kept: Kept,
  brandId: number,
  { connection }: OpenedConnection,
  due: readonly DueItem[],
  variants: ReadonlyMap<string, string[]>,
  signal: AbortSignal | undefined,
): Promise<{ published: Published[]; lost: AccessLost | null; count: number }> {
  const now = kept.clock.now();
  const published: Published[] = [];
  const toTell: { item: DueItem; availability: Availability; said: string }[] = [];
  for (const item of due) {
    const availability = await availabilityNow(
      kept,
      brandId,
      item,
      variants.get(`${item.channel}\n${item.sku}`),
    );
    const said = availability === null ? null : JSON.stringify({ ...availability, asOf: undefined });
    // It was taken away, or is told already.
    if (availability === null || said === item.told)
      published.push({ ...item, done: true, now: item.told, tryAt: now.getTime(), trouble: null });
    else toTell.push({ item, availability, said: said! });
  }
  if (toTell.length === 0) return { published, lost: null, count: 0 };
  try {
    const outcomes = await connection.publish!(
      toTell.map((one) => one.availability),
      signal,
    );
    for (const [index, { item, said }] of toTell.entries())
      published.push(outcomeOf(item, said, outcomes[index], now));
    return { published, lost: null, count: toTell.length };
  } catch (error) {
    const trouble = error instanceof Error ? error.message : String(error);
    if (!(error instanceof Busy || error instanceof AccessLost))
      kept.log.warn({ err: error }, 'availability could not be published; it is tried again');
    for (const { item } of toTell) {
      const tryAt = error instanceof Busy ? error.after.getTime() : now.getTime() + waitMs(item.attempts + 1);
      // Some of it may have arrived: all of it is told again.
      published.push({ ...item, done: false, now: null, tryAt, trouble });
    }
    return { published, lost: error instanceof AccessLost ? error : null, count: 0 };
  }
}

function outcomeOf(item: DueItem, said: string, outcome: Outcome | undefined, now: Date): Published {
  const at = now.getTime();
  switch (outcome?.state) {
    case 'done':
    case 'pending':
      return { ...item, done: true, now: said, tryAt: at, trouble: null };
    case 'later':
      return { ...item, done: false, now: null, tryAt: outcome.after.getTime(), trouble: outcome.why };
    case 'refused':
      // Until it changes: what was refused as it is would be refused again.
      return { ...item, done: true, now: null, tryAt: at, trouble: outcome.why };
    default:
      return {
        ...item,
        done: false,
        now: null,
        tryAt: at + waitMs(item.attempts + 1),
        trouble: 'no outcome',
      };
  }
}

/** Null: the item or its channel is not there any more. */
async function availabilityNow(
  kept: Kept,
  brandId: number,
  { sku, channel }: DueItem,
  externalIds: readonly string[] = [],
): Promise<Availability | null> {
  try {
    const { one, most } = await offerOf(kept, brandId, { sku, channel });
    return {
      sku,
      channel,
      externalIds: [...externalIds],
      title: one.title,
      state: one.state,
      now: most.now,
      later: most.later.map(({ quantity, shipBy }) => ({ quantity, shipBy })),
      copy: one.copy,
      charge: one.payment.kind,
      ...(one.launchOn === undefined ? {} : { launchOn: one.launchOn }),
      asOf: one.asOf,
    };
  } catch (error) {
    if (error instanceof KeptError && (error.code === 'not_found' || error.code === 'unknown_channel'))
      return null;
    throw error;
  }
}
