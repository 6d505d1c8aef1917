export { type Asked, type Available, availableToPromise, type Increment } from './atp.ts';
export * from './day.ts';
export { type Decision, decide } from './decide.ts';
export * from './delay-notice.ts';
export type * from './fact.ts';
export { BOUNDLESS, ItemState, openUnits, type Reach } from './item-state.ts';
export * from './jurisdiction.ts';
export { LAW, type LawRow, type LawRowId } from './law.ts';
export * from './lead-time.ts';
export {
  type LineColumns,
  Pegs,
  type PlanInput,
  type PlanOutcome,
  planAll,
  rebalance,
  type Sight,
  type SourceColumns,
  waterfall,
} from './pegging.ts';
export { defaultPolicy, POLICY_KINDS } from './policy.ts';
export type * from './position.ts';
export { type NewPromise, type PromiseChange, reviewOrder } from './promise.ts';
export * from './quantity.ts';
export { type Ranked, rankOf } from './ranking.ts';
export { backing, reasonsFor } from './reasons.ts';
export * from './refund-clock.ts';
export { reviewTied, type TiedOrder } from './tied.ts';
export * from './touchpoint.ts';
