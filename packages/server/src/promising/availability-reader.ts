import type { World } from '@kept/engine';
import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import {
  type AvailabilityAsked,
  type AvailabilityView,
  answerAvailability,
  holdsUntil,
  type Offered,
  type Rendered,
  render,
} from './availability.ts';
import { lookForChanges } from './item-change-store.ts';
import { type KnownItem, lookupItems } from './item-store.ts';
import { type ItemWords, readItemWords } from './offer-store.ts';
import { type LoadedItem, loadPositions } from './position-store.ts';
import { loadSettings, type Settings, worldAt } from './world-store.ts';

/** An answer is at most this old when it is given. What this process has written itself, it knows at once. */
const OLDEST_MS = 700;
/** Older than this, it is looked again, beside the answers. */
const FRESH_MS = 200;
/** Looks are no closer together than this, whatever is written meanwhile. */
const LOOKS_APART_MS = 4;
/** Beyond so many items in memory all are forgotten: a bound, and no policy. */
const MANY_ITEMS = 250_000;
/** Of one item: channels × quantities × languages that shops really ask for. */
const MANY_ANSWERS = 24;
/** After so long without a look the table of changes may have been cleared of some. */
const FORGOTTEN_AFTER_MS = 30_000;

interface KnownSku {
  readonly offered: Offered;
  /** By what was asked besides the SKU. */
  readonly answers: Map<
    string,
    { readonly rendered: Rendered; readonly epoch: number; readonly until: number }
  >;
}

export interface ReadAnswer extends Rendered {
  /** ISO 8601: all that was committed until then is in it. */
  readonly asOf: string;
}

/**
 * Answers availability from memory. It holds items' positions and the answers made from them, and forgets both as soon as a
 * look at the table of changes says that they are others: it never waits for a writer, and is never more than a moment old.
 * Items that are asked for together are loaded together.
 */
export class AvailabilityReader {
  private readonly kept: Kept;
  private readonly brandId: number;
  private settings: Settings | null = null;
  private world: World | null = null;
  private worldSecond = -1;
  private worldSigns = '';
  /** Changes with everything that all answers depend on: the day, cut-offs, settings. */
  private epoch = 0;
  private readonly skus = new Map<string, KnownSku>();
  /** Which SKUs' answers an item has a part in: its own, and its kits'. */
  private readonly partOf = new Map<number, Set<string>>();
  private snapshot: string | null = null;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private lookedCommits = -1;
  private lookedClock = Number.NEGATIVE_INFINITY;
  private asOf = '';
  private looking: Promise<void> | null = null;
  /** As many commits had this process made when the look that runs began; -1: it has not begun. */
  private lookingSince = -1;
  private next: Promise<void> | null = null;
  private wanted = new Map<string, ReturnType<typeof Promise.withResolvers<KnownSku | null>>>();
  private loading = false;
  /** Items that changed while positions were being loaded: what was loaded of them may be older. */
  private changedMeanwhile: Set<number> | null = null;
  private forgotten = 0;

  constructor(kept: Kept, brandId: number) {
    this.kept = kept;
    this.brandId = brandId;
  }

