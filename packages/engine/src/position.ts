import type { ChargePolicy } from './charge.ts';
import type { DayNumber, WorkingCalendar } from './day.ts';
import type { Sight } from './pegging.ts';
import type { SlipTable } from './slip.ts';
import type { SellingTerms } from './terms.ts';

/** What decide is given: the position of the items of one fact, and the little of the brand that it needs. Plain data. */

export type Lifecycle = 'upcoming' | 'active' | 'discontinued';
export type PolicyKind =
  | 'backorder'
  | 'preorder'
  | 'made_to_order'
  | 'drop'
  | 'demand_validation'
  | 'out_of_stock';
export type Stage =
  | 'draft'
  | 'placed'
  | 'confirmed'
  | 'in_production'
  | 'in_transit'
  | 'arrived'
  | 'cancelled';
/** The stages whose units may be promised. */
export type PromisableStage = Exclude<Stage, 'draft' | 'cancelled'>;
export type RankingRule = 'class' | 'promise_date' | 'order_time' | 'value' | 'ship_complete';
export type Condition = 'sellable' | 'quality_hold' | 'returned' | 'damaged';
export type SupplyKind = 'purchase_order' | 'transfer' | 'hold_release' | 'production';
export type CommitmentKind = 'reserved' | 'pegged' | 'waiting';

/** A reason, as a code with data; each audience's words are made from it. */
export interface Reason {
  readonly code: string;
  readonly [key: string]: unknown;
}

export interface Policy {
  readonly name: string;
  readonly kind: PolicyKind;
  readonly longestWaitDays: number;
  /** Most units on backorder at once; null: supply alone limits it. */
  readonly cap: number | null;
  readonly receivingDays: number;
  readonly handlingDays: number;
  /** The share of promises that is to be kept, 0.5 to 0.99: sets the days of buffer where slips are learnt. */
  readonly serviceLevel: number;
  /** Calendar days added to the expected date, by stage: of the fixed ones, and of all while nothing is learnt. */
  readonly bufferDays: Readonly<Record<PromisableStage, number>>;
  /** Stages whose days the brand has set itself: what is learnt does not move them. */
  readonly fixedBuffers: readonly PromisableStage[];
  readonly promisablePercent: Readonly<Record<PromisableStage, number>>;
  readonly ranking: readonly RankingRule[];
  /** Customer classes, the most important first. */
  readonly classes: readonly string[];
  /** A better date is told only when it gains this many days; null: never. */
  readonly improveByDays: number | null;
  /** Whether reserved units are released to pick without somebody's approval: never, whole orders, or parts as well. */
  readonly release: 'by_hand' | 'whole' | 'parts';
  /** When the money for what waits is taken; at order where nothing is said. */
  readonly charge?: ChargePolicy;
}

/** A location; its place in `World.locations` is its column in `sight`. */
export interface Location {
  readonly code: string;
  readonly calendar: WorkingCalendar;
  readonly closed: boolean;
  /** The day on which units lying there leave if ordered now, before handling: cut-off and calendar are in it. */
  readonly shipDay: DayNumber;
  readonly country: string | null;
  /** Days on the road from here; null: the world's. */
  readonly transit?: Transit | null;
}

/** Calendar days on the road: at home, abroad, and where a country has its own. */
export interface Transit {
  readonly domestic: number;
  readonly abroad: number;
  readonly countries?: Readonly<Record<string, number>>;
}

/** A channel; its place in `World.channels` is its row in `sight`. */
export interface Channel {
  readonly code: string;
  readonly maximumPromiseDays: number | null;
}

/** What all items of a brand share. */
export interface World {
  /** The brand's own today. */
  readonly today: DayNumber;
  /** Milliseconds since 1970, for ranks of what has no time of its own. */
  readonly now: number;
  readonly locations: readonly (Location | undefined)[];
  readonly channels: readonly (Channel | undefined)[];
  readonly sight: Sight;
  /** Days on the road, from a location to a country. */
  readonly transitDays: Transit;
  /** What the brand's receipts say of its slips; without it the days are priors. */
  readonly slips?: SlipTable | null;
}

