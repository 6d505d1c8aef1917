/** What can go wrong with calls. Each is spread evenly over them, so that a test sees the same every time. */
export interface CallWeather {
  /** Every third call is refused as too many. */
  throttling: boolean;
  /** Every fourth is answered with an error of the other side's own, every other of them after the work was done. */
  serverErrors: boolean;
  /** Every fifth is done, and its answer is lost. */
  lostAnswers: boolean;
  /** Every seventeenth is never answered, every other of them after the work was done. */
  hangs: boolean;
}

export const FAIR_WEATHER: Readonly<CallWeather> = {
  throttling: false,
  serverErrors: false,
  lostAnswers: false,
  hangs: false,
};
export type CallFault =
  | 'throttled'
  | 'error_before'
  | 'error_after'
  | 'lost_after'
  | 'hang_before'
  | 'hang_after';

/** Which fault the next call meets. Each kind counts for itself; those that were asked for by number come first. */
export class CallFaults {
  readonly weather: CallWeather = { ...FAIR_WEATHER };
  /** How many calls met each fault. */
  readonly met: Record<CallFault, number> = {
    throttled: 0,
    error_before: 0,
    error_after: 0,
    lost_after: 0,
    hang_before: 0,
    hang_after: 0,
  };
  #asked: CallFault[] = [];
  #calls = 0;
  #errors = 0;
  #hangs = 0;

  /** The next so many calls meet this. */
  ask(fault: CallFault, calls: number): void {
    for (let call = 0; call < calls; call++) this.#asked.push(fault);
  }

  /** The next so many calls are never answered, and every other of them is done; 0: those that are left are answered. */
  hang(calls: number): void {
    if (calls === 0) this.#asked = this.#asked.filter((fault) => !fault.startsWith('hang'));
    for (let call = 0; call < calls; call++) this.ask(call % 2 === 0 ? 'hang_after' : 'hang_before', 1);
  }

  next(): CallFault | null {
    const fault = this.#asked.shift() ?? this.#ofTheWeather();
    if (fault !== null) this.met[fault]++;
    return fault;
  }

  #ofTheWeather(): CallFault | null {
    const { throttling, serverErrors, lostAnswers, hangs } = this.weather;
    const call = ++this.#calls;
    if (hangs && call % 17 === 5) return ++this.#hangs % 2 === 1 ? 'hang_before' : 'hang_after';
    if (throttling && call % 3 === 1) return 'throttled';
    if (serverErrors && call % 4 === 2) return ++this.#errors % 2 === 1 ? 'error_before' : 'error_after';
    if (lostAnswers && call % 5 === 3) return 'lost_after';
    return null;
  }
}
