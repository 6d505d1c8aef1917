import type { UsagePlan } from './usage-plans.ts';

/** Spends a usage plan: `burst` requests at once, refilled at `rate` a second. Times are milliseconds of any one clock. */
export class TokenBucket {
  #rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(plan: UsagePlan, now: number) {
    this.#rate = plan.rate;
    this.#burst = plan.burst;
    this.#tokens = plan.burst;
    this.#at = now;
  }

  /** When a request may leave, in ms from now; 0: at once. Takes nothing. */
  waitMs(now: number): number {
    this.#refill(now);
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#rate) * 1000);
  }

  /** Takes one request's share, whether it is there yet or not, and answers how long to wait before it is. */
  take(now: number): number {
    const wait = this.waitMs(now);
    this.#tokens -= 1;
    return wait;
  }

  /** Amazon refused for being too fast: it counts otherwise than we do, so nothing is left. */
  drain(now: number): void {
    this.#refill(now);
    this.#tokens = Math.min(this.#tokens, 0);
  }

  /** The rate that Amazon says is ours. */
  adopt(rate: number, now: number): void {
    if (!(rate > 0) || rate === this.#rate) return;
    this.#refill(now);
    this.#rate = rate;
  }

  #refill(now: number): void {
    // a clock that went back refills nothing
    const seconds = Math.max(0, now - this.#at) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + seconds * this.#rate);
    this.#at = now;
  }
}
