import type { MessageKind, Silence } from '@kept/engine';

export type Language = 'en' | 'de';

/** All that a letter needs to be written: facts, no words. Days are 'YYYY-MM-DD'. */
export interface LetterFacts {
  readonly kind: MessageKind;
  readonly language: Language;
  readonly brand: string;
  readonly contact: string | null;
  readonly name: string;
  readonly order: string;
  readonly today: string;
  readonly lines: readonly LetterLine[];
  /** Codes and data of what moved the promise. */
  readonly why: WhyCode | null;
  readonly link: string | null;
  /** What silence comes to; null: nothing hangs on it. */
  readonly silence: (Omit<Silence, 'on'> & { readonly on: string | null }) | null;
  readonly charged: Money | null;
  readonly authorised: boolean;
  /** What was stated of the money before the order, in sentences; none where it was not recorded. */
  readonly stated: readonly string[];
  /** A consumer may withdraw without a reason. */
  readonly withdrawal: boolean;
  readonly refund: { readonly amount: Money | null; readonly by: string; readonly never: boolean } | null;
  readonly cancelledBy: string | null;
  readonly parcel: { readonly carrier: string | null; readonly tracking: string | null } | null;
  /** What is still to come after a parcel. */
  readonly rest: readonly LetterLine[];
}

export interface LetterLine {
  readonly title: string;
  readonly quantity: number;
  readonly parts: readonly { readonly quantity: number; readonly shipBy: string }[];
  /** The day that was told before; null: none. */
  readonly before: string | null;
}

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export type WhyCode =
  | 'production'
  | 'materials'
  | 'freight'
  | 'customs'
  | 'moq'
  | 'quality'
  | 'late'
  | 'cancelled'
  | 'short'
  | 'counted'
  | 'checking'
  | 'early';
