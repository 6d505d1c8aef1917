import type { Applier, ImportRecord, Outcome, Place } from './records.ts';

/**
 * Records and their lines handed to the store at a time. The store re-decides each item that a batch touches, with its
 * whole queue: the Online Retail file took 16 s with 30,000 lines at a time, 53 s with 4,000. Larger ones cost memory.
 */
const BATCH_WEIGHT = 30_000;
const BATCH_RECORDS = 20_000;

/** The store saves runs of one kind at once, and what comes later may name what comes earlier. */
const KINDS: readonly ImportRecord['kind'][] = [
  'channel',
  'location',
  'supplier',
  'item',
  'listing',
  'stock',
  'purchase_order',
  'order',
  'order_cancellation',
];

/** Records on their way to the store, many at a time. */
export class Batch {
  readonly #applier: Applier;
  readonly #heard: (record: ImportRecord, place: Place, outcome: Outcome) => void;
  #waiting: { record: ImportRecord; place: Place }[] = [];
  #weight = 0;

  constructor(applier: Applier, heard: (record: ImportRecord, place: Place, outcome: Outcome) => void) {
    this.#applier = applier;
    this.#heard = heard;
  }

  add(record: ImportRecord, place: Place): void {
    this.#waiting.push({ record, place });
    this.#weight += 1 + (place.lines?.length ?? 0);
  }

  async flushIfFull(): Promise<void> {
    if (this.#weight >= BATCH_WEIGHT) await this.flush();
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting.sort((a, b) => KINDS.indexOf(a.record.kind) - KINDS.indexOf(b.record.kind));
    this.#waiting = [];
    this.#weight = 0;
    for (let from = 0; from < waiting.length; from += BATCH_RECORDS) {
      const part = waiting.slice(from, from + BATCH_RECORDS);
      const outcomes = await this.#applier.apply(part.map(({ record }) => record));
      if (outcomes.length !== part.length)
        throw new Error(`the store answered ${outcomes.length} of ${part.length} records`);
      for (const [index, outcome] of outcomes.entries())
        this.#heard(part[index]!.record, part[index]!.place, outcome);
    }
  }
}

/** The value that a path leads to in a record's input, as text. */
export function valueAt(record: ImportRecord, path: string): string | null {
  const root: unknown =
    record.kind === 'order'
      ? record.order
      : record.kind === 'purchase_order'
        ? record.purchaseOrder
        : record.kind === 'item'
          ? record.item
          : record.kind === 'location'
            ? record.location
            : record.kind === 'channel'
              ? record.channel
              : record.kind === 'supplier'
                ? record.supplier
                : record;
  const value = path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null | undefined)?.[key], root);
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
