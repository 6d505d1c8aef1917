import type { Fault } from './fault.ts';

/** What partners and the brand tell each other, whatever the standard it is written in. Days are 'YYYY-MM-DD'. */

/** Numbers by which a partner names an item, each with its qualifier: `VN` for the vendor's own, `UP` for a UPC, … */
export interface ItemNumber {
  readonly qualifier: string;
  readonly value: string;
}

/** The days between which units may leave; either end may be open. */
export interface ShipWindow {
  readonly notBefore?: string;
  readonly cancelAfter?: string;
}

export interface Party {
  readonly name: string;
  /** What the partner calls the place, such as a store or distribution centre. */
  readonly id: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly zip: string | null;
}

export interface OrderedLine {
  /** The partner's own name of the line. */
  readonly line: string;
  readonly quantity: number;
  readonly unit: string;
  /** As it was written, a decimal per `priceUnits` of the unit; null: not told. */
  readonly price: string | null;
  readonly priceUnits: number;
  readonly numbers: readonly ItemNumber[];
  readonly description: string | null;
  readonly window: ShipWindow;
  /** The day asked for, which an answer is held against. */
  readonly wantedOn: string | null;
  /** A line asked for on several days. Empty: all at once. */
  readonly schedules: readonly { readonly quantity: number; readonly wantedOn: string }[];
}

export interface ReceivedOrder {
  readonly kind: 'order';
  /** original and replace carry the order; cancel ends it; information asks for nothing. */
  readonly purpose: 'original' | 'replace' | 'cancel' | 'information';
  readonly number: string;
  readonly release: string | null;
  readonly orderedOn: string;
  readonly currency: string | null;
  readonly window: ShipWindow;
  readonly wantedOn: string | null;
  readonly shipTo: Party | null;
  readonly buyer: Party | null;
  readonly lines: readonly OrderedLine[];
}

export interface ReceivedChange {
  readonly kind: 'change';
  readonly purpose: 'change' | 'cancel' | 'replace';
  readonly number: string;
  /** The change's own number, where it has one. */
  readonly change: string | null;
  readonly orderedOn: string;
  readonly changedOn: string | null;
  readonly currency: string | null;
  readonly window: ShipWindow;
  readonly wantedOn: string | null;
  readonly lines: readonly (OrderedLine & {
    readonly change: 'add' | 'delete' | 'change' | 'none';
    /** Units that the line has less or more; null: `quantity` is what it has now. */
    readonly by: number | null;
  })[];
}

/** What the partner says of a message that it got from us. */
export interface ReceivedAcknowledgement {
  readonly kind: 'acknowledgement';
  readonly messages: readonly {
    /** The interchange, or the group, that it was in. */
    readonly group: string;
    /** Its own control number; null: all of the group or interchange. */
    readonly message: string | null;
    readonly verdict: 'accepted' | 'accepted_with_errors' | 'rejected';
    readonly words: readonly string[];
  }[];
}

export type ReceivedDocument = ReceivedOrder | ReceivedChange | ReceivedAcknowledgement;

/** What becomes of units of a line. */
export type LineStatus =
  | 'accepted'
  | 'shipped'
  | 'backordered'
  | 'partial'
  | 'quantity_changed'
  | 'rescheduled'
  | 'rejected'
  | 'price_changed'
  | 'deleted'
  | 'on_hold';

export interface LineLot {
  readonly status: LineStatus;
  readonly quantity: number;
  /** The day it leaves; null: nothing can be said. */
  readonly shipsOn: string | null;
}

export interface AnsweredLine {
  readonly line: string;
  readonly quantity: number;
  readonly unit: string;
  readonly price: string | null;
  readonly numbers: readonly ItemNumber[];
  readonly lots: readonly LineLot[];
}

/** The answer to an order (855, ORDRSP) or news of it (865, ORDRSP). */
export interface OrderAnswer {
  readonly kind: 'answer';
  readonly number: string;
  readonly release: string | null;
  readonly orderedOn: string;
  /** Ours. */
  readonly reference: string;
  readonly on: string;
  readonly verdict: 'accepted' | 'changed' | 'rejected';
  /** Whether it answers a change of theirs, or tells one of ours; null: it answers the order. */
  readonly news: { readonly change: string | null; readonly ours: boolean } | null;
  readonly lines: readonly AnsweredLine[];
}

export interface ShipNotice {
  readonly kind: 'ship_notice';
  /** Names the shipment; the same when it is told again. */
  readonly id: string;
  readonly at: Date;
  readonly shippedOn: string;
  readonly expectedOn: string | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly number: string;
  readonly release: string | null;
  readonly orderedOn: string;
  readonly shipTo: Party | null;
  readonly lines: readonly {
    readonly line: string;
    readonly quantity: number;
    /** Units shipped of the line so far, these included. */
    readonly shippedInAll: number;
    readonly ordered: number;
    readonly unit: string;
    readonly numbers: readonly ItemNumber[];
  }[];
}

export interface AvailabilityReport {
  readonly kind: 'availability';
  readonly id: string;
  readonly at: Date;
  readonly items: readonly {
    readonly numbers: readonly ItemNumber[];
    readonly unit: string;
    readonly now: number;
    /** Units beyond those, by the day from which they can be had. */
    readonly later: readonly { readonly quantity: number; readonly from: string }[];
  }[];
}

export type SentDocument = OrderAnswer | ShipNotice | AvailabilityReport;

/** One message that came in: what it says, where that can be told, and what is wrong with it. */
export interface ReadMessage {
  /** The standard's name of it: 850, ORDERS. */
  readonly type: string;
  readonly control: string;
  readonly document: ReceivedDocument | null;
  readonly faults: readonly Fault[];
}
