/** A message ready to leave, whichever way it goes. */
export interface OutgoingMessage {
  /** A mail address or a telephone number, by what the sender reaches. */
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** All that has to be said, in as few words as it takes: for a telephone. */
  readonly short: string;
  /** The same for every attempt at the same cause, so that what arrives twice is seen to be one. */
  readonly reference: string;
  readonly about: MessageSubject;
}

/** What a message is about, for whoever writes or routes it themselves. */
export interface MessageSubject {
  /** channel:ref; null: it is about no order. */
  readonly order: string | null;
  readonly kind: string;
  readonly language: string;
  readonly customer: { readonly name: string; readonly email: string | null; readonly phone: string | null };
  /** The customer's page. */
  readonly link: string | null;
  /** What is told of each line, with the days as 'YYYY-MM-DD'. */
  readonly lines: readonly {
    readonly line: number;
    readonly title: string;
    readonly quantity: number;
    readonly parts: readonly { readonly quantity: number; readonly shipBy: string }[];
    readonly before: string | null;
  }[];
}

export type Sending =
  | { readonly kind: 'sent' }
  /** It may work later; not before `afterMs`, where the other side names a time. */
  | { readonly kind: 'retry'; readonly trouble: string; readonly afterMs?: number }
  /** It will never work as it is: a person has to look. */
  | { readonly kind: 'refused'; readonly trouble: string };

/**
 * A way by which messages leave: mail, a brand's own sender behind a webhook, a telephone. One interface, and one suite that
 * every implementation runs (testing/sender-conformance.ts). `send` never throws, and is over within SEND_MS.
 */
export interface Sender {
  /** As the settings page names it. */
  readonly name: string;
  /** Whom it reaches: `email` and `phone` need such an address; `both` takes either, and finds its own way. */
  readonly reaches: 'email' | 'phone' | 'both';
  send(message: OutgoingMessage): Promise<Sending>;
  close(): void;
}

/** Nobody may hold a message longer than this; the lease on it is longer. */
export const SEND_MS = 20_000;

export const troubleWords = (error: unknown): string =>
  (error instanceof Error
    ? error.cause instanceof Error
      ? error.cause.message
      : error.message
    : String(error)
  ).slice(0, 500);
