import type { DayNumber } from './day.ts';
import type { ItemState, Reach } from './item-state.ts';
import { Pegs } from './pegging.ts';
import type { ItemPosition, PolicyKind } from './position.ts';
import { releasedUnits, sellsToAll } from './terms.ts';

/** What may be sold of an item that is not out yet. */
const SOLD_BEFORE_LAUNCH: ReadonlySet<PolicyKind> = new Set(['preorder', 'demand_validation']);

/**
 * How far an item may be promised to a channel (DESIGN section 3, invariant 4; RULES 16 and 19): a backorder needs an
 * active item, a policy that takes backorders, room under its cap, and a date within the longest wait of policy and channel.
 * `offered`: whoever asks is being offered units of a drop.
 */
export function reachOf(
  state: ItemState,
  channel: number,
  notBefore: DayNumber | null,
  acceptBackorder: boolean,
  offered = false,
): Reach {
  const { position, world } = state;
  const { policy, lifecycle, terms } = position;
  const from = Math.max(world.today, notBefore ?? 0);
  const channelDays = world.channels[channel]?.maximumPromiseDays ?? null;
  const days = channelDays === null ? policy.longestWaitDays : Math.min(policy.longestWaitDays, channelDays);
  const limit = position.limits.find((one) => one.channel === channel);
  const maximum = limit?.maximum ?? null;
  // Carts count like orders: they may become some at any moment (RULES 10).
  const units =
    maximum === null
      ? Number.MAX_SAFE_INTEGER
      : Math.max(0, maximum - limit!.committed - state.heldUnits(channel, false));
  const takesBackorders = acceptBackorder && takesOrdersAhead(position);
  if (lifecycle === 'upcoming' && !SOLD_BEFORE_LAUNCH.has(policy.kind))
    return { supplyUnits: 0, units: 0, buffer: 0, latest: from };
  // While a drop is under way, units go to those whose turn it is: what they were offered is kept for them beside the reach.
  if (!offered && !sellsToAll(position)) return { supplyUnits: 0, units: 0, buffer: 0, latest: from };
  // A campaign that is decided, or whose day has passed, takes no more orders, until a purchase order stands in its place.
  const campaign = terms?.validation;
  if (campaign !== undefined && (!campaign.open || world.today > campaign.until))
    return { supplyUnits: 0, units, buffer: limit?.buffer ?? 0, latest: from };
  const room =
    policy.cap === null
      ? Number.MAX_SAFE_INTEGER
      : Math.max(0, policy.cap - position.backordered - state.heldUnits(null, true));
  const released = lifecycle === 'upcoming' ? releasedUnits(terms, world.today) : null;
  return {
    supplyUnits: takesBackorders ? room : 0,
    units: released === null ? units : Math.min(units, Math.max(0, released - takenUnits(state))),
    buffer: limit?.buffer ?? 0,
    latest: from + days,
  };
}

/**
 * A kit is sold by its own lifecycle and policy as well as by its components': a discontinued one from what is here only, one
 * that is not out only where its policy sells before the launch, and none later than its own longest wait.
 */
export function clipToKit(
  reach: Reach,
  own: Pick<ItemPosition, 'lifecycle' | 'policy' | 'terms'>,
  from: DayNumber,
): Reach {
  const beforeLaunch = own.lifecycle === 'upcoming' && !SOLD_BEFORE_LAUNCH.has(own.policy.kind);
  if (beforeLaunch || !sellsToAll(own)) return { supplyUnits: 0, units: 0, buffer: 0, latest: from };
  const latest = Math.min(reach.latest, from + own.policy.longestWaitDays);
  return takesOrdersAhead(own) ? { ...reach, latest } : { ...reach, supplyUnits: 0, latest };
}

/** Whether an item may be sold beyond what is here. */
export function takesOrdersAhead({ lifecycle, policy }: Pick<ItemPosition, 'lifecycle' | 'policy'>): boolean {
  return (
    (lifecycle === 'active' && policy.kind !== 'out_of_stock') ||
    (lifecycle === 'upcoming' && SOLD_BEFORE_LAUNCH.has(policy.kind))
  );
}

/** Units of an item that somebody has: orders, whatever backs them, and carts. */
function takenUnits(state: ItemState): number {
  let units = state.position.backordered + state.heldUnits(null, false);
  for (const stock of state.position.stock) units += stock.reserved;
  return units;
}

/** The most of `asked` units that a channel could take within a reach. Changes nothing. */
export function takeable(
  state: ItemState,
  channel: number,
  asked: number,
  notBefore: DayNumber | null,
  reach: Reach,
  latest: DayNumber,
): number {
  const pegs = new Pegs(1, state.count);
  state.take(channel, Math.min(asked, reach.units), reach, notBefore, latest, pegs);
  let units = 0;
  for (let p = 0; p < pegs.length; p++) {
    state.sources.free[pegs.source[p]!]! += pegs.quantity[p]!;
    units += pegs.quantity[p]!;
  }
  return units;
}
