import { Calendar, Country, Currency, Words } from '@kept/contract';
import type pg from 'pg';
import { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { type BrandRow, readBrand, updateBrand } from './brand-store.ts';
import { calendarOf, calendarText, isTimeZone } from './calendar.ts';
import { wrong } from './errors.ts';
import { replanItems } from './replan.ts';
import { allQueued } from './replan-store.ts';
import { lockBrandSettings, touchSettings } from './settings-store.ts';

export const BrandInput = z.object({
  title: Words,
  /** IANA, such as Europe/London: "today" is there. */
  timeZone: z.string().max(60),
  currency: Currency,
  country: Country.nullable().optional(),
  /** Of locations without one of their own. Left out: Monday to Friday. */
  calendar: Calendar.optional(),
});
export const Brand = BrandInput.required();
type View = z.output<typeof Brand>;

export async function saveBrand(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: z.output<typeof BrandInput>,
): Promise<View> {
  if (!isTimeZone(input.timeZone))
    throw wrong(
      'timeZone',
      `expected an IANA time zone such as Europe/London, not ${JSON.stringify(input.timeZone)}`,
    );
  await lockBrandSettings(client, brandId);
  const before = await readBrand(client, brandId);
  const after: BrandRow = {
    title: input.title,
    timeZone: input.timeZone,
    currency: input.currency,
    country: input.country ?? null,
    calendar: calendarText(input.calendar ?? {}),
  };
  const changed = (Object.keys(after) as (keyof BrandRow)[]).filter((key) => before[key] !== after[key]);
  if (changed.length === 0) return brandView(after);
  await updateBrand(client, brandId, after);
  await touchSettings(client, brandId);
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  await recordEvents(client, brandId, [{ id: event, kind: 'brand.saved', data: brandView(after), at }]);
  if (changed.some((key) => key === 'timeZone' || key === 'country' || key === 'calendar'))
    await replanItems(kept, client, brandId, await allQueued(client, brandId), {
      event,
      cause: { code: 'brand_changed' },
    });
  return brandView(after);
}

export async function viewBrand(client: pg.PoolClient, brandId: number): Promise<View> {
  return brandView(await readBrand(client, brandId));
}

const brandView = (row: BrandRow): View => ({ ...row, calendar: calendarOf(row.calendar) });
