import type { Episode, EpisodeDetail, EpisodePage, EpisodeQuery, EpisodeTag } from '@kept/contract';
import { type Cause, type Classified, causeOfMove, type Reason } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { decodeCursor, encodeCursor } from '../platform/cursor.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, poolsOf, type Settings } from '../promising/index.ts';
import {
  type EpisodeName,
  type EpisodeRow,
  insertTag,
  listEpisodes,
  readBackorders,
  readMoved,
} from './episode-store.ts';
import { lookAtEpisode, type Weighted } from './look.ts';
import { evidenceWords } from './words.ts';

type View = z.input<typeof Episode>;

/** Episodes of one cause within a year that make it a matter of the plan: of one item, or of one supplier. */
const STRUCTURAL_OF_ITEM = 3;
const STRUCTURAL_OF_SUPPLIER = 4;
/** … if at least so many of the supplier's episodes have that cause. */
const STRUCTURAL_SHARE = 1 / 3;
const RECURRENCE_DAYS = 365;
/** Of one episode, backorders and moved promises that an answer tells. */
const MOST_TOLD = 1000;

const INTENDED: readonly Cause[] = ['limited_drop', 'made_to_order', 'demand_validation'];

export async function pageEpisodes(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  query: z.output<typeof EpisodeQuery>,
): Promise<z.input<typeof EpisodePage>> {
  const settings = await loadSettings(client, kept.db, brandId);
  const after =
    query.cursor === undefined
      ? null
      : (decodeCursor(query.cursor, ['string', 'number', 'number', 'number']) as [
          string,
          number,
          number,
          number,
        ]);
  const now = kept.clock.now().toISOString();
  const rows = await listEpisodes(client, brandId, now, query, query.limit + 1, after);
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => episodeView(row, settings)),
    next:
      rows.length > query.limit && last !== undefined
        ? encodeCursor([last.openedAt, last.item, last.pool, last.number])
        : null,
  };
}

