import {
  type Channel,
  type DayNumber,
  dayNumber,
  defaultPolicy,
  isWorkingDay,
  type Location,
  localTime,
  MONDAY_TO_FRIDAY,
  type OwnWords,
  POLICY_KINDS,
  type Policy,
  type PromisableStage,
  type SlipTable,
  slipTableFrom,
  type Transit,
  type WorkingCalendar,
  type World,
} from '@kept/engine';
import type pg from 'pg';

/** What every decision of a brand shares, as it is stored. Kept in memory until the brand's settings move. */
export interface Settings {
  readonly version: number;
  readonly timeZone: string;
  readonly currency: string;
  readonly country: string | null;
  readonly calendar: WorkingCalendar;
  readonly locations: readonly (LocationSettings | undefined)[];
  readonly channels: readonly (Channel | undefined)[];
  readonly places: number;
  readonly sees: Uint8Array;
  readonly policies: ReadonlyMap<string, Policy>;
  readonly placeOf: ReadonlyMap<string, number>;
  readonly channelOf: ReadonlyMap<string, number>;
  /** Purchase orders of suppliers that were given up: they back nothing. */
  readonly abandonedOrders: ReadonlySet<string>;
  /** What was learnt from receipts; null: too little yet. */
  readonly slips: SlipTable | null;
  /** The brand's own words for shoppers, by language. */
  readonly words: ReadonlyMap<string, OwnWords>;
  /** Channel by the digest of a key that is in force. */
  readonly publishableKeys: ReadonlyMap<string, string>;
}

interface LocationSettings {
  readonly code: string;
  readonly calendar: WorkingCalendar;
  readonly closed: boolean;
  readonly country: string | null;
  readonly transit: Transit | null;
  readonly timeZone: string;
  /** Minutes since midnight. */
  readonly cutOff: number | null;
}

const known = new Map<string, Settings>();
const numbered = new WeakMap<object, number>();
let databases = 0;

/** Names the advisory lock of a brand's settings; any number will do that nothing else locks. */
const SETTINGS_LOCK = 7341;

/**
 * Keeps the settings as they are until the transaction ends. Whoever decides shares the lock; whoever changes settings
 * takes it alone, and so waits for those who decide by the old ones, and is waited for by the next. An advisory lock,
 * since locking the brand's row would write it with every order.
 */
export async function lockSettings(
  client: pg.PoolClient,
  brandId: number,
  mode: 'shared' | 'alone',
): Promise<void> {
  await client.query({
    name: `lock-settings-${mode}`,
    text: `select pg_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}($1, $2)`,
    values: [SETTINGS_LOCK, brandId],
  });
}

/** The brand's settings, read only when they have changed since this process last looked. */
export async function loadSettings(
  client: pg.PoolClient,
  database: object,
  brandId: number,
): Promise<Settings> {
  if (!numbered.has(database)) numbered.set(database, databases++);
  const key = `${numbered.get(database)}:${brandId}`;
  const { rows } = await client.query<BrandRow>({
    name: 'brand-settings',
    text: 'select settings_version, time_zone, currency, country, calendar from brand where brand_id = $1',
    values: [brandId],
  });
  const brand = rows[0];
  if (brand === undefined) throw new Error(`brand ${brandId} does not exist`);
  const settings = known.get(key);
  if (settings !== undefined && settings.version === brand.settings_version) return settings;
  const fresh = await readSettings(client, brandId, brand);
  known.set(key, fresh);
  return fresh;
}

interface BrandRow {
  settings_version: number;
  time_zone: string;
  currency: string;
  country: string | null;
  calendar: string;
}

