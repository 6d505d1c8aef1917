export { availabilityOf } from './availability.ts';
export { EARLIEST } from './backorder-store.ts';
export { createBatcher } from './batcher.ts';
export { readCommitments } from './commitment-store.ts';
export { type Decided, decideItems, type Loaded } from './decide-items.ts';
export { checkInvariants, type InvariantFinding } from './invariant-store.ts';
export { type KnownItem, lookupItems } from './item-store.ts';
export { findOrderByName } from './order-name-store.ts';
export { decideWhatIsDue } from './plan.ts';
export { isUntouched } from './plan-store.ts';
export { type LoadScope, lockItems, promiseFrom } from './position-store.ts';
export { promisingRoutes } from './routes.ts';
export {
  type CommitmentView,
  commitmentView,
  type PromiseView,
  promiseView,
  type SupplyFacts,
} from './views.ts';
export { loadSettings, lockSettings, type Settings, worldAt } from './world-store.ts';
