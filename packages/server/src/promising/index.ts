export { catalogueOf } from './availability.ts';
export { availabilityOf, offerOf, readerOf } from './availability-reader.ts';
export { EARLIEST } from './backorder-store.ts';
export { createBatcher, type Turn } from './batcher.ts';
export { takeUpBook, touchBook, touchCosts } from './book-line-store.ts';
export { readCommitments } from './commitment-store.ts';
export { type Decided, decideItems, expiredHolds, type Loaded } from './decide-items.ts';
export { reconcileEpisodes } from './episodes.ts';
export { placeHold } from './holds.ts';
export { checkInvariants, type InvariantFinding } from './invariant-store.ts';
export { lookForChanges, noteChanges } from './item-change-store.ts';
export { createItemMemory, type ItemMemory, type KnownItem, lookupItems } from './item-store.ts';
export { promiseFrom } from './line-store.ts';
export { findOrderByName } from './order-name-store.ts';
export { decideWhatIsDue } from './plan.ts';
export { isUntouched } from './plan-store.ts';
export { poolsOf, stockPoolsOf } from './pools.ts';
export { type LoadedItem, type LoadScope, loadPositions, lockItems } from './position-store.ts';
export { promisingRoutes } from './routes.ts';
export type { Supposed } from './supposed.ts';
export {
  type CommitmentView,
  commitmentView,
  type PromiseView,
  promiseView,
  type SupplyFacts,
} from './views.ts';
export { wordsOf } from './words.ts';
export { loadSettings, lockSettings, type Settings, worldAt } from './world-store.ts';
