/** Which event caused a promise or a movement. */
export interface Cause {
  /** The event of an order that was placed by the decision, else the event of the decision itself. */
  eventOf(order: number): number;
  readonly event: number;
  /** ISO 8601, when it happened and when it was recorded. */
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** The version of the brand's settings by which it was decided. */
  readonly settings: number;
  /** The first of as many movement ids as the decision has movements. */
  readonly firstMovement: number;
}
