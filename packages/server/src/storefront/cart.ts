import type { Cart, CartInput } from '@kept/contract';
import { dayText, voiceOf, writeWays } from '@kept/engine';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { catalogueOf, loadSettings, readerOf, worldAt } from '../promising/index.ts';

type Answer = z.output<typeof Cart>;
type Asked = Omit<z.output<typeof CartInput>, 'locale'> & { readonly tag: string };
type Units = Answer['parcels'][number]['lines'][number];

interface Answered {
  readonly title: string;
  readonly now: number;
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
  readonly asOf: string;
}

/**
 * A cart as it would leave: by line, and by parcel where each unit leaves as soon as it can. Shops that have one due date for an
 * order give all of it the soonest: they make an order of each parcel, or say what is in `ways`.
 * @throws KeptError `not_found` for an unknown SKU, `unknown_channel`
 */
export async function cartOf(kept: Kept, brandId: number, cart: Asked): Promise<Answer> {
  const { channel, shipTo, tag } = cart;
  const reader = readerOf(kept, brandId);
  const left = new Map<
    string,
    { title: string; now: number; later: { quantity: number; shipBy: string }[] }
  >();
  let asOf = '';
  for (const [sku, lines] of Map.groupBy(cart.lines, (line) => line.sku)) {
    const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
    const answer = await reader.answer({ sku, channel, quantity, shipTo, tag });
    const { title, now, later } = JSON.parse(`${answer.head}${answer.asOf}"}`) as Answered;
    left.set(sku, { title, now, later: later.map((part) => ({ ...part })) });
    asOf = answer.asOf;
  }
  const lines = cart.lines.map(({ line, sku, quantity }, index): Answer['lines'][number] => {
    const units = left.get(sku)!;
    let missing = quantity;
    const take = (from: number) => {
      const taken = Math.min(missing, from);
      missing -= taken;
      return taken;
    };
    const now = take(units.now);
    units.now -= now;
    const later = units.later.flatMap((part) => {
      const taken = take(part.quantity);
      part.quantity -= taken;
      return taken === 0 ? [] : [{ quantity: taken, shipBy: part.shipBy }];
    });
    return { line: line ?? index + 1, sku, title: units.title, quantity, now, later, missing };
  });
  const parcels = parcelsOf(lines);
  const days = parcels.flatMap(({ shipBy }) => shipBy ?? []);
  return {
    channel,
    lines,
    parcels,
    mixed: parcels.length > 1,
    severalDueDates: days.length > 1,
    ways: parcels.length > 1 ? await waysOf(kept, brandId, tag, days.at(-1)!) : [],
    missing: lines.reduce((sum, one) => sum + one.missing, 0),
    locale: tag,
    asOf,
  };
}

/** By the day on which it leaves, what is here first. */
function parcelsOf(lines: Answer['lines']): Answer['parcels'] {
  const byDay = new Map<string | null, Units[]>();
  const put = (day: string | null, units: Units) => byDay.set(day, [...(byDay.get(day) ?? []), units]);
  for (const { line, sku, now, later } of lines) {
    if (now > 0) put(null, { line, sku, quantity: now });
    for (const { quantity, shipBy } of later) put(shipBy, { line, sku, quantity });
  }
  return [...byDay]
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([shipBy, units]) => ({ shipBy, lines: units }));
}

async function waysOf(kept: Kept, brandId: number, tag: string, lastDay: string): Promise<Answer['ways']> {
  const settings = await withBrand(kept.db, brandId, (client) => loadSettings(client, kept.db, brandId), {
    reads: true,
  });
  const today = dayText(worldAt(settings, kept.clock.now()).today);
  const words = writeWays(voiceOf(tag, today, catalogueOf(settings, tag)), lastDay);
  return [
    { way: 'apart', words: words.apart },
    { way: 'together', words: words.together },
  ];
}
