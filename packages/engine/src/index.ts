export { type Asked, type Available, availableToPromise, type Increment } from './atp.ts';
export * from './day.ts';
export { type Decision, decide } from './decide.ts';
export { demandFactors, demandForecast, demandOver } from './demand-forecast.ts';
export type * from './fact.ts';
export { BOUNDLESS, ItemState, openUnits, type Reach } from './item-state.ts';
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
export { naiveProjection, type ProjectionColumns } from './projection.ts';
export { FanMaker } from './projection-fan.ts';
export { type NewPromise, type PromiseChange, reviewOrder } from './promise.ts';
export * from './quantity.ts';
export { type Ranked, rankOf } from './ranking.ts';
export { backing, reasonsFor } from './reasons.ts';
export { type Reorder, type ReorderFacts, reorder } from './reorder.ts';
export type { Band } from './tenths.ts';
export { reviewTied, type TiedOrder } from './tied.ts';
