import type { AccidentalCause, EpisodeRecords } from '../packages/engine/src/causes.ts';

/**
 * A brand's item, day by day: orders, a buyer who reorders by a forecast, a supplier, two channels. What goes wrong is known here and
 * told to nobody: what comes out are the records that such a brand would have, and beside them the truth. The truth of an episode is
 * what it takes to avoid it: the same days are lived again without each of the troubles.
 */

export interface Episode {
  readonly records: EpisodeRecords;
  /** The troubles without which it would not have come, or not so deep; none: chance alone. */
  readonly truth: readonly AccidentalCause[];
}

export const TROUBLES: readonly AccidentalCause[] = [
  'forecast_undershoot',
  'supplier_delay',
  'multichannel_oversell',
  'moq_shortfall',
  'promotional_surprise',
  'quality_or_returns_hold',
];

const DAYS = 240;
/** Trouble begins when the item has settled. */
const SETTLED = 90;
/** Units short are looked at for so many days. */
const DEPTH_DAYS = 14;
const HOLDS_DAYS = 25;
const ALLOWED_SLIP = 5;
/** An episode is one of a trouble that makes at least so much of its depth. */
const MATTERS = 0.5;

interface Life {
  readonly seed: number;
  readonly troubles: ReadonlySet<AccidentalCause>;
}

interface Order {
  readonly placedOn: number;
  readonly expectedOn: number;
  readonly arrivesOn: number;
  readonly quantity: number;
  readonly heldUntil: number;
}

/** An episode of some troubles, from a seed; null: the item never ran out after they began. */
export function episodeOf(seed: number, troubles: readonly AccidentalCause[]): Episode | null {
  const lived = live({ seed, troubles: new Set(troubles) });
  if (lived.openedOn === null) return null;
  const isAvoidedBy = (less: readonly AccidentalCause[]) => {
    const others = new Set(troubles.filter((one) => !less.includes(one)));
    return live({ seed, troubles: others }, lived.openedOn).shortUnits <= (1 - MATTERS) * lived.shortUnits;
  };
  const truth = troubles.filter((trouble) => isAvoidedBy([trouble]));
  // Where either of two would have been enough, leaving out one of them avoids nothing, and both are the cause.
  if (truth.length === 0 && isAvoidedBy(troubles)) return { records: lived.records!, truth: troubles };
  return { records: lived.records!, truth };
}

interface Lived {
  readonly openedOn: number | null;
  readonly shortUnits: number;
  readonly records: EpisodeRecords | null;
}

