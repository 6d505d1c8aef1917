import type { AccidentalCause, EpisodeRecords } from '../packages/engine/src/causes.ts';

/**
 * A second way to make episodes, unlike brand-simulator.ts in what drives it: shoppers come one by one and buy baskets, by season and
 * weekday; two channels see stock by snapshots that are minutes to hours old; the buyer looks once a week at a weekly forecast made by
 * exponential smoothing of what was sold; the supplier makes batches and ships by sailings;
 * arrivals are inspected. Each trouble is a change in one of these. Its truth is again what it takes to avoid the episode: the same
 * shoppers, sailings and inspections are lived again without the trouble.
 */

export interface ShopEpisode {
  readonly records: EpisodeRecords;
  readonly truth: readonly AccidentalCause[];
}

const DAYS = 400;
/** Trouble begins in a shop that has run for a while. */
const TROUBLE_FROM = 220;
const TROUBLE_UNTIL = 330;
const DEPTH_DAYS = 14;
/** Without it, less than half of the shortage would have been. */
const HALF = 0.5;
/** What has just come is looked at for so long as a matter of course. */
const USUAL_CHECK_DAYS = 5;

/** Chance by name and number, the same in every life of a seed: what one trouble changes does not shift the others' chances. */
function chances(seed: number): (name: number, number: number) => number {
  return (name, number) => {
    let hash =
      Math.imul(seed ^ 0x51ab, 0x85ebca6b) ^
      Math.imul(name + 17, 0xc2b2ae35) ^
      Math.imul(number + 3, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
  };
}

interface Purchase {
  readonly name: string;
  readonly placedOn: number;
  readonly promisedOn: number;
  readonly quantity: number;
  arrivesOn: number;
  sellableOn: number;
  /** Putting away is no check: what is checked is on record as held. */
  inspected: boolean;
  reason: string | null;
}

export function shopEpisode(seed: number, troubles: readonly AccidentalCause[]): ShopEpisode | null {
  const lived = live(seed, new Set(troubles), null);
  if (lived === null) return null;
  const without = (less: readonly AccidentalCause[]) =>
    live(seed, new Set(troubles.filter((one) => !less.includes(one))), lived.records.openedOn)!.short;
  const avoids = (less: readonly AccidentalCause[]) => without(less) <= HALF * lived.short;
  const truth = troubles.filter((one) => avoids([one]));
  const either = truth.length === 0 && troubles.length > 0 && avoids(troubles);
  return { records: lived.records, truth: either ? troubles : truth };
}

const SHOPPERS = 1;
const BASKETS = 2;
const HOURS = 3;
const CHANNELS = 4;
const SAILINGS = 5;
const BATCHES = 6;
const PLACE = 7;
const INSPECTIONS = 8;

/** One item's shop, from a seed: what is its own in every life. */
function shopOf(seed: number) {
  const chance = chances(seed);
  const own = (number: number, low: number, high: number) => low + (high - low) * chance(PLACE, number);
  const sailingEvery = Math.round(own(0, 5, 10));
  const makingDays = Math.round(own(1, 10, 25));
  const sailingDays = Math.round(own(2, 8, 20));
  return {
    chance,
    shoppersADay: own(3, 1.2, 9),
    season: own(4, 0.02, 0.2),
    sailingEvery,
    makingDays,
    sailingDays,
    leadDays: makingDays + sailingEvery + sailingDays,
    coverWeeks: own(5, 3, 6),
    safety: own(6, 0.4, 2),
    syncHours: own(7, 0.5, 4),
    marketShare: own(8, 0.25, 0.6),
    troubleOn: TROUBLE_FROM + Math.floor(own(9, 0, 40)),
    surge: own(10, 1.7, 3),
    promotionDays: Math.round(own(11, 8, 20)),
    promotionLift: own(12, 2.5, 5),
    toldDaysBefore: Math.round(own(13, -3, 8)),
    missedSailings: 1 + Math.floor(own(14, 1, 4)),
    batchTrouble: own(15, 12, 30),
    reason: ['production', 'materials', 'freight', 'customs'][Math.floor(own(16, 0, 4))]!,
    inspectionDays: Math.round(own(17, 15, 35)),
    leastOrderWeeks: own(18, 2, 3.5),
    outageDays: Math.round(own(19, 1, 4)),
    lastPieces: own(22, 0.3, 0.7),
    hunters: own(23, 1.3, 2.2),
    knownPromotion: own(20, 0, 1) < 0.3,
    returnsPile: Math.round(own(21, 0, 3)),
  };
}

type Shop = ReturnType<typeof shopOf>;

/** Poisson, by its own definition: as many as fit before the sum of waits is over. */
function poisson(mean: number, next: () => number): number {
  let left = mean;
  let count = 0;
  for (;;) {
    left += Math.log(Math.max(1e-12, next()));
    if (left < 0) return count;
    count++;
  }
}

interface Taken {
  readonly units: number;
  readonly beyond: number;
  readonly there: number;
}

/** Shoppers of a day, hour by hour, in two channels whose snapshots of the stock are some hours old. */
function sellDay(shop: Shop, day: number, stock: number, rate: number, outage: boolean): Taken {
  let at = 0;
  const next = () => shop.chance(SHOPPERS, day * 4096 + at++);
  const shoppers = poisson(rate, next);
  const visits = Array.from({ length: shoppers }, (_, number) => ({
    hour: 24 * shop.chance(HOURS, day * 512 + number),
    market: shop.chance(CHANNELS, day * 512 + number) < shop.marketShare,
    units: 1 + Math.floor(-1.1 * Math.log(1 - shop.chance(BASKETS, day * 512 + number))),
  })).sort((a, b) => a.hour - b.hour);
  let left = stock;
  const seen = [stock, stock];
  let lastSync = 0;
  let beyond = 0;
  let units = 0;
  for (const visit of visits) {
    if (!outage && visit.hour - lastSync >= shop.syncHours) {
      lastSync = visit.hour;
      seen.fill(left);
    }
    const channel = visit.market ? 1 : 0;
    const over = Math.max(0, visit.units - Math.max(0, left));
    // Within what its snapshot still shows it is sold as if it lay there.
    beyond += Math.min(over, Math.max(0, seen[channel]!));
    seen[channel]! -= visit.units;
    left -= visit.units;
    units += visit.units;
  }
  return { units, beyond, there: Math.max(0, Math.min(stock, units)) };
}

interface Life {
  readonly short: number;
  readonly records: EpisodeRecords;
}

/** Lives a seed's days with some troubles. `openedOn` given: what is short from that day on, whether or not it ran out then. */
function live(seed: number, troubles: ReadonlySet<AccidentalCause>, openedOn: number | null): Life | null {
  const shop = shopOf(seed);
  const meanBasket = 1.6;
  const usual = (day: number) =>
    shop.shoppersADay * (1 + shop.season * Math.sin((2 * Math.PI * day) / 364)) * WEEKDAYS[day % 7]!;
  const promotes = troubles.has('promotional_surprise') || shop.knownPromotion;
  const inPromotion = (day: number) =>
    promotes && day >= shop.troubleOn && day < shop.troubleOn + shop.promotionDays;
  const lift = troubles.has('promotional_surprise') ? shop.promotionLift : 1.5;
  const sold = new Float64Array(DAYS);
  const net = new Float64Array(DAYS);
  const beyond = new Float64Array(DAYS);
  const there = new Float64Array(DAYS);
  const held = new Float64Array(DAYS);
  const purchases: Purchase[] = [];
  const forecasts: { level: number; error: number }[] = [];
  let level = shop.shoppersADay * meanBasket * 7;
  let error = Math.sqrt(2.6 * level);
  let bias = 0;
  let stock = Math.round((level / 7) * (shop.leadDays + 7 * shop.coverWeeks));
  let weekSold = 0;
  let crossing: EpisodeRecords['reorder'] = null;
  let crossedOn: number | null = null;
  let stuck: Purchase | null = null;
  let outageFrom: number | null = null;
  for (let day = 0; day < DAYS; day++) {
    for (const one of purchases) if (one.sellableOn === day) stock += one.quantity;
    held[day] =
      shop.returnsPile +
      purchases.reduce(
        (sum, one) =>
          sum +
          (one.inspected && one.arrivesOn + USUAL_CHECK_DAYS <= day && one.sellableOn > day
            ? one.quantity
            : 0),
        0,
      );
    let rate = usual(day);
    if (troubles.has('forecast_undershoot') && day >= shop.troubleOn) rate *= shop.surge;
    if (inPromotion(day)) rate *= lift;
    const low = stock > 0 && stock < shop.lastPieces * usual(day) * meanBasket * shop.leadDays;
    const outage =
      troubles.has('multichannel_oversell') &&
      day >= shop.troubleOn &&
      (outageFrom === null ? low : day < outageFrom + shop.outageDays);
    if (outage) outageFrom ??= day;
    // While their connection is down, both channels sell what they saw last, and call it the last pieces: bargain hunters come.
    const hunters = outage && day === outageFrom ? (shop.hunters * stock) / meanBasket : 0;
    const taken = sellDay(shop, day, stock, rate + hunters, outage);
    stock -= taken.units;
    sold[day] = taken.units;
    beyond[day] = outage ? taken.beyond : 0;
    there[day] = taken.there;
    net[day] = stock;
    weekSold += inPromotion(day) || outage ? usual(day) * meanBasket : taken.units;
    if (day % 7 !== 6) continue;
    // Monday's look: smoothing of what was sold, then an order up to what covers lead time, review and some weeks.
    const miss = weekSold - level;
    bias = 0.8 * bias + 0.2 * Math.abs(miss);
    error = Math.max(Math.sqrt(2.6 * Math.max(1, level)), 1.25 * bias);
    if (day < TROUBLE_FROM) level += 0.15 * miss;
    weekSold = 0;
    forecasts[day] = { level, error };
    const weeks = (shop.leadDays + 7) / 7;
    const open = purchases.reduce((sum, one) => sum + (one.sellableOn > day ? one.quantity : 0), 0);
    const point = level * weeks + shop.safety * error * Math.sqrt(weeks);
    const plannedLift =
      promotes &&
      !troubles.has('promotional_surprise') &&
      shop.troubleOn > day &&
      shop.troubleOn - day < shop.leadDays + 21
        ? (level / 7) * 0.5 * shop.promotionDays
        : 0;
    const need = Math.ceil(point + plannedLift + level * shop.coverWeeks - stock - open);
    if (stock + open > point + plannedLift) {
      crossedOn = null;
      continue;
    }
    crossedOn ??= day;
    const lot = Math.ceil(level * shop.coverWeeks);
    const least = Math.ceil(need + level * shop.leastOrderWeeks);
    // The buyer waits until what is needed is worth the supplier's least quantity.
    if (
      troubles.has('moq_shortfall') &&
      day >= shop.troubleOn - shop.leadDays &&
      (crossing === null || crossing.crossedOn === crossedOn)
    ) {
      crossing ??= { crossedOn, orderedOn: null, neededUnits: need, moq: least, leadTimeDays: shop.leadDays };
      if (need < crossing.moq) continue;
      crossing = { ...crossing, orderedOn: day };
    }
    const purchase = order(shop, purchases.length, day, Math.max(need, lot));
    if (stuck === null && purchase.promisedOn >= shop.troubleOn) {
      stuck = purchase;
      if (troubles.has('supplier_delay')) {
        const late = Math.round(shop.missedSailings * shop.sailingEvery + shop.batchTrouble);
        purchase.arrivesOn += late;
        purchase.sellableOn += late;
        purchase.reason = shop.reason;
      }
      if (troubles.has('quality_or_returns_hold')) {
        purchase.sellableOn += shop.inspectionDays;
        purchase.inspected = true;
      }
    }
    purchases.push(purchase);
    crossedOn = null;
  }
  let opened = openedOn;
  for (let day = TROUBLE_FROM; opened === null && day < TROUBLE_UNTIL; day++)
    if (net[day]! < -Math.max(2, shop.shoppersADay / 2)) opened = day;
  if (opened === null) return null;
  let deepest = opened;
  for (let day = opened; day < opened + DEPTH_DAYS; day++) if (net[day]! < net[deepest]!) deepest = day;
  const short = Math.max(0, -net[deepest]!);
  const from = opened - shop.leadDays - 7;
  const window = { ordered: 0, days: 0, promoted: 0, promotedDays: 0 };
  const recent = { ordered: 0, days: 0 };
  for (let day = from; day <= deepest; day++) {
    if (beyond[day]! > 0) continue;
    if (inPromotion(day)) {
      window.promoted += sold[day]!;
      window.promotedDays++;
      continue;
    }
    window.ordered += sold[day]!;
    window.days++;
    if (day <= deepest - 14) continue;
    recent.ordered += sold[day]!;
    recent.days++;
  }
  const known = forecasts.slice(0, from).findLast((one) => one !== undefined)!;
  // A level that is wrong is wrong every week: errors of weeks to come are partly one error.
  const rangeOf = (days: number) => {
    const weeks = days / 7;
    const expected = known.level * weeks;
    return {
      expected,
      high: expected + 1.2816 * known.error * Math.sqrt(weeks * (1 + 0.1 * Math.max(0, weeks - 1))),
    };
  };
  const surprise = troubles.has('promotional_surprise');
  const records: EpisodeRecords = {
    openedOn: opened,
    shortUnits: Math.round(short),
    intended: null,
    demand: {
      ordered: window.ordered,
      ...rangeOf(window.days),
      recent: { ordered: recent.ordered, ...rangeOf(recent.days) },
    },
    campaigns:
      window.promotedDays === 0
        ? []
        : [
            {
              name: 'promotion',
              from: shop.troubleOn,
              toldOn: surprise ? shop.troubleOn - shop.toldDaysBefore : shop.troubleOn - shop.leadDays - 28,
              leadTimeDays: shop.leadDays,
              ordered: window.promoted,
              planned: (known.level / 7) * window.promotedDays * (surprise ? 1 : 1.5),
            },
          ],
    supplies: purchases
      .filter(({ placedOn }) => placedOn <= opened)
      .map((one) => ({
        name: one.name,
        quantity: one.quantity,
        firstExpectedOn: one.promisedOn,
        arrivedOn: one.arrivesOn,
        allowedDays: Math.ceil(0.15 * shop.leadDays),
        reason: one.reason,
      })),
    oversold: oversoldOf(beyond, there, opened, deepest),
    heldUnits: Math.round(held[deepest]!),
    reorder: crossing,
  };
  return { short, records };
}

const WEEKDAYS = [1.1, 0.9, 0.9, 0.95, 1.05, 1.2, 0.9];

/** The supplier makes a batch, and the goods leave by the next sailing. */
function order(shop: Shop, number: number, placedOn: number, quantity: number): Purchase {
  const promisedOn = placedOn + shop.leadDays;
  const made = placedOn + shop.makingDays + Math.floor(3 * shop.chance(BATCHES, number));
  const sails = Math.ceil(made / shop.sailingEvery) * shop.sailingEvery;
  const arrives = sails + shop.sailingDays + Math.floor(4 * shop.chance(SAILINGS, number)) - 1;
  // One in seven is checked as a routine.
  const inspected = shop.chance(INSPECTIONS, number) < 1 / 7;
  return {
    ...{ name: `PO-${number + 1}`, placedOn, promisedOn, quantity, reason: null },
    ...{ arrivesOn: arrives, sellableOn: arrives + (inspected ? 3 : 1), inspected },
  };
}

function oversoldOf(
  beyond: Float64Array,
  there: Float64Array,
  opened: number,
  deepest: number,
): EpisodeRecords['oversold'] {
  let taken = 0;
  let sellable = 0;
  for (let day = opened - 2; day <= deepest; day++) {
    if (beyond[day]! === 0) continue;
    taken += there[day]! + beyond[day]!;
    sellable += there[day]!;
  }
  return { taken, sellable, channels: ['web', 'market'] };
}
