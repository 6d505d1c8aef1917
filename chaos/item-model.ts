import type { Model } from './linearizable.ts';

/**
 * One item as a shopkeeper would keep it with a pencil: units that are here, units that are to come, units that open orders
 * and carts have of them. It knows no rows, locks or engine, and so is what they are held against.
 *
 * It is exact for an item of one location, sold without limits, whose supply is dated within the longest wait; and where
 * carts are, stock and supply must not fall below what they keep.
 */
export interface ItemUnits {
  readonly stock: number;
  /** Of its purchase order line: ordered, less what came. */
  readonly coming: number;
  readonly received: number;
  /** Open units of all orders, those that wait included. */
  readonly open: number;
  /** Units kept, by cart; 0 for one that is over. */
  readonly carts: ReadonlyMap<string, number>;
}

/** What was asked of the item and what was answered. */
export type Happening =
  /** `cart`: the units it keeps are the request's, and what the request leaves of them is free. */
  | {
      readonly kind: 'request';
      readonly asked: number;
      readonly accepted: number;
      readonly cart?: string | undefined;
    }
  | {
      readonly kind: 'refusal';
      readonly asked: number;
      readonly available: number;
      readonly cart?: string | undefined;
    }
  /** A channel sold it: recorded, whatever backs it. `waiting`: units that nothing backed at that moment. */
  | { readonly kind: 'placed'; readonly quantity: number; readonly waiting: number | null }
  | { readonly kind: 'hold'; readonly cart: string; readonly quantity: number }
  | { readonly kind: 'no_hold'; readonly asked: number; readonly available: number }
  /** Given back or over: what it still keeps is free. */
  | { readonly kind: 'release'; readonly cart: string }
  | { readonly kind: 'cancel'; readonly quantity: number }
  | { readonly kind: 'ship'; readonly quantity: number }
  | { readonly kind: 'adjust'; readonly delta: number }
  | { readonly kind: 'count'; readonly counted: number }
  | { readonly kind: 'receive'; readonly quantity: number; readonly sellable: boolean }
  /** The purchase order line is for another quantity. */
  | { readonly kind: 'revise'; readonly ordered: number }
  /** Somebody looked when nobody else was there. */
  | {
      readonly kind: 'look';
      readonly stock: number;
      readonly coming: number;
      readonly open: number;
      readonly kept: number;
    };

export const itemModel: Model<ItemUnits, Happening> = { step, key, isLook };

/** An item with so many units here and so many to come. */
export function itemWith(stock: number, coming = 0): ItemUnits {
  return { stock, coming, received: 0, open: 0, carts: new Map() };
}

function isLook({ kind }: Happening): boolean {
  return kind === 'refusal' || kind === 'no_hold' || kind === 'look';
}

function step(item: ItemUnits, what: Happening): ItemUnits | null {
  switch (what.kind) {
    case 'request':
      return request(item, what.accepted, what.asked, what.cart);
    case 'refusal':
      return Math.min(what.asked, freeFor(item, what.cart)) === what.available && what.available < what.asked
        ? item
        : null;
    case 'placed': {
      const waiting = Math.max(0, what.quantity - freeOf(item));
      if (what.waiting !== null && what.waiting !== waiting) return null;
      return { ...item, open: item.open + what.quantity };
    }
    case 'hold':
      if (what.quantity > freeOf(item)) return null;
      return { ...item, carts: new Map(item.carts).set(what.cart, what.quantity) };
    case 'no_hold':
      return freeOf(item) === what.available && what.available < what.asked ? item : null;
    case 'release':
      return item.carts.has(what.cart) ? { ...item, carts: without(item.carts, what.cart) } : null;
    case 'cancel':
      return what.quantity > item.open ? null : { ...item, open: item.open - what.quantity };
    case 'ship':
      if (what.quantity > item.open) return null;
      // Units that nobody had counted were there all the same.
      return { ...item, open: item.open - what.quantity, stock: Math.max(0, item.stock - what.quantity) };
    case 'adjust':
      return item.stock + what.delta < 0 ? null : { ...item, stock: item.stock + what.delta };
    case 'count':
      return { ...item, stock: what.counted };
    case 'receive':
      return {
        ...item,
        stock: item.stock + (what.sellable ? what.quantity : 0),
        received: item.received + what.quantity,
        coming: Math.max(0, item.coming - what.quantity),
      };
    case 'revise':
      return { ...item, coming: Math.max(0, what.ordered - item.received) };
    case 'look':
      return what.stock === item.stock &&
        what.coming === item.coming &&
        what.open === item.open &&
        what.kept === keptOf(item)
        ? item
        : null;
  }
}

/** A request is taken whole where it can be; accepted in part only as far as there were units. */
function request(
  item: ItemUnits,
  accepted: number,
  asked: number,
  cart: string | undefined,
): ItemUnits | null {
  if (cart !== undefined && !item.carts.has(cart)) return null;
  if (accepted !== Math.min(asked, freeFor(item, cart))) return null;
  return {
    ...item,
    open: item.open + accepted,
    carts: cart === undefined ? item.carts : without(item.carts, cart),
  };
}

/** Units that are nobody's. Where units wait there are none. */
function freeOf(item: ItemUnits): number {
  return Math.max(0, item.stock + item.coming - item.open - keptOf(item));
}

function freeFor(item: ItemUnits, cart: string | undefined): number {
  const kept = cart === undefined ? 0 : (item.carts.get(cart) ?? 0);
  return freeOf(item) + kept;
}

function keptOf(item: ItemUnits): number {
  let units = 0;
  for (const kept of item.carts.values()) units += kept;
  return units;
}

function without(carts: ItemUnits['carts'], cart: string): ItemUnits['carts'] {
  return new Map(carts).set(cart, 0);
}

function key({ stock, coming, received, open, carts }: ItemUnits): string {
  const kept = [...carts].map(([cart, units]) => `${cart}:${units}`).sort();
  return `${stock},${coming},${received},${open},${kept.join(';')}`;
}
