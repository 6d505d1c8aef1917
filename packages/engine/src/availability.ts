import { type Asked, type Available, availableToPromise, type Increment } from './atp.ts';
import { type ChargeTerms, termsFor } from './charge.ts';
import { type ChargeStatement, chargeBefore } from './charge-stated.ts';
import type { DeliberateWait, Said, SellingState } from './copy/messages.ts';
import { type DayNumber, dayText } from './day.ts';
import type { ItemPosition, World } from './position.ts';
import { sellsToAll } from './terms.ts';

/** What is asked for, and what it is. */
export interface Wanted extends Omit<Asked, 'own'> {
  /** The item itself; for a kit, the kit. */
  readonly own: Pick<ItemPosition, 'lifecycle' | 'policy' | 'launchDay' | 'terms'>;
  /** Whether it is a kit: it is then clipped by itself as well as by its components. */
  readonly kit?: boolean;
  /** A unit's price, before discounts. */
  readonly price: { readonly amount: number; readonly currency: string };
}

/** What a shopper is told, may buy, and is charged. Increments are capped at what was asked; what their sum lacks cannot be had. */
export interface Availability<State extends SellingState = SellingState> {
  readonly state: State;
  readonly quantity: number;
  readonly now: number;
  readonly later: readonly Increment[];
  /** Units that nothing can be promised for. */
  readonly missing: number;
  /** The days between which what is not here leaves; null where there is none. */
  readonly range: { readonly from: DayNumber; readonly to: DayNumber } | null;
  /** How it may be sent: a mixed answer leaves the choice, together on the last day or each when it can. */
  readonly ways: readonly ('apart' | 'together')[];
  /** What may be done about it. */
  readonly action: 'buy' | 'choose_fewer' | 'join_waitlist' | 'notify_me' | 'see_alternatives';
  readonly charge: ChargeStatement;
  readonly said: Said<State>;
}

/**
 * The one total function: every item, whatever its lifecycle, policy, stock and supply, is in one state for a quantity, and
 * the state says what is promised, by when, what is charged and in which words. It sells by `availableToPromise`, so that
 * nothing is told that an order would not get. The positions given are used up.
 */
export function availability(world: World, positions: readonly ItemPosition[], wanted: Wanted): Availability {
  const { own } = wanted;
  const { now, shipBy, later } = beforeLaunch(
    world,
    own,
    availableToPromise(world, positions, { ...wanted, own: wanted.kit ? own : undefined }),
  );
  const found: Found = {
    quantity: wanted.quantity,
    now,
    shipBy: shipBy ?? world.today,
    later,
    missing: wanted.quantity - now - later.reduce((units, one) => units + one.quantity, 0),
  };
  const state = stateOf(own, found);
  const terms = termsFor(own.policy.charge, world.channels[wanted.channel]?.code ?? '');
  return answer(state, own, found, terms, wanted.price);
}

interface Found {
  readonly quantity: number;
  readonly now: number;
  /** When what is here leaves. */
  readonly shipBy: DayNumber;
  readonly later: readonly Increment[];
  readonly missing: number;
}

/** What is here before its launch is not here yet for those who buy: it leaves on the day of the launch, with what else does. */
function beforeLaunch(world: World, own: Wanted['own'], available: Available): Available {
  if (own.lifecycle !== 'upcoming' || available.now === 0) return available;
  const shipBy = Math.max(own.launchDay ?? world.today, world.today);
  const merged = new Map<DayNumber, number>([[shipBy, available.now]]);
  for (const one of available.later) merged.set(one.shipBy, (merged.get(one.shipBy) ?? 0) + one.quantity);
  const later = [...merged].sort(([a], [b]) => a - b).map(([day, quantity]) => ({ quantity, shipBy: day }));
  return { now: 0, shipBy: null, later };
}

/**
 * What kind of wait an item's policy makes of units that are not here. A preorder that is out is sold like anything else, and
 * so is an item whose campaign is over.
 */
function waitOf(own: Wanted['own']): 'backorder' | DeliberateWait | null {
  const { kind } = own.policy;
  switch (kind) {
    case 'backorder':
    case 'preorder':
      return 'backorder';
    case 'made_to_order':
    case 'drop':
      return kind;
    case 'demand_validation':
      return own.terms?.validation === undefined ? 'backorder' : kind;
    case 'out_of_stock':
      return null;
  }
}

/** The state of the quantity asked: in stock only where all of it is here now. */
function stateOf(own: Wanted['own'], found: Found): SellingState {
  const waits = found.later.length > 0;
  if (own.policy.kind === 'drop' && !sellsToAll(own)) return 'drop';
  if (found.now >= found.quantity) return 'in_stock';
  switch (own.lifecycle) {
    case 'discontinued':
      return 'discontinued';
    case 'upcoming':
      if (own.policy.kind === 'drop') return 'drop';
      if (!waits) return 'out_of_stock';
      return waitOf(own) === 'demand_validation' ? 'demand_validation' : 'preorder';
    case 'active':
      return (waits ? waitOf(own) : null) ?? 'out_of_stock';
  }
}

