import { KeptError } from './errors.ts';

/** Time is an argument everywhere: whoever needs it is given a clock, and never asks the machine. */
export interface Clock {
  /** This instant. Each call answers a Date of its own. */
  now(): Date;
}

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /**
   * Moves to `instant`; the instant it already shows is allowed and changes nothing.
   * @throws KeptError `invalid_input` for an invalid Date, `conflict` for an instant in its past.
   */
  set(instant: Date): void;
  /** Begins anew at any instant, earlier ones too: only while nothing has happened yet. */
  restart(instant: Date): void;
}

export const systemClock: Clock = { now: () => new Date() };

/** @param start where it stands at first; the real now unless told. */
export function manualClock(start: Date = new Date()): ManualClock {
  let shown = checked(start);
  return {
    now: () => new Date(shown),
    set(instant) {
      const next = checked(instant);
      // What fell due on the way has already been done: a step back would do it a second time.
      if (next < shown) {
        throw new KeptError(
          'conflict',
          `Time moves only forward: it is ${new Date(shown).toISOString()}, and ${instant.toISOString()} is before that.`,
        );
      }
      shown = next;
    },
    restart(instant) {
      shown = checked(instant);
    },
  };
}

function checked(instant: Date): number {
  const milliseconds = instant.getTime();
  if (Number.isNaN(milliseconds)) throw new KeptError('invalid_input', 'That is not an instant that exists.');
  return milliseconds;
}
