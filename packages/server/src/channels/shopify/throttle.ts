/** What Shopify says of a shop's budget with every answer (`extensions.cost.throttleStatus`), in points. */
export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

/**
 * The shop's budget as far as this process knows it: a bucket that refills by itself. Shopify answers THROTTLED to whoever
 * asks without having the points, so that each query waits until it can be paid.
 */
export class Budget {
  #maximum = 2000;
  #restorePerSecond = 100;
  #available = 2000;
  #at: number;

  constructor(nowMs: number) {
    this.#at = nowMs;
  }

  /** Milliseconds until so many points are there, and takes them: whoever asks next waits behind. */
  take(points: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#available -= Math.min(points, this.#maximum);
    return this.#available >= 0 ? 0 : Math.ceil((-this.#available / this.#restorePerSecond) * 1000);
  }

  /** What the answer said; where points were asked for and not used, they are there again. */
  told(status: ThrottleStatus, nowMs: number): void {
    this.#maximum = status.maximumAvailable;
    this.#restorePerSecond = Math.max(1, status.restoreRate);
    this.#available = status.currentlyAvailable;
    this.#at = nowMs;
  }

  #refill(nowMs: number): void {
    const passed = Math.max(0, nowMs - this.#at);
    this.#available = Math.min(this.#maximum, this.#available + (passed / 1000) * this.#restorePerSecond);
    this.#at = nowMs;
  }
}
