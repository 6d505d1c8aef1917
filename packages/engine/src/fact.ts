import type { DayNumber } from './day.ts';
import type { Condition, ItemPosition, LinePosition, Reason, SupplyPosition } from './position.ts';
import type { NewPromise } from './promise.ts';

/** What can happen to an item. Requests (place, hold) may be refused; everything else is a fact and never is (RULES 1). */
export type Fact =
  | PlaceOrder
  | CancelUnits
  | AddUnits
  | ShipUnits
  | RescheduleLine
  | ChangeStock
  | ChangeSupply
  | ReceiveSupply
  | PlaceHold
  | ReleaseHold
  | RankLines
  | Reallocate
  | Replan;

interface Caused {
  /** Why: it becomes the reason of every promise that changes. */
  readonly cause: Reason;
}

export interface PlaceOrder {
  readonly kind: 'place';
  readonly order: number;
  readonly channel: number;
  readonly mode: 'request' | 'placed';
  /** Milliseconds since 1970. */
  readonly placedAt: number;
  readonly class: string | null;
  readonly country: string;
  readonly shipComplete: boolean;
  /** Its lines are added to an order that is there already. */
  readonly joins?: boolean;
  readonly allowPartial: boolean;
  readonly acceptBackorder: boolean;
  readonly lines: readonly PlaceLine[];
}
export interface PlaceLine {
  readonly line: number;
  /** The item itself, or a kit's components. */
  readonly legs: readonly { readonly item: number; readonly per: number }[];
  readonly quantity: number;
  /** What was shipped and cancelled before Kept knew the order. */
  readonly shipped: number;
  readonly cancelled: number;
  readonly hold: string | null;
  readonly notBefore: DayNumber | null;
  readonly cancelAfter: DayNumber | null;
  /** What the line is worth, net, in minor units: a ranking rule may look at it. */
  readonly value?: number;
  /** Most units that its customer may have; left out: no limit. */
  readonly most?: number;
  /** The kit that the legs make up, as it is sold by itself: it clips what its components would allow. */
  readonly own?: Pick<ItemPosition, 'lifecycle' | 'policy' | 'terms'>;
  /** What it is to be made with: names of the item's terms. */
  readonly options?: readonly string[];
}

export interface CancelUnits extends Caused {
  readonly kind: 'cancel';
  readonly order: number;
  readonly line: number;
  readonly quantity: number;
}
export interface AddUnits extends Caused {
  readonly kind: 'add';
  readonly order: number;
  readonly line: number;
  readonly quantity: number;
  /** Milliseconds since 1970: the added units queue from here. */
  readonly at: number;
  /** A request adds what can be promised or nothing; a fact is recorded. */
  readonly mode: 'request' | 'placed';
  /** As of a line that is placed. */
  readonly most?: number;
  readonly own?: PlaceLine['own'];
  readonly options?: readonly string[];
}
export interface ShipUnits extends Caused {
  readonly kind: 'ship';
  readonly order: number;
  readonly line: number;
  readonly quantity: number;
  /** Null: from wherever its reservations are. */
  readonly place: number | null;
}
export interface RescheduleLine extends Caused {
  readonly kind: 'reschedule';
  readonly order: number;
  readonly line: number;
  readonly notBefore: DayNumber | null;
  readonly cancelAfter: DayNumber | null;
}
export interface ChangeStock extends Caused {
  readonly kind: 'stock';
  readonly item: number;
  readonly place: number;
  readonly changes: readonly { readonly condition: Condition; readonly delta: number }[];
}
export interface ChangeSupply extends Caused {
  readonly kind: 'supply';
  readonly item: number;
  /** Whole new state, without what is given of it; a new id makes a new supply. */
  readonly supply: Omit<SupplyPosition, 'pegged' | 'held' | 'received'> & { readonly received?: number };
}
export interface ReceiveSupply extends Caused {
  readonly kind: 'receive';
  readonly item: number;
  readonly supply: number;
  readonly quantity: number;
  readonly place: number;
  readonly condition: Condition;
  /** Nothing more will come. */
  readonly close: boolean;
}
export interface PlaceHold {
  readonly kind: 'hold';
  readonly item: number;
  readonly id: string;
  readonly channel: number;
  readonly quantity: number;
  readonly expiresAt: number;
  /** It offers units of a drop to somebody whose turn it is. */
  readonly offered?: boolean;
}
export interface ReleaseHold extends Caused {
  readonly kind: 'release';
  readonly item: number;
  readonly id: string;
}
/** Lines have another place in the queue: by hand, or since the rules are others. Every leg of theirs is given. */
export interface RankLines extends Caused {
  readonly kind: 'rank';
  readonly ranks: readonly NewRank[];
}
export interface NewRank {
  readonly order: number;
  readonly line: number;
  readonly rank: number;
  /** Where the units that were added to it queue; null: it has none. */
  readonly addedRank: number | null;
  /** By hand: a first promise does not change it. */
  readonly moved: boolean;
}
/**
 * Units go from those who have them to others, as somebody approved it: each with the one who loses it (RULES 14). Nothing
 * changes where the item is not as it was when this was previewed.
 */
export interface Reallocate extends Caused {
  readonly kind: 'reallocate';
  readonly item: number;
  /** What `positionDigest` said of the item when this was previewed. */
  readonly digest: string;
  readonly transfers: readonly Transfer[];
}
/** Units of a source change hands. From nobody: they were free. To nobody: they become free. */
export interface Transfer {
  readonly kind: 'reserved' | 'pegged';
  /** A place, or the item's supply. */
  readonly source: number;
  readonly quantity: number;
  readonly from: LineName | null;
  readonly to: LineName | null;
}
export interface LineName {
  readonly order: number;
  readonly line: number;
}
/** Nothing happened but time, or a setting: the item is decided again. */
export interface Replan extends Caused {
  readonly kind: 'replan';
  readonly item: number;
}

/** A line of a request that could not be promised. */
export interface RefusedLine {
  readonly line: number;
  readonly asked: number;
  /** The most that could be promised within the channel's limits, in the line's units. */
  readonly available: number;
  readonly by: DayNumber | null;
}

export interface PlacedLine {
  readonly line: number;
  readonly ordered: number;
  readonly refused: number;
  /** The line in each of its items; their commitments go on changing with the facts that follow in the batch. */
  readonly legs: readonly LinePosition[];
}

/** The answer to a fact, in the order of the facts. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'placed'; readonly lines: readonly PlacedLine[] }
  | { readonly kind: 'refused'; readonly lines: readonly RefusedLine[] }
  /** The item is not as it was when this was previewed; nothing was changed. */
  | { readonly kind: 'outdated' }
  | { readonly kind: 'held'; readonly commitments: LinePosition['commitments'] };

/** A promise that was made or changed. */
export interface PromiseChanged {
  readonly order: number;
  readonly line: number;
  readonly promise: NewPromise;
  readonly reasons: readonly Reason[];
  /** The line's new rank, where its first promise gave it one. */
  readonly rank: number | null;
}
