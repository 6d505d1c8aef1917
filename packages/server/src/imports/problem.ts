/** What is wrong with a cell or a file, and what would have been right. Expected outcomes, so values and not exceptions. */
export interface Problem {
  readonly message: string;
  readonly expected: string;
}

export function problem(message: string, expected: string): Problem {
  return { message, expected };
}

export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'expected' in value && 'message' in value;
}

/** A file that cannot be read at all (cut off, not text, not recognised). `line` is 0 where no line is meant. */
export class FileProblem extends Error {
  readonly expected: string;
  readonly line: number;
  constructor(message: string, expected: string, line = 0) {
    super(message);
    this.name = 'FileProblem';
    this.expected = expected;
    this.line = line;
  }
}

/** A line whose price times quantity is no real order's. */
export const WORTH_TOO_MUCH = problem(
  'makes the line worth too much',
  'at most 100,000,000,000.00 for a line',
);
