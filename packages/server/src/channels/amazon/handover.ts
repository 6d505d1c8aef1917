/**
 * Pages from a producer that pushes to a consumer that pulls. Each page is taken before the next is made, and a consumer
 * that stops makes the producer fail, so that neither runs away from the other.
 */
export class Handover<T> {
  #page: { value: T; taken: () => void; refused: (error: Error) => void } | null = null;
  #wake: () => void = () => {};
  #ended: { error?: unknown } | null = null;
  #stopped: Error | null = null;

  /** Resolves once the consumer asks for the next page. */
  give(value: T): Promise<void> {
    if (this.#stopped !== null) return Promise.reject(this.#stopped);
    return new Promise((taken, refused) => {
      this.#page = { value, taken, refused };
      this.#wake();
    });
  }

  /** The producer's own end, good or bad, ends the pages. */
  follow(producer: Promise<unknown>): void {
    producer.then(
      () => this.#end({}),
      (error) => this.#end({ error }),
    );
  }

  async *pages(signal?: AbortSignal): AsyncGenerator<T> {
    const abort = () => this.#wake();
    signal?.addEventListener('abort', abort);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const page = this.#page;
        if (page !== null) {
          yield page.value;
          this.#page = null;
          page.taken();
        } else if (this.#ended !== null) {
          if ('error' in this.#ended) throw this.#ended.error;
          return;
        } else
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#stopped = new Error('nobody reads on');
      this.#page?.refused(this.#stopped);
    }
  }

  #end(how: { error?: unknown }): void {
    this.#ended = how;
    this.#wake();
  }
}