function live({ seed, troubles }: Life, lookedAt: number | null = null): Lived {
  const item = itemOf(seed);
  const { mean, believed, leadDays, trouble } = item;
  const ordered = new Float64Array(DAYS + DEPTH_DAYS);
  const taken = new Float64Array(DAYS + DEPTH_DAYS);
  const sellable = new Float64Array(DAYS + DEPTH_DAYS);
  const net = new Float64Array(DAYS + DEPTH_DAYS);
  const heldOn = new Float64Array(DAYS + DEPTH_DAYS);
  const orders: Order[] = [];
  const deviation = (days: number) => Math.sqrt(1.3 * believed * days + (0.07 * believed * days) ** 2);
  const reorderPoint = believed * leadDays + 2.2 * deviation(leadDays);
  const lot = Math.ceil(believed * item.lotDays);
  const campaign = troubles.has('promotional_surprise') || item.knownCampaign;
  const surprise = troubles.has('promotional_surprise');
  const inCampaign = (day: number) =>
    campaign && day >= item.campaignFrom && day < item.campaignFrom + item.campaignDays;
  let units = reorderPoint + lot * item.startShare;
  let delayed = false;
  let held = false;
  let crossedOn: number | null = null;
  let reorderRecord: EpisodeRecords['reorder'] = null;
  let burst = 0;
  for (let day = 0; day < DAYS + DEPTH_DAYS; day++) {
    for (const order of orders) {
      if (order.arrivesOn === day && order.heldUntil <= day) units += order.quantity;
      else if (order.heldUntil === day) units += order.quantity;
    }
    heldOn[day] =
      orders.reduce((sum, one) => sum + (one.arrivesOn <= day && one.heldUntil > day ? one.quantity : 0), 0) +
      item.smallHold(day);
    let rate = mean;
    if (troubles.has('forecast_undershoot') && day >= trouble) rate *= item.surge;
    if (inCampaign(day)) rate *= surprise ? item.lift : item.knownLift;
    let asked = count(rate, item.chance(day));
    // A bulk order now and then, of a few days' worth.
    if (item.bulkOn === day) asked += Math.ceil(2 * mean);
    if (
      troubles.has('multichannel_oversell') &&
      burst < 2 &&
      day >= trouble &&
      units > 0 &&
      units < item.burstBelow * believed * leadDays
    ) {
      // Both channels offer all there is, and sell it at once.
      sellable[day] = Math.max(0, Math.round(units));
      taken[day] = Math.round(units * (1 + item.burst) + 3);
      asked = Math.max(asked, taken[day]!);
      burst += 2;
    }
    units -= asked;
    ordered[day] = asked;
    net[day] = units;
    const open = orders.reduce(
      (sum, one) => sum + (Math.max(one.arrivesOn, one.heldUntil) > day ? one.quantity : 0),
      0,
    );
    const planned =
      !surprise && campaign && day >= item.campaignFrom - leadDays - 10 && day < item.campaignFrom
        ? mean * (item.knownLift - 1) * item.campaignDays
        : 0;
    if (units + open > reorderPoint + planned) {
      crossedOn = null;
      continue;
    }
    crossedOn ??= day;
    const needed = Math.max(lot, Math.ceil(reorderPoint + planned + lot - units - open));
    if (
      troubles.has('moq_shortfall') &&
      crossedOn >= trouble - leadDays &&
      day < crossedOn + item.moqWaitDays &&
      (reorderRecord === null || reorderRecord.crossedOn === crossedOn)
    ) {
      reorderRecord ??= {
        crossedOn,
        orderedOn: crossedOn + item.moqWaitDays,
        neededUnits: lot,
        moq: Math.ceil(lot * 1.8),
        leadTimeDays: leadDays,
      };
      continue;
    }
    const quantity = reorderRecord?.crossedOn === crossedOn ? Math.max(needed, reorderRecord.moq) : needed;
    const expectedOn = day + leadDays;
    let slip = item.smallSlip(orders.length);
    if (troubles.has('supplier_delay') && !delayed && expectedOn >= trouble) {
      delayed = true;
      slip = item.delayDays;
    }
    const arrivesOn = expectedOn + slip;
    let heldUntil = arrivesOn;
    if (troubles.has('quality_or_returns_hold') && !held && arrivesOn >= trouble) {
      held = true;
      heldUntil = arrivesOn + HOLDS_DAYS;
    }
    orders.push({ placedOn: day, expectedOn, arrivesOn, quantity, heldUntil });
    crossedOn = null;
  }
  let openedOn = lookedAt;
  if (lookedAt === null)
    for (let day = SETTLED; day < DAYS && openedOn === null; day++)
      if (net[day]! < -item.leastShort) openedOn = day;
  if (openedOn === null) return { openedOn: null, shortUnits: 0, records: null };
  let deepest = 0;
  for (let day = openedOn; day < openedOn + DEPTH_DAYS; day++) deepest = Math.max(deepest, -net[day]!);
  const from = Math.max(0, openedOn - leadDays - 7);
  let asked = 0;
  let days = 0;
  let campaignOrdered = 0;
  let campaignDays = 0;
  for (let day = from; day < openedOn + DEPTH_DAYS; day++) {
    if (taken[day]! > 0) continue;
    if (inCampaign(day)) {
      campaignOrdered += ordered[day]!;
      campaignDays++;
    } else {
      asked += ordered[day]!;
      days++;
    }
  }
  const toldOn = surprise ? (item.never ? null : item.campaignFrom - 3) : item.campaignFrom - leadDays - 14;
  const sum = (values: Float64Array) =>
    values.subarray(from, openedOn + 1).reduce((total, value) => total + value, 0);
  const opened = openedOn;
  return {
    openedOn,
    shortUnits: deepest,
    records: {
      openedOn,
      shortUnits: Math.round(deepest),
      intended: null,
      demand: { ordered: asked, expected: believed * days, high: believed * days + 1.28 * deviation(days) },
      campaigns:
        campaignDays === 0
          ? []
          : [
              {
                name: 'campaign',
                from: item.campaignFrom,
                toldOn,
                leadTimeDays: leadDays,
                ordered: campaignOrdered,
                planned: believed * campaignDays * (surprise ? 1 : item.knownLift),
              },
            ],
      supplies: orders
        .filter((one) => one.placedOn <= opened)
        .map((one, index) => ({
          name: `PO-${index + 1}`,
          quantity: one.quantity,
          firstExpectedOn: one.expectedOn,
          arrivedOn: one.arrivesOn,
          allowedDays: ALLOWED_SLIP,
          reason: null,
        })),
      oversold: { taken: sum(taken), sellable: sum(sellable), channels: ['web', 'market'] },
      heldUnits: Math.round(Math.max(...heldOn.subarray(openedOn, openedOn + DEPTH_DAYS))),
      reorder: reorderRecord,
    },
  };
}

/** An item and what may befall it. Two lives of one seed differ only by their troubles. */
function itemOf(seed: number) {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 8; warm++) next();
  const between = (low: number, high: number) => low + (high - low) * next();
  const mean = between(2, 12);
  const leadDays = Math.round(between(18, 45));
  const trouble = SETTLED + Math.round(between(10, 40));
  const chances = Float64Array.from({ length: DAYS + DEPTH_DAYS }, next);
  const slips = Float64Array.from({ length: 60 }, next);
  const holdFrom = Math.round(between(0, DAYS));
  return {
    mean,
    believed: mean * between(0.96, 1.04),
    leadDays,
    lotDays: between(20, 40),
    startShare: next(),
    trouble,
    surge: between(1.6, 2.4),
    lift: between(2.5, 4.5),
    knownLift: between(1.2, 1.8),
    knownCampaign: next() < 0.3,
    campaignFrom: trouble + Math.round(between(-5, 15)),
    campaignDays: Math.round(between(10, 21)),
    never: next() < 0.5,
    delayDays: Math.round(between(18, 45)),
    moqWaitDays: Math.round(between(18, 35)),
    burst: between(0.4, 1.2),
    burstBelow: between(0.4, 0.9),
    bulkOn: next() < 0.3 ? Math.round(between(SETTLED, DAYS)) : -1,
    leastShort: Math.max(2, mean / 2),
    chance: (day: number) => chances[day]!,
    smallSlip: (order: number) => Math.floor(6 * (slips[order % slips.length]! ?? 0)),
    smallHold: (day: number) => (day >= holdFrom && day < holdFrom + 30 ? Math.ceil(mean / 2) : 0),
  };
}

/** A count around a mean from one chance, a little wider than Poisson's. */
function count(mean: number, chance: number): number {
  const z = Math.log(Math.max(1e-9, chance) / Math.max(1e-9, 1 - chance)) / 1.702;
  return Math.max(0, Math.round(mean + z * Math.sqrt(1.2 * mean)));
}
