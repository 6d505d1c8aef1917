import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { figureText } from './measure.ts';

/**
 * What the slowest answers of this process had in common. V8 marks its old generation on another core for some forty
 * milliseconds before it pauses to end a full collection; where there are two cores, PostgreSQL and whoever asks are without
 * one of them for so long, and a queue builds up that takes as long again to go down.
 */
const MARKING_MS = 50;
const QUEUE_MS = 50;
/** All connections of a load are opened at once, and each sends its first request on code that has cooled down. */
const OPENING_MS = 200;

/** The slowest of a hundred are looked at. */
const SLOWEST = 0.01;

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Watches this process's answers through HTTP and its garbage collector, while it is under a load. */
export class SlowTail {
  private readonly answers: Span[] = [];
  private readonly collections: Span[] = [];
  private readonly openings: Span[] = [];
  private watchedMs = 0;

  async during<T>(load: () => Promise<T>): Promise<T> {
    const observer = new PerformanceObserver((list) => this.note(list.getEntries()));
    observer.observe({ entryTypes: ['http', 'gc'] });
    const began = performance.now();
    const before = this.answers.length;
    try {
      return await load();
    } finally {
      this.watchedMs += performance.now() - began;
      this.note(observer.takeRecords());
      observer.disconnect();
      const from = this.answers
        .slice(before)
        .reduce((first, one) => Math.min(first, one.from), Number.POSITIVE_INFINITY);
      this.openings.push({ from, until: from + OPENING_MS });
    }
  }

  private note(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) {
      const { entryType, startTime, duration } = entry;
      const until = startTime + duration;
      if (entryType === 'http') this.answers.push({ from: startTime, until });
      else if ((entry as { detail?: { kind?: number } }).detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR)
        this.collections.push({ from: startTime - MARKING_MS, until: until + QUEUE_MS });
    }
  }

  /** One sentence, of all that was answered meanwhile. */
  told(): string {
    const slowest = this.answers
      .toSorted((a, b) => b.until - b.from - (a.until - a.from))
      .slice(0, Math.ceil(this.answers.length * SLOWEST));
    const amid = (one: Span, spans: readonly Span[]) =>
      spans.some(({ from, until }) => one.from < until && one.until > from);
    const opening = slowest.filter((one) => amid(one, this.openings)).length;
    const collected = slowest.filter(
      (one) => !amid(one, this.openings) && amid(one, this.collections),
    ).length;
    let takenMs = 0;
    for (const { from, until } of this.collections) takenMs += until - from;
    const share = (part: number, whole: number) => `${figureText(whole === 0 ? 0 : (100 * part) / whole)} %`;
    return `Of the slowest 1 % of them, ${share(opening, slowest.length)} came in the first ${OPENING_MS} ms of a load, when all its connections open at once, and ${share(collected, slowest.length)} around one of ${this.collections.length} full collections of Node's old generation, which took ${share(takenMs, this.watchedMs)} of the time.`;
  }
}
