/** What can go wrong with calls. Each is spread evenly over them, so that a test sees the same every time. */
export interface CallWeather {
  /** Some calls are refused as too many. */
  throttling: boolean;
  /** Some are answered with an error of the other side's own, every other of them after the work was done. */
  serverErrors: boolean;
  /** Some are done, and their answer is lost. */
  lostAnswers: boolean;
  /** Some are never answered, every other of them after the work was done. */
  hangs: boolean;
}

/** One of so many calls meets each fault. */
export type Often = Readonly<Record<keyof CallWeather, number>>;
const USUAL: Often = { throttling: 29, serverErrors: 7, lostAnswers: 9, hangs: 47 };

export const FAIR_WEATHER: Readonly<CallWeather> = {
  throttling: false,
  serverErrors: false,
  lostAnswers: false,
  hangs: false,
};
export const FOUL_WEATHER: Readonly<CallWeather> = {
  throttling: true,
  serverErrors: true,
  lostAnswers: true,
  hangs: true,
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
  #asked: (CallFault | null)[] = [];
  readonly #often: Often;
  #calls = 0;
  #errors = 0;
  #hangs = 0;

  constructor(often: Often = USUAL) {
    this.#often = often;
  }

  /** The next so many calls meet this. */
  ask(fault: CallFault, calls: number): void {
    for (let call = 0; call < calls; call++) this.#asked.push(fault);
  }

  /** The call after so many that are fair meets this. */
  askAfter(fairCalls: number, fault: CallFault): void {
    this.#asked.push(...Array<null>(fairCalls).fill(null), fault);
  }

  /** The next so many calls are never answered, and every other of them is done; 0: those that are left are answered. */
  hang(calls: number): void {
    if (calls === 0) this.#asked = this.#asked.filter((fault) => fault?.startsWith('hang') !== true);
    for (let call = 0; call < calls; call++) this.ask(call % 2 === 0 ? 'hang_after' : 'hang_before', 1);
  }

  next(): CallFault | null {
    const fault = this.#asked.length > 0 ? this.#asked.shift()! : this.#ofTheWeather();
    if (fault !== null) this.met[fault]++;
    return fault;
  }

  #ofTheWeather(): CallFault | null {
    const { throttling, serverErrors, lostAnswers, hangs } = this.weather;
    const often = this.#often;
    const call = ++this.#calls;
    if (hangs && call % often.hangs === 5) return ++this.#hangs % 2 === 1 ? 'hang_before' : 'hang_after';
    if (throttling && call % often.throttling === 1) return 'throttled';
    if (serverErrors && call % often.serverErrors === 2)
      return ++this.#errors % 2 === 1 ? 'error_before' : 'error_after';
    if (lostAnswers && call % often.lostAnswers === 3) return 'lost_after';
    return null;
  }
}
