import type { Reason } from '@kept/engine';
import type { OrderLineInput } from './order-input.ts';
import type { StoredLine } from './order-store.ts';

/** What is to happen to lines of one order, all at once. Quantities are stock units of the line. */
export interface OrderPlan {
  readonly cancel: readonly { readonly line: StoredLine; readonly quantity: number }[];
  readonly ship: readonly {
    readonly line: StoredLine;
    readonly quantity: number;
    readonly location: string | null;
  }[];
  readonly add: readonly { readonly line: StoredLine; readonly quantity: number }[];
  readonly reschedule: readonly {
    readonly line: StoredLine;
    readonly notBefore: string | null;
    readonly cancelAfter: string | null;
  }[];
  readonly place: readonly OrderLineInput[];
}

export const NO_CHANGE: OrderPlan = { cancel: [], ship: [], add: [], reschedule: [], place: [] };

/** Who did it and why; it becomes the reason of every promise that moves because of it. */
export interface ChangeCause {
  readonly event: string;
  readonly reason: Reason;
  readonly happenedAt: Date;
  /** Who asked for it, as the audit trail names them; left out: whoever the transaction is for. */
  readonly actor?: string | undefined;
  /** `switch`: the customer took another item instead. */
  readonly by?: 'customer' | 'brand' | 'law' | 'channel' | 'switch';
  readonly words?: string;
  /** When lines that it adds were wanted first, where that was before: they queue from then. Milliseconds since 1970. */
  readonly queuesFrom?: number;
  readonly shipment?: { carrier: string | null; tracking: string | null; deliveredOn: string | null };
  /** A request may be refused; what a channel did is recorded. */
  readonly mode: 'request' | 'placed';
}
