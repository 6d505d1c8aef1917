import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type PlanInput, planAll } from '../packages/engine/src/pegging.ts';
import { type PlanSize, planInput } from './plan-input.ts';

/**
 * A brand planned by several threads, each with the items of its part: items share nothing, so the parts need nobody's word. Each thread
 * has read its own items' rows, as one that plans from a database does.
 */
export class PlanInWorkers {
  private readonly workers: readonly Worker[];

  constructor(size: PlanSize, parts: number) {
    this.workers = Array.from(
      { length: parts },
      (_, part) => new Worker(new URL(import.meta.url), { workerData: { size, part, parts } }),
    );
  }

  /** Milliseconds until the last of them has planned, and what they planned in all. */
  async run(): Promise<{ milliseconds: number; entries: number; waiting: number }> {
    const answers = this.workers.map((worker) => once(worker, 'message'));
    const began = performance.now();
    for (const worker of this.workers) worker.postMessage('plan');
    let entries = 0;
    let waiting = 0;
    for (const [answer] of await Promise.all(answers)) {
      entries += answer.entries;
      waiting += answer.waiting;
    }
    return { milliseconds: performance.now() - began, entries, waiting };
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

/** The rows of the items whose number is `part` by so many. */
function partOf(input: PlanInput, part: number, parts: number): PlanInput {
  const rowsOf = (item: Int32Array) =>
    Int32Array.from(item.keys().filter((row) => item[row]! % parts === part));
  const supplies = rowsOf(input.supplyItem);
  const lines = rowsOf(input.lineItem);
  const own = (column: Int32Array, rows: Int32Array) => rows.map((row) => column[row]!);
  const numbered = (column: Int32Array, rows: Int32Array) =>
    rows.map((row) => Math.floor(column[row]! / parts));
  return {
    items: Math.ceil((input.items - part) / parts),
    sight: input.sight,
    supplyItem: numbered(input.supplyItem, supplies),
    supplyDay: own(input.supplyDay, supplies),
    supplyFree: own(input.supplyFree, supplies),
    supplyPlace: own(input.supplyPlace, supplies),
    lineItem: numbered(input.lineItem, lines),
    lineRank: own(input.lineRank, lines),
    lineNeed: own(input.lineNeed, lines),
    lineChannel: own(input.lineChannel, lines),
  };
}

if (!isMainThread && workerData?.parts !== undefined) {
  const { size, part, parts } = workerData as { size: PlanSize; part: number; parts: number };
  const input = partOf(planInput(size), part, parts);
  parentPort!.on('message', () => {
    const { supply, waiting } = planAll(input);
    parentPort!.postMessage({ entries: supply.length, waiting });
  });
}
