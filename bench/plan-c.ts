import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanInput, PlanOutcome } from '../packages/engine/src/pegging.ts';

/** The plan in C (plan.c), compiled where there is a gcc. */
export class PlanInC {
  private readonly directory = mkdtempSync(join(tmpdir(), 'kept-bench-'));
  private readonly program = join(this.directory, 'plan');
  private readonly input = join(this.directory, 'input');
  /** Why there is none; null: there is. */
  readonly missing: string | null;

  constructor() {
    const source = join(dirname(fileURLToPath(import.meta.url)), 'plan.c');
    const gcc = spawnSync('gcc', ['-O3', '-march=native', '-o', this.program, source], { encoding: 'utf8' });
    this.missing =
      gcc.error !== undefined
        ? 'The limit needs gcc, and there is none here.'
        : gcc.status === 0
          ? null
          : `The limit does not compile: ${gcc.stderr.split('\n')[0]}`;
  }

  load(input: PlanInput): void {
    const { sight } = input;
    const head = [input.items, input.supplyItem.length, input.lineItem.length, sight.places];
    const columns = [
      Int32Array.of(...head, sight.sees.length / sight.places, ...sight.sees),
      input.supplyItem,
      input.supplyDay,
      input.supplyFree,
      input.supplyPlace,
      input.lineItem,
      input.lineRank,
      input.lineNeed,
      input.lineChannel,
    ];
    writeFileSync(this.input, Buffer.concat(columns.map((column) => Buffer.from(column.buffer))));
  }

  /** Milliseconds of the fastest of three, reading the input not counted; null without a compiler. */
  run(): number | null {
    return this.missing === null ? Number(this.start(['3'])[0]) : null;
  }

  /** Throws where the C program gives any unit to another line, source or day than the engine did. */
  compare(plan: PlanOutcome): void {
    const file = join(this.directory, 'outcome');
    const [, waiting, entries] = this.start(['1', file]);
    if (Number(waiting) !== plan.waiting || Number(entries) !== plan.supply.length)
      throw new Error(`C leaves ${waiting} units waiting, the engine ${plan.waiting}`);
    const bytes = readFileSync(file);
    let offset = 0;
    for (const name of ['line', 'at', 'supply', 'quantity', 'shipBy'] as const) {
      const column = plan[name];
      const size = column.byteLength;
      if (!bytes.subarray(offset, offset + size).equals(Buffer.from(column.buffer, column.byteOffset, size)))
        throw new Error(`C and the engine differ in ${name}`);
      offset += size;
    }
    if (offset !== bytes.length) throw new Error('C wrote more than the engine');
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private start(options: readonly string[]): string[] {
    const { status, stdout } = spawnSync(this.program, [this.input, ...options], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the C program ended with ${status}`);
    return stdout.trim().split(' ');
  }
}
