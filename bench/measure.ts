/**
 * What every bench shares: rows as `npm run bench -- NAME --json` prints them, and measuring contenders in turn, so that
 * whatever else the machine does falls on all of them alike.
 */

/** One measured claim. */
export interface Row {
  readonly bench: string;
  readonly work: string;
  /** Kept's own figure, in `unit`. */
  readonly kept: number;
  readonly unit: string;
  /** The same figure of the physical limit; null: it could not be measured here. */
  readonly limit: number | null;
  readonly peers: Readonly<Record<string, number | null>>;
  /** kept ÷ limit; null without a limit. */
  readonly ratio: number | null;
  readonly goal: string;
  /** Whether the goal is reached; null: what it needs could not be measured. */
  readonly holds: boolean | null;
}

/** A row with what only people read: how much the runs differed, and what there is to say about them. */
export interface Measured {
  readonly row: Row;
  readonly spread?: string;
  readonly note?: string;
}

export interface BenchOptions {
  readonly quick: boolean;
  /** A file to measure with, for the benches that read one. */
  readonly data?: string | undefined;
  /** Whether what others sell or give away is installed, and measured beside Kept. */
  readonly peers?: boolean | undefined;
  /** The first day that is judged, 'YYYY-MM-DD', for the benches that walk through time. */
  readonly judgeFrom?: string | undefined;
}

/** What a `*.bench.ts` exports as `bench`. Rows are told as they are measured. */
export interface Bench {
  readonly name: string;
  run(options: BenchOptions): AsyncIterable<Measured> | Iterable<Measured>;
}

/** Answers one measurement, in the row's unit; null: it cannot be taken here. */
export type Contender = () => number | null | Promise<number | null>;

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Runs all contenders once per round, in turn. */
export async function alternate<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, Contender>>,
): Promise<Record<Name, Spread | null>> {
  const names = Object.keys(contenders) as Name[];
  const figures = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const figure = await contenders[name]();
      if (figure !== null) figures.get(name)!.push(figure);
    }
  const spreads = names.map((name) => [name, spreadOf(figures.get(name)!)] as const);
  return Object.fromEntries(spreads) as Record<Name, Spread | null>;
}

export function spreadOf(figures: readonly number[]): Spread | null {
  if (figures.length === 0) return null;
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}

/** '58–76': the least and the most of the runs. */
export function spreadText(spread: Spread): string {
  return `${figureText(spread.least)}–${figureText(spread.most)}`;
}

/** Three digits that count. */
export function figureText(figure: number): string {
  if (figure === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(figure))));
  return figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Milliseconds that a piece of work takes. */
export function milliseconds(work: () => void): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}
