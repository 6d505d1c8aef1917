/** A usage plan as Amazon publishes it: requests per second, and how many may come at once. */
export interface UsagePlan {
  readonly rate: number;
  readonly burst: number;
}

const plan = (rate: number, burst: number): UsagePlan => ({ rate, burst });

/**
 * The default plans of the operations that Kept calls (each operation's page in Amazon's reference). A seller may have
 * been given more: the answer's x-amzn-RateLimit-Limit says so.
 */
export const USAGE_PLANS = {
  searchOrders: plan(0.0056, 20),
  getOrder: plan(0.5, 30),
  confirmShipment: plan(2, 10),
  getInventorySummaries: plan(2, 2),
  listInboundPlans: plan(2, 6),
  getInboundPlan: plan(2, 6),
  getShipment: plan(2, 6),
  listShipmentItems: plan(2, 30),
  searchListingsItems: plan(5, 5),
  patchListingsItem: plan(5, 5),
  createReport: plan(0.0167, 15),
  getReport: plan(2, 15),
  getReportDocument: plan(0.0167, 15),
  createFeedDocument: plan(0.5, 15),
  createFeed: plan(0.0083, 15),
  getFeed: plan(2, 15),
  getFeedDocument: plan(0.0222, 10),
  createDestination: plan(1, 5),
  getDestinations: plan(1, 5),
  deleteDestination: plan(1, 5),
  createSubscription: plan(1, 5),
  getSubscription: plan(1, 5),
  deleteSubscriptionById: plan(1, 5),
  getMarketplaceParticipations: plan(0.016, 15),
  getPurchaseOrders: plan(10, 10),
  getPurchaseOrder: plan(10, 10),
  getPurchaseOrdersStatus: plan(10, 10),
  submitAcknowledgement: plan(10, 10),
} as const satisfies Record<string, UsagePlan>;

export type Operation = keyof typeof USAGE_PLANS;

/** Operations that need a token of the application itself and not of the seller. */
export const GRANTLESS: ReadonlySet<Operation> = new Set<Operation>([
  'createDestination',
  'getDestinations',
  'deleteDestination',
  'deleteSubscriptionById',
]);
