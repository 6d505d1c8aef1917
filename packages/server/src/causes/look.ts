import { type Cause, classify, type DayNumber, dayText, localTime, type PolicyKind } from '@kept/engine';
import type pg from 'pg';
import { FRESH_DAYS, readLatestForecasts } from '../planning/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, poolsOf, reconcileEpisodes, type Settings, worldAt } from '../promising/index.ts';
import { attributeBook } from './book-cause-store.ts';
import { type EpisodeName, type LineCause, saveFound, saveLineCauses } from './episode-store.ts';
import type { Read } from './read.ts';
import { DEPTH_DAYS, episodeRecords, leadDaysOf, plannableFrom } from './records.ts';
import {
  type DueEpisode,
  dueEpisodes,
  readCampaigns,
  readCrossing,
  readDailyDemand,
  readEpisodeToLookAt,
  readFreeNow,
  readMovements,
  readOffers,
  readSupplyHistory,
  readTakes,
  readWaitingLines,
} from './records-store.ts';

/** Episodes that are looked at in one pass: what is left is looked at in the next. */
const AT_ONCE = 200;
/** Three years of orders are looked back on, as forecasts do. */
const HISTORY_DAYS = 3 * 364;

export type Weighted = readonly { readonly cause: Cause; readonly weight: number }[];

/**
 * Reads what is on record of the episodes that are due, and tells their causes from it: once as soon as one has opened, once on each
 * of the brand's days while it is open, and once when it is over. What was found is replaced; what a person said stands beside it.
 */
export async function lookAtEpisodes(kept: Kept, brandId: number): Promise<void> {
  const now = kept.clock.now();
  const { settings, due } = await withBrand(
    kept.db,
    brandId,
    async (client) => {
      const loaded = await loadSettings(client, kept.db, brandId);
      const dayBegan = beginningOfDay(loaded, now);
      return { settings: loaded, due: await dueEpisodes(client, brandId, dayBegan, AT_ONCE) };
    },
    { reads: true },
  );
  for (const episode of due)
    await withBrand(kept.db, brandId, (client) => lookAt(client, brandId, settings, episode, now));
}

const reconciled = new WeakMap<Kept, Map<number, DayNumber>>();

/** Once a day, and when a process begins: queues that no decision has begun or ended get their episode. */
export async function reconcileDaily(kept: Kept, brandId: number): Promise<void> {
  const settings = await withBrand(kept.db, brandId, (client) => loadSettings(client, kept.db, brandId), {
    reads: true,
  });
  const { today } = worldAt(settings, kept.clock.now());
  const days = reconciled.get(kept) ?? new Map<number, DayNumber>();
  reconciled.set(kept, days);
  if (days.get(brandId) === today) return;
  await reconcileEpisodes(kept, brandId);
  days.set(brandId, today);
}

async function lookAt(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  episode: DueEpisode,
  now: Date,
): Promise<void> {
  const read = await readEpisode(client, brandId, settings, episode, now);
  const lastDay = episode.closedAt === null ? read.today : read.dayOf(episode.closedAt);
  const first = classify(episodeRecords(read));
  const lookedOn = episode.lookedAt === null ? null : read.dayOf(episode.lookedAt);
  const lines: LineCause[] = [];
  for (let from = read.openedOn; from <= Math.max(lastDay, read.openedOn); from += DEPTH_DAYS) {
    // What was concluded of weeks that were over is kept.
    if (lookedOn !== null && from + DEPTH_DAYS < lookedOn) continue;
    const begun = read.lines.filter((line) => {
      const day = Math.max(read.openedOn, read.dayOf(line.since));
      return day >= from && day < from + DEPTH_DAYS;
    });
    if (begun.length === 0) continue;
    const { causes } = from === read.openedOn ? first : classify(episodeRecords({ ...read, openedOn: from }));
    for (const line of begun)
      lines.push({
        order: line.order,
        line: line.line,
        beganAt: line.since < openingOf(read.lines, episode) ? episode.openedAt : line.since,
        units: Math.max(1, line.waiting > 0 ? line.waiting : line.wanted),
        causes,
      });
  }
  const tag = episode.tag === null ? null : (JSON.parse(episode.tag) as Weighted | null);
  await saveFound(client, brandId, episode, {
    at: now.toISOString(),
    openedAt: openingOf(read.lines, episode),
    found: { ...first, shortUnits: episodeRecords(read).shortUnits },
    cause: (tag ?? first.causes)[0]!.cause,
  });
  await saveLineCauses(client, brandId, episode, lines);
  if (episode.closedAt === null) await attributeBook(client, brandId, episode, now.toISOString());
}

