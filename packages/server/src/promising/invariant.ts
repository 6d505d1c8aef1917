/** One of the things that are always true, and the statement that finds where it is not. $1 is the brand. */
export interface Invariant {
  readonly name: string;
  readonly sentence: string;
  /** Answers what is wrong, a row each, in words. */
  readonly text: string;
}
