import type { DayNumber } from './day.ts';
import { decide } from './decide.ts';
import type { PlaceLine, PlaceOrder } from './fact.ts';
import type { ItemPosition, World } from './position.ts';

/** Units and the day they can leave. */
export interface Increment {
  readonly quantity: number;
  readonly shipBy: DayNumber;
}

/** What a shopper can have of an item or a kit: now from stock, and later, earliest first, each beyond the ones before it. */
export interface Available {
  readonly now: number;
  /** The day by which what is here now has left; null where nothing is. */
  readonly shipBy: DayNumber | null;
  readonly later: readonly Increment[];
}

/** Who asks for what. */
export interface Asked {
  readonly channel: number;
  readonly quantity: number;
  /** The item itself, or a kit's components. */
  readonly legs: readonly { readonly item: number; readonly per: number }[];
  readonly country: string;
  /** Of a kit: how it is sold by itself. */
  readonly own?: PlaceLine['own'];
  readonly options?: readonly string[];
}

/**
 * Available to promise, net of everybody: what an order for as many units would be given at this moment, as far as it can
 * be had. It is decided like an order, so that no answer differs from what the order then gets. The positions given are used up.
 */
export function availableToPromise(
  world: World,
  positions: readonly ItemPosition[],
  asked: Asked,
): Available {
  const order: PlaceOrder = {
    kind: 'place',
    order: 0,
    channel: asked.channel,
    mode: 'request',
    placedAt: world.now,
    class: null,
    country: asked.country,
    shipComplete: false,
    allowPartial: true,
    acceptBackorder: true,
    lines: [
      {
        line: 1,
        legs: asked.legs,
        quantity: asked.quantity,
        shipped: 0,
        cancelled: 0,
        hold: null,
        notBefore: null,
        cancelAfter: null,
        ...(asked.own === undefined ? {} : { own: asked.own }),
        ...(asked.options === undefined ? {} : { options: asked.options }),
      },
    ],
  };
  const { outcomes, promises } = decide(world, positions, [order]);
  const [outcome] = outcomes;
  if (outcome?.kind !== 'placed') return { now: 0, shipBy: null, later: [] };
  const { legs } = outcome.lines[0]!;
  let now = asked.quantity;
  for (const { per, commitments } of legs) {
    let reserved = 0;
    for (const one of commitments) if (one.kind === 'reserved') reserved += one.quantity;
    now = Math.min(now, Math.floor(reserved / per));
  }
  const later: Increment[] = [];
  let stock = now;
  let nowBy: DayNumber | null = null;
  for (const { quantity, shipBy } of promises.at(-1)?.promise.parts ?? []) {
    const here = Math.min(stock, quantity);
    stock -= here;
    if (here > 0) nowBy = shipBy;
    if (quantity > here) later.push({ quantity: quantity - here, shipBy });
  }
  return { now, shipBy: nowBy, later };
}
