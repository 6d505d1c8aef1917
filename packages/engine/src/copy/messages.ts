/**
 * What a shopper can be told, by the state of what they want. A message belongs to one state: a backorder cannot be told in
 * a preorder's words, because there is no type by which it could.
 */

/** The wait that happened to the brand. */
export type AccidentalWait = 'backorder';
/** The waits that it chose. */
export type DeliberateWait = 'preorder' | 'made_to_order' | 'drop' | 'demand_validation';
/** There is nothing to wait for. */
export type Unsold = 'out_of_stock' | 'discontinued';
export type SellingState = 'in_stock' | AccidentalWait | DeliberateWait | Unsold;

/** The messages of each state, and the placeholders that each fills in. */
export interface StateMessages {
  in_stock: { here: 'day' };
  backorder: { dated: 'day'; mixed: 'parts'; short: 'parts' | 'quantity' };
  preorder: { dated: 'day'; parts: 'parts'; short: 'parts' | 'quantity' };
  made_to_order: { dated: 'day'; mixed: 'parts'; short: 'parts' | 'quantity' };
  drop: { waitlist: never; dated: 'day'; mixed: 'parts'; short: 'parts' | 'quantity' };
  demand_validation: {
    dated: 'day' | 'goal' | 'until';
    mixed: 'parts' | 'goal' | 'until';
    short: 'parts' | 'quantity' | 'goal' | 'until';
  };
  out_of_stock: { gone: never; few: 'now' | 'quantity'; not_yet: never };
  discontinued: { gone: never; few: 'now' | 'quantity' };
}

export type MessageKey<State extends SellingState> = keyof StateMessages[State] & string;

/** A message with what fills it; of one state and no other. */
export type Said<State extends SellingState = SellingState> = State extends SellingState
  ? {
      [Key in MessageKey<State>]: {
        readonly state: State;
        readonly key: Key;
        readonly values: { readonly [Name in StateMessages[State][Key] & string]: Value };
      };
    }[MessageKey<State>]
  : never;

/** What a placeholder stands for; each language writes it its own way. */
export type Value =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'units'; readonly units: number }
  | { readonly kind: 'money'; readonly amount: number; readonly currency: string }
  | { readonly kind: 'days'; readonly days: number }
  | {
      readonly kind: 'parts';
      readonly now: number;
      readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
    };

/** What is said of the money, and the placeholders of each statement. */
export interface ChargeMessages {
  at_order: 'total';
  deposit: 'now' | 'balance';
  authorise: 'total';
  authorise_part: 'now' | 'rest';
  at_shipment: 'total';
  invoice: 'total' | 'days';
  nothing: never;
}
export type ChargeKey = keyof ChargeMessages;
export type ChargeSaid = {
  [Key in ChargeKey]: {
    readonly key: Key;
    readonly values: { readonly [Name in ChargeMessages[Key] & string]: Value };
  };
}[ChargeKey];

/** The words of one message: a headline, a sentence or two, and what the button says. */
export interface Wording {
  readonly headline: string;
  readonly text: string;
  readonly button: string;
}

/** The words of one language. `{name}` is filled in. */
export interface Catalogue {
  readonly states: {
    readonly [State in SellingState]: { readonly [Key in MessageKey<State>]: Wording };
  };
  readonly charge: { readonly [Key in ChargeKey]: string };
  /** What can be had of what was asked; and what it costs, said of so many units where that is not all of them. */
  readonly parts: { readonly now: string; readonly later: string; readonly charge: string };
  /** How to have a mixed answer sent. */
  readonly ways: { readonly apart: string; readonly together: string };
  readonly days: { readonly one: string; readonly other: string };
  /** What the page around it says. */
  readonly page: {
    readonly quantity: string;
    readonly alternatives: string;
    readonly email: string;
    readonly joined: string;
    readonly subscribed: string;
  };
}

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The placeholders that each wording of a state must have, all of them, and no other; names as in StateMessages. */
export const PLACEHOLDERS: {
  readonly [State in SellingState]: {
    readonly [Key in MessageKey<State>]: readonly (StateMessages[State][Key] & string)[];
  };
} = {
  in_stock: { here: ['day'] },
  backorder: { dated: ['day'], mixed: ['parts'], short: ['parts', 'quantity'] },
  preorder: { dated: ['day'], parts: ['parts'], short: ['parts', 'quantity'] },
  made_to_order: { dated: ['day'], mixed: ['parts'], short: ['parts', 'quantity'] },
  drop: { waitlist: [], dated: ['day'], mixed: ['parts'], short: ['parts', 'quantity'] },
  demand_validation: {
    dated: ['day', 'goal', 'until'],
    mixed: ['parts', 'goal', 'until'],
    short: ['parts', 'quantity', 'goal', 'until'],
  },
  out_of_stock: { gone: [], few: ['now', 'quantity'], not_yet: [] },
  discontinued: { gone: [], few: ['now', 'quantity'] },
};

export const CHARGE_PLACEHOLDERS: {
  readonly [Key in ChargeKey]: readonly (ChargeMessages[Key] & string)[];
} = {
  at_order: ['total'],
  deposit: ['now', 'balance'],
  authorise: ['total'],
  authorise_part: ['now', 'rest'],
  at_shipment: ['total'],
  invoice: ['total', 'days'],
  nothing: [],
};
