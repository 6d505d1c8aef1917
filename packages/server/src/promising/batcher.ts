import { KeptError } from '../platform/errors.ts';

export interface BatcherOptions<Request, Answer> {
  /** Decides requests together, in the order they came; answers each, or throws for all. */
  run(requests: readonly Request[]): Promise<readonly Answer[]>;
  /** Most requests decided together. */
  readonly batch: number;
  /** Most requests that may wait; beyond it, callers are told to come again. */
  readonly waiting: number;
}

/**
 * Requests that arrive together are decided together, first come, first served. A lone request is run at once: nothing
 * waits for a timer. One bad request fails only itself: a batch that throws is run again in halves.
 */
export function createBatcher<Request, Answer>(options: BatcherOptions<Request, Answer>) {
  interface Waiting {
    readonly request: Request;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  let queue: Waiting[] = [];
  let running = false;

  async function settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await options.run(batch.map((one) => one.request));
      for (const [index, one] of batch.entries()) one.resolve(answers[index]!);
    } catch (error) {
      // An error of the place and not of a request (the database is gone) would only be met again by each half.
      if (batch.length === 1 || (error instanceof KeptError && error.status === 503)) {
        for (const one of batch) one.reject(error);
        return;
      }
      const half = batch.length >> 1;
      await settle(batch.slice(0, half));
      await settle(batch.slice(half));
    }
  }

  async function drain(): Promise<void> {
    running = true;
    try {
      while (queue.length > 0) {
        const batch = queue.slice(0, options.batch);
        queue = queue.slice(options.batch);
        await settle(batch);
      }
    } finally {
      running = false;
    }
  }

  return {
    /** @throws KeptError `overloaded` when too many wait already. */
    submit(request: Request): Promise<Answer> {
      if (queue.length >= options.waiting)
        return Promise.reject(
          new KeptError('overloaded', `${queue.length} requests are waiting; try again in a second.`),
        );
      return new Promise<Answer>((resolve, reject) => {
        queue.push({ request, resolve, reject });
        if (!running) void drain();
      });
    },
    get waiting(): number {
      return queue.length;
    },
  };
}
