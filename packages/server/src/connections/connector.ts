import type { IncomingHttpHeaders } from 'node:http';
import type {
  ConnectionAction,
  ConnectionFact,
  ConnectionFinding,
  PublishedAvailability,
} from '@kept/contract';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';

/** The shapes that cross between Kept and a connector; the contract has them, since the generic connectors speak them by HTTP. */
export type Fact = ConnectionFact;
export type FactKind = Fact['kind'];
export type Action = ConnectionAction;
export type ActionKind = Action['kind'];
export type Availability = PublishedAvailability;
export type Finding = ConnectionFinding;

/**
 * A kind of system that Kept can be connected to: one interface for channels and ERPs, and one conformance suite that every
 * implementation runs (testing/conformance.ts).
 */
export interface Connector<Settings = unknown, Secrets = unknown> {
  /** Such as shopify: what a connection names. */
  readonly kind: string;
  readonly role: 'channel' | 'erp';
  readonly title: string;
  /** What can be read, in the order in which a back-fill reads it: what is referred to comes before what refers to it. */
  readonly streams: readonly string[];
  readonly can: Capabilities;
  readonly settings: z.ZodType<Settings>;
  readonly secrets: z.ZodType<Secrets>;
  /** For systems that give access by OAuth: a person is sent there and comes back with a code. */
  readonly authorise?: Authorisation<Settings, Secrets>;
  /**
   * Of its secrets, what checks pushes about privacy after the connection has ended, where the other side still sends them: it
   * opens nothing there. Left out: none are taken.
   */
  parting?(secrets: Secrets): unknown;
  /** Kept's channels that it sells for, by its settings; left out: the one that `settings.channel` names. */
  channels?(settings: Settings): readonly string[];
  /** Makes no call by itself. What is opened is used by one process at a time for each of its loops, and closed with it. */
  open(context: ConnectionContext<Settings, Secrets>): Connection;
}

export interface Capabilities {
  readonly push: boolean;
  /** Whether it is told availability: of the items that have a listing in its channels. */
  readonly publish: boolean;
  /** Of every item, where it has no listings of its own. */
  readonly publishAll?: boolean;
  /** What it carries out; others are not asked of it. */
  readonly act: readonly ActionKind[];
}

export interface ConnectionContext<Settings = unknown, Secrets = unknown> {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** Kept's own instant: never ask the machine. */
  now(): Date;
  /** The platform's fetch with a time limit, a limit of the answer's size, and no way into one's own network unless allowed. */
  readonly fetch: typeof fetch;
  /** After so long without a sign from the other side, a call is over: `fetch` heeds it, and whoever speaks something else has to. */
  readonly silenceMs?: number;
  readonly log: ConnectionLog;
  /** Keeps secrets that the other system renewed (an OAuth refresh token), encrypted, before this returns. */
  saveSecrets(renewed: Secrets): Promise<void>;
  /** A channel's orders since an instant, as they stand in Kept, for marketplaces that judge sellers by theirs. */
  soldOrders?(channel: string, since: Date): Promise<readonly SoldOrder[]>;
  /** Where the other side reaches this connection: its pushes' address; null where Kept does not know its own address. */
  readonly pushUrl: string | null;
  /** For connectors that keep something of their own in Kept: partners' messages, and the numbers of answers to them. */
  readonly home?: { readonly kept: Kept; readonly brandId: number; readonly name: string };
}

/** One order, as a marketplace judges a seller by it. Days 'YYYY-MM-DD', instants ISO 8601. */
export interface SoldOrder {
  readonly placedAt: string;
  /** The earliest last day to ship that was stated for its lines; null: none was. */
  readonly shipBy: string | null;
  /** When its last unit left; null while units are open, or where it was cancelled. */
  readonly shippedAt: string | null;
  /** The day that is promised for what is open; null: nothing is open, or nothing is promised. */
  readonly plannedOn: string | null;
  /** customer, brand, law or channel, of an order that ended before anything shipped. */
  readonly cancelledBy: string | null;
  /** Units that nothing backs are open. */
  readonly unbacked: boolean;
}

/** What a person should see in the connection's log. Never secrets, never what a customer is called. */
export interface ConnectionLog {
  info(words: string, data?: Record<string, unknown>): void;
  warn(words: string, data?: Record<string, unknown>): void;
}

