/** What can be made to go wrong. Each is spread evenly over the requests, so that a test sees the same every time. */
export interface Faults {
  /** Every third request is refused as too many. */
  throttling: boolean;
  /** Every fourth is answered with 500, every other of them after the work was done. */
  serverErrors: boolean;
  /** Every fifth is done, and its answer is lost. */
  lostAnswers: boolean;
  /** Access tokens end after three requests, whatever their time. */
  expiredTokens: boolean;
  /** Each notification comes twice. */
  duplicates: boolean;
  /** The newest notification comes first. */
  outOfOrder: boolean;
  /** Every other notification never comes. */
  missed: boolean;
}

export const NO_FAULTS: Readonly<Faults> = {
  throttling: false,
  serverErrors: false,
  lostAnswers: false,
  expiredTokens: false,
  duplicates: false,
  outOfOrder: false,
  missed: false,
};

export type RequestFault = 'throttled' | 'error_before' | 'error_after' | 'lost_after';

/** Which fault the next request meets. Each kind counts for itself; those that were asked for by number come first. */
export class FaultCounter {
  readonly #asked: RequestFault[] = [];
  #requests = 0;
  #errors = 0;

  /** The next so many requests meet this. */
  ask(fault: RequestFault, requests: number): void {
    for (let request = 0; request < requests; request++) this.#asked.push(fault);
  }

  next(faults: Faults): RequestFault | null {
    const asked = this.#asked.shift();
    if (asked !== undefined) return asked;
    this.#requests++;
    if (faults.throttling && this.#requests % 3 === 1) return 'throttled';
    if (faults.serverErrors && this.#requests % 4 === 2)
      return ++this.#errors % 2 === 1 ? 'error_before' : 'error_after';
    if (faults.lostAnswers && this.#requests % 5 === 3) return 'lost_after';
    return null;
  }
}
