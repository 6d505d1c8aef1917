/**
 * Whether a crowd's orders are recorded before their items are locked. What is written of an order itself depends on no
 * decision, and whoever waits for the items waits shorter if it is written by then. An order that is refused must not have
 * been written: the batch is then undone and run again the other way, so that this pays only where hardly any is refused.
 */
export interface RecordAhead {
  pays(orders: number): boolean;
  /** To be told of each batch whether any of its orders was refused. */
  note(anyRefused: boolean): void;
}

/** An order was recorded and then refused: to be done again, recording nothing ahead. */
export class RecordedTooSoon extends Error {
  override readonly name = 'RecordedTooSoon';
}

/** From so many orders on: a lone one would only lock its name before its items, and others after them. */
const CROWD = 64;
/** Batches without a refusal after which the next is expected to have none: of what is run twice there is at most this part. */
const CALM = 16;

export function createRecordAhead(): RecordAhead {
  let calm = CALM;
  return {
    pays: (orders) => orders >= CROWD && calm >= CALM,
    note(anyRefused) {
      calm = anyRefused ? 0 : calm + 1;
    },
  };
}