/** Stock of an item at a location: units by condition, and what of the sellable ones is spoken for. */
export interface StockPosition {
  place: number;
  sellable: number;
  quality_hold: number;
  returned: number;
  damaged: number;
  reserved: number;
  held: number;
}

/** A dated, not yet received quantity. `id` is the item's own numbering, from 1. */
export interface SupplyPosition {
  id: number;
  kind: SupplyKind;
  place: number;
  stage: Stage;
  /** Units still to come. */
  open: number;
  received: number;
  pegged: number;
  held: number;
  expected: DayNumber | null;
  /** What people call it: the PO and its line, or the supply's own reference. */
  ref: string;
  line: string | null;
  /** A delivery in parts: which part of the line; as `line`, in JSON. */
  schedule?: string | null;
  /** A purchase order's supplier and freight mode: whose slips it is judged by. */
  supplier?: string | null;
  freight?: string | null;
  /** Work that an order started: the item, by whose own work it is judged. */
  made?: string | null;
  /** Its supplier was given up: it backs nothing, whatever its date and stage still say. */
  abandoned?: boolean;
}

/** A channel's limits for an item, in units; a share is turned into units before it comes here. */
export interface ChannelLimit {
  channel: number;
  /** Units nobody else may take, before what the channel has committed. */
  protected: number;
  maximum: number | null;
  /** Units that the channel leaves unsold, against what it or the shelf may have wrong. */
  buffer: number;
  /** Open plus shipped units of the limit's period. */
  committed: number;
}

export interface Commitment {
  kind: CommitmentKind;
  /** reserved: the place; pegged: the supply's id; waiting: 0. */
  source: number;
  quantity: number;
}

export interface PromisePart {
  readonly quantity: number;
  readonly shipBy: DayNumber;
  readonly deliverBy: DayNumber;
}

/** The promise in force: its version and parts, earliest first. No parts: withdrawn, since nothing backs it any more. */
export interface PromisePosition {
  readonly version: number;
  readonly parts: readonly PromisePart[];
  /** Units already shipped when the version was made; its parts speak of what was open then. */
  readonly shippedBefore: number;
}

/** An open line as one item sees it: a kit's line is seen once by each component. */
export interface LinePosition {
  order: number;
  line: number;
  item: number;
  /** Units of the item per unit of the line: 1, or the component's quantity in a kit. */
  per: number;
  ordered: number;
  shipped: number;
  cancelled: number;
  rank: number;
  /** Units of the line that were added after it was placed, and the rank they queue at. */
  added: { quantity: number; rank: number } | null;
  channel: number;
  country: string;
  placedAt: number;
  class: string | null;
  notBefore: DayNumber | null;
  cancelAfter: DayNumber | null;
  /** Its date depends on other items: a kit's components, or an order that ships complete. */
  tied: boolean;
  /** Its order leaves in one parcel. */
  shipComplete?: boolean;
  /** What the whole line is worth, net, in minor units. */
  value?: number;
  /** No ranking takes what backs it: a planner locked it, or some of it is being picked (RULES 14). */
  locked?: boolean;
  /** Its rank was given by hand, and a first promise does not change it. */
  moved?: boolean;
  promise: PromisePosition | null;
  commitments: Commitment[];
}

export interface HoldPosition {
  id: string;
  channel: number;
  expiresAt: number;
  commitments: Commitment[];
  /** The order that used it up. */
  usedBy?: number;
}

/** Everything of one item that a decision needs, as it stands under its lock. */
export interface ItemPosition {
  item: number;
  sku: string;
  lifecycle: Lifecycle;
  policy: Policy;
  leadTimeDays: number | null;
  launchDay: DayNumber | null;
  /** How it is sold before it is here, beyond its policy. */
  terms?: SellingTerms | null;
  /** The next free supply id. */
  nextSupply: number;
  /** Units that no reservation backs, over all lines: pegged + waiting. */
  backordered: number;
  stock: StockPosition[];
  supplies: SupplyPosition[];
  limits: ChannelLimit[];
  holds: HoldPosition[];
  /**
   * Open lines in rank order. A decision that frees or takes away units needs those that could be touched; placing orders
   * needs none, since nobody who waits could have used what is free.
   */
  lines: LinePosition[];
}
