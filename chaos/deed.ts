import type { Answer, Call } from './http.ts';
import type { Happening } from './item-model.ts';
import type { AskedLine, OwnOrder } from './own-order.ts';

/**
 * What a client means to do, under a name that no other has: the order's ref, the fact's id, the reason, the
 * Idempotency-Key. By it the database is asked afterwards what became of it.
 */
export interface Deed extends Call {
  readonly tag: string;
  readonly kind: DeedKind;
  /** Sent again until it is answered; of what has no name of its own a client cannot know whether it came through. */
  readonly repeatable: boolean;
  /** Answers that may come. */
  readonly accepted: readonly number[];
  readonly refused?: readonly number[];
  /** The order that it makes or changes, and how: also applied where only the database tells that it happened. */
  readonly order?: OwnOrder;
  readonly change?: (order: OwnOrder) => void;
  /** Units of each line that were asked for, of a new order. */
  readonly asked?: readonly AskedLine[];
  readonly cart?: Cart;
  /** Units that come in with it. */
  readonly received?: number;
  /** An item whose history is checked, and what happened to it by the answer; null: nothing that matters to it. */
  readonly item?: string;
  readonly happening?: (answer: Answer) => Happening | null;
}

export type DeedKind =
  | 'order'
  | 'hold'
  | 'release'
  | 'cancellation'
  | 'change'
  | 'shipment'
  | 'stock'
  | 'receipt'
  | 'revision'
  | 'purchase order'
  | 'plan'
  | 'read';

/** A hold, as its client knows it. */
export interface Cart {
  readonly sku: string;
  readonly quantity: number;
  id: string | null;
  expiresAt: number;
  over: boolean;
}

/** A deed and what its client saw of it. */
export interface Done {
  readonly deed: Deed;
  /** Milliseconds since 1970. */
  readonly begin: number;
  /** Null: given up without an answer. */
  readonly end: number | null;
  readonly answer: Answer | null;
  readonly sends: number;
  /** Sends that were not answered. */
  readonly lost: number;
}

export function isAccepted({ deed, answer }: Done): boolean {
  return answer !== null && deed.accepted.includes(answer.status);
}