/** Looks at an episode now, so that each of its backorders has its causes: a person is about to say, or has said, what they are. */
export async function lookAtEpisode(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: EpisodeName,
): Promise<void> {
  const episode = await readEpisodeToLookAt(client, brandId, name);
  if (episode === undefined) return;
  await lookAt(client, brandId, await loadSettings(client, kept.db, brandId), episode, kept.clock.now());
}

/** An order that came late has waited since it was placed; none has waited in an episode before that one was over. */
function openingOf(lines: Read['lines'], { openedAt, lookedAt, lastClosedAt }: DueEpisode): string {
  if (lookedAt !== null) return openedAt;
  const first = [openedAt, ...lines.map(({ since }) => since)].sort()[0]!;
  return lastClosedAt !== null && first < lastClosedAt ? lastClosedAt : first;
}

async function readEpisode(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  episode: DueEpisode,
  now: Date,
): Promise<Read> {
  const { timeZone } = settings;
  const dayOf = (instant: string) => localTime(Date.parse(instant), timeZone).day;
  const { today } = worldAt(settings, now);
  const pools = poolsOf(settings);
  const places = placesOf(settings, pools, episode.pool);
  const { item, sku } = episode;
  const lines = await readWaitingLines(client, brandId, item, pools, episode);
  const openedOn = dayOf(openingOf(lines, episode));
  const from = plannableFrom(openedOn, leadDaysOf(episode));
  const since = new Date(Date.parse(dayText(openedOn - 4))).toISOString();
  const [demand, supplies, movements, free, takes, offers, campaigns, crossing, stored] = await Promise.all([
    readDailyDemand(client, brandId, item, {
      timeZone,
      from: dayText(from - HISTORY_DAYS),
      to: dayText(today),
    }),
    readSupplyHistory(client, brandId, item, timeZone),
    readMovements(client, brandId, item, places, timeZone),
    readFreeNow(client, brandId, item, places),
    readTakes(client, brandId, item, since),
    readOffers(client, brandId, item),
    readCampaigns(client, brandId, sku, dayText(from), dayText(today)),
    readCrossing(client, brandId, item, dayText(openedOn)),
    readLatestForecasts(client, brandId, [item], dayText(from), FRESH_DAYS),
  ]);
  const policy: PolicyKind = settings.policies.get(episode.policy)?.kind ?? 'backorder';
  const channelNames = settings.channels.map((channel) => channel?.code);
  return {
    ...{ episode, policy, openedOn, today, dayOf, lines, demand, supplies, movements, free, takes, offers },
    ...{ campaigns, crossing, channelNames, forecast: stored[0] ?? null },
  };
}

function placesOf(settings: Settings, pools: Int32Array, pool: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < settings.places; place++)
    for (let channel = 0; channel < pools.length; channel++)
      if (pools[channel] === pool && settings.sees[channel * settings.places + place]) {
        places.push(place);
        break;
      }
  return places;
}

/** The instant at which the brand's day began. */
export function beginningOfDay(settings: Settings, now: Date): string {
  const { minutes } = localTime(now.getTime(), settings.timeZone);
  const midnight = Math.floor(now.getTime() / 60_000) * 60_000 - minutes * 60_000;
  return new Date(midnight).toISOString();
}