export interface Connection {
  /** Credentials, scopes, clocks: what is missing, and how to mend it. */
  check(signal?: AbortSignal): Promise<readonly Finding[]>;
  /**
   * What a stream has changed since a cursor. Cursors overlap: what was told before may come again. A page is applied before
   * the next is asked for, and its cursor is kept with it. Null: from the beginning, which is a back-fill; `from` bounds it.
   * It ends when there is nothing more for now. Throws `Busy` where it is to come again later, `AccessLost` where a person has
   * to renew the access; whatever else it throws is tried again later and later.
   */
  changes(stream: string, cursor: string | null, reading: Reading): AsyncIterable<Page>;
  /**
   * Says of a push whether it is authentic, and what it tells. Called when it comes, before it is answered, and again when it
   * is decided: so it makes no call, keeps nothing, and answers the same each time.
   */
  receive?(push: Push): Received | Promise<Received>;
  /** Reads single things anew, as a push asked for. */
  reread?(stream: string, ids: readonly string[], signal?: AbortSignal): Promise<readonly Fact[]>;
  /** Tells the channel what can be had: at most 100 items, one outcome each, in order. The same twice does no harm. */
  publish?(availabilities: readonly Availability[], signal?: AbortSignal): Promise<readonly Outcome[]>;
  /** Carries an action out; the same `id` twice does it once. */
  act?(action: Action, signal?: AbortSignal): Promise<Outcome>;
  /** What became of what was `pending`. */
  settle?(action: Action, handle: string, signal?: AbortSignal): Promise<Outcome>;
  /**
   * Compares what is there with what was told, for one stream: the facts of whatever changed since `since`, read by another
   * way than `changes` where there is one. Left out: the nightly reconciliation reads the stream again from `since`.
   */
  reconcile?(stream: string, since: Date, reading: Reading): AsyncIterable<Page>;
  /** Takes back what Kept left there: webhooks, metafields, policies. The same twice does no harm. */
  disconnect?(signal?: AbortSignal): Promise<void>;
  close?(): Promise<void>;
}

export interface Reading {
  /** Of a back-fill or a replay: nothing that changed before it is asked for. */
  readonly from?: Date | undefined;
  /** Nothing newer than this is asked for. */
  readonly until?: Date | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Page {
  readonly facts: readonly Fact[];
  /** Where to go on from, once these facts are applied. */
  readonly cursor: string;
  /** Of a back-fill: how much of it is done, 0 to 1. */
  readonly progress?: number;
}

export interface Push {
  readonly headers: IncomingHttpHeaders;
  /** As it came: signatures are of these bytes. */
  readonly body: Buffer;
  readonly query: Readonly<Record<string, string>>;
  /** What stands behind /pushes/ in the address; '' where nothing does. */
  readonly path: string;
}

export type Received =
  | { readonly authentic: false; readonly why: string }
  | {
      readonly authentic: true;
      /** The delivery's own name: the same twice is taken once. */
      readonly id: string;
      /** When it was sent, where the signature covers it: older than five minutes is refused as a replay. */
      readonly sentAt?: Date;
      readonly facts?: readonly Fact[];
      /** Things to be read anew, by stream, because the push does not tell them whole. */
      readonly reread?: readonly { readonly stream: string; readonly ids: readonly string[] }[];
      /** The other side has ended the connection: why. */
      readonly ended?: string;
    };

/** What became of what was asked. `why` is for a person. */
export type Outcome =
  /** `reference`: what it is called there; of a refund, the id under which the payment is told as a fact. */
  | { readonly state: 'done'; readonly reference?: string; readonly note?: string }
  /** The other system works on it: `settle` asks with this handle. */
  | { readonly state: 'pending'; readonly handle: string }
  | { readonly state: 'later'; readonly after: Date; readonly why: string }
  /** It will never work as it is. */
  | { readonly state: 'refused'; readonly why: string };

/** The other system asks to be left alone until then: throttled, or closed for a while. It is no fault. */
export class Busy extends Error {
  override readonly name = 'Busy';
  readonly after: Date;
  constructor(after: Date, words: string) {
    super(words);
    this.after = after;
  }
}

/** The access is gone: revoked, expired for good, scopes taken away. The connection waits for a person. */
export class AccessLost extends Error {
  override readonly name = 'AccessLost';
}

export interface Authorisation<Settings, Secrets> {
  /** Where the person is sent. `state` comes back with them and is checked by Kept. */
  begin(asked: { settings: Settings; secrets: unknown; state: string; redirectUrl: string }): string;
  /** Turns what came back into secrets; throws with words for the person where it is not authentic. */
  finish(came: {
    settings: Settings;
    secrets: unknown;
    query: Readonly<Record<string, string>>;
    redirectUrl: string;
    fetch: typeof fetch;
    now(): Date;
  }): Promise<Secrets>;
}
