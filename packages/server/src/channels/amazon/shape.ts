import type { Amount, Cancellation, ItemInput, Order, OrderInput, SupplyInput } from '@kept/contract';
import type { z } from 'zod';

/** What a connector tells Kept: what its own routes take, with where it came from. */
export type Fact = {
  readonly externalId: string;
  readonly sourceUpdatedAt?: string | undefined;
} & (
  | { readonly kind: 'item'; readonly item: z.input<typeof ItemInput> & { sku: string } }
  | {
      readonly kind: 'listing';
      readonly channel: string;
      readonly listing: { externalId: string; sku: string | null; title: string };
    }
  | {
      readonly kind: 'stock';
      readonly sku: string;
      readonly location: string;
      readonly condition?: 'sellable' | 'damaged';
      readonly counted: number;
      readonly reserved?: number;
    }
  | { readonly kind: 'supply'; readonly ref: string; readonly supply: z.input<typeof SupplyInput> }
  | {
      readonly kind: 'order';
      readonly order: z.input<typeof OrderInput>;
      readonly shipped?: { line: string | number; quantity: number }[];
    }
  | {
      readonly kind: 'cancellation';
      readonly order: string;
      readonly cancellation: z.input<typeof Cancellation>;
    }
);

interface OfOrder {
  readonly id: string;
  readonly at: string;
  readonly order: { readonly channel: string; readonly ref: string };
}
type Lines = readonly { readonly line: string | number; readonly sku: string; readonly quantity: number }[];

export type Action =
  | (OfOrder & {
      readonly kind: 'cancel';
      readonly lines: Lines;
      readonly whole: boolean;
      readonly by: 'customer' | 'brand' | 'law' | 'channel';
      readonly reason: string;
    })
  | (OfOrder & { readonly kind: 'refund'; readonly amount: z.output<typeof Amount>; readonly reason: string })
  | (OfOrder & { readonly kind: 'switch' })
  | (OfOrder & { readonly kind: 'hold' | 'release' | 'reschedule' })
  | (OfOrder & {
      readonly kind: 'confirm_shipment';
      readonly lines: Lines;
      readonly carrier?: string | undefined;
      readonly tracking?: string | undefined;
      readonly shippedAt: string;
    })
  | (OfOrder & {
      readonly kind: 'tell_order';
      readonly news: 'placed' | 'refused' | 'moved' | 'changed';
      readonly state: z.output<typeof Order> | null;
    });

export interface Availability {
  readonly sku: string;
  readonly channel: string;
  readonly externalIds: readonly string[];
  readonly now: number;
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
}

export interface Finding {
  readonly code: string;
  readonly level: 'ok' | 'warning' | 'broken';
  readonly words: string;
}

export interface Reading {
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Page {
  readonly facts: readonly Fact[];
  readonly cursor: string;
  readonly progress?: number;
}

export type Outcome =
  | { readonly state: 'done'; readonly note?: string }
  | { readonly state: 'pending'; readonly handle: string }
  | { readonly state: 'later'; readonly after: Date; readonly why: string }
  | { readonly state: 'refused'; readonly why: string };

/** The other system asks to be left alone until then. It is no fault. */
export class Busy extends Error {
  override readonly name = 'Busy';
  readonly after: Date;
  constructor(after: Date, words: string) {
    super(words);
    this.after = after;
  }
}

/** The access is gone: the connection waits for a person. */
export class AccessLost extends Error {
  override readonly name = 'AccessLost';
}

export interface ConnectionContext<Settings, Secrets> {
  readonly brandId: number;
  readonly settings: Settings;
  readonly secrets: Secrets;
  now(): Date;
  readonly fetch: typeof fetch;
  readonly log: {
    info(words: string, data?: Record<string, unknown>): void;
    warn(words: string, data?: Record<string, unknown>): void;
  };
  saveSecrets(renewed: Secrets): Promise<void>;
  readonly pushUrl: string | null;
}

export interface Connection {
  check(signal?: AbortSignal): Promise<readonly Finding[]>;
  changes(stream: string, cursor: string | null, reading: Reading): AsyncIterable<Page>;
  reread(stream: string, ids: readonly string[], signal?: AbortSignal): Promise<readonly Fact[]>;
  publish(availabilities: readonly Availability[], signal?: AbortSignal): Promise<readonly Outcome[]>;
  act(action: Action, signal?: AbortSignal): Promise<Outcome>;
  settle(action: Action, handle: string, signal?: AbortSignal): Promise<Outcome>;
  disconnect(signal?: AbortSignal): Promise<void>;
}
