import { KeptError, toProblem } from '../platform/errors.ts';

/** Tells an error in a sentence on stderr; answers the exit code: 1 for work that failed. */
export function failed(error: unknown): number {
  const { body } = toProblem(error);
  if (error instanceof KeptError) console.error(body.detail);
  else console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

export function printJson(value: unknown): void {
  console.log(JSON.stringify(value));
}
