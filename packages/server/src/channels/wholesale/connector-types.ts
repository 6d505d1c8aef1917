import type { Cancellation, ChannelCode, Order, OrderChanges, OrderInput } from '@kept/contract';
import type { z } from 'zod';

/** What a partner's message tells, in the words of the connections' frame. */
export type Fact =
  | { readonly kind: 'order'; readonly externalId: string; readonly order: z.input<typeof OrderInput> }
  | {
      readonly kind: 'change';
      readonly externalId: string;
      readonly order: string;
      readonly changes: z.input<typeof OrderChanges>;
    }
  | {
      readonly kind: 'cancellation';
      readonly externalId: string;
      readonly order: string;
      readonly cancellation: z.input<typeof Cancellation>;
    };

interface Asked {
  readonly id: string;
  readonly at: string;
  readonly order: { readonly channel: z.output<typeof ChannelCode>; readonly ref: string };
}

/** What Kept asks of a partner. */
export type Action =
  | (Asked & {
      readonly kind: 'tell_order';
      readonly news: 'placed' | 'refused' | 'moved' | 'changed';
      readonly state: z.output<typeof Order> | null;
      readonly refusal?: { readonly code: string; readonly detail: string };
    })
  | (Asked & {
      readonly kind: 'confirm_shipment';
      readonly lines: readonly { readonly line: string | number; readonly quantity: number }[];
      readonly carrier?: string;
      readonly tracking?: string;
      readonly shippedAt: string;
    });

export type Outcome =
  | { readonly state: 'done'; readonly note?: string }
  | { readonly state: 'refused'; readonly why: string };

export interface Availability {
  readonly sku: string;
  readonly now: number;
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
  readonly asOf: string;
}