async function readSettings(client: pg.PoolClient, brandId: number, brand: BrandRow): Promise<Settings> {
  const [locations, channels, policies, abandoned, slips, words, keys] = await Promise.all([
    client.query(
      `select location_id, code, channels, calendar, cut_off, time_zone, country, transit, closed from location
       where brand_id = $1 order by location_id`,
      [brandId],
    ),
    client.query(
      'select channel_id, code, maximum_promise_days from channel where brand_id = $1 order by channel_id',
      [brandId],
    ),
    client.query('select name, kind, settings from policy where brand_id = $1', [brandId]),
    client.query(
      `select p.ref from purchase_order p join supplier s on s.brand_id = p.brand_id and s.code = p.supplier
       where p.brand_id = $1 and s.status = 'abandoned'`,
      [brandId],
    ),
    client.query('select learnt from slip_learning where brand_id = $1', [brandId]),
    client.query('select language, words from copy_words where brand_id = $1', [brandId]),
    client.query(
      'select key_digest, channel from publishable_key where brand_id = $1 and revoked_at is null',
      [brandId],
    ),
  ]);
  const brandCalendar = calendarFrom(brand.calendar);
  const places = 1 + Math.max(0, ...locations.rows.map((row) => row.location_id));
  const rows = 1 + Math.max(0, ...channels.rows.map((row) => row.channel_id));
  const sees = new Uint8Array(places * rows);
  const byPlace: (LocationSettings | undefined)[] = new Array(places).fill(undefined);
  const byChannel: (Channel | undefined)[] = new Array(rows).fill(undefined);
  for (const row of channels.rows)
    byChannel[row.channel_id] = { code: row.code, maximumPromiseDays: row.maximum_promise_days };
  for (const row of locations.rows) {
    byPlace[row.location_id] = {
      code: row.code,
      calendar: row.calendar === null ? brandCalendar : calendarFrom(row.calendar),
      closed: row.closed,
      country: row.country ?? brand.country,
      transit: row.transit === null ? null : JSON.parse(row.transit),
      timeZone: row.time_zone ?? brand.time_zone,
      cutOff:
        row.cut_off === null ? null : Number(row.cut_off.slice(0, 2)) * 60 + Number(row.cut_off.slice(3)),
    };
    for (const channel of channels.rows)
      if (row.channels === null || row.channels.includes(channel.code))
        sees[channel.channel_id * places + row.location_id] = 1;
  }
  const byName = new Map<string, Policy>(POLICY_KINDS.map((kind) => [kind, defaultPolicy(kind)]));
  for (const row of policies.rows) {
    const own = JSON.parse(row.settings);
    const base = defaultPolicy(row.kind, row.name);
    byName.set(row.name, {
      ...base,
      ...own,
      bufferDays: { ...base.bufferDays, ...own.bufferDays },
      fixedBuffers: Object.keys(own.bufferDays ?? {}) as PromisableStage[],
      promisablePercent: { ...base.promisablePercent, ...own.promisablePercent },
      kind: row.kind,
      name: row.name,
    });
  }
  return {
    version: brand.settings_version,
    timeZone: brand.time_zone,
    currency: brand.currency,
    country: brand.country,
    calendar: brandCalendar,
    locations: byPlace,
    channels: byChannel,
    places,
    sees,
    policies: byName,
    placeOf: new Map(locations.rows.map((row) => [row.code, row.location_id])),
    channelOf: new Map(channels.rows.map((row) => [row.code, row.channel_id])),
    abandonedOrders: new Set(abandoned.rows.map((row) => row.ref)),
    slips: slipTableFrom(slips.rows[0]?.learnt ?? null),
    words: new Map(words.rows.map((row) => [row.language, JSON.parse(row.words)])),
    publishableKeys: new Map(keys.rows.map((row) => [row.key_digest, row.channel])),
  };
}

/** The settings as of an instant: today in each zone, and the day on which an order placed now leaves each location. */
export function worldAt(settings: Settings, now: Date): World {
  const milliseconds = now.getTime();
  return {
    today: localTime(milliseconds, settings.timeZone).day,
    now: milliseconds,
    locations: settings.locations.map((location): Location | undefined =>
      location === undefined
        ? undefined
        : {
            code: location.code,
            calendar: location.calendar,
            closed: location.closed,
            country: location.country,
            transit: location.transit,
            shipDay: shipDay(location, milliseconds),
          },
    ),
    channels: settings.channels,
    sight: { places: settings.places, sees: settings.sees },
    transitDays: { domestic: 3, abroad: 7 },
    slips: settings.slips,
  };
}

/** After the cut-off of a working day, orders wait for the next. */
function shipDay(location: LocationSettings, milliseconds: number): DayNumber {
  const { day, minutes } = localTime(milliseconds, location.timeZone);
  const missed =
    location.cutOff !== null && minutes >= location.cutOff && isWorkingDay(location.calendar, day);
  return missed ? day + 1 : day;
}

function calendarFrom(text: string): WorkingCalendar {
  const { workdays, holidays } = JSON.parse(text) as { workdays: number[]; holidays: string[] };
  if (workdays.length === 0) return MONDAY_TO_FRIDAY;
  return { workdays: new Set(workdays), holidays: new Set(holidays.map(dayNumber)) };
}
