import type { LetterFacts, Money, WhyCode } from './letter-facts.ts';

/** Every sentence of a message in one language. Short, active, and nobody's corporate voice. */
export interface Words {
  readonly someone: string;
  readonly noDate: string;
  readonly updateWillCome: string;
  readonly stillToCome: string;
  readonly somethingOff: string;
  readonly why: Readonly<Record<WhyCode, string>>;
  readonly button: {
    readonly wait: string;
    readonly change: string;
    readonly cancel: string;
    readonly see: string;
  };
  hello(name: string): string;
  subject(facts: LetterFacts): string;
  opening(facts: LetterFacts): string;
  closing(facts: LetterFacts): string;
  contact(contact: string): string;
  leavesBy(day: string): string;
  partLeavesBy(quantity: number, day: string): string;
  insteadOf(dated: string, before: string): string;
  restUndated(quantity: number): string;
  chargeNow(charged: Money | null, authorised: boolean): string;
  /** What was stated before the order, said again; and what has been taken by now. */
  chargeStated(stated: readonly string[], charged: Money | null): string;
  parcel(parcel: { carrier: string | null; tracking: string | null }): string;
  readonly timeline: {
    readonly ordered: string;
    promised(day: string): string;
    moved(day: string): string;
    sooner(day: string): string;
    readonly undated: string;
    readonly waited: string;
    readonly switched: string;
    shipped(units: number, tracking: string | null): string;
    cancelled(units: number): string;
    told(subject: string): string;
    paidBack(amount: string): string;
  };
  readonly legal: {
    readonly choice: string;
    readonly noDate: string;
    readonly cancelAnyTime: string;
    readonly silenceNothing: string;
    readonly refundHow: string;
    readonly howToCancel: string;
    readonly withdrawal: string;
    readonly neverCharged: string;
    silenceConsents(day: string): string;
    silenceCancels(day: string): string;
    cancelledBy(by: string | null): string;
    refundWhen(amount: Money | null, day: string): string;
  };
}
