export {
  type AllocationException,
  type ReallocatedLine,
  type Reallocation,
  reallocation,
  STRATEGIES,
  type Strategy,
} from './allocation.ts';
export { arrivalSpread, type SeenArrival } from './arrival-spread.ts';
export { type Asked, type Available, availableToPromise, type Increment } from './atp.ts';
export * from './authorisation.ts';
export { type Availability, availability, type Wanted } from './availability.ts';
export * from './book.ts';
export * from './burn-down.ts';
export { causeOfMove, type MovedBy } from './cause-of-move.ts';
export {
  type CampaignRecord,
  type Cause,
  type Classified,
  classify,
  type EpisodeRecords,
  type Evidence,
  type IntendedCause,
  type ReorderRecord,
  type SupplyRecord,
} from './causes.ts';
export * from './charge.ts';
export * from './charge-stated.ts';
export * from './clocks.ts';
export { closedDays, type StandingHistory } from './closed-days.ts';
export * from './copy/catalogue.ts';
export * from './copy/messages.ts';
export * from './copy/say.ts';
export * from './day.ts';
export { type Decision, decide } from './decide.ts';
export * from './delay-notice.ts';
export { demandFactors, demandForecast, demandOver, shareOfForecast } from './demand-forecast.ts';
export { type DemandDays, type PromotionDays, usualDemand } from './demand-history.ts';
export type * from './fact.ts';
export type { Forecast } from './forecast.ts';
export { type ItemForecast, itemForecast, type LookAlike, weekBand } from './item-forecast.ts';
export { BOUNDLESS, ItemState, openUnits, type Reach, type StartedWork } from './item-state.ts';
export { atPriceBreak, type JointItem, type JointOrder, jointOrder, type PriceBreak } from './joint-order.ts';
export * from './journal.ts';
export * from './jurisdiction.ts';
export { LAW, type LawRow, type LawRowId } from './law.ts';
export * from './lead-time.ts';
export { levelSpreadOf } from './level-spread.ts';
export * from './notice-preview.ts';
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
export { type QueuePlace, ranksAt } from './place-in-queue.ts';
export { defaultPolicy, POLICY_KINDS } from './policy.ts';
export type * from './position.ts';
export { bufferFor, leastShare, priceAt, priceFor, type Weighed } from './price-of-days.ts';
export { madeRef } from './production.ts';
export { firstStockOuts, naiveProjection, type ProjectionColumns, projectAll } from './projection.ts';
export { type Fan, FanMaker } from './projection-fan.ts';
export { type NewPromise, PROMISE_RULES, type PromiseChange, reviewOrder } from './promise.ts';
export * from './quantity.ts';
export { RANKING_RULES, type Ranked, rankedLine, rankOf } from './ranking.ts';
export { type Lateness, type RankingGap, rankingGap } from './ranking-gap.ts';
export { backing, reasonsFor } from './reasons.ts';
export * from './refund-clock.ts';
export { type PickableLine, type PickableOrder, picksOf, type ReleaseBlock, releasable } from './release.ts';
export { type Reorder, type ReorderFacts, reorder } from './reorder.ts';
export { sellableSupply, sellableSupplyOf } from './sellable.ts';
export * from './slip.ts';
export * from './slip-cost.ts';
export * from './slip-learn.ts';
export { type Delivered, type Trend, worsening } from './supplier-trend.ts';
export { type Swaps, swapsOf } from './swaps.ts';
export type { Band } from './tenths.ts';
export type { SellingTerms } from './terms.ts';
export { reviewTied, type TiedOrder } from './tied.ts';
export * from './touchpoint.ts';
export { type Effect, type Standing, Supposition } from './what-if.ts';
