import type { DayNumber, EpisodeRecords } from '@kept/engine';
import type { Read } from './read.ts';

/** Days before the opening on which units may have been sold twice that were missed at the opening. */
const DAYS_BEFORE = 2;

/**
 * What channels took above what lay there, on an offer that was outdated. Free stock is walked back from now to the days of the
 * opening, over what came in and what was ordered, and then forward order by order. A channel that is told what it may sell oversells
 * within what it was last told and has not sold since; of one whose offers nobody recorded it is known only where it sold on its own
 * account what nothing could back. Units sold beyond by one channel alone were not sold twice: that is no matter of several channels.
 */
export function oversoldOf(
  read: Pick<Read, 'openedOn' | 'dayOf' | 'movements' | 'free' | 'takes' | 'offers' | 'channelNames'>,
  until: DayNumber,
): { record: EpisodeRecords['oversold']; days: ReadonlySet<DayNumber> } {
  const { openedOn, dayOf, movements, takes, offers, channelNames } = read;
  const from = openedOn - DAYS_BEFORE;
  const isOfStock = (one: Read['movements'][number]) => one.condition === 'sellable' && !one.shipped;
  const came = movements.filter((one) => isOfStock(one) && dayOf(one.at) >= from);
  const window = takes.filter(({ at }) => dayOf(at) >= from);
  let free =
    read.free -
    came.reduce((sum, { delta }) => sum + delta, 0) +
    window.reduce((sum, { units }) => sum + units, 0);
  const days = new Set<DayNumber>();
  const sold = new Map<number, number>();
  let taken = 0;
  let sellable = 0;
  let next = 0;
  for (const take of window) {
    const day = dayOf(take.at);
    if (day > until) break;
    for (; next < came.length && came[next]!.at <= take.at; next++) free += came[next]!.delta;
    const there = Math.max(0, Math.min(free, take.units));
    free -= take.units;
    sold.set(take.channel, (sold.get(take.channel) ?? 0) + take.units);
    const beyond = Math.min(take.units - there, outdated(take, takes, offers));
    if (beyond > 0) days.add(day);
    taken += there + beyond;
    sellable += there;
  }
  const channels = [...sold.keys()].flatMap((channel) => channelNames[channel] ?? []).sort();
  const several = channels.length > 1;
  return {
    record: { taken: several ? taken : 0, sellable: several ? sellable : 0, channels },
    days: several ? days : new Set(),
  };
}

/** Units of an order that its channel believed to be on the shelf. */
function outdated(take: Read['takes'][number], takes: Read['takes'], offers: Read['offers']): number {
  const own = offers.filter(({ channel }) => channel === take.channel);
  if (own.length === 0) return take.placed ? take.unbacked : 0;
  const offer = own.filter(({ at }) => at <= take.at).at(-1);
  if (offer === undefined) return 0;
  const since = takes
    .filter((one) => one.channel === take.channel && one.at >= offer.at && one.at < take.at)
    .reduce((sum, { units }) => sum + units, 0);
  return Math.max(0, Math.min(take.units, offer.quantity - since));
}