function answer(
  state: SellingState,
  own: Wanted['own'],
  found: Found,
  terms: ChargeTerms,
  price: Wanted['price'],
): Availability {
  const { quantity, now, later, missing } = found;
  const sold = now + (quantity - now - missing);
  const said = sayOf(state, own, found);
  const charge = chargeBefore(terms, { here: now, coming: sold - now, price });
  return {
    state,
    quantity,
    now,
    later,
    missing,
    range: later.length === 0 ? null : { from: later[0]!.shipBy, to: later.at(-1)!.shipBy },
    ways: (now > 0 && later.length > 0) || later.length > 1 ? ['apart', 'together'] : [],
    action: actionOf(state, found),
    charge,
    said,
  };
}

function actionOf(state: SellingState, { now, later, missing }: Found): Availability['action'] {
  if (missing === 0) return 'buy';
  if (now > 0 || later.length > 0) return 'choose_fewer';
  if (state === 'drop') return 'join_waitlist';
  return state === 'discontinued' ? 'see_alternatives' : 'notify_me';
}

function sayOf(state: SellingState, own: Wanted['own'], found: Found): Said {
  switch (state) {
    case 'in_stock':
      return { state, key: 'here', values: { day: day(found.shipBy) } };
    case 'backorder':
      return backorder(found);
    case 'preorder':
      return preorder(found);
    case 'made_to_order':
      return madeToOrder(found);
    case 'drop':
      return drop(found);
    case 'demand_validation':
      return demandValidation(own, found);
    case 'out_of_stock':
      if (found.now > 0) return { state, key: 'few', values: few(found) };
      return { state, key: own.lifecycle === 'upcoming' ? 'not_yet' : 'gone', values: {} };
    case 'discontinued':
      return found.now > 0 ? { state, key: 'few', values: few(found) } : { state, key: 'gone', values: {} };
  }
}

// One function per wait and no shared one: each says its own messages, and the compiler refuses another's.

function backorder(found: Found): Said<'backorder'> {
  const state = 'backorder';
  if (found.missing > 0) return { state, key: 'short', values: short(found) };
  return isOneDay(found)
    ? { state, key: 'dated', values: { day: lastDay(found) } }
    : { state, key: 'mixed', values: { parts: parts(found) } };
}

function preorder(found: Found): Said<'preorder'> {
  const state = 'preorder';
  if (found.missing > 0) return { state, key: 'short', values: short(found) };
  return isOneDay(found)
    ? { state, key: 'dated', values: { day: lastDay(found) } }
    : { state, key: 'parts', values: { parts: parts(found) } };
}

function madeToOrder(found: Found): Said<'made_to_order'> {
  const state = 'made_to_order';
  if (found.missing > 0) return { state, key: 'short', values: short(found) };
  return isOneDay(found)
    ? { state, key: 'dated', values: { day: lastDay(found) } }
    : { state, key: 'mixed', values: { parts: parts(found) } };
}

function drop(found: Found): Said<'drop'> {
  const state = 'drop';
  if (found.now === 0 && found.later.length === 0) return { state, key: 'waitlist', values: {} };
  if (found.missing > 0) return { state, key: 'short', values: short(found) };
  return isOneDay(found)
    ? { state, key: 'dated', values: { day: lastDay(found) } }
    : { state, key: 'mixed', values: { parts: parts(found) } };
}

function demandValidation(own: Wanted['own'], found: Found): Said<'demand_validation'> {
  const state = 'demand_validation';
  const campaign = own.terms!.validation!;
  const goal = units(campaign.goal);
  const until = day(campaign.until);
  if (found.missing > 0) return { state, key: 'short', values: { ...short(found), goal, until } };
  return isOneDay(found)
    ? { state, key: 'dated', values: { day: lastDay(found), goal, until } }
    : { state, key: 'mixed', values: { parts: parts(found), goal, until } };
}

const day = (number: DayNumber) => ({ kind: 'day', day: dayText(number) }) as const;
const units = (number: number) => ({ kind: 'units', units: number }) as const;
const isOneDay = ({ now, later }: Found) => now === 0 && later.length === 1;
const lastDay = ({ later }: Found) => day(later.at(-1)!.shipBy);
const few = ({ now, quantity }: Found) => ({ now: units(now), quantity: units(quantity) });
const short = (found: Found) => ({ parts: parts(found), quantity: units(found.quantity) });
const parts = ({ now, later }: Found) =>
  ({
    kind: 'parts',
    now,
    later: later.map(({ quantity, shipBy }) => ({ quantity, shipBy: dayText(shipBy) })),
  }) as const;
