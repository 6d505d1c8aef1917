import { KeptError } from '../platform/errors.ts';

/** A batch's place behind the one before it. */
export interface Turn {
  /** All of the batch is decided and sent but its commit: the next batch may begin. */
  handOver(): void;
  /**
   * To be awaited before the commit: whoever came first is committed first.
   * @throws Overtaken where the batch before is to be decided again first, or may be waiting for locks that this one holds
   */
  before(): Promise<void>;
  /** To be called before the batch is decided again by `run` itself: who is behind it lets go of what it may now have to wait for. */
  again(): void;
}

export interface BatcherOptions<Request, Answer> {
  /** Decides requests together, in the order they came; answers each, or throws for all. */
  run(requests: readonly Request[], turn: Turn): Promise<readonly Answer[]>;
  /** Most requests decided together. */
  readonly batch: number;
  /** Most requests that may wait; beyond it, callers are told to come again. */
  readonly waiting: number;
  /** Longest wait for the batch before; a second unless told. */
  readonly patienceMs?: number;
}

/**
 * A batch waits for the one before it while it holds locks, and PostgreSQL does not see that wait: where the one before waits for
 * these locks, through however many others, nobody would ever end it. After as long as PostgreSQL itself takes before it looks for a
 * deadlock, the batch behind lets go.
 */
const PATIENCE_MS = 1000;

/** What was decided behind a batch that failed is undone, and decided again behind it. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** What is known of a batch by those behind it. */
interface Progress {
  /** Whether it went through as it was first decided. */
  readonly attempted: Promise<boolean>;
  /** When each of its requests has its answer. */
  readonly settled: Promise<void>;
}

/** From so many on, requests that wait are no batch but a crowd. */
const CROWD = 64;

const NOBODY: Progress = { attempted: Promise.resolve(true), settled: Promise.resolve() };
const ALONE: Turn = { handOver: () => {}, before: () => Promise.resolve(), again: () => {} };

/**
 * Requests that arrive together are decided together, first come, first served. A lone request is run at once: nothing
 * waits for a timer. While one batch is being written and committed, the next is prepared: at most two are under way, and
 * they commit in turn. One bad request fails only itself: a batch that throws is run again in halves.
 */
export function createBatcher<Request, Answer>(options: BatcherOptions<Request, Answer>) {
  type Batch = readonly Waiting<Request, Answer>[];
  let queue: Waiting<Request, Answer>[] = [];

  async function attempt(batch: Batch, turn: Turn): Promise<unknown> {
    try {
      const answers = await options.run(
        batch.map((one) => one.request),
        turn,
      );
      for (const [index, one] of batch.entries()) one.resolve(answers[index]!);
      return null;
    } catch (error) {
      return error;
    }
  }

  async function again(batch: Batch, error: unknown): Promise<void> {
    // An error of the place and not of a request (the database is gone) would only be met again by each half.
    if (batch.length === 1 || (error instanceof KeptError && error.status === 503)) {
      for (const one of batch) one.reject(error);
      return;
    }
    const half = batch.length >> 1;
    for (const part of [batch.slice(0, half), batch.slice(half)]) {
      const failure = await attempt(part, ALONE);
      if (failure !== null) await again(part, failure);
    }
  }

  /** Begins a batch behind the one before it. */
  function begin(batch: Batch, ahead: Progress, handOver: () => void): Progress {
    const attempted = Promise.withResolvers<boolean>();
    const turn: Turn = {
      handOver,
      async before() {
        if (!(await within(ahead.attempted, options.patienceMs ?? PATIENCE_MS))) throw new Overtaken();
      },
      again: () => attempted.resolve(false),
    };
    const first = attempt(batch, turn);
    void first.then((failure) => attempted.resolve(failure === null));
    const settle = async () => {
      const failure = await first;
      if (failure === null) return;
      await ahead.settled;
      const second = failure instanceof Overtaken ? await attempt(batch, ALONE) : failure;
      if (second !== null) await again(batch, second);
    };
    return { attempted: attempted.promise, settled: settle() };
  }

  let last = NOBODY;
  let lastSize = 0;
  let begun = 0;
  let underWay = 0;
  /** The last batch that began is decided and sent. */
  let handedOver = true;
  let summoned = false;

  /** Whoever comes, or is answered and comes again, in this turn of the event loop goes along. */
  function summon(): void {
    if (summoned) return;
    summoned = true;
    setImmediate(() => {
      summoned = false;
      next();
    });
  }

  /** Begins the next batch, if it may begin. */
  function next(): void {
    if (queue.length === 0 || !handedOver || underWay === 2) return;
    // A crowd goes in two halves, so that one is prepared and decided while the other is written.
    const ahead = underWay === 0 ? 0 : lastSize;
    const half = Math.max(CROWD, Math.ceil((queue.length + ahead) / 2));
    const batch = queue.slice(0, Math.min(half, options.batch));
    queue = queue.slice(batch.length);
    underWay++;
    handedOver = false;
    lastSize = batch.length;
    const number = ++begun;
    const pass = () => {
      if (number !== begun || handedOver) return;
      handedOver = true;
      summon();
    };
    last = begin(batch, last, pass);
    void last.settled.then(() => {
      underWay--;
      pass();
      summon();
    });
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
        if (underWay === 0 && !summoned) next();
        else summon();
      });
    },
    get waiting(): number {
      return queue.length;
    },
  };
}

/** What is promised, or false where that takes longer. */
async function within(promised: Promise<boolean>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promised, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
