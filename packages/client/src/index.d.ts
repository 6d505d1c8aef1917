import type { Api } from './api.d.ts';

export type * from './api.d.ts';

/** Every operation, as "METHOD /path". */
export type Operation = keyof Api;

export interface KeptOptions {
  /** Where Kept is, such as https://kept.example.com. */
  readonly url: string | URL;
  /** An API key; left out where a browser's session speaks. */
  readonly key?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Of each try; 30 seconds unless told. */
  readonly timeoutMs?: number;
  /** Further tries after an answer that a later one may change; 4 unless told. */
  readonly retries?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The name under which a POST counts once, however often it is tried; one is made unless told. */
  readonly idempotencyKey?: string;
}

type Asked<Name extends Operation> = Api[Name]['asked'];
/** What an operation is called with: nothing where nothing is needed. */
export type Arguments<Name extends Operation> =
  Record<never, never> extends Asked<Name>
    ? [options?: Asked<Name> & CallOptions]
    : [options: Asked<Name> & CallOptions];
export type Answer<Name extends Operation> = Api[Name]['answer'];

/** Operations that answer a page: items, and the cursor of the next. */
export type Listing = {
  [Name in Operation]: Answer<Name> extends { items: readonly unknown[]; next: string | null } ? Name : never;
}[Operation];
export type ItemOf<Name extends Listing> =
  Answer<Name> extends { items: readonly (infer Item)[] } ? Item : never;

export interface Kept {
  /** @throws KeptProblem what the API refused, or that it did not answer in all tries */
  call<Name extends Operation>(operation: Name, ...args: Arguments<Name>): Promise<Answer<Name>>;
  /** All items of a list, page after page. */
  all<Name extends Listing>(operation: Name, ...args: Arguments<Name>): AsyncGenerator<ItemOf<Name>>;
}

export declare function keptClient(options: KeptOptions): Kept;

/** What the API refused, as RFC 9457 tells it. */
export declare class KeptProblem extends Error {
  readonly status: number;
  /** Stable, such as `not_found`; `unreachable` where Kept did not answer. */
  readonly code: string;
  /** Bad fields, by their path. */
  readonly errors: readonly { readonly path: string; readonly message: string; readonly in?: string }[];
  readonly problem: Readonly<Record<string, unknown>>;
}

/** The headers under which a body is pushed to a connection (Standard Webhooks 1.0). `id` names it: the same twice counts once. */
export declare function webhookHeaders(push: {
  readonly secret: string;
  readonly id: string;
  readonly body: string;
  readonly now?: Date;
}): Promise<Record<string, string>>;

export interface Webhook {
  /** `whsec_…`, as Kept showed it. */
  readonly secret: string;
  readonly headers: Headers | Readonly<Record<string, string | undefined>>;
  /** As it came, before anybody parsed it. */
  readonly body: string | Uint8Array;
  readonly now?: Date;
  readonly toleranceSeconds?: number;
}

/**
 * The body of a webhook that is Kept's (Standard Webhooks 1.0).
 * @throws KeptProblem `bad_signature`: another's, or one that was sent too long ago
 */
export declare function readWebhook(webhook: Webhook): Promise<unknown>;