  /**
   * What a shopper of a channel can have now and later, net of everybody.
   * @throws KeptError `not_found` for an unknown SKU, `unknown_channel`
   */
  async answer(asked: AvailabilityAsked): Promise<ReadAnswer> {
    await this.freshen();
    const settings = this.settings!;
    const place = settings.channelOf.get(asked.channel);
    if (place === undefined)
      throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(asked.channel)}.`, {
        errors: [{ path: 'channel', message: 'expected the code of a channel', in: 'querystring' }],
      });
    const known = this.skus.get(asked.sku) ?? (await this.load(asked.sku));
    if (known === null) throw new KeptError('not_found', `No item has the SKU ${JSON.stringify(asked.sku)}.`);
    const now = this.kept.clock.now().getTime();
    const { options } = asked;
    if (options !== undefined) refuseUnknownOption(known.offered.item, options);
    const madeWith = options === undefined ? '' : options.join(',');
    const key = `${asked.channel}\n${asked.quantity}\n${asked.tag}\n${asked.shipTo ?? ''}\n${madeWith}`;
    const made = known.answers.get(key);
    if (made !== undefined && made.epoch === this.epoch && now < made.until)
      return { ...made.rendered, asOf: this.asOf };
    const world = this.worldNow(now);
    const rendered = render(answerAvailability(settings, world, known.offered, { ...asked, place }));
    if (known.answers.size >= MANY_ANSWERS) known.answers.clear();
    known.answers.set(key, { rendered, epoch: this.epoch, until: holdsUntil(known.offered.legs, now) });
    return { ...rendered, asOf: this.asOf };
  }

  /** The channel of a key that stands in a shop's pages; null where no such key is in force. */
  async channelOfKey(digest: string): Promise<string | null> {
    await this.freshen();
    return this.settings!.publishableKeys.get(digest) ?? null;
  }

  /**
   * Sees to it that what is in memory is no older than answers may be. Undefined: it is not. While it is only getting old, it
   * is looked after beside the answers, and nobody waits.
   */
  private freshen(): Promise<void> | undefined {
    const now = this.kept.clock.now().getTime();
    this.worldNow(now);
    const age = performance.now() - this.lookedAt;
    // By both clocks: a manual one may pass over days at once.
    const usable =
      this.lookedCommits === this.kept.db.commits && age < OLDEST_MS && now - this.lookedClock < 1000;
    if (usable && age < FRESH_MS) return undefined;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    if (usable) {
      // Whoever finds it too old later will be told what went wrong.
      this.looking.catch(() => {});
      return undefined;
    }
    if (this.lookingSince === -1 || this.lookingSince === this.kept.db.commits) return this.looking;
    // The look that runs began before what this caller may have seen happen: the next one, for all who wait.
    this.next ??= this.looking
      .catch(() => {})
      .then(() => {
        this.next = null;
        return this.freshen();
      });
    return this.next;
  }

  private async look(): Promise<void> {
    this.lookingSince = -1;
    const wait = this.lookedAt + LOOKS_APART_MS - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const began = performance.now();
    const { commits } = this.kept.db;
    this.lookingSince = commits;
    const at = this.kept.clock.now();
    const since = began - this.lookedAt > FORGOTTEN_AFTER_MS ? null : this.snapshot;
    try {
      await withBrand(
        this.kept.db,
        this.brandId,
        async (client) => {
          const look = await lookForChanges(client, this.brandId, since);
          if (since === null || this.settings?.version !== look.settingsVersion) {
            this.settings = await loadSettings(client, this.kept.db, this.brandId);
            this.forgetAll();
          } else for (const item of look.items) this.forget(item);
          this.snapshot = look.snapshot;
        },
        { reads: true },
      );
    } catch (error) {
      // Nobody knows what was missed: PostgreSQL may have been another one since.
      this.snapshot = null;
      this.forgetAll();
      throw error;
    }
    this.lookedAt = began;
    this.lookedCommits = commits;
    this.lookedClock = at.getTime();
    this.asOf = at.toISOString();
  }

  private worldNow(now: number): World {
    const second = Math.floor(now / 1000);
    if (this.settings === null) return this.world!;
    if (this.world !== null && second === this.worldSecond) return this.world;
    const world = worldAt(this.settings, new Date(now));
    const signs = [world.today, ...world.locations.map((location) => location?.shipDay)].join();
    if (signs !== this.worldSigns) {
      // Limits are of a day, so that another day needs them loaded again.
      if (this.world !== null && this.world.today !== world.today) this.forgetAll();
      this.epoch++;
    }
    this.world = world;
    this.worldSecond = second;
    this.worldSigns = signs;
    return world;
  }

  private forget(item: number): void {
    this.changedMeanwhile?.add(item);
    for (const sku of this.partOf.get(item) ?? []) this.skus.delete(sku);
    this.partOf.delete(item);
  }

  private forgetAll(): void {
    this.skus.clear();
    this.partOf.clear();
    this.epoch++;
    this.forgotten++;
    this.worldSecond = -1;
  }

  /** Loads an item, with all others that are asked for meanwhile. Null: there is no such SKU. */
  private load(sku: string): Promise<KnownSku | null> {
    let wanted = this.wanted.get(sku);
    if (wanted === undefined) {
      wanted = Promise.withResolvers<KnownSku | null>();
      this.wanted.set(sku, wanted);
    }
    if (!this.loading) void this.loadWanted();
    return wanted.promise;
  }

  private async loadWanted(): Promise<void> {
    this.loading = true;
    // What is asked for in this turn of the loop comes along.
    await Promise.resolve();
    while (this.wanted.size > 0) {
      const batch = this.wanted;
      this.wanted = new Map();
      this.changedMeanwhile = new Set();
      const { forgotten } = this;
      try {
        const found = await withBrand(
          this.kept.db,
          this.brandId,
          (client) => this.read(client, [...batch.keys()]),
          { reads: true },
        );
        for (const [sku, { promise: _, resolve }] of batch) {
          const offered = found.get(sku);
          if (offered === undefined) {
            resolve(null);
            continue;
          }
          const known: KnownSku = { offered, answers: new Map() };
          const items = new Set([offered.own.item, ...offered.item.legs.map((leg) => leg.item)]);
          if (forgotten === this.forgotten && this.changedMeanwhile.isDisjointFrom(items))
            this.remember(sku, known, items);
          resolve(known);
        }
      } catch (error) {
        for (const { reject } of batch.values()) reject(error);
      }
    }
    this.changedMeanwhile = null;
    this.loading = false;
  }

  private remember(sku: string, known: KnownSku, items: ReadonlySet<number>): void {
    if (this.skus.size >= MANY_ITEMS) this.forgetAll();
    this.skus.set(sku, known);
    for (const item of items) {
      const skus = this.partOf.get(item);
      if (skus === undefined) this.partOf.set(item, new Set([sku]));
      else skus.add(sku);
    }
  }

  private async read(client: pg.PoolClient, skus: readonly string[]): Promise<Map<string, Offered>> {
    const settings = this.settings!;
    const world = this.worldNow(this.kept.clock.now().getTime());
    const items = await lookupItems(client, this.brandId, skus);
    const ids = new Set<number>();
    for (const item of items.values())
      for (const id of [item.item, ...item.legs.map((leg) => leg.item)]) ids.add(id);
    const [positions, words] = await Promise.all([
      loadPositions(client, this.brandId, settings, world, [...ids], { lines: 'none' }),
      readItemWords(
        client,
        this.brandId,
        [...items.values()].map((item) => item.item),
      ),
    ]);
    const byItem = new Map(positions.map((one) => [one.item, one]));
    return new Map([...items].map(([sku, item]) => [sku, offeredOf(item, words.get(item.item)!, byItem)]));
  }
}

function refuseUnknownOption({ sku, options: known }: KnownItem, options: readonly string[]): void {
  const unknown = options.find((option) => !known.includes(option));
  if (unknown === undefined) return;
  const message =
    known.length === 0 ? 'expected none: the item has no options' : `expected of ${known.join(', ')}`;
  throw new KeptError('invalid_input', `${sku} has no option ${JSON.stringify(unknown)}; ${message}.`, {
    errors: [{ path: 'options', message, in: 'querystring' }],
  });
}

function offeredOf(item: KnownItem, words: ItemWords, positions: ReadonlyMap<number, LoadedItem>): Offered {
  const legs = [...new Set(item.legs.map((leg) => leg.item))].map((id) => positions.get(id)!);
  return { item, words, own: positions.get(item.item)!, legs };
}

const readers = new WeakMap<object, Map<number, AvailabilityReader>>();

/** The reader of a brand in this process. */
export function readerOf(kept: Kept, brandId: number): AvailabilityReader {
  let ofDatabase = readers.get(kept.db);
  if (ofDatabase === undefined) {
    ofDatabase = new Map();
    readers.set(kept.db, ofDatabase);
  }
  let reader = ofDatabase.get(brandId);
  if (reader === undefined) {
    reader = new AvailabilityReader(kept, brandId);
    ofDatabase.set(brandId, reader);
  }
  return reader;
}

/** What can be had now and later, for those who reckon with it instead of showing it. */
export async function availabilityOf(
  kept: Kept,
  brandId: number,
  asked: Omit<AvailabilityAsked, 'tag'>,
): Promise<{ readonly now: number; readonly later: readonly { quantity: number; shipBy: string }[] }> {
  const { head, asOf } = await readerOf(kept, brandId).answer({ ...asked, tag: 'en' });
  return JSON.parse(`${head}${asOf}"}`);
}

/** Of no item can more be had at once. */
const MOST_UNITS = 10_000_000;

/** What a channel may offer of an item: what the next one who asks is told, and all that can be had. */
export async function offerOf(
  kept: Kept,
  brandId: number,
  { sku, channel }: { readonly sku: string; readonly channel: string },
): Promise<{ readonly one: AvailabilityView; readonly most: AvailabilityView }> {
  const asked = { sku, channel, shipTo: undefined, tag: 'en' };
  const reader = readerOf(kept, brandId);
  const [one, most] = [
    await reader.answer({ ...asked, quantity: 1 }),
    await reader.answer({ ...asked, quantity: MOST_UNITS }),
  ].map(({ head, asOf }): AvailabilityView => JSON.parse(`${head}${asOf}"}`));
  return { one: one!, most: most! };
}
