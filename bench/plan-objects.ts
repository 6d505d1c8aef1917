import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { PlanInput } from '../packages/engine/src/pegging.ts';
import { milliseconds } from './measure.ts';
import { type PlanSize, planInput } from './plan-input.ts';

interface Supply {
  index: number;
  day: number;
  free: number;
  place: number;
}
interface Line {
  index: number;
  rank: number;
  need: number;
  channel: number;
  pegs: { supply: Supply; quantity: number }[];
}

/**
 * What one would write first: rows as objects, grouped in a Map, sorted by comparison, filtered as one goes. The rows are
 * made before, as a database driver would hand them over.
 */
function objectRows(input: PlanInput) {
  const supplies = Array.from(input.supplyItem, (item, index) => ({
    item,
    index,
    day: input.supplyDay[index]!,
    free: input.supplyFree[index]!,
    place: input.supplyPlace[index]!,
  }));
  const lines = Array.from(input.lineItem, (item, index) => ({
    item,
    index,
    rank: input.lineRank[index]!,
    need: input.lineNeed[index]!,
    channel: input.lineChannel[index]!,
  }));
  return { supplies, lines };
}

function planObjects(input: PlanInput, rows: ReturnType<typeof objectRows>) {
  const supplies = new Map<number, Supply[]>();
  for (const { item, ...supply } of rows.supplies) {
    const known = supplies.get(item);
    if (known) known.push(supply);
    else supplies.set(item, [supply]);
  }
  const lines = new Map<number, Line[]>();
  for (const { item, ...row } of rows.lines) {
    const line: Line = { ...row, pegs: [] };
    const known = lines.get(item);
    if (known) known.push(line);
    else lines.set(item, [line]);
  }
  const { places, sees } = input.sight;
  let waiting = 0;
  let entries = 0;
  for (const [item, queue] of lines) {
    queue.sort((a, b) => a.rank - b.rank || a.index - b.index);
    const sources = (supplies.get(item) ?? []).sort((a, b) => a.day - b.day || a.index - b.index);
    for (const line of queue) {
      let missing = line.need;
      for (const supply of sources.filter(
        (one) => one.free > 0 && sees[line.channel * places + one.place] === 1,
      )) {
        if (missing === 0) break;
        const quantity = Math.min(missing, supply.free);
        supply.free -= quantity;
        missing -= quantity;
        line.pegs.push({ supply, quantity });
        entries++;
      }
      waiting += missing;
    }
  }
  return { waiting, entries };
}

export interface ObjectsPlanned {
  readonly milliseconds: number;
  readonly waiting: number;
  readonly entries: number;
}

/** The plan over objects, in a thread of its own, so that its millions of objects are not in the way of who is beside it. */
export class PlanInObjects {
  private readonly worker: Worker;

  constructor(size: PlanSize) {
    this.worker = new Worker(new URL(import.meta.url), { workerData: size });
  }

  async run(): Promise<ObjectsPlanned> {
    this.worker.postMessage('plan');
    const [answer] = await once(this.worker, 'message');
    return answer as ObjectsPlanned;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}

if (!isMainThread && parentPort !== null) {
  const input = planInput(workerData as PlanSize);
  const rows = objectRows(input);
  parentPort.on('message', () => {
    let outcome = { waiting: 0, entries: 0 };
    const elapsed = milliseconds(() => {
      outcome = planObjects(input, rows);
    });
    parentPort!.postMessage({ milliseconds: elapsed, ...outcome } satisfies ObjectsPlanned);
  });
}
