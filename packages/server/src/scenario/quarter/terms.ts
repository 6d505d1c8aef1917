/** How large a quarter is played. */
export interface QuarterTerms {
  readonly days: number;
  readonly items: number;
  readonly orders: number;
  /** How many times as long every slip is as in the demo brand. */
  readonly lateness: number;
}