/** @throws KeptError `not_found` */
export async function episodeDetail(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<z.input<typeof EpisodeDetail>> {
  const row = await episodeOrFail(kept, client, brandId, id);
  const settings = await loadSettings(client, kept.db, brandId);
  const backorders = await readBackorders(client, brandId, row, MOST_TOLD);
  const moved = await readMoved(client, brandId, kept.clock.now().toISOString(), row, MOST_TOLD);
  return {
    ...episodeView(row, settings),
    backorders: backorders.map((one) => ({
      order: one.order,
      line: JSON.parse(one.line_ref),
      channel: one.channel,
      beganAt: one.beganAt,
      until: one.until,
      units: one.units,
      value: { amount: one.value, currency: one.currency },
      causes: JSON.parse(one.causes),
    })),
    moved: moved.map((one) => ({
      order: one.order,
      line: JSON.parse(one.line_ref),
      version: one.version,
      change: one.change,
      shipBy: one.shipBy,
      madeAt: one.madeAt,
      ...causeOfMove(JSON.parse(one.reasons) as Reason[]),
    })),
  };
}

/**
 * A person says what the causes are: that counts from now on, and what the records say is kept beside it.
 * @throws KeptError `not_found`
 */
export async function tagEpisode(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
  { causes, note }: z.output<typeof EpisodeTag>,
  actor: string,
): Promise<View> {
  const row = await episodeOrFail(kept, client, brandId, id);
  const at = kept.clock.now().toISOString();
  const sum = causes?.reduce((all, { weight }) => all + weight, 0) ?? 1;
  const weighted =
    causes
      ?.map(({ cause, weight }) => ({ cause, weight: weight / sum }))
      .sort((a, b) => b.weight - a.weight) ?? null;
  await insertTag(client, brandId, row, {
    causes: weighted === null ? null : JSON.stringify(weighted),
    note: note ?? null,
    actor,
    at,
    cause: weighted?.[0]?.cause ?? null,
  });
  // The book counts what waits under it from now on. What is over keeps what was concluded of it.
  if (row.closedAt === null) await lookAtEpisode(kept, client, brandId, row);
  const event = await kept.ids.take(brandId, 'event', 1);
  await recordEvents(client, brandId, [
    {
      id: event,
      kind: 'episode.tagged',
      data: { episode: id, sku: row.sku, causes: weighted, note },
      at,
      actor,
    },
  ]);
  return episodeView(
    await episodeOrFail(kept, client, brandId, id),
    await loadSettings(client, kept.db, brandId),
  );
}

async function episodeOrFail(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<EpisodeRow> {
  const match = /^(\d{1,9})-(\d{1,9})-(\d{1,9})$/.exec(id);
  const name: EpisodeName | undefined =
    match === null ? undefined : { item: Number(match[1]), pool: Number(match[2]), number: Number(match[3]) };
  const now = kept.clock.now().toISOString();
  const [row] = name === undefined ? [] : await listEpisodes(client, brandId, now, { name }, 1, null);
  if (row === undefined)
    throw new KeptError(
      'not_found',
      `There is no episode ${JSON.stringify(id)}. GET /v1/episodes lists them.`,
    );
  return row;
}

function episodeView(row: EpisodeRow, settings: Settings): View {
  const found = row.found === null ? null : (JSON.parse(row.found) as Classified & { shortUnits: number });
  const tagged = row.tag === null ? null : (JSON.parse(row.tag) as Weighted);
  const causes: Weighted = tagged ?? found?.causes ?? [{ cause: 'undetermined', weight: 1 }];
  return {
    id: `${row.item}-${row.pool}-${row.number}`,
    sku: row.sku,
    title: row.title,
    locations: locationsOf(settings, row.pool),
    supplier: row.supplier,
    openedAt: row.openedAt,
    closedAt: row.closedAt,
    orders: row.orders,
    units: row.units,
    value: row.currency === null ? null : { amount: row.value, currency: row.currency },
    unitDays: row.unitDays,
    deepest: found?.shortUnits ?? row.units,
    movedPromises: row.moved,
    causes: causes.map((one) => ({ ...one, kind: kindOf(one.cause, causes[0]!.cause, row) })),
    by: tagged === null ? 'evidence' : 'person',
    recurrence: { ofItem: row.alike, ofSupplier: row.alikeOfSupplier, days: RECURRENCE_DAYS },
    found:
      found === null
        ? null
        : {
            causes: [...found.causes],
            confidence: Math.round(found.confidence * 100) / 100,
            evidence: found.evidence.map((one) => ({
              cause: one.cause,
              units: one.units,
              words: evidenceWords(one),
              data: { ...one.data },
            })),
          },
    tag:
      row.taggedBy === null
        ? null
        : {
            causes: tagged === null ? null : [...tagged],
            note: row.tagNote,
            by: row.taggedBy,
            at: row.taggedAt!,
          },
    lookedAt: row.lookedAt,
  };
}

/** Whether a cause comes back: the item's own, or that of what its supplier sends. Only the main one's recurrence is counted. */
function kindOf(cause: Cause, main: Cause, row: EpisodeRow): View['causes'][number]['kind'] {
  if (INTENDED.includes(cause)) return 'intended';
  if (cause === 'undetermined') return 'unknown';
  if (cause !== main) return 'one_off';
  const ofSupplier =
    row.supplier !== null &&
    row.alikeOfSupplier >= STRUCTURAL_OF_SUPPLIER &&
    row.alikeOfSupplier >= STRUCTURAL_SHARE * row.ofSupplier;
  return row.alike >= STRUCTURAL_OF_ITEM || ofSupplier ? 'structural' : 'one_off';
}

function locationsOf(settings: Settings, pool: number): string[] {
  const pools = poolsOf(settings);
  return settings.locations.flatMap((location, place) => {
    const inPool = [...pools.keys()].some(
      (channel) => pools[channel] === pool && settings.sees[channel * settings.places + place] === 1,
    );
    return location !== undefined && inPool ? [location.code] : [];
  });
}
