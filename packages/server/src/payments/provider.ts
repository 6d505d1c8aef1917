/**
 * A payment provider as Kept needs it: one interface, and one conformance suite that every implementation runs
 * (testing/conformance.ts). Amounts are minor units of the payment's currency. Every call has a key, and the same key twice
 * does the thing once.
 */
export interface PaymentProvider {
  readonly name: string;
  /** What is set aside on an authorisation, and until when it can be taken. */
  look(reference: string): Promise<ProviderAuthorisation>;
  /** Makes an authorisation last longer; null: this provider, or this card, cannot. */
  extend(reference: string, key: string): Promise<ProviderAuthorisation | null>;
  /** Sets the same amount aside anew, with nobody present, and lets the old authorisation go; null: it cannot be done without the customer. */
  reauthorise(reference: string, key: string): Promise<ProviderAuthorisation | null>;
  /** Takes part or all of what is set aside. */
  capture(reference: string, amount: Money, key: string): Promise<ProviderMoney>;
  /**
   * Takes money from the card that an earlier payment, or a saved card's reference, left with the provider, with nobody
   * present: the balance of a deposit, what is due at shipment. Null: it cannot be done without the customer.
   */
  charge(reference: string, amount: Money, key: string): Promise<ProviderCharge | null>;
  /** Gives money back the way it came: to the payment it was taken by, and never more than that. */
  refund(reference: string, amount: Money, key: string): Promise<ProviderMoney>;
}

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface ProviderAuthorisation {
  readonly reference: string;
  readonly amount: Money;
  /** ISO 8601; null: the provider does not say, and the card network's window holds. */
  readonly captureBefore: string | null;
  readonly network: string | null;
  readonly state: 'authorised' | 'captured' | 'lapsed' | 'cancelled';
}

export interface ProviderMoney {
  readonly id: string;
  readonly amount: Money;
}

/** Money taken by a payment of its own, under its own reference. */
export interface ProviderCharge extends ProviderMoney {
  readonly reference: string;
}

/** The provider said no, in words that a person can act on. Whatever else is thrown is a fault of the way there. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
}
